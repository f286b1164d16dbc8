package assoc

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// filter is a compiled condition; nil lets everything through.
type filter func(index.Record) query.Truth

func (f filter) is(r index.Record) bool { return f == nil || f(r) == query.True }

// compiler makes inclusions for one state.
type compiler struct {
	set   *Set
	state table.Reader
}

// includes compiles what a query on a table asks for. path are the models on the way since a nested All.
func (c compiler) includes(tableName string, list []query.Include, path []string) ([]*inclusion, error) {
	var out []*inclusion
	taken, err := c.allNamed(tableName, list)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].All {
			all, err := c.includeAll(tableName, &list[i], path, taken)
			if err != nil {
				return nil, err
			}
			for _, in := range all {
				taken = append(taken, in.a)
			}
			out = append(out, all...)
			continue
		}
		if taken[i] == nil {
			continue
		}
		in, err := c.include(taken[i], &list[i], nil)
		if err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, nil
}

// includeAll compiles an include of every association that is not taken; nested, as far as none leads
// back to a model on the way; one that leads from a model to itself is followed once.
func (c compiler) includeAll(tableName string, all *query.Include, path []string, taken []*Association) ([]*inclusion, error) {
	var out []*inclusion
	below := append(slices.Clone(path), tableName)
	for _, a := range c.set.Of(tableName) {
		if slices.Contains(taken, a) {
			continue
		}
		one := query.Include{As: a.As}
		if all.Nested {
			if slices.Contains(path, a.TargetTable) {
				continue
			}
			one.Include = []query.Include{{All: true, Nested: true}}
		}
		in, err := c.include(a, &one, below)
		if err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, nil
}

// named finds the association that an include names.
func (c compiler) named(tableName string, in *query.Include) (*Association, error) {
	if in.Model == "" {
		a, err := c.set.Named(tableName, in.As)
		if e := types.AsError(err); e != nil {
			e.Op = "include"
		}
		return a, err
	}
	name := c.set.modelName(tableName)
	var to []*Association
	for _, a := range c.set.Of(tableName) {
		if a.Target == in.Model || a.TargetTable == in.Model {
			to = append(to, a)
		}
	}
	for _, p := range c.set.waiting(tableName) {
		if len(to) == 0 && p.For == in.Model && (in.As == "" || p.As == in.As) {
			e := p.unanswered(tableName)
			e.Op = "include"
			return nil, e
		}
	}
	if len(to) == 0 {
		return nil, notAssociated(tableName, c.set.aliases(tableName), "%s is not associated to %s!", in.Model, name)
	}
	for _, a := range to {
		if in.As == "" && !a.Aliased || in.As != "" && a.As == in.As {
			return a, nil
		}
	}
	if in.As != "" {
		return nil, notAssociated(tableName, c.set.aliases(tableName), "%s is associated to %s, but not with the alias %s", in.Model, name, in.As)
	}
	return nil, notAssociated(tableName, "name the alias; "+c.set.aliases(tableName), "%s is associated to %s with an alias", in.Model, name)
}

func notAssociated(tableName, hint, format string, args ...any) error {
	return &types.Error{Kind: types.ErrUnknownAssociation, Op: "include", Table: tableName, Detail: fmt.Sprintf(format, args...), Hint: hint}
}

// include compiles one include.
func (c compiler) include(a *Association, i *query.Include, path []string) (*inclusion, error) {
	if i.Separate && a.Kind != HasMany {
		return nil, &types.Error{Kind: types.ErrQuery, Op: "include", Detail: "only a hasMany can be included separately, not " + a.String()}
	}
	order := i.Order
	if len(order) == 0 {
		order = a.Spec.Options.Order
	}
	in, err := c.get(a, &query.Query{Where: i.Where, Order: order, Limit: i.Limit, Offset: i.Offset, Columns: i.Columns,
		Include: i.Include, Through: i.Through, Deleted: i.Deleted}, path)
	if err != nil {
		return nil, err
	}
	in.required = !i.Separate && (i.Required || i.Where.Op != query.OpAll && !i.Optional)
	in.separate = i.Separate
	if i.Columns != nil && len(i.Columns) == 0 {
		in.hidden = len(in.kids) == 0 && in.junction == nil
	}
	if a.Kind == BelongsTo || a.Kind == BelongsToMany {
		in.memo = map[index.Record]*DetachedRow{}
	}
	return in, nil
}

// get compiles the query for the rows that an association leads to.
func (c compiler) get(a *Association, q *query.Query, path []string) (*inclusion, error) {
	all := &struct { // in one piece
		in          inclusion
		bound       boundAssociation
		rows, links shape
	}{}
	in, l := &all.in, &all.bound
	if err := l.bind(c.state, a); err != nil {
		return nil, err
	}
	if err := l.withDeleted(c.state, q.Deleted, q.Through.Deleted); err != nil {
		return nil, err
	}
	def := l.target.Def()
	all.rows.def = def
	in.boundAssociation, in.shape, in.limit, in.offset = l, &all.rows, q.Limit, q.Offset
	var err error
	if in.where, err = c.filter(a.TargetTable, q.Where); err != nil {
		return nil, err
	}
	if in.shape.cut, err = def.Selection(q.Columns); err != nil {
		return nil, err
	}
	if in.sort, err = c.sorter(l, q.Order); err != nil {
		return nil, err
	}
	if err := c.throughOf(in, q.Through, &all.links); err != nil {
		return nil, err
	}
	in.kids, err = c.includes(a.TargetTable, q.Include, path)
	return in, err
}

// throughOf compiles what is asked of the junction rows; links becomes their shape, if they are shown.
func (c compiler) throughOf(in *inclusion, t query.Through, links *shape) (err error) {
	if in.boundAssociation.junction == nil {
		if asksNothing(t) {
			return nil
		}
		return noThrough(in.a.String() + " leads through no junction")
	}
	def := in.boundAssociation.junction.Def()
	if t.Where.Op != query.OpAll {
		if in.through, err = c.filter(in.a.Junction, t.Where); err != nil {
			return err
		}
	}
	if t.Columns != nil && len(t.Columns) == 0 {
		return nil
	}
	cut, err := def.Selection(t.Columns)
	*links = shape{def: def, cut: cut, name: in.a.Through}
	in.junction = links
	return err
}

// filter compiles a condition on the rows of a table.
func (c compiler) filter(tableName string, where query.Cond) (filter, error) {
	if where.Op == query.OpAll {
		return nil, nil
	}
	return (&search{set: c.set, state: c.state, table: tableName, where: where}).filter()
}

// withKeys adds to a selection of the columns of the rows that a query finds those by which rows are included separately.
func withKeys(cut []int, kids []*inclusion) []int {
	if cut == nil {
		return nil
	}
	for _, kid := range kids {
		if kid.separate && !slices.Contains(cut, kid.from) {
			cut = append(cut[:len(cut):len(cut)], kid.from)
		}
	}
	return cut
}
