package memrel

import (
	"iter"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// One is a typed association that leads from a row of A to one row of B or none; see [HasOne] and [BelongsTo]. Like a
// table's handle it is a value that works on any store with the association, from any goroutine. It is a [Definition].
type One[A, B any] struct{ path[A, B] }

// HasOne is the association by which a row of a has one row of b, which keeps the foreign key.
//
//	UserProfile = memrel.HasOne(Users, Profiles, memrel.OnDelete(memrel.Cascade))
func HasOne[A, B any](a Table[A], b Table[B], options ...AssociationOptions) *One[A, B] {
	h := &One[A, B]{}
	h.init(assoc.HasOne, a, b, options)
	return h
}

// BelongsTo is the association by which a row of a belongs to one of b; a keeps the foreign key.
//
//	PostAuthor = memrel.BelongsTo(Posts, Users, memrel.As("author"))
func BelongsTo[A, B any](a Table[A], b Table[B], options ...AssociationOptions) *One[A, B] {
	h := &One[A, B]{}
	h.init(assoc.BelongsTo, a, b, options)
	return h
}

// Inclusion has the association stand for an [Include] of all the rows it leads to, in [Table.Load] and [One.Include].
func (h *One[A, B]) Inclusion() Include { return h.orZero().p.Inclusion(nil) }

// Include asks for the rows that the association leads to, and what they lead to by others: an [Include] to add conditions and an order to.
//
//	err := Users.Load(db, users, UserPosts.Include(PostComments))
func (h *One[A, B]) Include(nested ...query.Inclusion) Include { return h.orZero().p.Inclusion(nested) }

// orZero is the handle, or for nil the zero one, which no store has the association of.
func (h *One[A, B]) orZero() *One[A, B] {
	if h == nil {
		return &One[A, B]{}
	}
	return h
}

// Get is the row that a leads to; ok is false if there is none. It panics if the reader does not have the association, or A no field
// for the key that it goes by. O(log n).
func (h *One[A, B]) Get(r Reader, a A) (row B, ok bool) {
	h.orZero().p.Walk(read(r).State, &a, func(b B) bool {
		row, ok = b, true
		return false
	})
	return row, ok
}

// Set makes b, or nothing if it is nil, the row that a leads to, in one statement; a gets its foreign key too if it keeps
// one. A row that a leads to no more loses its foreign key. Errors as [Table.Save].
func (h *One[A, B]) Set(w Writer, a *A, b *B) error {
	if a == nil {
		return engine.NoRow("set")
	}
	var rows []B
	if b != nil {
		rows = []B{*b}
	}
	return h.orZero().p.Write(write(w), "set", assoc.DoSet, a, rows, nil, false)
}

// Create inserts a row of b with a's key, or for BelongsTo a row whose key a then keeps, in one statement, and returns it as
// it is stored. A hasOne does not let go of the row that it led to before, as recorded from Sequelize: [One.Set] does.
// Errors as [Table.Insert].
func (h *One[A, B]) Create(w Writer, a *A, b B) (B, error) {
	if a == nil {
		return b, engine.NoRow("create")
	}
	return h.orZero().p.Create(write(w), a, b, nil)
}

// Many is a typed association that leads from a row of A to any number of rows of B; see [HasMany]. Like a table's handle
// it is a value that works on any store with the association, from any goroutine. It is a [Definition].
type Many[A, B any] struct{ path[A, B] }

// HasMany is the association by which a row of a has rows of b, which keep the foreign key.
//
//	UserPosts = memrel.HasMany(Users, Posts, memrel.ForeignKey("authorId"), memrel.OnDelete(memrel.Cascade))
func HasMany[A, B any](a Table[A], b Table[B], options ...AssociationOptions) *Many[A, B] {
	h := &Many[A, B]{}
	h.init(assoc.HasMany, a, b, options)
	return h
}

// Inclusion is [One.Inclusion].
func (h *Many[A, B]) Inclusion() Include { return h.orZero().p.Inclusion(nil) }

// Include is [One.Include].
func (h *Many[A, B]) Include(nested ...query.Inclusion) Include {
	return h.orZero().p.Inclusion(nested)
}

// orZero is the handle, or for nil the zero one, which no store has the association of.
func (h *Many[A, B]) orZero() *Many[A, B] {
	if h == nil {
		return &Many[A, B]{}
	}
	return h
}

// Of walks the rows that a leads to, in the order of their primary key unless a longer key leads there. It panics if
// the reader does not have the association. O(log n + rows), without allocation for fields that are values.
func (h *Many[A, B]) Of(r Reader, a A) iter.Seq[B] {
	return func(yield func(B) bool) { h.orZero().p.Walk(read(r).State, &a, yield) }
}

// Get collects the rows that a leads to and a query asks for: its Where, Order, Limit, Offset and Columns. Errors as [Handle.Find].
func (h *Many[A, B]) Get(r Reader, a A, q Query) ([]B, error) {
	return h.orZero().p.Get(scan(r).State, &a, q)
}

// Count is the number of rows that a leads to and for which a condition is true. Errors as [Handle.Find].
func (h *Many[A, B]) Count(r Reader, a A, where Cond) (int, error) {
	return h.orZero().p.Count(scan(r).State, &a, where)
}

// Has tells whether a leads to every row given, by their primary keys. Errors as [Handle.Find].
func (h *Many[A, B]) Has(r Reader, a A, rows ...B) (bool, error) {
	return h.orZero().p.Has(scan(r).State, &a, rows)
}

// Set makes the rows given those that a leads to, and no others, in one statement. Rows left behind lose their foreign key.
// Errors as [Table.Save].
func (h *Many[A, B]) Set(w Writer, a A, rows ...B) error {
	return h.orZero().p.Write(write(w), "set", assoc.DoSet, &a, rows, nil, false)
}

// Add makes the rows given rows that a leads to as well, in one statement. Errors as [Table.Save]; one that was soft-deleted is not
// found.
func (h *Many[A, B]) Add(w Writer, a A, rows ...B) error {
	return h.orZero().p.Write(write(w), "add", assoc.DoAdd, &a, rows, nil, false)
}

// Remove makes the rows given rows that a does not lead to, in one statement: they lose their foreign key. Errors as [Table.Save].
func (h *Many[A, B]) Remove(w Writer, a A, rows ...B) error {
	return h.orZero().p.Write(write(w), "remove", assoc.DoRemove, &a, rows, nil, false)
}

// Create inserts a row that a then leads to, and returns it as it is stored. Errors as [Table.Insert].
func (h *Many[A, B]) Create(w Writer, a A, b B) (B, error) {
	return h.orZero().p.Create(write(w), &a, b, nil)
}

// Links is a typed association that leads from a row of A to any number of rows of B, and back, through junction rows of
// J; see [BelongsToMany]. Like a table's handle it is a value that works on any store with the association, from any
// goroutine. It is a [Definition].
type Links[A, B, J any] struct {
	path[A, B]
	junction engine.Junction[J]
}

// BelongsToMany is the association between rows of a and of b through a junction, which keeps the foreign keys of both.
//
//	PostTags = memrel.BelongsToMany(Posts, Tags, Taggings)
func BelongsToMany[A, B, J any](a Table[A], b Table[B], junction Table[J], options ...AssociationOptions) *Links[A, B, J] {
	h := &Links[A, B, J]{}
	h.init(assoc.BelongsToMany, a, b, options)
	h.p.Spec.Options.Through, h.p.Junction = junction.Name(), junction.end().Bind.Struct()
	h.junction.End = junction.end()
	return h
}

// Inclusion is [One.Inclusion].
func (h *Links[A, B, J]) Inclusion() Include { return h.orZero().p.Inclusion(nil) }

// Include is [One.Include].
func (h *Links[A, B, J]) Include(nested ...query.Inclusion) Include {
	return h.orZero().p.Inclusion(nested)
}

// orZero is the handle, or for nil the zero one, which no store has the association of.
func (h *Links[A, B, J]) orZero() *Links[A, B, J] {
	if h == nil {
		return &Links[A, B, J]{}
	}
	return h
}

// Of walks the rows that a leads to, in the order of the junction's key. It panics if the reader does not have the
// association. O((1 + rows) x log n), without allocation for fields that are values.
func (h *Links[A, B, J]) Of(r Reader, a A) iter.Seq[B] {
	return func(yield func(B) bool) { h.orZero().p.Walk(read(r).State, &a, yield) }
}

// With walks the rows that a leads to, each with the junction row that leads there. Otherwise as [Links.Of].
func (h *Links[A, B, J]) With(r Reader, a A) iter.Seq2[B, J] {
	h = h.orZero()
	return func(yield func(B, J) bool) {
		engine.WalkLinks(&h.p, &h.junction, read(r).State, &a, yield)
	}
}

// Get collects the rows that a leads to and a query asks for: its Where, Order, Limit, Offset, Columns, and Through for the
// junction rows. Errors as [Handle.Find].
func (h *Links[A, B, J]) Get(r Reader, a A, q Query) ([]B, error) {
	return h.orZero().p.Get(scan(r).State, &a, q)
}

// Count is the number of rows that a leads to and for which a condition is true. Errors as [Handle.Find].
func (h *Links[A, B, J]) Count(r Reader, a A, where Cond) (int, error) {
	return h.orZero().p.Count(scan(r).State, &a, where)
}

// Has tells whether a leads to every row given. Errors as [Handle.Find].
func (h *Links[A, B, J]) Has(r Reader, a A, rows ...B) (bool, error) {
	return h.orZero().p.Has(scan(r).State, &a, rows)
}

// Set makes the rows given those that a leads to, and no others, in one statement: junction rows are inserted, as a zero J
// says, and deleted; those that stay are left as they are. Errors as [Table.Insert] and [Handle.Delete].
func (h *Links[A, B, J]) Set(w Writer, a A, rows ...B) error {
	h = h.orZero()
	return h.p.Write(write(w), "set", assoc.DoSet, &a, rows, &h.junction, false)
}

// SetWith is Set with the values of the junction rows: those of link, but for the foreign keys, the primary key and the
// scope. A junction row that is there already gets these values. Errors as [Links.Set].
func (h *Links[A, B, J]) SetWith(w Writer, a A, link J, rows ...B) error {
	h = h.orZero()
	return h.p.Write(write(w), "set", assoc.DoSet, &a, rows, h.junction.Given(link), true)
}

// Add makes the rows given rows that a leads to as well, in one statement. Junction rows are inserted as a zero J says, or made
// so where they were soft-deleted; those that are there stay as they are. Errors as [Table.Insert], and [ErrNotFound] for a row that
// was soft-deleted.
func (h *Links[A, B, J]) Add(w Writer, a A, rows ...B) error {
	h = h.orZero()
	return h.p.Write(write(w), "add", assoc.DoAdd, &a, rows, &h.junction, false)
}

// AddWith is Add with the values of the junction rows, as [Links.SetWith] takes them. Errors as [Links.Add].
func (h *Links[A, B, J]) AddWith(w Writer, a A, link J, rows ...B) error {
	h = h.orZero()
	return h.p.Write(write(w), "add", assoc.DoAdd, &a, rows, h.junction.Given(link), true)
}

// Remove makes the rows given rows that a does not lead to, in one statement: their junction rows are deleted, softly where J's table
// says so. Errors as [Handle.Delete].
func (h *Links[A, B, J]) Remove(w Writer, a A, rows ...B) error {
	return h.orZero().p.Write(write(w), "remove", assoc.DoRemove, &a, rows, nil, false)
}

// Create inserts a row that a then leads to, with its junction row, in one statement. Errors as [Table.Insert].
func (h *Links[A, B, J]) Create(w Writer, a A, b B) (B, error) {
	h = h.orZero()
	return h.p.Create(write(w), &a, b, &h.junction)
}

// CreateWith is Create with the values of the junction row, as [Links.SetWith] takes them. Errors as [Links.Create].
func (h *Links[A, B, J]) CreateWith(w Writer, a A, link J, b B) (B, error) {
	h = h.orZero()
	return h.p.Create(write(w), &a, b, h.junction.Given(link))
}

// path is what the typed associations have in common.
type path[A, B any] struct {
	p engine.Path[A, B]
}

func (h *path[A, B]) init(k assoc.Kind, a Table[A], b Table[B], options []AssociationOptions) {
	h.p.Source, h.p.Target = a.end(), b.end()
	h.p.Spec = assoc.Spec{Source: a.Name(), Kind: k, Target: b.Name(), Options: assoc.Join(options...)}
}

// end is the table as one side of an association.
func (h Handle[T]) end() engine.End[T] {
	if h.typed == nil { // the zero handle
		h = TableOf[T](h.name).Handle
	}
	return engine.End[T]{Name: h.name, Bind: &h.typed.Cache}
}

// Define enters the association into a batch of definitions.
func (h *path[A, B]) Define(b *table.Batch) error { return h.p.Define(b) }

// ForeignKey names the foreign key, a field of the struct whose table keeps it: without one the definition is refused. These functions say
// one thing each of what [AssociationOptions] can say:
//
//	memrel.HasMany(Users, Posts, memrel.ForeignKey("authorId"), memrel.OnDelete(memrel.Cascade))
//	memrel.HasMany(Users, Posts, memrel.AssociationOptions{ForeignKey: "authorId", OnDelete: memrel.Cascade})
func ForeignKey(column string) AssociationOptions { return AssociationOptions{ForeignKey: column} }

// OtherKey names the junction's foreign key that refers to the target, a field of the junction's struct.
func OtherKey(column string) AssociationOptions { return AssociationOptions{OtherKey: column} }

// As names the association: for one that leads to many rows in the plural.
func As(alias string) AssociationOptions { return AssociationOptions{As: alias} }

// Scope narrows the association to rows of the target that have the values, which creating, adding and setting write; see
// [AssociationOptions].
//
//	PostComments = memrel.HasMany(Posts, Comments, memrel.ForeignKey("commentableId"), memrel.Unconstrained(),
//		memrel.Scope(memrel.Values{"commentableType": "post"}))
func Scope(values Values) AssociationOptions { return AssociationOptions{Scope: values} }

// OnDelete says what becomes of the referencing rows when a row that they refer to is deleted.
func OnDelete(a Action) AssociationOptions { return AssociationOptions{OnDelete: a} }

// OnUpdate says what becomes of the referencing rows when the key that they refer to changes.
func OnUpdate(a Action) AssociationOptions { return AssociationOptions{OnUpdate: a} }

// Unconstrained makes an association without a foreign key constraint, as one key that refers to several tables needs.
func Unconstrained() AssociationOptions { return AssociationOptions{Unconstrained: true} }
