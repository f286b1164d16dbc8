package tests_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
)

// Each point of the page on soft deletes is tested, and nothing is tested that it does not say.
func TestTheSoftDeletePageIsTrue(t *testing.T) {
	points := pagePoints(t, "../docs/soft-deletes.md")
	cases := slices.Concat(softDeclared, softHidden, softDeleted, softRemoved, softRestored)
	for _, p := range points {
		at := slices.IndexFunc(cases, func(c softPoint) bool { return strings.HasPrefix(p, c.begins) })
		require.GreaterOrEqual(t, at, 0, "no test is for: %s", p)
		t.Run(cases[at].begins, cases[at].holds)
		cases = slices.Delete(cases, at, at+1)
	}
	require.Empty(t, softBeginnings(cases), "the page does not say so")
}

// softPoint is a point of the page: how it begins, and that it holds.
type softPoint struct {
	begins string
	holds  func(t *testing.T)
}

func softBeginnings(list []softPoint) (out []string) {
	for _, p := range list {
		out = append(out, p.begins)
	}
	return out
}

// pagePoints are the points of the lists of a page, each in one line.
func pagePoints(t *testing.T, name string) (points []string) {
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if rest, begins := strings.CutPrefix(line, "- "); begins {
			points = append(points, rest)
		} else if more, goesOn := strings.CutPrefix(line, "  "); goesOn {
			points[len(points)-1] += " " + more
		}
	}
	return points
}

var softNoon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// softTable is a table with a key id, a column that holds the time of a soft delete if it is soft, and others.
func softTable(name string, soft bool, more ...memrel.Column) memrel.Schema {
	s := memrel.Schema{Name: name, PrimaryKey: []string{"id"}, Columns: append([]memrel.Column{{Name: "id", Type: memrel.Int}}, more...)}
	if soft {
		s.SoftDelete = "gone"
		s.Columns = append(s.Columns, memrel.Column{Name: "gone", Type: memrel.Time})
	}
	return s
}

// softChild is a table whose rows refer to table p.
func softChild(soft bool, onDelete memrel.Action) memrel.Schema {
	s := softTable("c", soft, memrel.Column{Name: "p", Type: memrel.Int, Default: 9})
	s.References = []memrel.Reference{{Columns: []string{"p"}, Table: "p", OnDelete: onDelete}}
	return s
}

// softStore is a store at noon, by level or in turn, that is sound in the end.
func softStore(t *testing.T, inTurn bool, defs ...memrel.Definition) *memrel.DB {
	t.Helper()
	profile := assoc.Manual()
	profile.Sequential = inTurn
	db, err := memrel.Open(slices.Concat(defs, []memrel.Definition{memrel.Clock(func() time.Time { return softNoon }), profile})...)
	require.NoError(t, err)
	t.Cleanup(func() {
		for err := range db.Check() {
			t.Error(err)
		}
	})
	return db
}

// softFamily is a store with rows p[1], p[9], and c[1], which refers to p[1].
func softFamily(t *testing.T, inTurn bool, child memrel.Schema) *memrel.DB {
	db := softStore(t, inTurn, softTable("p", true), child)
	softInsert(t, db, "p", memrel.Values{"id": 1}, memrel.Values{"id": 9})
	softInsert(t, db, "c", memrel.Values{"id": 1, "p": 1})
	return db
}

// bothOrders has a test run with deletes by level and in turn.
func bothOrders(holds func(t *testing.T, inTurn bool)) func(t *testing.T) {
	return func(t *testing.T) {
		for _, inTurn := range []bool{false, true} {
			t.Run(fmt.Sprint("in turn ", inTurn), func(t *testing.T) { holds(t, inTurn) })
		}
	}
}

func softInsert(t *testing.T, w memrel.Writer, table string, rows ...memrel.Values) {
	t.Helper()
	_, err := memrel.RowsOf(table).InsertAll(w, rows)
	require.NoError(t, err)
}

func softDelete(t *testing.T, w memrel.Writer, table string, key ...any) {
	t.Helper()
	_, err := memrel.RowsOf(table).Delete(w, key...)
	require.NoError(t, err)
}

// softStored is what is stored in a table, soft-deleted rows included, with the time of noon as "noon".
func softStored(r memrel.Reader, table string) string {
	var out []string
	for row := range memrel.RowsOf(table).All(memrel.WithDeleted(r)) {
		out = append(out, row.String())
	}
	return strings.ReplaceAll(strings.Join(out, " "), softNoon.Format(time.RFC3339), "noon")
}

