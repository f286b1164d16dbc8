package assoc

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Set is every model and association of a store, resolved. It never changes and may be used from any goroutine. A nil Set
// is empty.
type Set struct {
	profile *Profile
	clock   Clock
	specs   Specs
	models  []*Info
	byName  map[string]*Info
	byTable map[string]*Info
	updated map[string]string // by table, the column of its time of update; only what has one
	all     []*Association

	frontend   Frontend
	diagnostic DiagnosticFunc
	pending    []Pending
	references []SharedReference
	conflicts  []types.Diagnostic

	copies bool      // see HandedOut
	out    *Set      // what HandedOut is
	kept   *sync.Map // see Keep
}

// Info is a resolved model, or a table that associations lead to or from.
type Info struct {
	Name  string
	Table string
	Names Names
	// Columns are the columns with what a table does not know of them: their field in a database, their bounds.
	Columns []Attribute
	// UniqueKeys are the names of the unique keys over several columns, those over the primary key included.
	UniqueKeys map[string][]string
	// CreatedAt and UpdatedAt are the timestamp columns, empty if there is none.
	CreatedAt, UpdatedAt string
	// Schema is the table, associations included; Base is what it was without them, if it is not a model's.
	Schema table.Schema
	Base   *table.Schema

	assocs   []*Association // those whose source it is; of two with one alias the later
	numbered string         // the column of a model that the store numbers
}

// ChecksFirst tells whether what an update writes into a table is held to NOT NULL and to bounds whatever rows it finds.
func (s *Set) ChecksFirst(name string) bool {
	return s != nil && s.profile.ChecksFirst && s.Table(name) != nil
}

// Profile is the profile that the set was resolved by.
func (s *Set) Profile() *Profile {
	if s == nil {
		return nil
	}
	return copyOut(s, s.profile)
}

// Clock gives the time that timestamps get, and columns whose default it is.
func (s *Set) Clock() Clock {
	if s == nil || s.clock == nil {
		return time.Now
	}
	return s.clock
}

// Specs are what the set was resolved from.
func (s *Set) Specs() Specs {
	if s == nil {
		return Specs{}
	}
	return copyOut(s, s.specs)
}

// Models are the models and tables of the set: models in order of declaration, then what associations named or made. The
// slice must not be changed.
func (s *Set) Models() []*Info {
	if s == nil {
		return nil
	}
	return copyOut(s, s.models)
}

// Model is the model of that name, or of the table of that name; nil if there is none.
func (s *Set) Model(name string) *Info {
	if s == nil {
		return nil
	}
	if m := s.byName[name]; m != nil {
		return copyOut(s, m)
	}
	return copyOut(s, s.byTable[name])
}

// Table is the model of the table of that name; nil if there is none.
func (s *Set) Table(name string) *Info {
	if s == nil {
		return nil
	}
	return copyOut(s, s.byTable[name])
}

// UpdatedAt is the column of a table that has the time of a row's last update; ok is false if there is none.
func (s *Set) UpdatedAt(table string) (column string, ok bool) {
	if s == nil {
		return "", false
	}
	column, ok = s.updated[table]
	return column, ok
}

// Associations are all associations in order of declaration. The slice must not be changed.
func (s *Set) Associations() []*Association {
	if s == nil {
		return nil
	}
	return s.associationsOut(s.all)
}

// Of are the associations whose source is a table, or the table of a model, in order of declaration. The slice must not be
// changed.
func (s *Set) Of(name string) []*Association {
	if s == nil {
		return nil
	}
	return s.associationsOut(s.from(name))
}

// from is [Set.Of] for the set's own use.
func (s *Set) from(name string) []*Association {
	m := s.byTable[name]
	if m == nil {
		m = s.byName[name]
	}
	if m == nil {
		return nil
	}
	return m.assocs
}

// Association is the association of a table, or of a model, by its alias; nil if there is none.
func (s *Set) Association(name, as string) *Association {
	if s == nil {
		return nil
	}
	for _, a := range s.from(name) {
		if a.As == as {
			return s.associationOut(a)
		}
	}
	return nil
}

// Method is the association and the action that a generated accessor of the rows of a table, or of a model, stands for.
func (s *Set) Method(of, name string) (*Association, Action, bool) {
	if s == nil {
		return nil, 0, false
	}
	for _, a := range s.from(of) {
		if do, ok := a.action(name); ok {
			return s.associationOut(a), do, true
		}
	}
	return nil, 0, false
}

