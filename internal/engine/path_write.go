package engine

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Links make the values of junction rows from structs.
type Links interface {
	// Values are those of a junction row: given ones, which are written also into a row that is there, or those of a new one of
	// which nothing is said.
	Values(state table.Reader, a *assoc.Association) (assoc.Target, error)
}

// PathVerb is a verb of a typed association as a statement. It belongs to one goroutine, from [Path.Verb] to its release.
type PathVerb[A, B any] struct {
	verb   Verb
	path   *Path[A, B]
	source A
	rows   []B
	links  Links // nil: there is no junction
	few    [4]index.Value
}

// Verb is a verb on a row of the source and rows of the target; it must be released. values tells that some are given for
// junction rows that may be there already.
func (p *Path[A, B]) Verb(op string, do assoc.Action, a *A, rows []B, links Links, values bool) *PathVerb[A, B] {
	v, ok := p.idle.Get().(*PathVerb[A, B])
	if !ok {
		v = new(PathVerb[A, B])
	}
	v.path, v.source, v.links, v.rows = p, *a, links, append(v.rows[:0], rows...)
	v.verb = Verb{Op: op, Table: p.Source.Name, Values: values, Ends: v, Call: assoc.Call{Do: do}}
	return v
}

// Run carries the verb out. What it wrote into the source, which is the foreign key of a belongsTo, a gets too.
func (v *PathVerb[A, B]) Run(w Target, a *A) error {
	err := RunVerb(w, &v.verb)
	if err == nil {
		*a = v.source
	}
	return err
}

// Created is the row that a create has made, as it is stored.
func (v *PathVerb[A, B]) Created() B { return v.rows[0] }

// Release lets go of the rows.
func (v *PathVerb[A, B]) Release() {
	p := v.path
	clear(v.rows)
	*v = PathVerb[A, B]{rows: v.rows[:0]}
	p.idle.Put(v)
}

// Association implements [Ends].
func (v *PathVerb[A, B]) Association(set *assoc.Set) (*assoc.Association, error) {
	return v.path.Association(set)
}

// Resolve implements [Ends].
func (v *PathVerb[A, B]) Resolve(state table.Reader, a *assoc.Association, c *assoc.Call, keys bool) (byKeys bool, err error) {
	if keys && !v.verb.Values {
		if way, ok := v.path.route(state); ok {
			return true, v.resolveKeys(state, way, c)
		}
	}
	if c.Source, err = v.path.Source.detach(state, &v.source); err != nil {
		return false, err
	}
	link, err := v.link(state, a)
	if err != nil {
		return false, err
	}
	if c.Do == assoc.DoCreate {
		c.Through = link
		c.Values, err = v.created(state)
		return false, err
	}
	c.Targets, err = v.path.targets(state, v.rows, link)
	return false, err
}

func (v *PathVerb[A, B]) link(state table.Reader, a *assoc.Association) (assoc.Target, error) {
	if v.links == nil {
		return assoc.Target{}, nil
	}
	return v.links.Values(state, a)
}

// resolveKeys fills in the keys that junction rows keep.
func (v *PathVerb[A, B]) resolveKeys(state table.Reader, way *route[A, B], c *assoc.Call) (err error) {
	if c.From, err = way.from.Key(&v.source, way.key); err != nil {
		return err
	}
	c.To = v.few[:0]
	for i := range v.rows {
		key, err := way.to.Key(&v.rows[i], way.toKey)
		if err != nil {
			return err
		}
		c.To = append(c.To, key)
	}
	if c.Do == assoc.DoAdd {
		link, err := v.link(state, way.a)
		c.Fresh = link.Fresh
		return err
	}
	return nil
}

// created are the values of the row to create.
func (v *PathVerb[A, B]) created(state table.Reader) (table.Values, error) {
	t := state.Table(v.path.Target.Name)
	if t == nil {
		return nil, UnknownTable("bind", v.path.Target.Name)
	}
	b, err := v.path.Target.Bind.To(t.Def())
	if err != nil {
		return nil, err
	}
	return b.Values(&v.rows[0])
}

// Wrote implements [Ends].
func (v *PathVerb[A, B]) Wrote(c *assoc.Call) error {
	if c.Created != nil {
		if err := v.path.Target.load(&v.rows[0], c.Created.Row()); err != nil {
			return err
		}
	}
	if v.path.Spec.Kind != assoc.BelongsTo {
		return nil
	}
	return v.path.Source.load(&v.source, c.Source.Row())
}
