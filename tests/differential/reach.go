package differential

import (
	"reflect"
	"slices"

	"github.com/memrel/memrel"
)

// reach is what a statement meets, worked out on the rows before it without regard to any order of work: every row that
// refers to a row which the statement, or what follows from it, deletes or gives another key.
type reach struct {
	program *Program
	state   State
	met     map[spot]int      // by how many references a row is met
	named   map[spot][]any    // the rows that the statement names, and what it makes of them; nil: deleted
	changed map[spot][]string // the columns that change; deleted rows have all
	seen    map[string]bool   // events worked off
	queue   []event           // and to be worked off
	pointed map[spot]struct{} // rows that a row is made to refer to
	keys    map[spot][][]any  // further contents that a row may have on the way
}

// spot is a row by its place in the state.
type spot struct {
	table string
	row   int
}

type event struct {
	spot
	columns []string // that change
	gone    bool
}

func reachOf(p *Program, s *Statement, before State) *reach {
	r := &reach{program: p, state: before, met: map[spot]int{}, named: map[spot][]any{}, changed: map[spot][]string{},
		seen: map[string]bool{}, pointed: map[spot]struct{}{}, keys: map[spot][][]any{}}
	if s.Op == "INSERT" || !s.Writes() {
		return r
	}
	t := p.table(s.Table)
	for i, row := range before[s.Table] {
		if !s.names(t, row) {
			continue
		}
		at := spot{s.Table, i}
		if s.Op == "DELETE" {
			r.named[at] = nil
			r.happens(event{spot: at, gone: true})
			continue
		}
		now := s.applied(t, row)
		r.named[at] = now
		r.keys[at] = append(r.keys[at], now)
		var columns []string
		for j, c := range t.Columns {
			if !reflect.DeepEqual(row[j], now[j]) {
				columns = append(columns, c.Name)
			}
		}
		r.happens(event{spot: at, columns: columns})
	}
	for len(r.queue) > 0 {
		e := r.queue[0]
		r.queue = r.queue[1:]
		r.follow(e)
	}
	return r
}

// names tells whether the statement names a row.
func (s *Statement) names(t *memrel.Schema, row []any) bool {
	return !slices.ContainsFunc(s.Where, func(m Match) bool {
		v := row[position(t, m.Column)]
		null := len(m.Values) == 1 && m.Values[0] == nil
		return null != (v == nil) || !null && !slices.Contains(m.Values, v)
	})
}

// applied is what an update makes of a row.
func (s *Statement) applied(t *memrel.Schema, row []any) []any {
	now := slices.Clone(row)
	for _, a := range s.Set {
		i := position(t, a.Column)
		now[i] = a.Value
		if a.Add {
			now[i] = plus(row[i], a.Value)
		}
	}
	return now
}

func (r *reach) happens(e event) {
	id := e.table + literals([]any{int64(e.row), e.gone}) + literals(anys(e.columns))
	if !r.seen[id] {
		r.seen[id] = true
		r.changed[e.spot] = append(r.changed[e.spot], e.columns...)
		r.queue = append(r.queue, e)
	}
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

func (r *reach) follow(e event) {
	parent := r.program.table(e.table)
	for _, l := range r.program.links() {
		touches := e.gone || slices.ContainsFunc(l.RefColumns, func(c string) bool { return slices.Contains(e.columns, c) })
		if l.Table != e.table || !touches {
			continue
		}
		child := r.program.table(l.child)
		for _, contents := range r.contents(e.spot) {
			key := cells(parent, contents, l.RefColumns)
			for i := range r.state[l.child] {
				at := spot{l.child, i}
				holds := slices.ContainsFunc(r.contents(at), func(row []any) bool { return reflect.DeepEqual(cells(child, row, l.Columns), key) })
				if holds && !hasNull(key) {
					r.meet(l, e, at)
				}
			}
		}
	}
}

// contents are the row before and all that it may be on the way.
func (r *reach) contents(at spot) [][]any {
	return append([][]any{r.state[at.table][at.row]}, r.keys[at]...)
}

func (r *reach) meet(l link, e event, child spot) {
	id := l.Name + literals([]any{e.table, int64(e.row), e.gone, child.table, int64(child.row)})
	if !r.seen[id] {
		r.seen[id] = true
		r.met[child]++
	}
	action, columns := l.OnUpdate, l.Columns
	if e.gone {
		action = l.OnDelete
		if len(l.SetColumns) > 0 {
			columns = l.SetColumns
		}
	}
	switch {
	case action == memrel.Cascade && e.gone:
		r.happens(event{spot: child, gone: true})
	case action == memrel.SetDefault:
		r.pointTo(l, child, columns)
		fallthrough
	case action == memrel.Cascade, action == memrel.SetNull:
		r.happens(event{spot: child, columns: columns})
	}
}

// pointTo notes which row a SET DEFAULT makes the child refer to.
func (r *reach) pointTo(l link, child spot, columns []string) {
	t := r.program.table(l.child)
	now := slices.Clone(r.state[child.table][child.row])
	for _, c := range columns {
		now[position(t, c)] = t.Columns[position(t, c)].Default
	}
	key := cells(t, now, l.Columns)
	parent := r.program.table(l.Table)
	for i, row := range r.state[l.Table] {
		if reflect.DeepEqual(cells(parent, row, l.RefColumns), key) {
			r.pointed[spot{l.Table, i}] = struct{}{}
		}
	}
}

// crosses tells whether the statement meets itself: a row is met by two references, or is named and met, or is made to
// refer to a row that changes. Where it does not, every order of work gives the same.
func (r *reach) crosses() bool {
	for at, n := range r.met {
		if _, named := r.named[at]; named || n > 1 {
			return true
		}
	}
	for at := range r.pointed {
		if _, changes := r.changed[at]; changes {
			return true
		}
	}
	for at, now := range r.named {
		if now != nil && r.refersToChanged(at, now) {
			return true
		}
	}
	return false
}

// refersToChanged tells whether an updated row has a reference, as the statement leaves it, to a row that changes.
func (r *reach) refersToChanged(at spot, now []any) bool {
	t := r.program.table(at.table)
	for _, l := range t.References {
		key := cells(t, now, l.Columns)
		parent := r.program.table(l.Table)
		for i, row := range r.state[l.Table] {
			if _, changes := r.changed[spot{l.Table, i}]; changes && !hasNull(key) && reflect.DeepEqual(cells(parent, row, l.RefColumns), key) {
				return true
			}
		}
	}
	return false
}

// namedAndMet is how many named rows are met, too.
func (r *reach) namedAndMet() int {
	n := 0
	for at := range r.met {
		if _, named := r.named[at]; named {
			n++
		}
	}
	return n
}
