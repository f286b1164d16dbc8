package table

import (
	"slices"
	"time"

	"github.com/memrel/memrel/types"
)

// Batch is a set of changes to definitions that come into force together, as data: tables may refer to one another in
// any order, and if anything is refused nothing has happened.
type Batch struct {
	have      func(name string) (*Def, bool)
	schemas   []*Schema // new and altered tables, in order of appearance
	named     map[string]*Schema
	dropped   []string
	added     []any
	naming    Naming
	numbering Numbering
	catalog   Catalog // nil: nothing refers to anything
	renaming  *Renaming
}

// NewBatch starts a batch over the tables that have finds.
func NewBatch(have func(name string) (*Def, bool)) *Batch {
	return &Batch{have: have, named: map[string]*Schema{}}
}

// Over has the batch find in a catalog what refers to its tables.
func (b *Batch) Over(c Catalog) *Batch {
	b.catalog = c
	return b
}

// Definition is something that can be defined: a [Schema], a typed table, an association.
type Definition interface {
	// Define enters the definition into the batch.
	Define(*Batch) error
}

// Define enters a new table.
func (s Schema) Define(b *Batch) error {
	if b.exists(s.Name) {
		return types.Refused(s.Name, "42P07", "choose another name, or drop it first", "table %s exists already", s.Name)
	}
	s = s.Clone()
	s.Naming = b.Named(s.Naming)
	b.put(&s)
	return nil
}

func (b *Batch) put(s *Schema) { b.schemas, b.named[s.Name] = append(b.schemas, s), s }

func (b *Batch) exists(name string) bool {
	if b.named[name] != nil {
		return true
	}
	_, ok := b.have(name)
	return ok && !slices.Contains(b.dropped, name)
}

// Schema is the definition of a table as the batch leaves it, to be changed in place.
func (b *Batch) Schema(name string) (*Schema, error) {
	if s := b.named[name]; s != nil {
		return s, nil
	}
	d, ok := b.have(name)
	if !ok || slices.Contains(b.dropped, name) {
		return nil, &types.Error{Kind: types.ErrUnknownTable, Op: "alter", Table: name, Detail: "there is no table " + name}
	}
	s := d.schema.Clone()
	b.put(&s)
	return &s, nil
}

// Add enters something that is not a table: what it means is for whoever compiles the batch to know. It is copied, so that
// whoever gave it may go on to change it.
func (b *Batch) Add(part any) { b.added = append(b.added, types.Clone(part)) }

// Added is what [Batch.Add] was given, in that order.
func (b *Batch) Added() []any { return b.added }

// Take takes parts out of what was added, and returns them.
func (b *Batch) Take(is func(part any) bool) (taken []any) {
	b.added = slices.DeleteFunc(b.added, func(part any) bool {
		if is(part) {
			taken = append(taken, part)
			return true
		}
		return false
	})
	return taken
}

// Peek is the definition of a table as the batch leaves it. It must not be changed, nor handed out.
func (b *Batch) Peek(name string) (Schema, bool) {
	if s := b.named[name]; s != nil {
		return *s, true
	}
	if d, ok := b.have(name); ok && !slices.Contains(b.dropped, name) {
		return d.schema, true
	}
	return Schema{}, false
}

// Drop removes a table.
func (b *Batch) Drop(name string) error {
	if !b.exists(name) {
		return &types.Error{Kind: types.ErrUnknownTable, Op: "drop", Table: name, Detail: "there is no table " + name}
	}
	b.schemas = slices.DeleteFunc(b.schemas, func(s *Schema) bool { return s.Name == name })
	delete(b.named, name)
	b.dropped = append(b.dropped, name)
	return nil
}

// Dropped are the tables that the batch removes.
func (b *Batch) Dropped() []string { return b.dropped }

// Settings has the batch go by what a store keeps for its tables: form returns the texts of its forms.
func (b *Batch) Settings(form func(name string) []byte) {
	_ = b.naming.UnmarshalText(form(namingForm)) // written by Define
	_ = b.numbering.UnmarshalText(form(numberingForm))
}

// numbered is the numbering of a table: where nothing is said that which it has, or, of a new one, the store's.
func (b *Batch) numbered(s *Schema) Numbering {
	switch s.Numbering {
	case Unnumbered:
		if d, ok := b.have(b.renaming.TableWas(s.Name)); ok && !slices.Contains(b.dropped, s.Name) {
			return d.schema.Numbering
		}
		return b.numbering
	case TakeBackNumbers: // which a table that is there does by saying nothing
		return Unnumbered
	}
	return s.Numbering
}

// Compile compiles the tables that the batch adds or alters, whose columns may have the time of a clock for a default.
func (b *Batch) Compile(clock func() time.Time) ([]*Def, error) {
	defs := make([]*Def, len(b.schemas))
	for i, s := range b.schemas {
		var err error
		s.Numbering = b.numbered(s)
		if defs[i], err = Compile(*s); err != nil {
			return nil, err
		}
		defs[i].clock = clock
	}
	return defs, nil
}