var softDeclared = []softPoint{
	{"`Schema.SoftDelete` names a column", func(t *testing.T) {
		type typed struct {
			ID      int64
			Removed *time.Time `memrel:",softdelete"`
		}
		s, err := memrel.TableOf[typed]("t").Schema()
		require.NoError(t, err)
		require.Equal(t, "removed", s.SoftDelete)
		type null struct {
			ID   int64
			Gone sql.Null[time.Time] `memrel:"gone_at,softdelete"`
		}
		s, err = memrel.TableOf[null]("t").Schema()
		require.NoError(t, err)
		require.Equal(t, "gone_at", s.SoftDelete)
		list, err := nocobase.Parse(strings.NewReader(`[{"name":"posts","paranoid":true}]`))
		require.NoError(t, err)
		db := memrel.MustOpen(list[0], memrel.ModelSpec{Name: "User", SoftDelete: "deletedAt"})
		for _, name := range []string{"posts", "Users"} {
			s, _ := db.View().Schema(name)
			require.Equal(t, "deletedAt", s.SoftDelete)
		}
		softRefusedTags(t)
		column := softTable("t", true)
		column.Columns[1].NotNull = true
		_, err = memrel.Open(column)
		require.ErrorIs(t, err, memrel.ErrDefinition)
	}},
	{"`Alter` with the part `SoftDelete", func(t *testing.T) {
		child := softChild(true, memrel.NoAction)
		child.SoftDelete = ""
		db := softStore(t, false, softTable("p", false), child)
		softInsert(t, db, "p", memrel.Values{"id": 1})
		softInsert(t, db, "c", memrel.Values{"id": 1, "p": 1, "gone": softNoon}, memrel.Values{"id": 2, "p": 1})
		require.NoError(t, db.Alter("c", memrel.SoftDelete("gone")))
		require.Len(t, slices.Collect(memrel.RowsOf("c").All(db)), 1)
		softDelete(t, db, "c", 2)
		softDelete(t, db, "p", 1)
		require.ErrorIs(t, db.Alter("c", memrel.SoftDelete("")), memrel.ErrForeignKey)
		softInsert(t, db, "p", memrel.Values{"id": 1})
		require.NoError(t, db.Alter("c", memrel.SoftDelete("")))
		require.Len(t, slices.Collect(memrel.RowsOf("c").All(db)), 2)
		softDelete(t, db, "c", 2)
		require.Equal(t, `c{id: 1, p: 1, gone: noon}`, softStored(db, "c"))
		require.ErrorIs(t, db.Alter("c", memrel.SoftDelete("p")), memrel.ErrDefinition)
		require.NoError(t, db.Alter("c", memrel.DropColumn("gone")))
		softAlteredJunction(t)
		db = memrel.MustOpen(memrel.TableOf[struct{ ID int64 }]("t", memrel.Column{Name: "gone", Type: memrel.Time}, memrel.SoftDelete("gone")))
		s, _ := db.View().Schema("t")
		require.Equal(t, "gone", s.SoftDelete)
	}},
	{"Forks, files and definitions as JSON", func(t *testing.T) {
		db := softStore(t, false, softTable("p", true))
		softInsert(t, db, "p", memrel.Values{"id": 1}, memrel.Values{"id": 2})
		softDelete(t, db, "p", 1)
		var file bytes.Buffer
		require.NoError(t, db.View().Save(&file))
		loaded, err := memrel.Load(&file)
		require.NoError(t, err)
		s, _ := db.View().Schema("p")
		text, err := json.Marshal(s)
		require.NoError(t, err)
		var again memrel.Schema
		require.NoError(t, json.Unmarshal(text, &again))
		require.Equal(t, s, again)
		for _, other := range []*memrel.DB{db.Fork(), db.View().Fork(), loaded} {
			require.Equal(t, softStored(db, "p"), softStored(other, "p"))
			require.Len(t, slices.Collect(memrel.RowsOf("p").All(other)), 1)
			_, err := memrel.RowsOf("p").Restore(other, 1)
			require.NoError(t, err)
		}
		require.Len(t, slices.Collect(memrel.RowsOf("p").All(db)), 1, "what a fork writes does not show")
	}},
}

