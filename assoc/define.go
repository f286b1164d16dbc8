package assoc

import (
	"reflect"
	"slices"
	"time"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Clock gives the time that timestamps get, and columns whose default it is. It is a [table.Definition] that sets the clock of a store; time.Now without
// one. It runs inside the writing transaction and must not use the store.
type Clock func() time.Time

// Define enters the clock into a batch of definitions.
func (c Clock) Define(b *table.Batch) error {
	b.Add(c)
	return nil
}

// DiagnosticFunc is a [table.Definition] that has new diagnostics told to a function; see the root package.
type DiagnosticFunc func(types.Diagnostic)

// Define enters the function into a batch of definitions.
func (f DiagnosticFunc) Define(b *table.Batch) error {
	b.Add(f)
	return nil
}

// DiagnosticFunc is whom new diagnostics are told; nil if nobody.
func (s *Set) DiagnosticFunc() DiagnosticFunc {
	if s == nil {
		return nil
	}
	return s.diagnostic
}

// Define makes the profile that of the store; associations that there are follow it from then on.
func (p *Profile) Define(b *table.Batch) error {
	b.Add(p)
	return nil
}

// Define enters the times into a batch of definitions.
func (t Times) Define(b *table.Batch) error {
	b.Add(t)
	return nil
}

// Define enters the change into a batch of definitions.
func (am Amendment) Define(b *table.Batch) error {
	b.Add(am)
	return nil
}

// Extend is the set after a batch of definitions, whose tables it completes: what the batch added to models and
// associations is resolved together with what there was, and tables that come out differently are altered. A batch that
// touches neither leaves the set as it is. Errors as [Resolve].
func (s *Set) Extend(b *table.Batch) (*Set, error) {
	s, err := s.prepared(b)
	if err != nil {
		return nil, err
	}
	if len(b.Added()) == 0 && (s == nil || b.Renaming() == nil) && !slices.ContainsFunc(b.Dropped(), func(name string) bool { return s.Table(name) != nil }) {
		return s, nil
	}
	next := &resolution{profile: Manual(), clock: time.Now}
	if s != nil {
		next.profile, next.clock, next.specs = s.profile, s.clock, s.specs.without(s, b.Dropped())
		next.diagnostic = s.diagnostic
		if s.frontend != nil {
			next.frontend = s.frontend.DropTables(b.Dropped())
		}
	}
	next.specs.Associations = s.amendedKeys(next.specs.Associations, b.Added())
	for _, part := range b.Added() {
		if err := next.add(part); err != nil {
			return nil, err
		}
	}
	out, err := next.resolve(s, b)
	if err != nil {
		return nil, err
	}
	out.finish()
	return out, out.enter(b, s)
}

// resolve makes the set, from the models and associations that were defined and those that the front end comes to.
func (r *resolution) resolve(before *Set, b *table.Batch) (*Set, error) {
	specs, pending := r.derive()
	out, err := Resolve(r.profile, specs, func(name string) (table.Schema, bool) {
		if m := before.Table(name); m != nil {
			if m.Base == nil {
				return table.Schema{}, false // a model, or a junction that was made
			}
			return *m.Base, true
		}
		return b.Peek(name)
	})
	if err == nil && r.frontend != nil {
		r.frontend, err = r.frontend.Finalize(out)
	}
	if err != nil && r.frontend != nil {
		err = r.frontend.Explain(err)
	}
	if err != nil {
		return nil, err
	}
	out.specs, out.frontend, out.pending, out.diagnostic = r.specs, r.frontend, pending, r.diagnostic
	out.clock = r.clock
	out.stampInserts()
	return out, nil
}

// resolution is what a set is resolved from.
type resolution struct {
	profile  *Profile
	clock    Clock
	specs    Specs
	frontend Frontend

	diagnostic DiagnosticFunc
}

func (r *resolution) add(part any) (err error) {
	switch part := part.(type) {
	case FrontendChange:
		if r.frontend, err = part.Extend(r.frontend); err != nil {
			return err
		}
		r.profile = r.frontend.Profile()
	case Model:
		r.specs.Models = append(r.specs.Models, part)
	case Spec:
		r.specs.Associations = append(r.specs.Associations, part)
	case Amendment:
		r.specs.Amendments = append(r.specs.Amendments, part)
	case *Profile:
		r.profile = part
	case Times:
		r.specs.Times = append(r.specs.Times, part)
	case Clock:
		r.clock = part
	case DiagnosticFunc:
		r.diagnostic = part
	default:
		return types.Refused("", "42601", "define tables, models and associations", "a %T cannot be defined", part)
	}
	return nil
}

// without leaves out what is about dropped tables.
func (sp Specs) without(s *Set, dropped []string) Specs {
	gone := func(name string) bool {
		m := s.Model(name)
		return m != nil && slices.Contains(dropped, m.Table)
	}
	return Specs{
		Models: slices.DeleteFunc(slices.Clone(sp.Models), func(m Model) bool { return gone(m.Name) }),
		Associations: slices.DeleteFunc(slices.Clone(sp.Associations), func(a Spec) bool {
			return gone(a.Source) || gone(a.Target) || a.Options.Through != "" && gone(a.Options.Through)
		}),
		Amendments: slices.DeleteFunc(slices.Clone(sp.Amendments), func(a Amendment) bool { return slices.Contains(dropped, a.Table) }),
		Times:      slices.DeleteFunc(slices.Clone(sp.Times), func(t Times) bool { return slices.Contains(dropped, t.Table) }),
	}
}

// stampInserts lets the timestamp columns default to the time of the insert.
func (s *Set) stampInserts() {
	for _, m := range s.models {
		for i := range m.Schema.Columns {
			if col := &m.Schema.Columns[i]; col.Name == m.CreatedAt || col.Name == m.UpdatedAt {
				col.DefaultFunc, col.DefaultNow = nil, true
			}
		}
	}
}

// enter puts the tables of the set into the batch, and takes out junctions that nothing leads through any more.
func (s *Set) enter(b *table.Batch, before *Set) error {
	for _, m := range s.models {
		have, exists := b.Peek(m.Table)
		switch {
		case !exists:
			if err := m.Schema.Define(b); err != nil {
				return err
			}
			continue
		case m.Base == nil && before.Table(m.Table) == nil:
			return types.Refused(m.Table, "42P07", "choose another name, or drop it first", "table %s exists already", m.Table)
		}
		if err := m.alter(b, have); err != nil {
			return err
		}
	}
	for _, m := range before.Models() {
		if _, exists := b.Peek(m.Table); exists && m.Base == nil && s.Table(m.Table) == nil {
			if err := b.Drop(m.Table); err != nil {
				return err
			}
		}
	}
	return nil
}

// alter changes a table that there is, if it comes out differently.
func (m *Info) alter(b *table.Batch, have table.Schema) error {
	def, err := table.Compile(m.Schema)
	if err != nil {
		return err
	}
	if same(have, def.Peek()) {
		return nil
	}
	to, err := b.Schema(m.Table)
	if err != nil {
		return err
	}
	*to = m.Schema.Clone()
	return nil
}

// same tells whether two schemas say the same; functions are taken for equal, but a default that there is not for one.
func same(a, b table.Schema) bool {
	return reflect.DeepEqual(withoutFuncs(a), withoutFuncs(b)) && slices.EqualFunc(a.Columns, b.Columns, func(x, y types.Column) bool {
		return (x.DefaultFunc == nil) == (y.DefaultFunc == nil)
	})
}

func withoutFuncs(s table.Schema) table.Schema {
	s.Columns = slices.Clone(s.Columns)
	for i := range s.Columns {
		s.Columns[i].DefaultFunc, s.Columns[i].CheckFunc = nil, nil
	}
	return s
}
