package assoc

import (
	"fmt"
	"maps"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Creation makes rows of one table, each with the rows that it has under the aliases of includes: those that it belongs to before
// it, the others after it, each of these with its own. An alias that values do not have makes nothing. The values of an
// association's scope, and the keys that lead along it, stand before those given; the values of a junction row are found among
// those of the target, under the name of the junction's model. It is worked off in steps, as a [Call] is: one for the rows of each
// include, and one for its junction rows.
type Creation struct {
	Table   string
	Rows    []table.Values
	Include []query.Include
	How     Making
	Made    []*DetachedRow // the rows, once they are there

	set   *Set
	st    table.Reader
	tasks []task // what is left to do, the next at the end
}

// task works out a step in the state that there is; made are the rows of the step before. It may put others before those that
// are left.
type task func(made []index.Record) (Step, error)

// NextOf is the next step of a creation in the state that the steps before have left; ok is false when there is none any more.
// made are the rows of the step before. Errors are of kind [types.ErrUnknownAssociation], [types.ErrQuery] and [types.ErrType].
func (s *Set) NextOf(c *Creation, st table.Reader, made []index.Record) (step Step, ok bool, err error) {
	c.st = st
	if c.set == nil {
		c.set = s
		err := c.level(c.Table, c.Rows, c.Include, c.How, func(rows []*DetachedRow) error {
			c.Made = rows
			return nil
		})
		if err != nil {
			return step, false, err
		}
	}
	for len(c.tasks) > 0 {
		last := len(c.tasks) - 1
		next := c.tasks[last]
		c.tasks = c.tasks[:last]
		if step, err = next(made); err != nil || step.Table != "" {
			return step, err == nil, err
		}
		made = nil
	}
	return Step{}, false, nil
}

// Plain are the rows of a creation that includes nothing, as they are inserted: in one statement, without steps.
func (s *Set) Plain(c *Creation) []table.Values {
	out := make([]table.Values, len(c.Rows))
	for i, values := range c.Rows {
		out[i] = s.Values(c.Table, values, c.How)
	}
	return out
}

// Took takes over the records of the rows of [Set.Plain], once they are there.
func (c *Creation) Took(def *table.Def, recs []index.Record) { c.Made = detached(def, "", recs) }

// before puts tasks before those that are left.
func (c *Creation) before(tasks ...task) {
	slices.Reverse(tasks)
	c.tasks = append(c.tasks, tasks...)
}

// Matching is true of the rows that have values.
func Matching(values table.Values) query.Cond {
	var conds []query.Cond
	for _, name := range slices.Sorted(maps.Keys(values)) {
		conds = append(conds, query.Eq(name, values[name]))
	}
	return query.And(conds...)
}

// nested is an include of a create.
type nested struct {
	a       *Association
	include []query.Include
}

// nestedIn resolves the includes of a create.
func (s *Set) nestedIn(st table.Reader, name string, list []query.Include) ([]nested, error) {
	c := compiler{set: s, state: st}
	named, err := c.allNamed(name, list)
	if err != nil {
		return nil, err
	}
	var out []nested
	for i, a := range named {
		in := &list[i]
		switch {
		case !sameInclude(query.Include{All: in.All, Nested: in.Nested, Include: in.Include}, *in):
			return nil, &types.Error{Kind: types.ErrQuery, Op: "include", Table: name, Detail: "a create includes rows to be made, of which nothing can be asked",
				Hint: "name the association, and what is included below it"}
		case in.All:
			out = append(out, s.nestedAll(name, in, named)...)
		case a != nil:
			out = append(out, nested{a, in.Include})
		}
	}
	return out, nil
}

// nestedAll are the associations that an include of all adds to those named; below them it includes as much, if it is nested.
func (s *Set) nestedAll(name string, all *query.Include, named []*Association) (out []nested) {
	for _, a := range s.Of(name) {
		if slices.Contains(named, a) {
			continue
		}
		n := nested{a: a}
		if all.Nested {
			n.include = []query.Include{{All: true, Nested: true}}
		}
		out = append(out, n)
	}
	return out
}

// level makes rows of one table with what is nested in them, and then goes on with them.
func (c *Creation) level(name string, rows []table.Values, include []query.Include, how Making, then func([]*DetachedRow) error) error {
	below, err := c.set.nestedIn(c.st, name, include)
	if err != nil {
		return err
	}
	own := make([]table.Values, len(rows))
	for i, values := range rows {
		own[i] = maps.Clone(c.set.Values(name, values, how))
		for _, n := range below {
			delete(own[i], n.a.As)
		}
	}
	var parents, children []*part
	for _, n := range below {
		p, err := partOf(n, rows)
		if err != nil {
			return err
		}
		if n.a.Kind == BelongsTo {
			parents = append(parents, p)
		} else {
			children = append(children, p)
		}
	}
	c.work(name, own, parents, children, then)
	return nil
}

// work puts down what is to be done for a level, in order.
func (c *Creation) work(name string, own []table.Values, parents, children []*part, then func([]*DetachedRow) error) {
	var todo []task
	for _, p := range parents {
		todo = append(todo, func([]index.Record) (Step, error) { return Step{}, c.parents(p, own) })
	}
	var made []*DetachedRow
	todo = append(todo, c.insert(name, func() []table.Values { return own }), func(recs []index.Record) (Step, error) {
		made = detached(c.st.Table(name).Def(), "", recs)
		return Step{}, nil
	})
	for _, p := range children {
		todo = append(todo, func([]index.Record) (Step, error) { return Step{}, c.children(p, made) })
	}
	todo = append(todo, func([]index.Record) (Step, error) {
		for _, p := range slices.Concat(parents, children) {
			p.attach(made)
		}
		return Step{}, then(made)
	})
	c.before(todo...)
}

// insert is the step that inserts rows; none if there are none.
func (c *Creation) insert(name string, rows func() []table.Values) task {
	return func([]index.Record) (Step, error) {
		if values := rows(); len(values) > 0 {
			return Step{Table: name, Values: values}, nil
		}
		return Step{}, nil
	}
}

// detached are detached rows of the records of a table.
func detached(def *table.Def, model string, recs []index.Record) []*DetachedRow {
	sh := &shape{def: def, name: model}
	rows, out := make([]DetachedRow, len(recs)), make([]*DetachedRow, len(recs))
	for i, rec := range recs {
		rows[i] = DetachedRow{shape: sh, rec: rec}
		out[i] = &rows[i]
	}
	return out
}

// part is what rows have under one alias: the rows to be made, each with the position of its source.
type part struct {
	nested
	values  []table.Values
	sources []int
	present []bool // which sources have the alias at all
	made    []*DetachedRow
}

// partOf takes what rows have under an alias.
func partOf(n nested, rows []table.Values) (*part, error) {
	p := &part{nested: n, present: make([]bool, len(rows))}
	for i, values := range rows {
		v, has := values[n.a.As]
		list, err := n.a.valuesIn(v)
		if err != nil {
			return nil, err
		}
		p.present[i] = has
		for _, one := range list {
			p.values, p.sources = append(p.values, maps.Clone(one)), append(p.sources, i)
		}
	}
	return p, nil
}

// valuesIn are the rows that a value stands for: values, a list of them, or nil.
func (a *Association) valuesIn(v any) (out []table.Values, err error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case table.Values:
		return []table.Values{v}, nil
	case []table.Values:
		out = v
	case map[string]any:
		return []table.Values{v}, nil
	case []map[string]any:
		for _, one := range v {
			out = append(out, one)
		}
	case []any:
		for _, one := range v {
			values, err := a.valuesIn(one)
			if err != nil {
				return nil, err
			}
			out = append(out, values...)
		}
	default:
		return nil, &types.Error{Kind: types.ErrType, Table: a.SourceTable, Columns: []string{a.As},
			Detail: fmt.Sprintf("%s holds a %T, but values of rows are included", a.As, v), Hint: "give Values, or a list of Values"}
	}
	if !a.Kind.Many() && len(out) > 1 {
		return nil, &types.Error{Kind: types.ErrQuery, Table: a.SourceTable, Detail: fmt.Sprintf("%s leads to one row, %d were given", a, len(out))}
	}
	return out, nil
}

