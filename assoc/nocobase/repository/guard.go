package repository

import (
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// Write says how values are written.
type Write struct {
	// Whitelist are the only values that are taken, Blacklist those that are not, as paths: "name", "posts.title".
	Whitelist []string `json:"whitelist,omitempty"`
	Blacklist []string `json:"blacklist,omitempty"`
	// UpdateAssociationValues are paths of relations whose rows, where they are there already, get the values that they are given with:
	// "posts", "posts.tags". Others are linked only. Not nil, it also has what is nested in rows that are there written.
	UpdateAssociationValues []string `json:"updateAssociationValues,omitempty"`
	// ForceUpdate has an update that names no rows change all of them.
	ForceUpdate bool `json:"forceUpdate,omitempty"`
}

// guard takes from values what is not to be written.
type guard struct {
	white, black []string
	update       []string // relations whose rows get values
}

// guarded is the guard of a call; those that create let the rows of all relations have values unless some are named.
func (o *Write) guarded(c *place, creates bool) guard {
	g := guard{o.Whitelist, o.Blacklist, o.UpdateAssociationValues}
	if creates && len(g.update) == 0 {
		g.update = c.relations()
	}
	return g
}

// relations are the names of the collection's relations, in the order in which they were bound.
func (c *place) relations() (out []string) {
	for _, a := range c.bound {
		out = append(out, a.As)
	}
	for _, l := range c.lists {
		out = append(out, l.Name)
	}
	return out
}

// below is the guard of what a relation leads to.
func (g guard) below(as string) guard {
	return guard{pathsBelow(g.white, as), pathsBelow(g.black, as), pathsBelow(g.update, as)}
}

// pathsBelow are the rests of the paths that begin with a name; nil if there is none.
func pathsBelow(paths []string, as string) (out []string) {
	for _, p := range paths {
		if rest, ok := strings.CutPrefix(p, as+"."); ok {
			out = append(out, rest)
		}
	}
	return out
}

// take are the values that may be written. A belongsTo gives its foreign key the value that it is named by.
func (g guard) take(c *place, values map[string]any) (map[string]any, error) {
	if err := c.checkJunctions(values); err != nil {
		return nil, err
	}
	out := maps.Clone(values)
	for _, as := range c.relations() {
		v, given := values[as]
		st, ok := c.step(as)
		if !given || !ok {
			continue
		}
		v, err := g.nested(st, v)
		if err != nil {
			return nil, err
		}
		out[as] = v
		if belongsTo(st) {
			if key, says := keyOf(st, v); says {
				out[st.a.ForeignKey] = key
			}
		}
	}
	maps.DeleteFunc(out, func(name string, _ any) bool {
		return g.white != nil && !slices.ContainsFunc(g.white, func(w string) bool { return firstOf(w) == name }) || slices.Contains(g.black, name)
	})
	return c.unflattened(out), nil
}

// unflattened are values of which those that are named by a path, "user.name", stand nested.
func (c *place) unflattened(values map[string]any) map[string]any {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if path := strings.Split(name, "."); len(path) > 1 && !c.has(name) {
			v := values[name]
			delete(values, name)
			put(values, path, v)
		}
	}
	return values
}

// put sets the value at a path. Objects on the way are copied.
func put(values map[string]any, path []string, v any) {
	if len(path) == 1 {
		values[path[0]] = v
		return
	}
	below, _ := object(values[path[0]])
	if below = maps.Clone(below); below == nil {
		below = map[string]any{}
	}
	put(below, path[1:], v)
	values[path[0]] = below
}

// keyOf is what the value of a belongsTo says of its foreign key.
func keyOf(st step, v any) (key any, says bool) {
	if o, ok := object(v); ok {
		key = o[st.a.TargetKey]
		return key, key != nil
	}
	if row, ok := rowOf(v); ok {
		return row.Value(st.a.TargetKey), true
	}
	_, list := v.([]any)
	return v, !list
}

// nested guards the value of a relation: objects, alone or in a list.
func (g guard) nested(st step, v any) (any, error) {
	list, many := listOf(v)
	if !many {
		list = []any{v}
	}
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = e
		o, ok := object(e)
		if _, isList := listOf(e); many && (isList || e == true || e == false) {
			o, ok = map[string]any{}, true // what is neither a row nor a key names nothing
		}
		if !ok {
			continue
		}
		taken, err := g.below(st.as).take(st.target, g.narrow(st, o))
		if err != nil {
			return nil, err
		}
		out[i] = taken
	}
	if !many {
		return out[0], nil
	}
	return out, nil
}

// narrow leaves an object that names a row, whose values are not to be updated, its key and what is nested in it.
func (g guard) narrow(st step, o map[string]any) map[string]any {
	key := st.target.pk()
	switch {
	case st.list != nil:
		key = st.list.TargetKey
	case st.a.Kind == assoc.BelongsTo || st.a.Kind.Many():
		key = st.target.orRowKey(st)
	}
	if slices.Contains(g.update, st.as) || !truthy(o[key]) {
		return o
	}
	names := append(st.target.relations(), key)
	out := map[string]any{}
	for name, v := range o {
		if slices.Contains(names, name) {
			out[name] = v
		}
	}
	return out
}

// orRowKey is the column by which values mean the rows of a relation.
func (c *place) orRowKey(st step) string {
	if st.a.Kind == assoc.BelongsTo {
		return st.a.TargetKey
	}
	from, err := c.s.at(st.a.Source)
	if err != nil {
		return c.pk()
	}
	return from.rowKey(st.a)
}

// checkJunctions refuses values for a belongsToMany beside values for a hasMany that leads to its junction.
func (c *place) checkJunctions(values map[string]any) error {
	var through []string
	for _, a := range c.bound {
		if _, given := values[a.As]; given && a.Kind == assoc.BelongsToMany {
			through = append(through, a.Through)
		}
	}
	for _, a := range c.bound {
		if _, given := values[a.As]; given && a.Kind == assoc.HasMany && slices.Contains(through, a.Target) {
			return c.refused("give one of them", "HasMany association %s cannot be used with BelongsToMany association %s with same through model", a.As, a.Target)
		}
	}
	return nil
}

// rowOf is a row that stands for itself among values.
func rowOf(v any) (memrel.Instance, bool) {
	switch v := v.(type) {
	case memrel.Instance:
		return v, !v.IsZero()
	case Record:
		return v.i, !v.IsZero()
	case memrel.Row:
		return memrel.InstanceOf(v), !v.IsZero()
	}
	return memrel.Instance{}, false
}

// listOf are the elements of a list, whatever they are.
func listOf(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case []map[string]any:
		return anys(v), true
	case []memrel.Values:
		return anys(v), true
	case []memrel.Instance:
		return anys(v), true
	case []Record:
		return anys(v), true
	case []string:
		return anys(v), true
	case []int:
		return anys(v), true
	case []int64:
		return anys(v), true
	}
	return nil, false
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = e
	}
	return out
}
