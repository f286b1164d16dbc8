package tests_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/memrel/memrel"
)

// The tables of the tests of soft deletes: each of them deletes softly, and each kind of association leads from one to another.
type (
	softAuthor struct {
		ID      int64
		Email   string     `memrel:",unique"`
		Deleted *time.Time `memrel:"gone,softdelete"`
	}
	softBook struct {
		ID       int64
		AuthorID *int64     `memrel:"authorId"`
		Deleted  *time.Time `memrel:"gone,softdelete"`
	}
	softCard struct {
		ID       int64
		AuthorID *int64     `memrel:"authorId"`
		Deleted  *time.Time `memrel:"gone,softdelete"`
	}
	softLabel struct {
		ID      int64
		Deleted *time.Time `memrel:"gone,softdelete"`
	}
	softSticker struct {
		BookID  int64      `memrel:"bookId,pk"`
		LabelID int64      `memrel:"labelId,pk"`
		Note    string     `memrel:",default=''"`
		Deleted *time.Time `memrel:"gone,softdelete"`
	}
)

var (
	softAuthors  = memrel.TableOf[softAuthor]("authors")
	softByEmail  = softAuthors.By("email")
	softBooks    = memrel.TableOf[softBook]("books")
	softCards    = memrel.TableOf[softCard]("cards")
	softLabels   = memrel.TableOf[softLabel]("labels")
	softStickers = memrel.TableOf[softSticker]("stickers")

	softAuthorBooks = memrel.HasMany(softAuthors, softBooks, memrel.As("books"), memrel.ForeignKey("authorId"), memrel.OnDelete(memrel.Cascade))
	softBookAuthor  = memrel.BelongsTo(softBooks, softAuthors, memrel.As("author"), memrel.ForeignKey("authorId"), memrel.OnDelete(memrel.Cascade))
	softAuthorCard  = memrel.HasOne(softAuthors, softCards, memrel.As("card"), memrel.ForeignKey("authorId"), memrel.OnDelete(memrel.Cascade))
	softBookLabels  = memrel.BelongsToMany(softBooks, softLabels, softStickers, memrel.As("labels"), memrel.ForeignKey("bookId"), memrel.OtherKey("labelId"))
	softLabelBooks  = memrel.BelongsToMany(softLabels, softBooks, softStickers, memrel.As("books"), memrel.ForeignKey("labelId"), memrel.OtherKey("bookId"))

	softDefinitions = []memrel.Definition{softAuthors, softBooks, softCards, softLabels, softStickers,
		softAuthorBooks, softBookAuthor, softAuthorCard, softBookLabels, softLabelBooks}
)

// softIDs are the keys that rows of these tables have, and one that none has.
var softIDs = []int64{1, 2, 3, 4}

func softEmail(id int64) string { return fmt.Sprintf("a%d@example.com", id) }

// softRow is a row as the naive model has it.
type softRow struct {
	author *int64
	note   string
	gone   bool
}

// softModel says, in the plainest words, what there is. all in its methods: soft-deleted rows, or junction rows, are shown too.
type softModel struct {
	authors, books, cards, labels map[int64]softRow
	stickers                      map[[2]int64]softRow
}

func newSoftModel() *softModel {
	return &softModel{map[int64]softRow{}, map[int64]softRow{}, map[int64]softRow{}, map[int64]softRow{}, map[[2]int64]softRow{}}
}

func (m *softModel) clone() *softModel {
	return &softModel{maps.Clone(m.authors), maps.Clone(m.books), maps.Clone(m.cards), maps.Clone(m.labels), maps.Clone(m.stickers)}
}

// softShown are the keys of the rows of a table that are shown and for which a condition is true.
func softShown(rows map[int64]softRow, all bool, is func(softRow) bool) (ids []int64) {
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if r := rows[id]; (all || !r.gone) && (is == nil || is(r)) {
			ids = append(ids, id)
		}
	}
	return ids
}

func softOwnedBy(id int64) func(softRow) bool {
	return func(r softRow) bool { return r.author != nil && *r.author == id }
}

func (m *softModel) booksOf(author int64, all bool) []int64 {
	return softShown(m.books, all, softOwnedBy(author))
}