// make makes the rows of the part, with what is nested in them, and then goes on.
func (c *Creation) make(p *part, then func() error) error {
	return c.level(p.a.TargetTable, p.values, p.include, Created, func(made []*DetachedRow) error {
		p.made = made
		return then()
	})
}

// parents makes the rows that others belong to, and gives these the keys.
func (c *Creation) parents(p *part, own []table.Values) error {
	return c.make(p, func() error {
		if err := p.a.haveKey(p.a.TargetTable, p.a.TargetKey, p.made); err != nil {
			return err
		}
		for i, n := range p.made {
			own[p.sources[i]][p.a.ForeignKey] = n.held(p.a.TargetKey)
		}
		return nil
	})
}

// children makes the rows that rows have, with keys of these or junction rows between them.
func (c *Creation) children(p *part, sources []*DetachedRow) error {
	if err := p.a.haveKey(p.a.SourceTable, p.a.SourceKey, p.of(sources)); err != nil {
		return err
	}
	links := make([]table.Values, len(p.values))
	for i, values := range p.values {
		maps.Copy(values, p.a.target.written)
		if p.a.Kind != BelongsToMany {
			values[p.a.ForeignKey] = sources[p.sources[i]].held(p.a.SourceKey)
			continue
		}
		given, err := p.a.valuesIn(values[p.a.Through])
		if err != nil {
			return err
		}
		delete(values, p.a.Through)
		links[i] = merged(append(given, p.a.link.written)...)
	}
	return c.make(p, func() error {
		if err := p.a.targetsInScope(c.st, p.records()); err != nil || p.a.Kind != BelongsToMany {
			return err
		}
		if err := p.a.haveKey(p.a.TargetTable, p.a.TargetKey, p.made); err != nil {
			return err
		}
		c.before(c.insert(p.a.Junction, func() []table.Values { return c.linked(p, sources, links) }), func(recs []index.Record) (Step, error) {
			for i, j := range detached(c.st.Table(p.a.Junction).Def(), p.a.Through, recs) {
				p.made[i].beside().junction = j
			}
			return Step{}, p.a.linksInScope(c.st, recs)
		})
		return nil
	})
}

