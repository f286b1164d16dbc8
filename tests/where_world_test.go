package tests

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// webWorld is a random store of two models, A and B, that associations of all kinds lead between, and the obvious way to
// ask conditions across them: row by row, from every source to all its targets.
type webWorld struct {
	*rand.Rand
	t      *testing.T
	db     *memrel.DB
	specs  map[string][]assoc.Spec // by source
	now    memrel.Reader
	rows   map[string][]memrel.Row
	target map[string]map[int64][]memrel.Row // by source and alias, then by the source's id
}

// The models, and the columns that all of them have.
var (
	webModels  = []string{"A", "B"}
	webColumns = []memrel.Attribute{
		{Column: memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}, PrimaryKey: true},
		{Column: memrel.Column{Name: "code", Type: memrel.Int}, Unique: true},
		{Column: memrel.Column{Name: "name", Type: memrel.String, NotNull: true}},
		{Column: memrel.Column{Name: "kind", Type: memrel.Int}},
	}
	webKeys = []string{"aRef", "aOne", "parentRef", "aKey", "bKey", "otherKey"}
)

func newWebWorld(t *testing.T, seed uint64) *webWorld {
	w := &webWorld{Rand: rand.New(rand.NewPCG(seed, 7)), t: t, specs: map[string][]assoc.Spec{}}
	w.relate()
	defs := []memrel.Definition{}
	for _, name := range []string{"A", "B", "AB", "AA"} {
		m := memrel.ModelSpec{Name: name, FreezeTableName: true, Columns: webColumns, Indexes: []memrel.Index{{Columns: []string{"name"}}}}
		if w.IntN(2) == 0 {
			m.SoftDelete = "gone"
		}
		defs = append(defs, m)
	}
	for _, name := range webModels {
		for _, s := range w.specs[name] {
			defs = append(defs, s)
		}
	}
	var err error
	w.db, err = memrel.Open(defs...)
	require.NoError(t, err)
	w.fill(w.db, "A", 300)
	w.fill(w.db, "B", 400)
	w.fill(w.db, "AB", 400)
	w.fill(w.db, "AA", 300)
	return w
}

// relate makes associations of all kinds, with random keys and scopes.
func (w *webWorld) relate() {
	key := func() string { return []string{"id", "code"}[w.IntN(2)] }
	scope := func() memrel.Values {
		if w.IntN(2) == 0 {
			return nil
		}
		return memrel.Values{"kind": w.IntN(2)}
	}
	free := func() bool { return w.IntN(2) == 0 }
	aKey, bKey, ref, parent, friend := key(), key(), key(), key(), key()
	add := func(source string, kind assoc.Kind, target string, o assoc.Options) {
		w.specs[source] = append(w.specs[source], assoc.Spec{Source: source, Kind: kind, Target: target, Options: o})
	}
	add("A", assoc.HasMany, "B", assoc.Options{As: "bs", ForeignKey: "aRef", SourceKey: ref, Scope: scope(), Unconstrained: free()})
	add("A", assoc.HasOne, "B", assoc.Options{As: "one", ForeignKey: "aOne", Scope: scope(), Unconstrained: free()})
	add("A", assoc.BelongsToMany, "B", assoc.Options{As: "links", Through: "AB", NotUnique: true, ForeignKey: "aKey", OtherKey: "bKey",
		SourceKey: aKey, TargetKey: bKey, ThroughScope: scope(), Unconstrained: free()})
	add("A", assoc.HasMany, "A", assoc.Options{As: "kids", ForeignKey: "parentRef", SourceKey: parent, Unconstrained: true})
	add("A", assoc.BelongsTo, "A", assoc.Options{As: "parent", ForeignKey: "parentRef", TargetKey: parent, Unconstrained: true})
	add("A", assoc.BelongsToMany, "A", assoc.Options{As: "friends", Through: "AA", NotUnique: true, ForeignKey: "aKey", OtherKey: "otherKey",
		SourceKey: friend, TargetKey: friend, Scope: scope(), Unconstrained: free()})
	add("B", assoc.BelongsTo, "A", assoc.Options{As: "a", ForeignKey: "aRef", TargetKey: ref, Unconstrained: free()})
	add("B", assoc.BelongsToMany, "A", assoc.Options{As: "back", Through: "AB", NotUnique: true, ForeignKey: "bKey", OtherKey: "aKey",
		SourceKey: bKey, TargetKey: aKey, Scope: scope(), Unconstrained: free()})
}

