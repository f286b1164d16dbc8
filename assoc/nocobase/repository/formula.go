package repository

import (
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/types"
)

// formula is what a filter says of a row together with one row of each relation that the filter goes by: AND, OR and NOT over
// conditions, each on one column at the end of a path of relations.
type formula struct {
	op    query.Op // OpAnd, OpOr, OpNot; OpAll for a condition
	parts []*formula

	path []string
	is   memrel.Cond
	null query.Truth // what the condition comes to where the path leads to no row, so that all its columns are NULL
}

func and(parts ...*formula) *formula { return group(query.OpAnd, parts) }
func or(parts ...*formula) *formula  { return group(query.OpOr, parts) }

func group(op query.Op, parts []*formula) *formula {
	if len(parts) == 1 {
		return parts[0]
	}
	return &formula{op: op, parts: parts}
}

// not is the negation, in which only conditions are negated.
func (f *formula) not() *formula {
	switch f.op {
	case query.OpAnd, query.OpOr:
		out := &formula{op: query.OpAnd + query.OpOr - f.op}
		for _, p := range f.parts {
			out.parts = append(out.parts, p.not())
		}
		return out
	}
	return &formula{path: f.path, is: memrel.Not(f.is), null: -f.null}
}

// missing is what the formula comes to where its relations lead to no row.
func (f *formula) missing() query.Truth {
	switch f.op {
	case query.OpAnd:
		t := query.True
		for _, p := range f.parts {
			t = min(t, p.missing())
		}
		return t
	case query.OpOr:
		t := query.False
		for _, p := range f.parts {
			t = max(t, p.missing())
		}
		return t
	}
	return f.null
}

// heads are the first relations of the paths, each once; empty stands for columns of the row itself.
func (f *formula) heads() (out []string) {
	if f.op == query.OpAll {
		return []string{append(slices.Clone(f.path), "")[0]}
	}
	for _, p := range f.parts {
		for _, h := range p.heads() {
			if !slices.Contains(out, h) {
				out = append(out, h)
			}
		}
	}
	return out
}

// below is the formula as it reads after the first relation of its paths.
func (f *formula) below() *formula {
	out := *f
	if f.op == query.OpAll {
		out.path = f.path[1:]
		return &out
	}
	out.parts = make([]*formula, len(f.parts))
	for i, p := range f.parts {
		out.parts[i] = p.below()
	}
	return &out
}

// paths are the paths of relations that the formula goes by, each once.
func (f *formula) paths(seen [][]string) [][]string {
	if f.op == query.OpAll && len(f.path) > 0 && !slices.ContainsFunc(seen, func(p []string) bool { return slices.Equal(p, f.path) }) {
		seen = append(seen, f.path)
	}
	for _, p := range f.parts {
		seen = p.paths(seen)
	}
	return seen
}

// mostSplit is how many conditions may come of a filter that has to be split up.
const mostSplit = 2000

// compile is the condition on the rows of a collection: that there is a row of each relation so that the formula is true. One OR
// part after the other may have its own; parts of an AND that go by the same relation have one together.
func (c *place) compile(f *formula) (memrel.Cond, error) {
	if c.s.split++; c.s.split > mostSplit {
		return memrel.Cond{}, c.refused("ask for less at once", "the filter is about too many rows together")
	}
	switch heads := f.heads(); {
	case len(heads) == 0: // of no parts
		return memrel.Cond{Op: f.op}, nil
	case len(heads) == 1 && heads[0] != "":
		return c.exists(heads[0], f.below())
	case f.op == query.OpAll:
		return f.is, nil
	case f.op == query.OpOr || len(heads) == 1:
		return c.compileEach(f.op, f.parts)
	}
	return c.compileAnd(f)
}

func (c *place) compileEach(op query.Op, parts []*formula) (memrel.Cond, error) {
	out := memrel.Cond{Op: op}
	for _, p := range parts {
		cond, err := c.compile(p)
		if err != nil {
			return cond, err
		}
		out.Conds = append(out.Conds, cond)
	}
	return out, nil
}