// haveKey refuses rows that a foreign key cannot refer to.
func (a *Association) haveKey(tableName, column string, rows []*DetachedRow) error {
	for _, n := range rows {
		if n.held(column) == nil {
			return a.noKey(tableName, column)
		}
	}
	return nil
}

// of are the rows that those to be made belong to.
func (p *part) of(sources []*DetachedRow) []*DetachedRow {
	out := make([]*DetachedRow, len(p.sources))
	for i, at := range p.sources {
		out[i] = sources[at]
	}
	return out
}

// linked are the values of junction rows with the keys of both ends.
func (c *Creation) linked(p *part, sources []*DetachedRow, links []table.Values) []table.Values {
	for i, n := range p.made {
		links[i][p.a.ForeignKey], links[i][p.a.OtherKey] = sources[p.sources[i]].held(p.a.SourceKey), n.held(p.a.TargetKey)
		links[i] = c.set.Values(p.a.Junction, links[i], Bulk)
	}
	return links
}

// records are those of the rows that were made.
func (p *part) records() []index.Record {
	out := make([]index.Record, len(p.made))
	for i, n := range p.made {
		out[i] = n.rec
	}
	return out
}

// attach shows the rows that were made on their sources.
func (p *part) attach(sources []*DetachedRow) {
	of := make([][]*DetachedRow, len(sources))
	for i, n := range p.made {
		of[p.sources[i]] = append(of[p.sources[i]], n)
	}
	for i, n := range sources {
		if p.present[i] {
			n.beside().branches = append(n.beside().branches, Branch{As: p.a.As, Many: p.a.Kind.Many(), Nodes: of[i]})
		}
	}
}
