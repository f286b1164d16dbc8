package repository

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/index"
)

// shown is what of rows is to be shown: columns of their own, and what is loaded with them.
type shown struct {
	step  // that led there; zero for the rows of the query
	c     *place
	own   columns
	names []string // the columns, if own is some
	left  []string // columns left out, if own is every
	kids  []*shown

	filtered  bool // a filter goes by it, and nothing has appended it yet
	sort      Sort
	recursive bool
	alone     *shown // of what is followed recursively: rows further up, with nothing beside
	cut       []int  // where the columns shown stand; nil for all
}

// columns says which columns are shown.
type columns uint8

const (
	none columns = iota // and the rows on the way are loaded all the same
	every
	some
)

// show is what a Find shows. What its filter goes by is known before anything is appended: a path that leads beyond it shows it whole.
func (c *place) show(o *Find, f *formula) (*shown, error) {
	root := &shown{c: c, own: every}
	for _, path := range f.paths(nil) {
		root.filters(path)
	}
	appends := slices.Clone(o.Appends)
	if o.Fields != nil {
		if root.own = some; len(o.Fields) == 0 && len(appends) == 0 {
			return nil, c.refused("name one of its fields, or leave fields out", "no column of %s is asked for", c.name)
		}
		for _, name := range o.Fields {
			if _, leads := c.step(firstOf(name)); leads {
				appends = append(appends, name)
			} else if !c.has(name) {
				return nil, c.refused("name one of its fields", "there is no field %s", name)
			} else {
				root.names = append(root.names, name)
			}
		}
	}
	slices.SortStableFunc(appends, func(a, b string) int { return cmp.Compare(strings.Count(a, "."), strings.Count(b, ".")) })
	for _, path := range appends {
		path, options, _ := strings.Cut(path, "(")
		if path != "" {
			root.append(strings.Split(path, "."), optionsOf(options))
		}
	}
	for _, name := range o.Except {
		if err := root.except(strings.Split(name, ".")); err != nil {
			return nil, err
		}
	}
	root.drop()
	return root, nil
}

func firstOf(path string) string {
	first, _, _ := strings.Cut(path, ".")
	first, _, _ = strings.Cut(first, "(")
	return first
}

// optionsOf are the options of an appended path: "sort[]=-id&sort[]=name", "recursively=true".
func optionsOf(text string) url.Values {
	v, err := url.ParseQuery(strings.TrimSuffix(text, ")"))
	if err != nil {
		return nil
	}
	return v
}

func (w *shown) kid(as string) *shown {
	if i := slices.IndexFunc(w.kids, func(k *shown) bool { return k.as == as }); i >= 0 {
		return w.kids[i]
	}
	return nil
}

// filters notes that a filter goes by a path.
func (w *shown) filters(path []string) {
	for _, as := range path {
		kid := w.kid(as)
		if kid == nil {
			st, _ := w.c.step(as)
			kid = &shown{step: st, c: st.target, filtered: true}
			w.kids = append(w.kids, kid)
		}
		w = kid
	}
}

// append loads a path. One that leads nowhere is passed over.
func (w *shown) append(path []string, options url.Values) {
	st, ok := w.c.step(path[0])
	if !ok {
		return
	}
	last := len(path) == 1 || len(path) == 2 && st.target.has(path[1])
	kid := w.kid(path[0])
	if kid == nil {
		kid = &shown{step: st, c: st.target, recursive: options.Get("recursively") != ""}
		for _, s := range slices.Concat(options["sort[]"], options["sort"]) {
			kid.sort = append(kid.sort, strings.Split(s, ",")...)
		}
		w.kids = append(w.kids, kid)
	} else if kid.filtered {
		kid.filtered, kid.own = false, every
	}
	switch {
	case !last:
		kid.append(path[1:], options)
	case kid.own == every:
	case len(path) == 2:
		kid.own, kid.names = some, append(kid.names, path[1])
	case kid.own == none:
		kid.own = every
	}
}

