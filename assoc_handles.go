package memrel

import (
	"iter"
	"sync/atomic"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// One is a typed association that leads from a row of A to one row of B or none; see [HasOne] and [BelongsTo]. Like a
// table's handle it is a value that works on any store with the association, from any goroutine. It is a [Definition].
type One[A, B any] struct{ path[A, B] }

// HasOne is the association by which a row of a has one row of b, which keeps the foreign key.
//
//	UserProfile = memrel.HasOne(Users, Profiles, memrel.OnDelete(memrel.Cascade))
func HasOne[A, B any](a *Table[A], b *Table[B], options ...AssociationOption) *One[A, B] {
	return &One[A, B]{newPath(assoc.HasOne, a, b, options)}
}

// BelongsTo is the association by which a row of a belongs to one of b; a keeps the foreign key.
//
//	PostAuthor = memrel.BelongsTo(Posts, Users, memrel.As("author"))
func BelongsTo[A, B any](a *Table[A], b *Table[B], options ...AssociationOption) *One[A, B] {
	return &One[A, B]{newPath(assoc.BelongsTo, a, b, options)}
}

// Get is the row that a leads to; ok is false if there is none, or if the reader does not have the association. O(log n).
func (h *One[A, B]) Get(r Reader, a A) (row B, ok bool) {
	h.of(r, &a, func(b B) bool {
		row, ok = b, true
		return false
	})
	return row, ok
}

// Set makes b, or nothing if it is nil, the row that a leads to, in one statement; a gets its foreign key too if it keeps
// one. A row that a leads to no more loses its foreign key. Errors as [Table.Save].
func (h *One[A, B]) Set(w Writer, a *A, b *B) error {
	var rows []B
	if b != nil {
		rows = []B{*b}
	}
	return h.write(w, "set", assoc.DoSet, a, rows, nil, false, assoc.Verbs.Set)
}

// Create inserts a row of b with a's key, or for BelongsTo a row whose key a then keeps, in one statement, and returns it as
// it is stored. A hasOne does not let go of the row that it led to before, as recorded from Sequelize: [One.Set] does.
// Errors as [Table.Insert].
func (h *One[A, B]) Create(w Writer, a *A, b B) (B, error) { return h.create(w, a, b, nil) }

// Many is a typed association that leads from a row of A to any number of rows of B; see [HasMany]. Like a table's handle
// it is a value that works on any store with the association, from any goroutine. It is a [Definition].
type Many[A, B any] struct{ path[A, B] }

// HasMany is the association by which a row of a has rows of b, which keep the foreign key.
//
//	UserPosts = memrel.HasMany(Users, Posts, memrel.ForeignKey("authorId"), memrel.OnDelete(memrel.Cascade))
func HasMany[A, B any](a *Table[A], b *Table[B], options ...AssociationOption) *Many[A, B] {
	return &Many[A, B]{newPath(assoc.HasMany, a, b, options)}
}

// Of walks the rows that a leads to, in the order of their primary key unless a longer key leads there. There are none if
// the reader does not have the association. O(log n + rows), without allocation for fields that are values.
func (h *Many[A, B]) Of(r Reader, a A) iter.Seq[B] {
	return func(yield func(B) bool) { h.of(r, &a, yield) }
}

// Get collects the rows that a leads to and a query asks for: its Where, Order, Limit, Offset and Columns. Errors as
// [Table.Find].
func (h *Many[A, B]) Get(r Reader, a A, q Query) ([]B, error) { return h.get(r, &a, q) }

// Count is the number of rows that a leads to and for which a condition is true. Errors as [Table.Find].
func (h *Many[A, B]) Count(r Reader, a A, where Cond) (int, error) { return h.count(r, &a, where) }

// Has tells whether a leads to every row given, by their primary keys. Errors as [Table.Find].
func (h *Many[A, B]) Has(r Reader, a A, rows ...B) (bool, error) { return h.has(r, &a, rows) }

// Set makes the rows given those that a leads to, and no others, in one statement. Rows left behind lose their foreign key.
// Errors as [Table.Save].
func (h *Many[A, B]) Set(w Writer, a A, rows ...B) error {
	return h.write(w, "set", assoc.DoSet, &a, rows, nil, false, assoc.Verbs.Set)
}

// Add makes the rows given rows that a leads to as well, in one statement. Errors as [Table.Save].
func (h *Many[A, B]) Add(w Writer, a A, rows ...B) error {
	return h.write(w, "add", assoc.DoAdd, &a, rows, nil, false, assoc.Verbs.Add)
}

// Remove makes the rows given rows that a does not lead to, in one statement: they lose their foreign key. Errors as
// [Table.Save].
func (h *Many[A, B]) Remove(w Writer, a A, rows ...B) error {
	return h.write(w, "remove", assoc.DoRemove, &a, rows, nil, false, assoc.Verbs.Remove)
}

// Create inserts a row that a then leads to, and returns it as it is stored. Errors as [Table.Insert].
func (h *Many[A, B]) Create(w Writer, a A, b B) (B, error) { return h.create(w, &a, b, nil) }

// Links is a typed association that leads from a row of A to any number of rows of B, and back, through junction rows of
// J; see [BelongsToMany]. Like a table's handle it is a value that works on any store with the association, from any
// goroutine. It is a [Definition].
type Links[A, B, J any] struct {
	path[A, B]
	junction *Table[J]
	zero     atomic.Pointer[zeroLink]
}

// zeroLink are the values of a zero J in one set.
type zeroLink struct {
	set    *assoc.Set
	values Values
}

// BelongsToMany is the association between rows of a and of b through a junction, which keeps the foreign keys of both.
//
//	PostTags = memrel.BelongsToMany(Posts, Tags, Taggings)
func BelongsToMany[A, B, J any](a *Table[A], b *Table[B], junction *Table[J], options ...AssociationOption) *Links[A, B, J] {
	h := &Links[A, B, J]{path: newPath(assoc.BelongsToMany, a, b, options), junction: junction}
	h.spec.Options.Through = junction.name
	return h
}

// Of walks the rows that a leads to, in the order of the junction's key. There are none if the reader does not have the
// association. O((1 + rows) x log n), without allocation for fields that are values.
func (h *Links[A, B, J]) Of(r Reader, a A) iter.Seq[B] {
	return func(yield func(B) bool) { h.of(r, &a, yield) }
}

// With walks the rows that a leads to, each with the junction row that leads there. Otherwise as [Links.Of].
func (h *Links[A, B, J]) With(r Reader, a A) iter.Seq2[B, J] {
	return func(yield func(B, J) bool) {
		state, _ := r.source()
		v, _, _, err := h.hand(state, &a)
		if err != nil {
			return
		}
		nodes, err := v.Get(state, Query{})
		if err != nil {
			return
		}
		for _, n := range nodes {
			var row B
			var link J
			j := n.Junction().Row()
			b, err := h.junction.binding(j.Def())
			if err != nil || h.load(&row, n) != nil {
				return
			}
			if b.Load(&link, j.Record()); !yield(row, link) {
				return
			}
		}
	}
}

// Get collects the rows that a leads to and a query asks for: its Where, Order, Limit, Offset, Columns, and Through for the
// junction rows. Errors as [Table.Find].
func (h *Links[A, B, J]) Get(r Reader, a A, q Query) ([]B, error) { return h.get(r, &a, q) }

// Count is the number of rows that a leads to and for which a condition is true. Errors as [Table.Find].
func (h *Links[A, B, J]) Count(r Reader, a A, where Cond) (int, error) { return h.count(r, &a, where) }

// Has tells whether a leads to every row given. Errors as [Table.Find].
func (h *Links[A, B, J]) Has(r Reader, a A, rows ...B) (bool, error) { return h.has(r, &a, rows) }

// Set makes the rows given those that a leads to, and no others, in one statement: junction rows are inserted, as a zero J
// says, and deleted; those that stay are left as they are. Errors as [Table.Insert] and [Table.Delete].
func (h *Links[A, B, J]) Set(w Writer, a A, rows ...B) error {
	return h.write(w, "set", assoc.DoSet, &a, rows, h.fresh, false, assoc.Verbs.Set)
}

// SetWith is Set with the values of the junction rows: those of link, but for the foreign keys, the primary key and the
// scope. A junction row that is there already gets these values. Errors as [Links.Set].
func (h *Links[A, B, J]) SetWith(w Writer, a A, link J, rows ...B) error {
	return h.write(w, "set", assoc.DoSet, &a, rows, h.given(&link), true, assoc.Verbs.Set)
}

// Add makes the rows given rows that a leads to as well, in one statement. Junction rows are inserted as a zero J says;
// those that are there stay as they are. Errors as [Table.Insert].
func (h *Links[A, B, J]) Add(w Writer, a A, rows ...B) error {
	return attempted("add", h.source.name, write(w, "add", true, func(tx *Tx) error {
		st := tx.statements("add")
		way, ok := h.route(tx.state())
		if !ok { // why not is found out on the long way
			return h.carry(st, &a, rows, h.fresh, assoc.Verbs.Add)
		}
		from, err := way.from.Key(&a, way.key)
		if err != nil {
			return err
		}
		link, err := h.fresh(tx.state())
		if err != nil {
			return err
		}
		var few [4]index.Value
		to, err := way.keys(few[:0], rows)
		if err != nil {
			return err
		}
		return way.a.LinkKeys(st, from, to, link.Fresh)
	}))
}

// AddWith is Add with the values of the junction rows, as [Links.SetWith] takes them. Errors as [Links.Add].
func (h *Links[A, B, J]) AddWith(w Writer, a A, link J, rows ...B) error {
	return h.write(w, "add", assoc.DoAdd, &a, rows, h.given(&link), true, assoc.Verbs.Add)
}

// given are the values of a junction row.
func (h *Links[A, B, J]) given(link *J) linkValues {
	return func(state table.Reader) (assoc.Target, error) {
		v, err := h.linkValues(state, link)
		return assoc.Target{Values: v}, err
	}
}

// fresh are the values of a junction row of which nothing is said.
func (h *Links[A, B, J]) fresh(state table.Reader) (assoc.Target, error) {
	set := setOf(state)
	if z := h.zero.Load(); z != nil && z.set == set {
		return assoc.Target{Fresh: z.values}, nil
	}
	var zero J
	v, err := h.linkValues(state, &zero)
	if err == nil {
		h.zero.Store(&zeroLink{set, v})
	}
	return assoc.Target{Fresh: v}, err
}

// linkValues are the values of a junction row without its foreign keys, its primary key and what the scope says.
func (h *Links[A, B, J]) linkValues(state table.Reader, link *J) (Values, error) {
	t := state.Table(h.junction.name)
	if t == nil {
		return nil, unknownTable("bind", h.junction.name)
	}
	res, err := h.in(state)
	if err != nil {
		return nil, err
	}
	b, err := h.junction.binding(t.Def())
	if err != nil {
		return nil, err
	}
	values, err := b.Values(link)
	if err != nil {
		return nil, err
	}
	for _, name := range append([]string{res.a.ForeignKey, res.a.OtherKey}, t.Def().Schema().PrimaryKey...) {
		delete(values, name)
	}
	for name := range h.spec.Options.ThroughScope {
		delete(values, name)
	}
	return values, nil
}

// Remove makes the rows given rows that a does not lead to, in one statement: their junction rows are deleted. Errors as
// [Table.Delete].
func (h *Links[A, B, J]) Remove(w Writer, a A, rows ...B) error {
	return attempted("remove", h.source.name, write(w, "remove", false, func(tx *Tx) error {
		st := tx.statements("remove")
		way, ok := h.route(tx.state())
		if !ok {
			return h.carry(st, &a, rows, nil, assoc.Verbs.Remove)
		}
		from, err := way.from.Key(&a, way.key)
		if err != nil {
			return err
		}
		var few [4]index.Value
		to, err := way.keys(few[:0], rows)
		if err != nil {
			return err
		}
		return way.a.UnlinkKeys(st, from, to)
	}))
}

// Create inserts a row that a then leads to, with its junction row, in one statement. Errors as [Table.Insert].
func (h *Links[A, B, J]) Create(w Writer, a A, b B) (B, error) {
	return h.create(w, &a, b, h.fresh)
}

// CreateWith is Create with the values of the junction row, as [Links.SetWith] takes them. Errors as [Links.Create].
func (h *Links[A, B, J]) CreateWith(w Writer, a A, link J, b B) (B, error) {
	return h.create(w, &a, b, h.given(&link))
}