// fill writes random rows into a table, and deletes some; what a constraint refuses stays away.
func (w *webWorld) fill(to memrel.Writer, name string, n int) {
	m := memrel.RowsOf(name)
	schema, ok := w.db.View().Schema(name)
	require.True(w.t, ok)
	for range n {
		v := memrel.Values{"name": w.name(), "kind": w.IntN(2), "code": w.IntN(300)}
		if w.IntN(4) == 0 {
			v["code"] = nil
		}
		for _, key := range webKeys {
			if has := slices.ContainsFunc(schema.Columns, func(c memrel.Column) bool { return c.Name == key }); has && w.IntN(6) > 0 {
				v[key] = w.IntN(1 + w.IntN(400))
			}
		}
		_, _ = m.Insert(to, v)
	}
	for range n / 10 {
		_, _ = m.Delete(to, 1+w.IntN(n))
	}
}

func (w *webWorld) name() string { return fmt.Sprint("n", w.IntN(150)) }

// look takes the rows of a state, and follows every association from every row.
func (w *webWorld) look(r memrel.Reader) {
	w.now, w.rows, w.target = r, map[string][]memrel.Row{}, map[string]map[int64][]memrel.Row{}
	for _, name := range []string{"A", "B", "AB", "AA"} {
		rows, err := memrel.RowsOf(name).Find(r, memrel.Query{Deleted: true})
		require.NoError(w.t, err)
		w.rows[name] = rows
	}
	for _, name := range webModels {
		for _, s := range w.specs[name] {
			to := map[int64][]memrel.Row{}
			for _, row := range w.rows[name] {
				to[row.Get("id").(int64)] = w.targets(s, row)
			}
			w.target[name+"."+s.Options.As] = to
		}
	}
}

// targets are the rows that a row leads to.
func (w *webWorld) targets(s assoc.Spec, row memrel.Row) (out []memrel.Row) {
	o := s.Options
	reach := func(table, column string, v any, scope memrel.Values, visit func(memrel.Row)) {
		for _, r := range w.rows[table] {
			if v != nil && r.Get(column) == v && !gone(r) && (scope == nil || r.Get("kind") == int64(scope["kind"].(int))) {
				visit(r)
			}
		}
	}
	take := func(r memrel.Row) { out = append(out, r) }
	switch s.Kind {
	case assoc.BelongsTo:
		reach(s.Target, o.TargetKey, row.Get(o.ForeignKey), o.Scope, take)
	case assoc.BelongsToMany:
		reach(o.Through, o.ForeignKey, row.Get(o.SourceKey), o.ThroughScope, func(j memrel.Row) {
			reach(s.Target, o.TargetKey, j.Get(o.OtherKey), o.Scope, take)
		})
	default:
		key := o.SourceKey
		if key == "" {
			key = "id"
		}
		reach(s.Target, o.ForeignKey, row.Get(key), o.Scope, take)
	}
	return out
}

func gone(r memrel.Row) bool { return slices.Contains(r.Columns(), "gone") && r.Get("gone") != nil }

// truths are the truths of a condition, 1, 0 or -1, for the rows of a table by their ids.
func (w *webWorld) truths(name string, c memrel.Cond) map[int64]int {
	out := map[int64]int{}
	switch {
	case c.OnAssociation():
		w.across(name, c, out)
	case len(c.Conds) > 0:
		var parts []map[int64]int
		for _, part := range c.Conds {
			parts = append(parts, w.truths(name, part))
		}
		for _, row := range w.rows[name] {
			id := row.Get("id").(int64)
			out[id] = parts[0][id]
			for _, p := range parts[1:] {
				if c.Op.String() == "and" {
					out[id] = min(out[id], p[id])
				} else {
					out[id] = max(out[id], p[id])
				}
			}
			if c.Op.String() == "not" {
				out[id] = -out[id]
			}
		}
	default: // what conditions on columns are true of is tested elsewhere
		for truth, cond := range map[int]memrel.Cond{1: c, -1: memrel.Not(c)} {
			rows, err := memrel.RowsOf(name).Find(w.now, memrel.Query{Where: cond, Deleted: true})
			require.NoError(w.t, err)
			for _, row := range rows {
				out[row.Get("id").(int64)] = truth
			}
		}
	}
	return out
}

func (w *webWorld) across(name string, c memrel.Cond, out map[int64]int) {
	at := slices.IndexFunc(w.specs[name], func(s assoc.Spec) bool { return s.Options.As == c.Column })
	inner := w.truths(w.specs[name][at].Target, c.Conds[len(c.Conds)-1])
	for id, targets := range w.target[name+"."+c.Column] {
		n := 0
		for _, to := range targets {
			if inner[to.Get("id").(int64)] == 1 {
				n++
			}
		}
		is := map[string]bool{"some": n > 0, "none": n == 0, "every": n == len(targets), "count": false}[c.Op.String()]
		if c.Op.String() == "count" {
			is = map[string]bool{"gte": int64(n) >= wanted(c), "eq": int64(n) == wanted(c), "lt": int64(n) < wanted(c)}[c.Conds[0].Op.String()]
		}
		out[id] = -1
		if is {
			out[id] = 1
		}
	}
}

// wanted is the number that a condition on a count names.
func wanted(c memrel.Cond) int64 { return int64(c.Conds[0].Value.(int)) }