// except leaves a column out. A relation by itself is asked for as its columns are, and none is left out.
func (w *shown) except(path []string) error {
	if len(path) == 1 {
		if _, leads := w.c.step(path[0]); !leads {
			if w.own == every {
				w.left = append(w.left, path[0])
			}
			return nil
		}
		path = append(path, "")
	}
	if len(w.kids) == 0 {
		return w.c.refused("append it first", "%s is not loaded, so that no column of it can be left out", path[0])
	}
	kid := w.kid(path[0])
	switch {
	case kid == nil:
		return nil
	case len(path) > 2:
		return kid.except(path[1:])
	case kid.own == none && !kid.filtered:
		return w.c.refused("append it by its own name", "%s shows no columns of its own", path[0])
	case kid.own == every:
		kid.left = append(kid.left, path[1])
	}
	return nil
}

// drop leaves out what a filter goes by and nothing has appended, and works out which columns are shown.
func (w *shown) drop() {
	w.kids = slices.DeleteFunc(w.kids, func(k *shown) bool { return k.filtered })
	for p, col := range w.c.info.Schema.Columns {
		f, _ := w.c.s.all.Field(w.c.name, col.Name)
		if w.shows(col.Name) && !f.Hidden && col.Name != nocobase.RowNumber {
			w.cut = append(w.cut, p)
		}
	}
	if w.cut == nil {
		w.cut = []int{}
	} else if len(w.cut) == len(w.c.info.Schema.Columns) {
		w.cut = nil
	}
	for _, k := range w.kids {
		k.drop()
	}
}

// shows tells whether a column is among those asked for.
func (w *shown) shows(column string) bool {
	return w.own == every && !slices.Contains(w.left, column) || w.own == some && slices.Contains(w.names, column)
}

// keyless tells whether the rows of a relation are not found since a key that they are loaded by is left out.
func (w *shown) keyless(in *shown) bool {
	near, far := "", ""
	switch {
	case w.list != nil:
		near, far = w.list.ForeignKey, w.list.TargetKey
	case w.a.Kind == assoc.BelongsTo:
		near, far = w.a.ForeignKey, w.a.TargetKey
	case w.a.Kind == assoc.BelongsToMany:
		near = w.a.SourceKey
	default:
		near, far = w.a.SourceKey, w.a.ForeignKey
	}
	return slices.Contains(in.left, near) || slices.Contains(w.left, far)
}

// includes are the includes that load what is shown.
func (w *shown) includes() (out []memrel.Include, err error) {
	for _, k := range w.kids {
		if k.list != nil || k.keyless(w) { // lists of keys are loaded beside the query
			continue
		}
		in := memrel.Include{As: k.as}
		if in.Order, err = k.order(); err != nil {
			return nil, err
		}
		if in.Include, err = k.includes(); err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, nil
}

// order is the order in which the rows of a relation are loaded; nil for that of the store. The sortBy of the field orders what is shown,
// by the columns that are. Of several rows of a hasOne the last is loaded.
func (w *shown) order() ([]memrel.Order, error) {
	var sort Sort
	f, ok := w.c.s.all.Field(w.a.Source, w.as)
	if ok && w.a.Kind.Many() {
		sort = slices.DeleteFunc(slices.Clone(Sort(f.SortBy)), func(by string) bool { return !w.shows(strings.TrimPrefix(by, "-")) })
	}
	by := len(sort)
	sort = append(sort, w.sort...)
	switch {
	case w.a.Kind == assoc.BelongsTo:
		return nil, nil
	case w.a.Kind != assoc.HasOne && len(sort) == 0 && len(f.SortBy) == 0 && (w.inOrder() || !w.c.counted()):
		return nil, nil
	}
	order, err := w.c.order(sort)
	for i := range order[:min(by, len(order))] {
		order[i].Nulls = memrel.NullsFirst // descending by sortBy, NULL is first
		if !order[i].Desc {
			order[i].Nulls = memrel.NullsLast
		}
	}
	if w.a.Kind == assoc.HasOne {
		for i := range order {
			order[i].Desc, order[i].Nulls = !order[i].Desc, memrel.NullsFirst
		}
	}
	return order, err
}

// inOrder tells whether the store finds the rows in the order of their primary key anyway.
func (w *shown) inOrder() bool {
	if w.a.Kind != assoc.BelongsToMany {
		return w.c.typeOf(w.c.pk()) == index.Int
	}
	junction, err := w.c.s.junction(w.a)
	return err == nil && w.a.TargetKey == w.c.pk() && slices.Equal(junction.info.Schema.PrimaryKey, []string{w.a.ForeignKey, w.a.OtherKey})
}
