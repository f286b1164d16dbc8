package assoc

import (
	"fmt"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Extender gives records of a table that were read before what a query would include with them.
type Extender struct{ kids []*inclusion }

// Extender compiles includes on a table. needs is told each column that the records must have, and which association goes by it; what
// it refuses is returned. Errors as [Set.Find].
func (s *Set) Extender(r table.Reader, name string, include []query.Include, needs func(column int, by fmt.Stringer) error) (*Extender, error) {
	if r.Table(name) == nil {
		return nil, &types.Error{Kind: types.ErrUnknownTable, Op: "load", Table: name, Detail: "there is no table " + name}
	}
	kids, err := compiler{set: s, state: r}.includes(name, include, nil)
	for _, k := range kids {
		if err == nil {
			err = needs(k.from, k.a)
		}
	}
	return &Extender{kids}, err
}

// Branches are what is included with a record. Where an include requires rows and there are none, there are none.
func (x *Extender) Branches(rec index.Record) []Branch {
	out := make([]Branch, len(x.kids))
	for i, k := range x.kids {
		out[i], _ = k.expand(rec.At(k.from))
	}
	return out
}