// softAlteredJunction has associations follow when their junction begins to delete softly, or ceases to.
func softAlteredJunction(t *testing.T) {
	db := softLibrary(t)
	labels := func() int { return softMust(softBookLabels.Count(db, softBook{ID: 1}, memrel.Cond{})) }
	remove := func() {
		require.NoError(t, softBookLabels.Remove(db, softBook{ID: 1}, softLabel{ID: 1}))
	}
	remove()
	require.NoError(t, db.Alter("stickers", memrel.SoftDelete("")))
	require.Equal(t, 1, labels())
	remove()
	require.Empty(t, softStored(db, "stickers"))
	require.NoError(t, softBookLabels.Add(db, softBook{ID: 1}, softLabel{ID: 1}))
	require.NoError(t, db.Alter("stickers", memrel.SoftDelete("gone")))
	remove()
	require.Zero(t, labels())
	require.NoError(t, softBookLabels.Add(db, softBook{ID: 1}, softLabel{ID: 1}))
	require.Equal(t, 1, labels())
}

// softRefusedTags are fields that cannot hold the time of a soft delete.
func softRefusedTags(t *testing.T) {
	type notNull struct {
		ID   int64
		Gone time.Time `memrel:",softdelete"`
	}
	type text struct {
		ID   int64
		Gone *string `memrel:",softdelete"`
	}
	type twice struct {
		ID   int64
		A, B *time.Time `memrel:",softdelete"`
	}
	type defaults struct {
		ID   int64
		Gone *time.Time `memrel:",softdelete,default=2026-01-01"`
	}
	for _, define := range []memrel.Definition{memrel.TableOf[notNull]("t"), memrel.TableOf[text]("t"), memrel.TableOf[twice]("t"), memrel.TableOf[defaults]("t")} {
		_, err := memrel.Open(define)
		require.ErrorIs(t, err, memrel.ErrDefinition)
		require.ErrorContains(t, err, "soft delete")
	}
}

// What is shown is compared for every read in TestEveryReadAgreesOnSoftDeletedRows; these say the same in the fewest words.
var softHidden = []softPoint{
	{"A soft-deleted row is shown by no read", func(t *testing.T) { softShownBy(t, "Table.", "Unique.", "Model.") }},
	{"No association leads to it", func(t *testing.T) {
		softShownBy(t, "Many.", "One.", "Links.", "Instance.", "Some", "None", "Every", "CountOf", "Order", "Count with", "include")
	}},
	{"`WithDeleted(r)` is a reader that shows all", func(t *testing.T) {
		db := softStore(t, false, softTable("p", true))
		softInsert(t, db, "p", memrel.Values{"id": 1})
		softDelete(t, db, "p", 1)
		all := memrel.WithDeleted(memrel.WithDeleted(db))
		_, ok := memrel.RowsOf("p").Get(all, 1)
		require.True(t, ok)
		_, writes := all.(memrel.Writer)
		require.False(t, writes)
		_, err := memrel.RowsOf("p").Count(memrel.WithDeleted(nil), memrel.Cond{})
		require.Error(t, err, "no reader is no reader")
		tx := db.Begin()
		tx.Rollback()
		_, err = memrel.RowsOf("p").Find(memrel.WithDeleted(tx), memrel.Query{})
		require.ErrorIs(t, err, memrel.ErrTxDone)
	}},
	{"`Query.Deleted`, `Include.Deleted` and `Through.Deleted`", func(t *testing.T) {
		softShownBy(t, "include 0", "include 1", "Table.Find with", "Links.Get with", "Many.Get with")
	}},
	{"No statement finds it", func(t *testing.T) {
		db := softStore(t, false, softTable("p", true, memrel.Column{Name: "n", Type: memrel.Int}))
		softInsert(t, db, "p", memrel.Values{"id": 1, "n": 1})
		softDelete(t, db, "p", 1)
		before, p, all := softStored(db, "p"), memrel.RowsOf("p"), memrel.Cond{}
		type typed struct {
			ID   int64
			N    *int64
			Gone *time.Time `memrel:",softdelete"`
		}
		_, err := p.Update(db, memrel.Values{"n": 2}, 1)
		require.ErrorIs(t, err, memrel.ErrNotFound)
		require.ErrorContains(t, err, "p[1] was soft-deleted")
		_, err = memrel.TableOf[typed]("p").Save(db, typed{ID: 1})
		require.ErrorIs(t, err, memrel.ErrNotFound)
		_, err = p.Delete(db, 1)
		require.ErrorIs(t, err, memrel.ErrNotFound)
		i := softInstance(db, "p", 1)
		require.ErrorIs(t, i.Delete(db), memrel.ErrNotFound)
		i.SetValue("n", 3)
		require.ErrorIs(t, i.Save(db), memrel.ErrNotFound)
		for _, write := range []func() ([]memrel.Row, error){
			func() ([]memrel.Row, error) { return p.UpdateWhere(db, all, memrel.Values{"n": 2}) },
			func() ([]memrel.Row, error) {
				return p.UpdateEach(db, all, func(memrel.Row) memrel.Values { return memrel.Values{"n": 2} })
			},
			func() ([]memrel.Row, error) { return p.Increment(db, all, memrel.Values{"n": 1}) },
			func() ([]memrel.Row, error) { return p.DeleteWhere(db, all) },
		} {
			rows, err := write()
			require.NoError(t, err)
			require.Empty(t, rows)
		}
		_, err = db.View().PreviewDelete("p", 1)
		require.ErrorIs(t, err, memrel.ErrNotFound)
		require.Equal(t, before, softStored(db, "p"))
	}},
	{"No verb of an association leads to it", func(t *testing.T) {
		db := softLibrary(t)
		softDelete(t, db, "books", 1)
		softDelete(t, db, "labels", 1)
		softDelete(t, db, "authors", 2)
		softInsert(t, db, "cards", memrel.Values{"id": 1, "gone": softNoon})
		before := softStored(db, "books") + softStored(db, "stickers") + softStored(db, "labels")
		author, book := softInstance(db, "authors", 1), softInstance(db, "books", 2)
		for _, refused := range []error{
			author.Add(db, "books", 1), author.Set(db, "books", 2, 1), book.Add(db, "labels", 1), book.Set(db, "labels", 1), book.Set(db, "author", 2),
			author.Set(db, "card", 1), softAuthorCard.Set(db, &softAuthor{ID: 1}, &softCard{ID: 1}),
			softAuthorBooks.Add(db, softAuthor{ID: 1}, softBook{ID: 1}), softBookLabels.Add(db, softBook{ID: 2}, softLabel{ID: 1}),
			softBookLabels.Set(db, softBook{ID: 2}, softLabel{ID: 1}), softBookAuthor.Set(db, &softBook{ID: 2}, &softAuthor{ID: 2}),
			softBookAuthor.Set(db, &softBook{ID: 1}, &softAuthor{ID: 1}),
		} {
			require.ErrorIs(t, refused, memrel.ErrNotFound)
		}
		require.NoError(t, author.Remove(db, "books", 1))
		require.NoError(t, softBookLabels.Remove(db, softBook{ID: 1}, softLabel{ID: 1}))
		require.Equal(t, before, softStored(db, "books")+softStored(db, "stickers")+softStored(db, "labels"))
	}},
}

