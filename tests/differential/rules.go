package differential

import (
	"cmp"
	"errors"
	"reflect"
	"slices"

	"github.com/memrel/memrel"
)

// Rule accepts differences of one kind.
type Rule struct {
	Name    string
	Reason  string
	accepts func(*Difference) bool
}

var (
	ruleSeveral = Rule{"several rules broken",
		"The statement breaks several rules at once, and each system reports the one that it looks at first. Accepted if memrel reports the peer's, too, once its own is taken away.",
		func(d *Difference) bool {
			if d.Statement.Op == "ALTER" {
				return d.nullsAndTwins()
			}
			return d.Statement.Judges() && d.Memrel.Class != "" && d.Peer.Class != "" && reflect.DeepEqual(d.After, d.AfterMemrel) && d.alsoBreaks()
		}}

	ruleOrder = Rule{"order of declaration or of rows",
		"The peer's own outcome depends on the order in which references were declared or rows are visited. Accepted if it gives memrel's under another order.",
		func(d *Difference) bool {
			found := false
			d.peer.others(d, func(o Outcome, after State) bool {
				found = d.sameClass(o) && reflect.DeepEqual(after, d.AfterMemrel)
				return !found
			})
			return found
		}}

	ruleUnique = Rule{"unique keys row by row",
		"The peer judges a unique key at each row, memrel once a level is done. Accepted if the peer alone reports a unique key, the statement updates keys, and a key goes from one row to another.",
		func(d *Difference) bool {
			return d.Statement.Op != "INSERT" && d.Memrel.Class == "" && d.Peer.Class == unique && d.keyChangesHands()
		}}

	ruleSecondLook = Rule{"SET DEFAULT's second look waits",
		"SQLite judges a deferred reference whose default is the key that went at the commit, memrel (as PostgreSQL) at once. Accepted if memrel reports such a reference.",
		func(d *Difference) bool {
			i := slices.IndexFunc(d.Program.links(), func(l link) bool { return l.Name == d.Memrel.Constraint })
			if i < 0 || d.Memrel.Class != childExists || d.Peer.Class != "" {
				return false
			}
			l := d.Program.links()[i]
			return l.Deferrable && (l.OnDelete == memrel.SetDefault || l.OnUpdate == memrel.SetDefault)
		}}

	ruleDepth = Rule{"depth first",
		"SQLite follows each row to the end before it takes the next, judges NOT NULL and RESTRICT on the way, and NO ACTION at the end of the statement. Accepted if the statement meets itself, so that the order of work can be told.",
		func(d *Difference) bool { return d.reached().crosses() }}

	ruleMoment = Rule{"moment of a check",
		"PostgreSQL judges each row when it is written, memrel what a level leaves. Accepted if the statement meets itself, so that the order of work can be told.",
		func(d *Difference) bool { return d.reached().crosses() }}
)

// keyChangesHands tells whether some value of a unique key belongs to one row before and to another after.
func (d *Difference) keyChangesHands() bool {
	for i := range d.Program.Tables {
		t := &d.Program.Tables[i]
		for _, key := range uniqueKeys(t) {
			if t.Name == d.Statement.Table && d.namedKeyChangesHands(t, key) {
				return true
			}
			for _, old := range d.Before[t.Name] {
				for _, now := range d.AfterMemrel[t.Name] {
					if reflect.DeepEqual(cells(t, old, key), cells(t, now, key)) && !reflect.DeepEqual(old, now) {
						return true
					}
				}
			}
		}
	}
	return false
}

// namedKeyChangesHands tells whether a row that the statement names gets the key that another one had.
func (d *Difference) namedKeyChangesHands(t *memrel.Schema, key []string) bool {
	named := d.reached().named
	for at, now := range named {
		for from := range named {
			if at != from && now != nil && reflect.DeepEqual(cells(t, now, key), cells(t, d.Before[t.Name][from.row], key)) {
				return true
			}
		}
	}
	return false
}

func uniqueKeys(t *memrel.Schema) [][]string {
	keys := [][]string{t.PrimaryKey}
	for _, u := range t.Unique {
		keys = append(keys, u.Columns)
	}
	return keys
}

// nullsAndTwins tells whether what is to become a primary key has both NULLs and rows that share it, of which memrel tells the former.
func (d *Difference) nullsAndTwins() bool {
	key, is := d.Statement.Part.(memrel.PrimaryKey)
	if !is || d.Memrel.Class != notNull || d.Peer.Class != unique {
		return false
	}
	t := d.Program.table(d.Statement.Table)
	rows := d.Before[t.Name]
	return slices.ContainsFunc(rows, func(a []any) bool {
		return !hasNull(cells(t, a, key)) && slices.ContainsFunc(rows, func(b []any) bool {
			return &a[0] != &b[0] && reflect.DeepEqual(cells(t, a, key), cells(t, b, key))
		})
	})
}