// labelsOf are the labels of a book, by links.
func (m *softModel) labelsOf(book int64, all, allLinks bool) (ids []int64) {
	for _, id := range softShown(m.labels, all, nil) {
		if s, ok := m.stickers[[2]int64{book, id}]; ok && (allLinks || !s.gone) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (m *softModel) withLabel(label int64, all bool) (ids []int64) {
	for _, id := range softShown(m.books, all, nil) {
		if s, ok := m.stickers[[2]int64{id, label}]; ok && (all || !s.gone) {
			ids = append(ids, id)
		}
	}
	return ids
}

// softRead is one way to read: what it gives, and what the model says it must give to a reader that shows all, or not.
type softRead struct {
	name string
	got  func(r memrel.Reader) any
	want func(m *softModel, all bool) any
}

// softReads are all reads of all handles.
func softReads() []softRead {
	return slices.Concat(softTableReads(), softKeyReads(), softWalks(), softInstanceReads(), softQueries())
}

func softMust[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func softIDsOf[T any](rows []T, id func(T) int64) (ids []int64) {
	for _, r := range rows {
		ids = append(ids, id(r))
	}
	slices.Sort(ids)
	return ids
}

func authorID(a softAuthor) int64 { return a.ID }
func bookID(b softBook) int64     { return b.ID }
func labelID(l softLabel) int64   { return l.ID }
func rowID(r memrel.Row) int64    { return r.Get("id").(int64) }
func instanceID(i memrel.Instance) int64 {
	return i.Value("id").(int64)
}

// softTableReads read a whole table.
func softTableReads() []softRead {
	rows, model, every := memrel.RowsOf("authors"), memrel.ModelOf("authors"), memrel.Cond{}
	ids := func(m *softModel, all bool) any { return softShown(m.authors, all, nil) }
	count := func(m *softModel, all bool) any { return len(softShown(m.authors, all, nil)) }
	end := func(pick func([]int64) int64) func(*softModel, bool) any {
		return func(m *softModel, all bool) any {
			if ids := softShown(m.authors, all, nil); len(ids) > 0 {
				return pick(ids)
			}
			return nil
		}
	}
	return []softRead{
		{"Table.All", func(r memrel.Reader) any { return softIDsOf(slices.Collect(softAuthors.All(r)), authorID) }, ids},
		{"Table.Find", func(r memrel.Reader) any {
			return softIDsOf(softMust(softAuthors.Find(r, memrel.Query{})), authorID)
		}, ids},
		{"Table.Count", func(r memrel.Reader) any { return softMust(softAuthors.Count(r, every)) }, count},
		{"Rows.All", func(r memrel.Reader) any { return softIDsOf(slices.Collect(rows.All(r)), rowID) }, ids},
		{"Rows.Find", func(r memrel.Reader) any { return softIDsOf(softMust(rows.Find(r, memrel.Query{})), rowID) }, ids},
		{"Rows.Stream", func(r memrel.Reader) any {
			return softIDsOf(slices.Collect(softMust(rows.Stream(r, memrel.Query{}))), rowID)
		}, ids},
		{"Model.Find", func(r memrel.Reader) any {
			return softIDsOf(softMust(model.Find(r, memrel.Query{})), instanceID)
		}, ids},
		{"Model.Count", func(r memrel.Reader) any { return softMust(model.Count(r, every)) }, count},
		{"Model.Min", func(r memrel.Reader) any { return softMust(model.Min(r, "id", every)) }, end(slices.Min[[]int64])},
		{"Model.Max", func(r memrel.Reader) any { return softMust(model.Max(r, "id", every)) }, end(slices.Max[[]int64])},
	}
}

// softEach reads for each key.
func softEach(name string, got func(r memrel.Reader, id int64) any, want func(m *softModel, id int64, all bool) any) softRead {
	return softRead{name, func(r memrel.Reader) any {
		var out []any
		for _, id := range softIDs {
			out = append(out, got(r, id))
		}
		return out
	}, func(m *softModel, all bool) any {
		var out []any
		for _, id := range softIDs {
			out = append(out, want(m, id, all))
		}
		return out
	}}
}

// softKeyReads look for one author.
func softKeyReads() []softRead {
	model := memrel.ModelOf("authors")
	there := func(m *softModel, id int64, all bool) any { return slices.Contains(softShown(m.authors, all, nil), id) }
	is := func(id int64) memrel.Cond { return memrel.Eq("id", id) }
	asked := func(id int64) memrel.Query { return memrel.Query{Where: is(id)} }
	found := func(name string, get func(r memrel.Reader, id int64) bool) softRead {
		return softEach(name, func(r memrel.Reader, id int64) any { return get(r, id) }, there)
	}
	return []softRead{
		found("Table.Get", func(r memrel.Reader, id int64) bool { _, ok := softAuthors.Get(r, id); return ok }),
		found("Unique.Get", func(r memrel.Reader, id int64) bool { _, ok := softByEmail.Get(r, softEmail(id)); return ok }),
		found("Table.First", func(r memrel.Reader, id int64) bool {
			_, ok, err := softAuthors.First(r, asked(id))
			return softMust(ok, err)
		}),
		found("Table.Exists", func(r memrel.Reader, id int64) bool { return softMust(softAuthors.Exists(r, is(id))) }),
		found("Model.Get", func(r memrel.Reader, id int64) bool { _, ok := model.Get(r, id); return ok }),
		found("Model.First", func(r memrel.Reader, id int64) bool {
			_, ok, err := model.First(r, asked(id))
			return softMust(ok, err)
		}),
		found("Model.Exists", func(r memrel.Reader, id int64) bool { return softMust(model.Exists(r, is(id))) }),
		found("Model.FindOne", func(r memrel.Reader, id int64) bool {
			_, ok, err := model.First(r, asked(id))
			return softMust(ok, err)
		}),
		found("Model.FindByPk", func(r memrel.Reader, id int64) bool {
			_, ok, err := model.FindByPk(r, memrel.Query{}, id)
			return softMust(ok, err)
		}),
	}
}

// softWalks go by typed associations.
func softWalks() []softRead {
	books := func(m *softModel, id int64, all bool) any { return m.booksOf(id, all) }
	labels := func(m *softModel, id int64, all bool) any { return m.labelsOf(id, all, all) }
	count := func(ids func(*softModel, int64, bool) any) func(*softModel, int64, bool) any {
		return func(m *softModel, id int64, all bool) any { return len(ids(m, id, all).([]int64)) }
	}
	none := memrel.Query{}
	return []softRead{
		softEach("Many.Of", func(r memrel.Reader, id int64) any {
			return softIDsOf(slices.Collect(softAuthorBooks.Of(r, softAuthor{ID: id})), bookID)
		}, books),
		softEach("Many.Get", func(r memrel.Reader, id int64) any {
			return softIDsOf(softMust(softAuthorBooks.Get(r, softAuthor{ID: id}, none)), bookID)
		}, books),
		softEach("Many.Count", func(r memrel.Reader, id int64) any {
			return softMust(softAuthorBooks.Count(r, softAuthor{ID: id}, memrel.Cond{}))
		}, count(books)),
		softEach("Many.Has", func(r memrel.Reader, id int64) any { return softHad(r, id, softAuthorHas) }, books),
		softEach("One.Get of a hasOne", func(r memrel.Reader, id int64) any {
			c, ok := softAuthorCard.Get(r, softAuthor{ID: id})
			return fmt.Sprint(c.ID, ok)
		}, func(m *softModel, id int64, all bool) any {
			if cards := softShown(m.cards, all, softOwnedBy(id)); len(cards) > 0 {
				return fmt.Sprint(cards[0], true)
			}
			return fmt.Sprint(0, false)
		}),
		softEach("One.Get of a belongsTo", func(r memrel.Reader, id int64) any {
			a, ok := softBookAuthor.Get(r, softBook{AuthorID: &id})
			return fmt.Sprint(a.ID, ok)
		}, func(m *softModel, id int64, all bool) any {
			if a, ok := m.authors[id]; ok && (all || !a.gone) {
				return fmt.Sprint(id, true)
			}
			return fmt.Sprint(0, false)
		}),
		softEach("Links.Of", func(r memrel.Reader, id int64) any {
			return softIDsOf(slices.Collect(softBookLabels.Of(r, softBook{ID: id})), labelID)
		}, labels),
		softEach("Links.Of, from the other side", func(r memrel.Reader, id int64) any {
			return softIDsOf(slices.Collect(softLabelBooks.Of(r, softLabel{ID: id})), bookID)
		}, func(m *softModel, id int64, all bool) any { return m.withLabel(id, all) }),
		softEach("Links.With", func(r memrel.Reader, id int64) any {
			var out []string
			for l, s := range softBookLabels.With(r, softBook{ID: id}) {
				out = append(out, fmt.Sprint(l.ID, s.LabelID, s.Note, s.Deleted != nil))
			}
			slices.Sort(out)
			return out
		}, func(m *softModel, id int64, all bool) any {
			var out []string
			for _, l := range m.labelsOf(id, all, all) {
				s := m.stickers[[2]int64{id, l}]
				out = append(out, fmt.Sprint(l, l, s.note, s.gone))
			}
			return out
		}),
		softEach("Links.Get", func(r memrel.Reader, id int64) any {
			return softIDsOf(softMust(softBookLabels.Get(r, softBook{ID: id}, none)), labelID)
		}, labels),
		softEach("Links.Count", func(r memrel.Reader, id int64) any {
			return softMust(softBookLabels.Count(r, softBook{ID: id}, memrel.Cond{}))
		}, count(labels)),
		softEach("Links.Has", func(r memrel.Reader, id int64) any { return softHad(r, id, softBookHas) }, labels),
	}
}

// softHad are the rows that a source has, asked one by one.
func softHad(r memrel.Reader, from int64, has func(r memrel.Reader, from, to int64) bool) (ids []int64) {
	for _, to := range softIDs {
		if has(r, from, to) {
			ids = append(ids, to)
		}
	}
	return ids
}

func softAuthorHas(r memrel.Reader, from, to int64) bool {
	return softMust(softAuthorBooks.Has(r, softAuthor{ID: from}, softBook{ID: to}))
}

func softBookHas(r memrel.Reader, from, to int64) bool {
	return softMust(softBookLabels.Has(r, softBook{ID: from}, softLabel{ID: to}))
}

// softInstance is an instance of a row, whether it is there or not.
func softInstance(db memrel.Reader, table string, id int64) memrel.Instance {
	if row, ok := memrel.RowsOf(table).Get(memrel.WithDeleted(db), id); ok {
		return memrel.InstanceOf(row)
	}
	return memrel.Instance{}
}

// softInstanceReads go by instances.
func softInstanceReads() []softRead {
	from := func(table string, get func(r memrel.Reader, i memrel.Instance) any) func(memrel.Reader, int64) any {
		return func(r memrel.Reader, id int64) any {
			i := softInstance(r, table, id)
			if i.IsZero() {
				return "no row"
			}
			return get(r, i)
		}
	}
	of := func(rows func(*softModel) map[int64]softRow, want func(m *softModel, id int64, all bool) any) func(*softModel, int64, bool) any {
		return func(m *softModel, id int64, all bool) any {
			if _, stored := rows(m)[id]; !stored {
				return "no row"
			}
			return want(m, id, all)
		}
	}
	authors, books := func(m *softModel) map[int64]softRow { return m.authors }, func(m *softModel) map[int64]softRow { return m.books }
	booksOf := of(authors, func(m *softModel, id int64, all bool) any { return m.booksOf(id, all) })
	labelsOf := of(books, func(m *softModel, id int64, all bool) any { return m.labelsOf(id, all, all) })
	return []softRead{
		softEach("Instance.Get of a hasMany", from("authors", func(r memrel.Reader, i memrel.Instance) any {
			return softIDsOf(softMust(i.Get(r, "books", memrel.Query{})), instanceID)
		}), booksOf),
		softEach("Instance.Get of a belongsTo", from("books", func(r memrel.Reader, i memrel.Instance) any {
			return softIDsOf(softMust(i.Get(r, "author", memrel.Query{})), instanceID)
		}), of(books, func(m *softModel, id int64, all bool) any {
			var ids []int64
			if a := m.books[id].author; a != nil && slices.Contains(softShown(m.authors, all, nil), *a) {
				ids = append(ids, *a)
			}
			return ids
		})),
		softEach("Instance.Get of a belongsToMany", from("books", func(r memrel.Reader, i memrel.Instance) any {
			return softIDsOf(softMust(i.Get(r, "labels", memrel.Query{})), instanceID)
		}), labelsOf),
		softEach("Instance.Count", from("books", func(r memrel.Reader, i memrel.Instance) any {
			return softMust(i.Count(r, "labels", memrel.Cond{}))
		}), of(books, func(m *softModel, id int64, all bool) any { return len(m.labelsOf(id, all, all)) })),
		softEach("Instance.Has", from("books", func(r memrel.Reader, i memrel.Instance) any {
			return softHad(r, 0, func(r memrel.Reader, _, to int64) bool { return softMust(i.Has(r, "labels", to)) })
		}), labelsOf),
		softEach("Instance.Has of a hasMany", from("authors", func(r memrel.Reader, i memrel.Instance) any {
			return softHad(r, 0, func(r memrel.Reader, _, to int64) bool { return softMust(i.Has(r, "books", to)) })
		}), booksOf),
		softEach("Instance.Call", from("authors", func(r memrel.Reader, i memrel.Instance) any {
			return softIDsOf(softMust(i.Call(r, "getBooks")).([]memrel.Instance), instanceID)
		}), booksOf),
	}
}
