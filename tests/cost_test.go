package tests

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// Cost follows the rows touched, never the size of the table: told by counts, since times vary.

// blog is a store with n users and a post of each.
func blog(t *testing.T, n int) *memrel.DB {
	db := open(t, schemaOf("users"), schemaOf("posts"))
	users, posts := make([]memrel.Values, n), make([]memrel.Values, n)
	for i := range n {
		users[i] = memrel.Values{"nick": fmt.Sprint(i)}
		posts[i] = memrel.Values{"author": i + 1, "slug": fmt.Sprint(i)}
	}
	_, err := memrel.RowsOf("users").InsertAll(db, users)
	require.NoError(t, err)
	_, err = memrel.RowsOf("posts").InsertAll(db, posts)
	require.NoError(t, err)
	return db
}

func TestCostFollowsTheRowsTouched(t *testing.T) {
	const few, many = 100, 20_000
	small, large := blog(t, few), blog(t, many)
	users, posts := memrel.RowsOf("users"), memrel.RowsOf("posts")
	for name, fn := range map[string]func(db *memrel.DB, n int){
		"fork":          func(db *memrel.DB, _ int) { db.Fork() },
		"view":          func(db *memrel.DB, _ int) { db.View() },
		"read by key":   func(db *memrel.DB, n int) { users.Get(db, n/2) },
		"a transaction": func(db *memrel.DB, _ int) { db.Begin().Rollback() },
		"fork and write": func(db *memrel.DB, _ int) {
			_, err := users.Insert(db.Fork(), memrel.Values{"nick": "new"})
			require.NoError(t, err)
		},
		"delete with a cascade": func(db *memrel.DB, n int) {
			_, err := users.Delete(db.Fork(), n/2)
			require.NoError(t, err)
		},
		"update of a key with a cascade": func(db *memrel.DB, n int) {
			_, err := users.Update(db.Fork(), memrel.Values{"id": 10 * n}, n/2)
			require.NoError(t, err)
		},
		"preview": func(db *memrel.DB, n int) {
			_, err := db.View().PreviewDelete("users", n/2)
			require.NoError(t, err)
		},
		"a page by key": func(db *memrel.DB, n int) {
			_, err := posts.Find(db, memrel.Query{Where: memrel.Gt("id", n/2), Limit: 5})
			require.NoError(t, err)
		},
		"the children of a row": func(db *memrel.DB, n int) {
			_, err := posts.Find(db, memrel.Query{Where: memrel.Eq("author", n/2)})
			require.NoError(t, err)
		},
		"a refused statement": func(db *memrel.DB, _ int) {
			_, err := users.Insert(db, memrel.Values{"nick": "7"})
			require.Error(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			one, other := small.Fork(), large.Fork()
			a := testing.AllocsPerRun(10, func() { fn(one, few) })
			b := testing.AllocsPerRun(10, func() { fn(other, many) })
			assert.LessOrEqual(t, b, 2*a+8, "allocations of %d rows: %v, of %d: %v", few, a, many, b)
		})
	}
}

// A condition on a count makes a number for each row that it is asked of, so that allocations tell how many these are.
func TestConditionsAcrossAssociationsTouchFewRows(t *testing.T) {
	const few, many = 500, 20_000
	small, large := shelves(t, few), shelves(t, many)
	counted := func(as string, is memrel.Cond) memrel.Cond { return memrel.CountOf(as, memrel.Gte("count", 1), is) }
	tagged := counted("tags", memrel.Eq("name", "t7"))
	for name, c := range map[string]struct {
		model string
		where memrel.Cond
	}{
		"through a junction":        {"book", tagged},
		"to the many":               {"shelf", counted("books", memrel.Eq("title", "b7"))},
		"to the one":                {"book", counted("shelf", memrel.Eq("name", "s7"))},
		"nested":                    {"shelf", counted("books", tagged)},
		"in a range of half of all": {"book", memrel.And(memrel.Gt("id", few/2), tagged)},
		"each part of an OR":        {"book", memrel.Or(tagged, counted("shelf", memrel.Eq("name", "s8")))},
	} {
		t.Run(name, func(t *testing.T) {
			m := memrel.ModelOf(c.model)
			ask := func(db *memrel.DB) func() {
				return func() {
					_, err := m.Count(db, c.where)
					require.NoError(t, err)
				}
			}
			a, b := testing.AllocsPerRun(10, ask(small)), testing.AllocsPerRun(10, ask(large))
			assert.LessOrEqual(t, b, a+20, "allocations of %d rows: %v, of %d: %v", few, a, many, b)
			assert.Less(t, a, float64(few), "no more than there are rows")
		})
	}
}

// shelves is a store of n books, on n/5 shelves, with n/5 tags, one each.
func shelves(t *testing.T, n int) *memrel.DB {
	named := func(model, column string) memrel.ModelSpec {
		return memrel.ModelSpec{Name: model, Columns: []memrel.Attribute{{Column: memrel.Column{Name: column, Type: memrel.String}, Unique: true}}}
	}
	db, err := memrel.Open(named("book", "title"), named("shelf", "name"), named("tag", "name"),
		assoc.Spec{Source: "shelf", Kind: assoc.HasMany, Target: "book"}, assoc.Spec{Source: "book", Kind: assoc.BelongsTo, Target: "shelf"},
		assoc.Spec{Source: "book", Kind: assoc.BelongsToMany, Target: "tag", Options: assoc.Options{Through: "bookTag"}})
	require.NoError(t, err)
	rows := map[string][]memrel.Values{}
	for i := range n {
		if i < n/5 {
			rows["shelf"] = append(rows["shelf"], memrel.Values{"name": fmt.Sprint("s", i)})
			rows["tag"] = append(rows["tag"], memrel.Values{"name": fmt.Sprint("t", i)})
		}
		rows["book"] = append(rows["book"], memrel.Values{"title": fmt.Sprint("b", i), "shelfId": i/5 + 1})
		rows["bookTag"] = append(rows["bookTag"], memrel.Values{"bookId": i + 1, "tagId": i/5 + 1})
	}
	for _, name := range []string{"shelf", "tag", "book", "bookTag"} {
		_, err := memrel.RowsOf(name).InsertAll(db, rows[name])
		require.NoError(t, err)
	}
	return db
}

func TestStatementsFindTheirRowsByKeys(t *testing.T) {
	db := open(t, schemaOf("users"), schemaOf("posts"), schemaOf("comments"))
	for _, c := range []struct {
		table string
		where memrel.Cond
		want  string
	}{
		{"users", memrel.Eq("id", 7), "unique key"},
		{"users", memrel.Eq("email", "a"), "unique key"},
		{"posts", memrel.Eq("author", 7), "key lookup"},
		{"comments", memrel.Eq("reviewer", 7), "key lookup"},
		{"users", memrel.In("id", 7, 8, 9), "unique key"},
		{"users", memrel.Between("id", 7, 9), "index range"},
		{"users", memrel.Eq("age", 7), "scan"},
	} {
		e, err := memrel.RowsOf(c.table).Explain(db, memrel.Query{Where: c.where})
		require.NoError(t, err)
		assert.EqualValues(t, c.want, e.Kind, "%s where %s", c.table, c.where)
	}
}
