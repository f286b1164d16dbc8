package engine

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Watched is what somebody is to be told of, as data: changes of the rows of a table or, of these, of a few.
type Watched struct {
	// Table is the table, or a model of it.
	Table string
	// Key is the primary key of the only row that is meant, one value for each column.
	Key []any
	// Where is the condition that rows satisfy, before the change or after it: on the columns of the table, not on associations. A range of a key
	// is one, Between("id", 1, 9).
	Where query.Cond
	// Association is the alias of an association of the row with the Key, whose links and targets are meant, and not the row: those that it
	// leads to before the change or after it.
	Association string
}

// watcher takes the commits that have to do with what is watched.
type watcher struct{ parts []watchedPart }

// watchedPart is one thing that is watched.
type watchedPart interface {
	interests() []snapshot.Interest
	// take is told of a step of a commit, and tells which of its changes concern it by meets.
	take(s *snapshot.Step) error
	// meets tells whether a change of the step that was taken last is one.
	meets(def *table.Def, c table.Change) bool
	// defines tells whether definitions of a table are of interest.
	defines(table string) bool
}

// watcher compiles what is watched on the newest state; after is the number that the watcher has come to.
func (s *Store) watcher(after uint64, what []Watched) (snapshot.Watcher, error) {
	v := s.Version()
	w := &watcher{}
	for i := range what {
		part, err := s.watched(v, after, &what[i])
		if err != nil {
			return nil, Attempted(opWatch, what[i].Table, err)
		}
		w.parts = append(w.parts, part)
	}
	return w, nil
}

func (s *Store) watched(v *snapshot.Version, after uint64, w *Watched) (watchedPart, error) {
	t, err := Source{v}.On(opWatch, w.Table)
	if err != nil {
		return nil, err
	}
	def := t.Def()
	switch {
	case w.Association != "":
		return s.watchedLinks(v, after, def, w)
	case len(w.Key) > 0 && w.Where.Op != query.OpAll:
		return nil, &types.Error{Kind: types.ErrQuery, Table: def.Name(), Detail: "a row is watched by its key and by a condition", Hint: "watch two things, or say which row in the condition"}
	case len(w.Key) > 0:
		key, err := def.KeyValues(nil, def.Keys()[0].Pos, keyParts(w.Key))
		if err != nil {
			return nil, err
		}
		return &watchedRow{table: def.Name(), row: encodeKey(def, key)}, nil
	}
	rows := &watchedRows{table: def.Name(), where: w.Where}
	_, err = rows.condition(def)
	return rows, err
}

// encodeKey is a primary key as that of a row is encoded.
func encodeKey(def *table.Def, key []index.Value) string {
	var b []byte
	for i, p := range def.Keys()[0].Pos {
		b = index.AppendValue(b, def.Columns()[p].Type, key[i])
	}
	return string(b)
}

// Interests are what the watcher is to be woken for.
func (w *watcher) Interests() (out []snapshot.Interest) {
	for _, p := range w.parts {
		out = append(out, p.interests()...)
	}
	return out
}

// Take gives the rows of a commit that concern it, each once. Of definitions of a table that is watched it tells without a row.
func (w *watcher) Take(c snapshot.Commit) (rows []table.RowChange, ok bool, err error) {
	l := c.List()
	for i := range l.Steps {
		s := &l.Steps[i]
		for _, p := range w.parts {
			if err := p.take(s); err != nil {
				return nil, false, Attempted(opWatch, "", err)
			}
			ok = ok || defined(p, s.Definitions)
		}
		for j := range s.Tables {
			t := &s.Tables[j]
			for k, change := range t.Changes {
				if w.meets(t.Def, change) {
					rows = append(rows, t.Row(k))
				}
			}
		}
	}
	return rows, ok || len(rows) > 0, nil
}

func (w *watcher) meets(def *table.Def, c table.Change) bool {
	for _, p := range w.parts {
		if p.meets(def, c) {
			return true
		}
	}
	return false
}

// defined tells whether definitions are of interest.
func defined(p watchedPart, r *snapshot.Redefinition) bool {
	for t := range r.Tables() {
		if p.defines(t.Def().Name()) {
			return true
		}
	}
	return false
}

// watchedRow is a row by its primary key, encoded.
type watchedRow struct {
	table, row string
	buf        []byte
}

func (w *watchedRow) interests() []snapshot.Interest {
	return []snapshot.Interest{{Table: w.table, Row: w.row}}
}

func (w *watchedRow) take(*snapshot.Step) error { return nil }

func (w *watchedRow) defines(table string) bool { return table == w.table }

func (w *watchedRow) meets(def *table.Def, c table.Change) bool {
	return def.Name() == w.table && (w.is(def, c.Old) || w.is(def, c.New))
}

func (w *watchedRow) is(def *table.Def, r index.Record) bool {
	if r.IsZero() {
		return false
	}
	w.buf = snapshot.AppendRow(w.buf[:0], def, r)
	return string(w.buf) == w.row
}

// watchedRows are rows of a table for which a condition is true.
type watchedRows struct {
	table string
	where query.Cond
	def   *table.Def // that pred is compiled for
	pred  *query.Predicate
}

// condition is the condition compiled for a definition of the table.
func (w *watchedRows) condition(def *table.Def) (*query.Predicate, error) {
	if w.def != def {
		p, err := def.CompileCond(w.where)
		if err != nil {
			return nil, err
		}
		w.def, w.pred = def, p
	}
	return w.pred, nil
}

func (w *watchedRows) interests() []snapshot.Interest {
	i := snapshot.Interest{Table: w.table}
	if w.where.Op != query.OpAll {
		i.Meets = met(w.def, w.pred)
	}
	return []snapshot.Interest{i}
}

// met tells of changes under a definition whether a condition is true before or after; of those under another it tells nothing, and wakes.
func met(def *table.Def, p *query.Predicate) func(*table.Def, table.Change) bool {
	return func(of *table.Def, c table.Change) bool {
		return of != def || satisfies(p, c.Old) || satisfies(p, c.New)
	}
}

func satisfies(p *query.Predicate, r index.Record) bool {
	return !r.IsZero() && p.Eval(r) == query.True
}

func (w *watchedRows) defines(table string) bool { return table == w.table }

func (w *watchedRows) take(s *snapshot.Step) error {
	for i := range s.Tables {
		if def := s.Tables[i].Def; def.Name() == w.table {
			if _, err := w.condition(def); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *watchedRows) meets(def *table.Def, c table.Change) bool {
	return def == w.def && (satisfies(w.pred, c.Old) || satisfies(w.pred, c.New))
}