// alsoBreaks tells whether the statement, or the statement for one of its rows alone, breaks a rule of the peer's class as
// well.
func (d *Difference) alsoBreaks() bool {
	if d.breaksRelaxed(d.Statement) {
		return true
	}
	if !d.Statement.Writes() {
		return false
	}
	t := d.Program.table(d.Statement.Table)
	for at := range d.reached().named {
		one := *d.Statement
		one.Where = nil
		for i, v := range cells(t, d.Before[t.Name][at.row], t.PrimaryKey) {
			one.Where = append(one.Where, Match{t.PrimaryKey[i], []any{v}})
		}
		if d.breaksRelaxed(&one) {
			return true
		}
	}
	return false
}

// breaksRelaxed tells whether the class comes up when the rule that memrel reports is taken away, and the next. It works
// on a store with the rows that were there before the statement.
func (d *Difference) breaksRelaxed(s *Statement) bool {
	tables := slices.Clone(d.Program.Tables)
	for i := range tables {
		tables[i].Columns = slices.Clone(tables[i].Columns)
	}
	for range 20 {
		err, ok := filled(d.Program, tables, d.Before, s)
		if ok && sameError(outcome(0, err), d.Peer, d.peer.full()) {
			return true
		}
		if !relax(tables, err) {
			return false
		}
	}
	return false
}

// relax takes away the rule that an error names.
func relax(tables []memrel.Schema, err error) bool {
	var e *memrel.Error
	if !errors.As(err, &e) {
		return false
	}
	i := slices.IndexFunc(tables, func(t memrel.Schema) bool { return t.Name == e.Table })
	if i < 0 {
		return false
	}
	t := &tables[i]
	switch outcome(0, err).Class {
	case notNull:
		c := position(t, e.Columns[0])
		if slices.Contains(t.PrimaryKey, e.Columns[0]) { // then what writes it has to go
			n := len(t.References)
			t.References = slices.DeleteFunc(slices.Clone(t.References), func(r memrel.Reference) bool {
				return slices.Contains(r.Columns, e.Columns[0]) && slices.ContainsFunc([]memrel.Action{r.OnDelete, r.OnUpdate},
					func(a memrel.Action) bool { return a == memrel.SetNull || a == memrel.SetDefault })
			})
			return len(t.References) < n
		}
		t.Columns[c].NotNull = false
		return true
	case outOfRange: // of numbers without a sign
		found := false
		for j := range tables {
			for c := range tables[j].Columns {
				if col := &tables[j].Columns[c]; col.Type == memrel.Uint {
					col.Type, found = memrel.Decimal, true
				}
			}
		}
		return found
	case parentMissing, childExists, matchFull:
		t.References = slices.DeleteFunc(slices.Clone(t.References), func(r memrel.Reference) bool { return r.Name == e.Constraint })
		return true
	case unique:
		for j := range tables {
			tables[j].References = slices.DeleteFunc(slices.Clone(tables[j].References), func(r memrel.Reference) bool {
				return r.Table == t.Name && len(r.RefColumns) == len(e.Columns) && !slices.ContainsFunc(r.RefColumns, func(c string) bool { return !slices.Contains(e.Columns, c) })
			})
		}
		n := len(t.Unique)
		t.Unique = slices.DeleteFunc(slices.Clone(t.Unique), func(u memrel.UniqueKey) bool { return u.Name == e.Constraint })
		return len(t.Unique) < n
	}
	return false
}

// filled runs a statement in a new store with rows, and gives its error. The rows may break references whose checks are
// waiting, so these are put off while the rows are written.
func filled(p *Program, tables []memrel.Schema, rows State, s *Statement) (result error, ok bool) {
	db, err := memrel.Open()
	if err != nil {
		return nil, false
	}
	tx := db.Begin()
	defer tx.Rollback()
	if err := fill(tx, tables, rows); err != nil {
		return nil, false
	}
	if s.Writes() {
		_, result = (&memrelRun{program: p}).write(tx, *s)
	}
	return cmp.Or(result, tx.Immediate()), true // a commit judges what was put off
}

func fill(tx *memrel.Tx, tables []memrel.Schema, rows State) error {
	var defs []memrel.Definition
	for _, t := range tables {
		t.References = slices.DeleteFunc(slices.Clone(t.References), func(r memrel.Reference) bool { return !r.Deferrable })
		defs = append(defs, t)
	}
	if err := cmp.Or(tx.Define(defs...), tx.Defer()); err != nil {
		return err
	}
	for _, t := range tables {
		for _, row := range rows[t.Name] {
			values := memrel.Values{}
			for i, c := range t.Columns {
				values[c.Name] = row[i]
			}
			if _, err := memrel.RowsOf(t.Name).Insert(tx, values); err != nil {
				return err
			}
		}
	}
	for _, t := range tables {
		for _, u := range t.Unique {
			if u.Deferrable && !u.InitiallyDeferred {
				_ = tx.Immediate(u.Name)
			}
		}
		for _, r := range t.References {
			if r.Deferrable && !r.InitiallyDeferred {
				_ = tx.Immediate(r.Name) // it stays deferred where it is broken, as it must have been
			} else if !r.Deferrable {
				if err := tx.Alter(t.Name, r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