// compileAnd puts together the parts that go by the same relations.
func (c *place) compileAnd(f *formula) (memrel.Cond, error) {
	var bound []*bundle
	for _, p := range flat(f) {
		joined := &bundle{parts: []*formula{p}, heads: p.heads()}
		if len(joined.heads) == 1 && joined.heads[0] == "" { // columns of the row are the same in every part
			bound = append(bound, joined)
			continue
		}
		bound = slices.DeleteFunc(bound, func(b *bundle) bool { return joined.takes(b) })
		bound = append(bound, joined)
	}
	out := memrel.Cond{Op: query.OpAnd}
	for _, b := range bound {
		cond, err := c.compileBundle(b)
		if err != nil {
			return cond, err
		}
		out.Conds = append(out.Conds, cond)
	}
	return out, nil
}

// flat are the parts of an AND, those of ANDs in it too.
func flat(f *formula) (out []*formula) {
	if f.op != query.OpAnd {
		return []*formula{f}
	}
	for _, p := range f.parts {
		out = append(out, flat(p)...)
	}
	return out
}

// bundle are parts of an AND that are about the same rows of relations.
type bundle struct {
	parts []*formula
	heads []string
}

// takes takes another bundle in that shares a relation with this one.
func (b *bundle) takes(other *bundle) bool {
	shared := slices.ContainsFunc(other.heads, func(h string) bool { return h != "" && slices.Contains(b.heads, h) })
	if shared {
		b.parts = append(other.parts, b.parts...)
		for _, h := range other.heads {
			if !slices.Contains(b.heads, h) {
				b.heads = append(b.heads, h)
			}
		}
	}
	return shared
}

// compileBundle is the condition of a bundle: one on its relation, if it has no other, and else an OR is split up first.
func (c *place) compileBundle(b *bundle) (memrel.Cond, error) {
	whole := and(b.parts...)
	if len(b.heads) == 1 && b.heads[0] != "" {
		return c.exists(b.heads[0], whole.below())
	}
	if len(b.parts) == 1 {
		return c.compile(b.parts[0])
	}
	at := slices.IndexFunc(b.parts, func(p *formula) bool { return p.op == query.OpOr && len(p.heads()) > 1 })
	var split []*formula
	for _, p := range b.parts[at].parts {
		others := slices.Delete(slices.Clone(b.parts), at, at+1)
		split = append(split, and(append(others, p)...))
	}
	return c.compileEach(query.OpOr, split)
}

// exists is the condition that a relation leads to a row of which a formula is true, or to none, if the formula is true of that.
func (c *place) exists(as string, f *formula) (memrel.Cond, error) {
	st, ok := c.step(as)
	if !ok {
		return memrel.Cond{}, c.refused("name a relation of the collection", "there is no relation %s in %s", as, c.name)
	}
	inner, err := st.target.compile(f)
	if err != nil {
		return inner, err
	}
	if st.list != nil {
		return c.listed(st, inner, f.missing() == query.True)
	}
	cond := memrel.Some(as, inner)
	if f.missing() == query.True {
		cond = memrel.Or(cond, memrel.None(as, memrel.Cond{}))
	}
	return cond, nil
}

// listed is the condition that a list of keys leads to a row for which a condition is true, or, if missing says so, to none.
func (c *place) listed(st step, inner memrel.Cond, missing bool) (memrel.Cond, error) {
	pos, typ := c.column(st.list.ForeignKey), c.typeOf(st.list.ForeignKey)
	if pos < 0 {
		return inner, c.refused("give the field a foreignKey that is a column", "%s.%s has no list of keys", c.name, st.as)
	}
	keys := func(where memrel.Cond) (map[string]bool, error) {
		rows, err := st.target.model().Find(c.s.r, memrel.Query{Where: where})
		out := make(map[string]bool, len(rows))
		for _, row := range rows {
			out[key(row.Value(st.list.TargetKey))] = true
		}
		return out, err
	}
	hits, err := keys(inner)
	if err != nil {
		return inner, err
	}
	there := hits
	if missing {
		if there, err = keys(memrel.Cond{}); err != nil {
			return inner, err
		}
	}
	return query.Test(st.as, func(rec index.Record) query.Truth {
		leads := false
		for _, e := range elements(types.ToGo(typ, rec.At(pos))) {
			if hits[key(e)] {
				return query.True
			}
			leads = leads || there[key(e)]
		}
		return query.TruthOf(missing && !leads)
	}), nil
}
