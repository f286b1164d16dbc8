package bind

import (
	"reflect"

	"github.com/memrel/memrel/table"
)

// Loader reads rows of a table into structs of a type that is known at run time only: those in the fields of others.
type Loader struct {
	b      *binding
	of     reflect.Type
	Filled []Filled // the fields that no column stands for
}

// Loader is how the struct lies over a definition. Errors as [New].
func (s Struct) Loader(def *table.Def) (*Loader, error) {
	b, err := newBinding(s, def)
	if err != nil {
		return nil, err
	}
	filled, err := s.Filled(def.Name(), def.Peek().Naming)
	return &Loader{b, s.Type, filled}, err
}

// Load reads a row into a struct that can be set, as [Binding.LoadColumns] does. It panics as [Binding.Load].
func (l *Loader) Load(to reflect.Value, row table.Row) {
	base, rec := to.Addr().UnsafePointer(), table.RecordOf(row)
	if cut := table.CutOf(row); cut != nil {
		l.b.loadColumns(base, rec, cut)
		return
	}
	l.b.load(base, rec)
}
