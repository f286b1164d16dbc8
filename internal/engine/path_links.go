package engine

import (
	"sync/atomic"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Junction is the junction of a typed association, whose rows are values of J.
type Junction[J any] struct {
	End  End[J]
	zero atomic.Pointer[zeroLink]
}

// zeroLink is what a zero J says in one set.
type zeroLink struct {
	set  *assoc.Set
	link *assoc.NewLink
}

// Fresh are links of which nothing is said: as a zero J says.
func (j *Junction[J]) Fresh() Links { return j }

// Values implements [Links].
func (j *Junction[J]) Values(state table.Reader, a *assoc.Association) (assoc.Target, error) {
	set := SetOf(state)
	if z := j.zero.Load(); z != nil && z.set == set {
		return assoc.Target{Fresh: z.link}, nil
	}
	var zero J
	v, err := j.values(state, a, &zero)
	if err != nil {
		return assoc.Target{}, err
	}
	link, err := a.NewLink(state, v)
	if err != nil {
		return assoc.Target{}, err
	}
	j.zero.Store(&zeroLink{set, link})
	return assoc.Target{Fresh: link}, nil
}

// Given are links with values.
func (j *Junction[J]) Given(link J) Links { return givenLink[J]{j, link} }

type givenLink[J any] struct {
	junction *Junction[J]
	link     J
}

// Values implements [Links].
func (g givenLink[J]) Values(state table.Reader, a *assoc.Association) (assoc.Target, error) {
	v, err := g.junction.values(state, a, &g.link)
	return assoc.Target{Values: v}, err
}

// values are those of a junction row without its foreign keys, its primary key and what the scope says.
func (j *Junction[J]) values(state table.Reader, a *assoc.Association, link *J) (table.Values, error) {
	t, b, err := j.End.bound(state)
	if err != nil {
		return nil, err
	}
	values, err := b.Values(link)
	if err != nil {
		return nil, err
	}
	for _, name := range append([]string{a.ForeignKey, a.OtherKey}, t.Def().Peek().PrimaryKey...) {
		delete(values, name)
	}
	for name := range a.Spec.Options.ThroughScope {
		delete(values, name)
	}
	return values, nil
}

// WalkLinks visits the targets of a row, each with the junction row that leads there, until yield returns false. It panics if the
// state does not have the association, or its junction does not fit the struct.
func WalkLinks[A, B, J any](p *Path[A, B], j *Junction[J], state table.Reader, a *A, yield func(B, J) bool) {
	to := p.must(state).to
	_, links, err := j.End.bound(state)
	if err != nil {
		panic(err)
	}
	rows, err := p.detached(state, a, query.Query{})
	if err != nil {
		panic(Attempted("walk", p.Source.Name, err))
	}
	for _, n := range rows {
		var row B
		var link J
		links.Load(&link, table.RecordOf(n.Junction().Row()))
		to.Load(&row, table.RecordOf(n.Row()))
		if !yield(row, link) {
			return
		}
	}
}
