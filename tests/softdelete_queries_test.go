package tests_test

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/memrel/memrel"
)

// softQueries ask across associations.
func softQueries() []softRead {
	model, any1 := memrel.ModelOf("authors"), memrel.Cond{}
	where := func(name string, c memrel.Cond, is func(m *softModel, author int64, all bool) bool) softRead {
		return softRead{name, func(r memrel.Reader) any {
			return softIDsOf(softMust(model.Find(r, memrel.Query{Where: c})), instanceID)
		}, func(m *softModel, all bool) any {
			var ids []int64
			for _, id := range softShown(m.authors, all, nil) {
				if is(m, id, all) {
					ids = append(ids, id)
				}
			}
			return ids
		}}
	}
	return append([]softRead{
		where("Some", memrel.Some("books", any1), func(m *softModel, id int64, all bool) bool { return len(m.booksOf(id, all)) > 0 }),
		where("None", memrel.None("books", any1), func(m *softModel, id int64, all bool) bool { return len(m.booksOf(id, all)) == 0 }),
		where("Every", memrel.Every("books", memrel.Gt("id", 1)), func(m *softModel, id int64, all bool) bool {
			return !slices.Contains(m.booksOf(id, all), 1)
		}),
		where("CountOf", memrel.CountOf("books", memrel.Eq("count", 1)), func(m *softModel, id int64, all bool) bool { return len(m.booksOf(id, all)) == 1 }),
		where("Some, through a junction", memrel.Some("books", memrel.Some("labels", memrel.Eq("id", 1))), func(m *softModel, id int64, all bool) bool {
			return slices.ContainsFunc(m.booksOf(id, all), func(b int64) bool { return slices.Contains(m.labelsOf(b, all, all), 1) })
		}),
		{"Order by a count", func(r memrel.Reader) any {
			var ids []int64
			for _, i := range softMust(model.Find(r, memrel.Query{Order: []memrel.Order{{Column: "count(books)", Desc: true}}})) {
				ids = append(ids, instanceID(i))
			}
			return ids
		}, func(m *softModel, all bool) any {
			ids := softShown(m.authors, all, nil)
			slices.SortStableFunc(ids, func(a, b int64) int { return cmp.Compare(len(m.booksOf(b, all)), len(m.booksOf(a, all))) })
			return ids
		}},
		{"Count with a required include", func(r memrel.Reader) any {
			return softMust(model.Count(r, any1, memrel.Include{As: "books", Required: true}))
		}, func(m *softModel, all bool) any {
			n := 0
			for _, id := range softShown(m.authors, all, nil) {
				if len(m.booksOf(id, all)) > 0 {
					n++
				}
			}
			return n
		}},
	}, softIncludes()...)
}

// softIncludes are includes, with each of the options that ask for soft-deleted rows.
func softIncludes() (out []softRead) {
	for bits := range 16 {
		authors, books, labels, links := bits&1 > 0, bits&2 > 0, bits&4 > 0, bits&8 > 0
		q := memrel.Query{Deleted: authors, Include: []memrel.Include{{As: "books", Deleted: books,
			Include: []memrel.Include{{As: "labels", Deleted: labels, Through: memrel.Through{Deleted: links}}}}}}
		out = append(out, softRead{fmt.Sprintf("include %04b", bits), func(r memrel.Reader) any {
			var tree []string
			for _, a := range softMust(memrel.ModelOf("authors").Find(r, q)) {
				in, _ := a.Included("books")
				for _, b := range in {
					of, _ := b.Included("labels")
					tree = append(tree, fmt.Sprint(instanceID(a), instanceID(b), softIDsOf(of, instanceID)))
				}
			}
			slices.Sort(tree)
			return tree
		}, func(m *softModel, all bool) any {
			var tree []string
			for _, a := range softShown(m.authors, all || authors, nil) {
				for _, b := range m.booksOf(a, all || books) {
					tree = append(tree, fmt.Sprint(a, b, m.labelsOf(b, all || labels, all || links)))
				}
			}
			return tree
		}})
	}
	deleted := memrel.Query{Deleted: true}
	return append(out,
		softRead{"Table.Find with Deleted", func(r memrel.Reader) any { return softIDsOf(softMust(softAuthors.Find(r, deleted)), authorID) },
			func(m *softModel, _ bool) any { return softShown(m.authors, true, nil) }},
		softEach("Many.Get with Deleted", func(r memrel.Reader, id int64) any {
			return softIDsOf(softMust(softAuthorBooks.Get(r, softAuthor{ID: id}, deleted)), bookID)
		}, func(m *softModel, id int64, _ bool) any { return m.booksOf(id, true) }),
		softEach("Links.Get with Deleted", func(r memrel.Reader, id int64) any {
			return softIDsOf(softMust(softBookLabels.Get(r, softBook{ID: id}, deleted)), labelID)
		}, func(m *softModel, id int64, all bool) any { return m.labelsOf(id, true, all) }),
		softEach("Links.Get with Through.Deleted", func(r memrel.Reader, id int64) any {
			return softIDsOf(softMust(softBookLabels.Get(r, softBook{ID: id}, memrel.Query{Through: memrel.Through{Deleted: true}})), labelID)
		}, func(m *softModel, id int64, all bool) any { return m.labelsOf(id, all, true) }))
}
