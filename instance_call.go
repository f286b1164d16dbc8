package memrel

import (
	"fmt"

	"github.com/memrel/memrel/assoc"
)

// Call runs a verb by the name of its generated accessor: getBars, countBars, hasBar, hasBars, setBars, addBar, addBars,
// removeBar, removeBars, createBar; for a to-one association getBar, setBar, createBar. What the verb takes is told apart
// by type: a [Query], a [Cond], [Values] for the row to create and then for its junction row; anything else is a target.
// It returns []Instance, or for a to-one association an Instance that is zero if there is none; an int; a bool; the
// Instance created; or nil. Verbs that write need a [Writer]. Errors are those of the verb, and [ErrUnknownMethod].
func (i Instance) Call(r Reader, method string, args ...any) (any, error) {
	if i.node == nil {
		return nil, noInstance("call")
	}
	name := i.Row().Table()
	a, do, ok := Associations(r).Method(name, method)
	if !ok {
		return nil, &Error{Kind: ErrUnknownMethod, Op: "call", Table: name,
			Detail: fmt.Sprintf("rows of %s have no method %s", name, method), Hint: methodsOf(Associations(r), name)}
	}
	c := sortArgs(args)
	switch do {
	case assoc.DoGet:
		found, err := i.Get(r, a.As, c.query)
		if a.Kind.Many() || err != nil {
			return found, err
		}
		if len(found) == 0 {
			return Instance{}, nil
		}
		return found[0], nil
	case assoc.DoCount:
		return i.Count(r, a.As, c.where)
	case assoc.DoHas:
		return i.has(r, a.As, c.targets, c.where)
	}
	w, ok := r.(Writer)
	if !ok {
		return nil, &Error{Kind: ErrQuery, Op: "call", Table: name, Detail: method + " writes", Hint: "call it on a store or a transaction"}
	}
	switch do {
	case assoc.DoCreate:
		return i.Create(w, a.As, c.values[0], c.values[1])
	case assoc.DoSet:
		return nil, i.Set(w, a.As, c.targets...)
	case assoc.DoAdd:
		return nil, i.Add(w, a.As, c.targets...)
	}
	return nil, i.Remove(w, a.As, c.targets...)
}

// callArgs are the arguments of a call, told apart by type.
type callArgs struct {
	query   Query
	where   Cond
	values  [2]Values
	targets []any
}

func sortArgs(args []any) (c callArgs) {
	given := 0
	for _, arg := range args {
		switch arg := arg.(type) {
		case Query:
			c.query, c.where = arg, arg.Where
		case Cond:
			c.where, c.query.Where = arg, arg
		case Values:
			if given < len(c.values) {
				c.values[given] = arg
				given++
			}
		default:
			c.targets = append(c.targets, arg)
		}
	}
	return c
}

func methodsOf(set *assoc.Set, name string) string {
	hint := ""
	for _, a := range set.Of(name) {
		x := a.Accessors()
		hint += " " + x.Get + " " + x.Set + " " + x.Create
	}
	if hint == "" {
		return name + " has no associations; define one on this side"
	}
	return "there are" + hint + ", ..."
}
