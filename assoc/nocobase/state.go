package nocobase

import (
	"cmp"
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// state is the collections of a store, an [assoc.Frontend]. A state that is the store's is never changed: a definition works on
// a copy.
type state struct {
	list      []*collection // in order of definition; one that is defined again keeps its place
	clock     int           // numbers what happens to fields
	unchecked bool
	looseKeys bool
	maxName   int
	just      *collection     // whose fields are being set
	links     map[string]bool // the collections that a bound belongsToMany leads through
}

// collection is a collection with what became of its fields.
type collection struct {
	Collection
	generated bool // a junction that a belongsToMany made, which may have been defined since
	removed   bool // a junction that is there for a belongsToMany alone: the collection was removed
	fields    []*field
	// keys are the foreign keys that the collection had when it was last a junction: they stay when the relation goes.
	keys []assoc.Attribute
}

// field is a field and whether it is bound.
type field struct {
	Field
	bound int // when a relation was bound to its target; 0: it waits
	since int // since when it has waited
	// key is the foreign key column of a belongsTo that was bound once: while it waits again, the values stay.
	key  *assoc.Attribute
	word string // what the recorded system calls the type of that column
	// last are the keys with which it was bound last.
	last    *assoc.Association
	indexed bool // a column that was the foreign key of a relation: its index stays as long as the field
}

// definition is a change of the collections, an [assoc.FrontendChange].
type definition struct {
	what  string
	apply func(*state) error
}

// Define enters the change into a batch of definitions.
func (d definition) Define(b *table.Batch) error {
	b.Add(d)
	return nil
}

// Extend makes the change.
func (d definition) Extend(before assoc.Frontend) (assoc.Frontend, error) {
	s := &state{maxName: DefaultIdentifier}
	if before != nil {
		old, ok := before.(*state)
		if !ok {
			return nil, types.Refused("", "0A000", "open another store for it", "%s: the store has definitions of another front end", d.what)
		}
		s = old.clone()
	}
	if err := d.apply(s); err != nil {
		return nil, err
	}
	s.bind()
	return s, nil
}

func (s *state) clone() *state {
	c := *s
	c.just = nil
	c.list = make([]*collection, len(s.list))
	for i, col := range s.list {
		c.list[i] = col.clone()
	}
	return &c
}

func (c *collection) clone() *collection {
	out := *c
	out.fields = make([]*field, len(c.fields))
	for i, f := range c.fields {
		out.fields[i] = new(*f)
	}
	return &out
}

func (s *state) tick() int {
	s.clock++
	return s.clock
}

// find is the collection of that name; nil if there is none.
func (s *state) find(name string) *collection {
	for _, c := range s.list {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func (c *collection) field(name string) *field {
	for _, f := range c.fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// table is the name of the collection's table.
func (c *collection) table() string { return cmp.Or(c.TableName, c.Name) }

// define adds a collection, or puts it in the place of the one of that name.
func (s *state) define(c Collection) error {
	if c.Name == "" {
		return types.Refused("", "42602", "give it a name", "a collection has no name")
	}
	if !slices.Contains(trees, c.Tree) {
		return types.Refused(c.Name, "0A000", "write "+trees[1], "collection %s is to be a tree of another kind: %q", c.Name, c.Tree)
	}
	next, had := &collection{Collection: c}, s.find(c.Name)
	next.Fields = nil
	for _, f := range c.Fields {
		f = f.inTree(&c)
		if err := f.check(c.Name); err != nil {
			return err
		}
		next.drop(f.Name) // the last of that name counts
		next.fields = append(next.fields, s.redefined(had, f))
	}
	if had != nil && had.generated && !had.removed {
		next.generated, next.keys = true, had.keys
	}
	s.just = next
	if had == nil {
		s.list = append(s.list, next)
		return nil
	}
	s.list[slices.Index(s.list, had)] = next
	return nil
}

// redefined is a field of a collection that is defined again. A relation that leads where it led stays bound as it was,
// whatever else is said of it.
func (s *state) redefined(c *collection, f Field) *field {
	next := s.newField(f)
	if c == nil {
		return next
	}
	if had := c.field(f.Name); had != nil && had.Type == f.Type && had.target() == f.target() && had.Through == f.Through {
		next.bound, next.since = had.bound, had.since
		if had.bound > 0 { // what waits has no column in what is defined now
			next.key, next.word, next.last = had.key, had.word, had.last
		}
	}
	return next
}

func (s *state) newField(f Field) *field { return &field{Field: f, since: s.tick()} }

func (s *state) setField(name string, f Field) error {
	c, err := s.need(name)
	if err != nil {
		return err
	}
	if err := f.check(name); err != nil {
		return err
	}
	s.just = c
	next := s.newField(f)
	if had := c.field(f.Name); had != nil {
		next.indexed = had.indexed
	}
	c.drop(f.Name)
	c.fields = append(c.fields, next)
	return nil
}

func (c *collection) drop(name string) {
	c.fields = slices.DeleteFunc(c.fields, func(f *field) bool { return f.Name == name })
}

func (s *state) removeField(name, field string) error {
	c, err := s.need(name)
	if err == nil {
		c.drop(field)
	}
	return err
}

func (s *state) removeCollection(name string) error {
	i := slices.IndexFunc(s.list, func(c *collection) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	if slices.ContainsFunc(s.relations(), func(r relation) bool { return r.leadsThrough(name) && r.in.Name != name }) {
		s.list[i] = &collection{Collection: Collection{Name: name, TableName: s.list[i].TableName}, generated: true, removed: true}
		return nil
	}
	s.list = slices.Delete(s.list, i, i+1)
	return nil
}

func (s *state) need(name string) (*collection, error) {
	if c := s.find(name); c != nil && !c.removed {
		return c, nil
	}
	return nil, types.Refused(name, "42P01", "define it first", "there is no collection %s", name)
}

// DropTables leaves out collections whose tables are dropped.
func (s *state) DropTables(tables []string) assoc.Frontend {
	if !slices.ContainsFunc(s.list, func(c *collection) bool { return slices.Contains(tables, c.table()) }) {
		return s
	}
	out := s.clone()
	out.list = slices.DeleteFunc(out.list, func(c *collection) bool { return slices.Contains(tables, c.table()) })
	out.bind()
	return out
}