// set completes the work.
func (r *resolver) set(specs Specs) (*Set, error) {
	s := &Set{profile: r.profile, clock: time.Now, specs: specs, byName: map[string]*Info{}, byTable: map[string]*Info{},
		updated: map[string]string{}, all: r.assocs, kept: &sync.Map{}}
	for _, m := range r.models {
		info := &Info{Name: m.name, Table: m.table, Names: m.names, CreatedAt: m.created, UpdatedAt: m.updated, Base: m.base, assocs: m.assocs}
		s.models = append(s.models, info)
		s.byName[m.name], s.byTable[m.table] = info, info
		if m.updated != "" {
			s.updated[m.table] = m.updated
		}
	}
	for i, m := range r.models {
		if err := r.describe(m, s.models[i]); err != nil {
			return nil, err
		}
		for _, a := range m.attrs {
			r.share(s, m, a)
			if a.AutoIncrement && m.base == nil {
				s.models[i].numbered = a.Name
			}
		}
	}
	slices.SortStableFunc(s.references, func(a, b SharedReference) int { return cmp.Compare(a.order, b.order) })
	r.pairs()
	slices.SortStableFunc(r.conflicts, func(a, b conflict) int { return cmp.Compare(a.order, b.order) })
	for _, c := range r.conflicts {
		s.conflicts = append(s.conflicts, c.Diagnostic)
	}
	for _, a := range r.assocs {
		if err := s.complete(a); err != nil {
			return nil, err
		}
		s.index(a)
	}
	return s, nil
}

// complete refuses an association that has lost a column: a model that became a junction has no key of its own any more,
// and a table may have been altered.
func (s *Set) complete(a *Association) error {
	holder, own, far := a.TargetTable, a.SourceTable, a.SourceKey
	switch a.Kind {
	case BelongsTo:
		holder, own, far = a.SourceTable, a.TargetTable, a.TargetKey
	case BelongsToMany:
		holder = a.Junction
	}
	need := [][2]string{{holder, a.ForeignKey}, {own, far}}
	if a.Kind == BelongsToMany {
		need = append(need, [2]string{holder, a.OtherKey}, [2]string{a.TargetTable, a.TargetKey})
	}
	for _, n := range need {
		m := s.byTable[n[0]]
		if !slices.ContainsFunc(m.Schema.Columns, func(c types.Column) bool { return c.Name == n[1] }) {
			return types.Refused(a.Spec.String(), "42703", "keep the column, or name another key; a junction needs a primary key of its own to be referred to",
				"%s has no column %s any more", m.Name, n[1])
		}
	}
	return s.scopes(a)
}

// index makes sure that every lookup of an association has a tree to walk.
func (s *Set) index(a *Association) {
	switch a.Kind {
	case BelongsTo:
		s.byTable[a.TargetTable].ensureIndex(a.TargetKey)
		s.byTable[a.SourceTable].ensureIndex(a.ForeignKey)
	case BelongsToMany:
		s.byTable[a.Junction].ensureIndex(a.ForeignKey)
		s.byTable[a.Junction].ensureIndex(a.OtherKey)
		s.byTable[a.SourceTable].ensureIndex(a.SourceKey)
		s.byTable[a.TargetTable].ensureIndex(a.TargetKey)
	default:
		s.byTable[a.TargetTable].ensureIndex(a.ForeignKey)
		s.byTable[a.SourceTable].ensureIndex(a.SourceKey)
	}
}

// ensureIndex adds an index over a column unless a key, index or reference begins with it.
func (m *Info) ensureIndex(column string) {
	begins := func(columns []string) bool { return len(columns) > 0 && columns[0] == column }
	s := &m.Schema
	if begins(s.PrimaryKey) ||
		slices.ContainsFunc(s.Unique, func(u table.UniqueKey) bool { return begins(u.Columns) && len(u.Prefix) == 0 }) ||
		slices.ContainsFunc(s.Indexes, func(x table.Index) bool { return begins(x.Columns) && len(x.Prefix) == 0 }) ||
		slices.ContainsFunc(s.References, func(r table.Reference) bool { return begins(r.Columns) }) {
		return
	}
	s.Indexes = append(s.Indexes, table.Index{Columns: []string{column}})
}