// softLibrary is a store of two authors, two books of the first, two labels, and the first book that has the first.
func softLibrary(t *testing.T) *memrel.DB {
	db := softStore(t, false, softDefinitions...)
	softInsert(t, db, "authors", memrel.Values{"id": 1, "email": softEmail(1)}, memrel.Values{"id": 2, "email": softEmail(2)})
	softInsert(t, db, "books", memrel.Values{"id": 1, "authorId": 1}, memrel.Values{"id": 2, "authorId": 1})
	softInsert(t, db, "labels", memrel.Values{"id": 1}, memrel.Values{"id": 2})
	softInsert(t, db, "stickers", memrel.Values{"bookId": 1, "labelId": 1, "note": "old"})
	return db
}

// softShownBy has the reads whose names begin so agree with the model of the library, once a row of each table is soft-deleted.
func softShownBy(t *testing.T, names ...string) {
	db, m := softLibrary(t), newSoftModel()
	one := int64(1)
	softDelete(t, db, "books", 2)
	_, err := memrel.RowsOf("authors").Update(db, memrel.Values{"gone": softNoon}, 1)
	require.NoError(t, err)
	softDelete(t, db, "labels", 2)
	softDelete(t, db, "stickers", 1, 1)
	m.authors = map[int64]softRow{1: {gone: true}, 2: {}}
	m.books = map[int64]softRow{1: {author: &one}, 2: {author: &one, gone: true}}
	m.labels = map[int64]softRow{1: {}, 2: {gone: true}}
	m.stickers[[2]int64{1, 1}] = softRow{note: "old", gone: true}
	for _, name := range names {
		asked := 0
		for _, read := range softReads() {
			if !strings.HasPrefix(read.name, name) {
				continue
			}
			asked++
			require.Equal(t, fmt.Sprint(read.want(m, false)), fmt.Sprint(read.got(db)), read.name)
			require.Equal(t, fmt.Sprint(read.want(m, true)), fmt.Sprint(read.got(memrel.WithDeleted(db))), read.name)
		}
		require.NotZero(t, asked, name)
	}
}
