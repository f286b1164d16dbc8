package engine

import (
	"cmp"
	"reflect"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/table"
)

// relation is an association that a struct's field stands for. One of its alias that is defined beside it stands in its place, and has of it what
// it does not say itself.
type relation struct{ assoc.Spec }

func isRelation(part any) bool {
	_, is := part.(relation)
	return is
}

// gormWords inflect names as package assoc does.
var gormWords = bind.Words{Plural: assoc.Pluralize, Singular: assoc.Singularize}

// defineGORM enters what GORM's tags and names say of a struct beside its table: relations, and times that are kept.
func defineGORM(b *table.Batch, name string, of bind.Struct) error {
	relations, err := of.GORMRelations(name, gormWords)
	if err != nil {
		return err
	}
	for _, r := range relations {
		spec, err := specOf(name, r)
		if err != nil {
			return err
		}
		b.Add(relation{spec})
	}
	created, updated, err := of.GORMTimes(name)
	if err == nil && created+updated != "" {
		b.Add(assoc.Times{Table: name, CreatedAt: created, UpdatedAt: updated})
	}
	return err
}

// specOf is a relation as an association.
func specOf(source string, r bind.Relation) (s assoc.Spec, err error) {
	s = assoc.Spec{Source: source, Target: r.Target, Options: assoc.Options{As: r.Alias, ForeignKey: r.ForeignKey, OtherKey: r.OtherKey, SourceKey: r.SourceKey,
		TargetKey: r.TargetKey, Through: r.Through, OnDelete: r.OnDelete, OnUpdate: r.OnUpdate, Unconstrained: r.Unconstrained}}
	if r.TypeColumn != "" {
		s.Options.Scope = table.Values{r.TypeColumn: r.TypeValue}
	}
	return s, s.Kind.UnmarshalText([]byte(r.Kind))
}

// addRelations has a batch define the relations, each joined with what is defined beside it.
func addRelations(b *table.Batch) {
	for _, part := range b.Take(isRelation) {
		r := part.(relation)
		beside := b.Take(func(have any) bool {
			s, is := have.(assoc.Spec)
			return is && s.Source == r.Source && aliasOf(s) == r.Options.As
		})
		if len(beside) == 0 {
			b.Add(r.Spec)
		}
		for _, have := range beside {
			s := have.(assoc.Spec)
			if s.Kind == r.Kind && s.Target == r.Target {
				s.Options = assoc.Join(r.Options, s.Options)
			}
			b.Add(s)
		}
	}
}

// stands tells whether an association is the one that a handle asks for. That of a GORM model may leave open what the model's relation says.
func (p *Path[A, B]) stands(have assoc.Spec) bool {
	want := p.Spec
	if p.Source.Bind.Struct().Tags == table.GORM && aliasOf(have) == aliasOf(want) {
		want.Options = assoc.Join(have.Options, want.Options)
	}
	return reflect.DeepEqual(have, want)
}

// aliasOf is the alias of an association between tables.
func aliasOf(s assoc.Spec) string {
	if s.Kind.Many() {
		return cmp.Or(s.Options.As, assoc.Pluralize(s.Target))
	}
	return cmp.Or(s.Options.As, assoc.Singularize(s.Target))
}
