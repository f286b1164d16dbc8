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

// pathVerb is a verb of a typed association as a statement. It belongs to one goroutine, from its making to its release.
type pathVerb[A, B any] struct {
	verb   Verb
	path   *Path[A, B]
	source A
	rows   []B
	links  Links // nil: there is no junction
	few    [4]index.Value
}

// Write carries out a verb on a row of the source and rows of the target. values tells that links have some for junction rows that
// may be there already. What the verb writes into the source, which is the foreign key of a belongsTo, a gets too.
func (p *Path[A, B]) Write(w Target, op string, do assoc.Action, a *A, rows []B, links Links, values bool) error {
	v := p.verb(op, do, a, rows, links, values)
	defer v.release()
	err := RunVerb(w, &v.verb)
	if err == nil {
		*a = v.source
	}
	return err
}

// Create inserts a row of the target that the source then leads to, and gives it as it is stored. Otherwise as [Path.Write].
func (p *Path[A, B]) Create(w Target, a *A, row B, links Links) (B, error) {
	v := p.verb("create", assoc.DoCreate, a, nil, links, false)
	defer v.release()
	v.rows = append(v.rows, row)
	if err := RunVerb(w, &v.verb); err != nil {
		return row, err
	}
	*a = v.source
	return v.rows[0], nil
}

func (p *Path[A, B]) verb(op string, do assoc.Action, a *A, rows []B, links Links, values bool) *pathVerb[A, B] {
	v, ok := p.idle.Get().(*pathVerb[A, B])
	if !ok {
		v = new(pathVerb[A, B])
	}
	v.path, v.source, v.links, v.rows = p, *a, links, append(v.rows[:0], rows...)
	v.verb.Op, v.verb.Table, v.verb.Values, v.verb.Ends, v.verb.Call.Do = op, p.Source.Name, values, v, do
	return v
}

// release lets go of the rows.
func (v *pathVerb[A, B]) release() {
	p := v.path
	var none A
	clear(v.rows)
	clear(v.few[:])
	v.path, v.source, v.rows, v.links, v.verb.a = nil, none, v.rows[:0], nil, nil
	v.verb.Call.Reset()
	p.idle.Put(v)
}

// Association implements [Ends].
func (v *pathVerb[A, B]) Association(set *assoc.Set) (*assoc.Association, error) {
	return v.path.Association(set)
}

// Resolve implements [Ends].
func (v *pathVerb[A, B]) Resolve(state table.Reader, a *assoc.Association, c *assoc.Call, keys bool) (byKeys bool, err error) {
	if keys && !v.verb.Values {
		way, err := v.path.route(state)
		if err != nil {
			return false, err
		}
		return true, v.resolveKeys(state, way, c)
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

func (v *pathVerb[A, B]) link(state table.Reader, a *assoc.Association) (assoc.Target, error) {
	if v.links == nil {
		return assoc.Target{}, nil
	}
	return v.links.Values(state, a)
}

// resolveKeys fills in the keys that junction rows keep.
func (v *pathVerb[A, B]) resolveKeys(state table.Reader, way *route[A, B], c *assoc.Call) (err error) {
	if c.From, err = way.from.Key(&v.source, way.key); err != nil {
		return err
	}
	if way.noKey != nil && len(v.rows) > 0 {
		return way.noKey
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
func (v *pathVerb[A, B]) created(state table.Reader) (table.Values, error) {
	_, b, err := v.path.Target.bound(state)
	if err != nil {
		return nil, err
	}
	return b.Values(&v.rows[0])
}

// Wrote implements [Ends].
func (v *pathVerb[A, B]) Wrote(c *assoc.Call) error {
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
