package snapshot

import (
	"iter"

	"github.com/memrel/memrel/table"
)

// List is what a commit did, as data: rows, each from what it was to what it is, net, and definitions. Carried out on the state before it
// gives the state after, exactly, with nothing planned and nobody asked. It never changes, and neither do the rows that it holds.
//
//	step: rows | step: definitions, rows | ...
type List struct{ Steps []Step }

// Step is a part of a list: definitions, which come first, and rows under them. The steps of a commit that defines nothing are one.
type Step struct {
	Definitions *Redefinition // nil: none
	Tables      []TableChanges
}

// TableChanges are the rows of one table that a step changes, in the order in which they were first touched, each once. Keys may move between
// them.
type TableChanges struct {
	Def     *table.Def
	Was     int64 // the last number before
	Last    int64 // and afterwards: an insert that is deleted again moves it
	Changes []table.Change
	Causes  []table.Cause // of each change; nil in a list that was read, whose bytes do not have them
}

// Redefinition is how a step changes definitions: the tables that it takes away, and those that it puts there, which have the rows of the state
// between. A table that it alters is in both.
type Redefinition struct {
	Was, Now     []*table.Table // by name; they must not be written
	RenamedFrom  string         // the table that it gives another name, as it was and is; empty: none
	RenamedTo    string
	FormsWas     []table.Form // what front ends keep with the store
	Forms        []table.Form
	FormsChanged bool
}

// IsZero tells whether the list has nothing in it.
func (l *List) IsZero() bool { return l == nil || len(l.Steps) == 0 }

// Len is how many rows the list changes, but for those that definitions rewrite.
func (l *List) Len() (n int) {
	if l == nil {
		return 0
	}
	for i := range l.Steps {
		for j := range l.Steps[i].Tables {
			n += len(l.Steps[i].Tables[j].Changes)
		}
	}
	return n
}

// Defines tells whether the list has definitions.
func (l *List) Defines() bool {
	return l != nil && (len(l.Steps) > 1 || len(l.Steps) == 1 && l.Steps[0].Definitions != nil)
}

// Rows walks the rows that the list changes, as its steps, tables and changes stand.
func (l *List) Rows() iter.Seq[table.RowChange] {
	return func(yield func(table.RowChange) bool) {
		if l == nil {
			return
		}
		for i := range l.Steps {
			for j := range l.Steps[i].Tables {
				t := &l.Steps[i].Tables[j]
				for k := range t.Changes {
					if !yield(t.Row(k)) {
						return
					}
				}
			}
		}
	}
}

// Row is the change at a place, for people.
func (t *TableChanges) Row(i int) table.RowChange {
	return t.Changes[i].Row(t.Def, t.Def, t.cause(i))
}

// cause is that of a change; of one that was read, what it does to the row and no more.
func (t *TableChanges) cause(i int) table.Cause {
	if t.Causes != nil {
		return t.Causes[i]
	}
	return table.Cause{Kind: table.KindOf(t.Changes[i])}
}

// Inverse is the list that takes this one back: carried out on the state after it gives the state before. Its causes are not told. O(rows).
func (l *List) Inverse() *List {
	out := &List{}
	if l.IsZero() {
		return out
	}
	var back *Redefinition
	for i := len(l.Steps) - 1; i >= 0; i-- {
		s := &l.Steps[i]
		out.Steps = append(out.Steps, Step{back, inverse(s.Tables)})
		back = s.Definitions.inverse()
	}
	if back != nil {
		out.Steps = append(out.Steps, Step{Definitions: back})
	}
	return out
}

func inverse(tables []TableChanges) []TableChanges {
	out := make([]TableChanges, len(tables))
	for i := range tables {
		t := &tables[len(tables)-1-i]
		back := make([]table.Change, len(t.Changes))
		for j, c := range t.Changes {
			back[len(back)-1-j] = table.Change{Old: c.New, New: c.Old}
		}
		out[i] = TableChanges{Def: t.Def, Was: t.Last, Last: t.Was, Changes: back}
	}
	return out
}

// Tables walks the tables that it is about: as they were, and as they are. It walks none of nil.
func (r *Redefinition) Tables() iter.Seq[*table.Table] {
	return func(yield func(*table.Table) bool) {
		if r == nil {
			return
		}
		for _, t := range r.Was {
			if !yield(t) {
				return
			}
		}
		for _, t := range r.Now {
			if !yield(t) {
				return
			}
		}
	}
}

func (r *Redefinition) inverse() *Redefinition {
	if r == nil {
		return nil
	}
	return &Redefinition{r.Now, r.Was, r.RenamedTo, r.RenamedFrom, r.Forms, r.FormsWas, r.FormsChanged}
}

// before is the table that a table of Now was; nil if it is new.
func (r *Redefinition) before(now *table.Table) *table.Table {
	name := now.Def().Name()
	if name == r.RenamedTo && name != "" {
		name = r.RenamedFrom
	}
	return named(r.Was, name)
}

// gone are the names of the tables that there are no more, renamed ones left out.
func (r *Redefinition) gone() (names []string) {
	for _, t := range r.Was {
		if name := t.Def().Name(); name != r.RenamedFrom && named(r.Now, name) == nil {
			names = append(names, name)
		}
	}
	return names
}

func named(tables []*table.Table, name string) *table.Table {
	for _, t := range tables {
		if t.Def().Name() == name {
			return t
		}
	}
	return nil
}

// Redefinition is how the definitions of a later mark came of those of this one: renaming, which may be nil, is what the batch between renamed.
// O(tables).
func (m Mark) Redefinition(later Mark, was *table.Renaming) *Redefinition {
	r := &Redefinition{FormsWas: m.defs.forms, Forms: later.defs.forms, FormsChanged: !sameForms(m.defs.forms, later.defs.forms)}
	if was != nil && was.TableNow(was.Table) != was.Table {
		r.RenamedFrom, r.RenamedTo = was.Table, was.TableNow(was.Table)
	}
	for _, name := range both(m.defs.names, later.defs.names) {
		a, b := m.table(name), later.table(name)
		if a != nil && b != nil && a.Def() == b.Def() {
			continue
		}
		if a != nil {
			r.Was = append(r.Was, a)
		}
		if b != nil {
			r.Now = append(r.Now, b)
		}
	}
	return r
}

func sameForms(a, b []table.Form) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || string(a[i].Text) != string(b[i].Text) {
			return false
		}
	}
	return true
}
