package tests_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/budget"
)

// Rows are deleted softly and for good, restored, linked, written and linked again by whatever handle; after each statement every read
// of every handle says what a naive model says, with soft-deleted rows and without.
func TestSoftDeletesAgreeWithANaiveModel(t *testing.T) {
	for seed := range uint64(max(2, budget.Of(8))) { // each with cascades by levels, then in turn
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			runSoftly(t, rand.New(rand.NewPCG(seed, 7)), seed%2 == 1)
		})
	}
}

func runSoftly(t *testing.T, r *rand.Rand, inTurn bool) {
	profile := assoc.Manual()
	profile.Sequential = inTurn
	x := &softRun{t: t, r: r, m: newSoftModel(), defs: append(slices.Clone(softDefinitions), profile)}
	x.db = memrel.MustOpen(x.defs...)
	for range 100 {
		x.step()
		x.compare(x.db)
		if x.r.IntN(25) == 0 {
			x.reopen()
		}
		if t.Failed() {
			t.Log("\n" + x.log)
			return
		}
	}
}

// Every read of every handle agrees on which rows there are, whichever of them is soft-deleted.
func TestEveryReadAgreesOnSoftDeletedRows(t *testing.T) {
	t.Parallel()
	one, two := int64(1), int64(2)
	rows := []struct {
		table string
		key   memrel.Key
		more  memrel.Values
		in    func(m *softModel, gone bool)
	}{
		{"authors", memrel.Key{1}, memrel.Values{"email": softEmail(1)}, func(m *softModel, gone bool) { m.authors[1] = softRow{gone: gone} }},
		{"authors", memrel.Key{2}, memrel.Values{"email": softEmail(2)}, func(m *softModel, gone bool) { m.authors[2] = softRow{gone: gone} }},
		{"books", memrel.Key{1}, memrel.Values{"authorId": 1}, func(m *softModel, gone bool) { m.books[1] = softRow{author: &one, gone: gone} }},
		{"books", memrel.Key{2}, memrel.Values{"authorId": 1}, func(m *softModel, gone bool) { m.books[2] = softRow{author: &one, gone: gone} }},
		{"books", memrel.Key{3}, memrel.Values{"authorId": 2}, func(m *softModel, gone bool) { m.books[3] = softRow{author: &two, gone: gone} }},
		{"cards", memrel.Key{1}, memrel.Values{"authorId": 1}, func(m *softModel, gone bool) { m.cards[1] = softRow{author: &one, gone: gone} }},
		{"labels", memrel.Key{1}, nil, func(m *softModel, gone bool) { m.labels[1] = softRow{gone: gone} }},
		{"labels", memrel.Key{2}, nil, func(m *softModel, gone bool) { m.labels[2] = softRow{gone: gone} }},
		{"stickers", memrel.Key{1, 1}, nil, func(m *softModel, gone bool) { m.stickers[[2]int64{1, 1}] = softRow{gone: gone} }},
		{"stickers", memrel.Key{1, 2}, nil, func(m *softModel, gone bool) { m.stickers[[2]int64{1, 2}] = softRow{gone: gone} }},
		{"stickers", memrel.Key{3, 1}, nil, func(m *softModel, gone bool) { m.stickers[[2]int64{3, 1}] = softRow{gone: gone} }},
	}
	whole := memrel.MustOpen(softDefinitions...)
	for _, row := range rows {
		values := memrel.Values{}
		for i, column := range map[string][]string{"stickers": {"bookId", "labelId"}}[row.table] {
			values[column] = row.key[i]
		}
		if row.table != "stickers" {
			values["id"] = row.key[0]
		}
		maps.Copy(values, row.more)
		_, err := memrel.RowsOf(row.table).Insert(whole, values)
		require.NoError(t, err)
	}
	for n, gone := range rows {
		t.Run(fmt.Sprint(gone.table, gone.key), func(t *testing.T) {
			x := &softRun{t: t, m: newSoftModel(), db: whole.Fork()}
			for i, row := range rows {
				row.in(x.m, i == n)
			}
			_, err := memrel.RowsOf(gone.table).Update(x.db, memrel.Values{"gone": time.Now()}, gone.key)
			require.NoError(t, err)
			x.compare(x.db)
			x.compare(x.db.View())
			require.NoError(t, x.db.Update(func(tx *memrel.Tx) error { x.compare(tx); return nil }))
		})
	}
}

// softRun is a store beside the model.
type softRun struct {
	t    *testing.T
	r    *rand.Rand
	db   *memrel.DB
	defs []memrel.Definition
	m    *softModel
	log  string
}

func (x *softRun) id() int64 { return softIDs[x.r.IntN(len(softIDs)-1)] }

func (x *softRun) author() *int64 {
	if x.r.IntN(4) == 0 {
		return nil
	}
	id := x.id()
	return &id
}

func (x *softRun) ids() (ids []int64) {
	for _, id := range softIDs {
		if x.r.IntN(3) == 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// step does one statement to both, by itself or in a transaction.
func (x *softRun) step() {
	name, do, want := x.statement()
	next := x.m.clone()
	expected := want(next)
	var err error
	if x.r.IntN(2) == 0 {
		err = do(x.db)
	} else {
		err = x.db.Update(func(tx *memrel.Tx) error {
			err := do(tx)
			if err == nil {
				x.m = next
				x.compare(tx)
			}
			return err
		})
	}
	x.log += fmt.Sprintf("%s: %v\n", name, err)
	if !errors.Is(err, expected) || (err == nil) != (expected == nil) {
		x.t.Errorf("%s: the store says %v, the model %v", name, err, expected)
	}
	if expected == nil {
		x.m = next
	}
}

// statement draws a statement, and what the model makes of it.
func (x *softRun) statement() (name string, do func(memrel.Writer) error, want func(*softModel) error) {
	table := []string{"authors", "books", "cards", "labels"}[x.r.IntN(4)]
	id, other, hard := x.id(), x.id(), x.r.IntN(4) == 0
	switch x.r.IntN(12) {
	case 0, 1:
		return x.inserting(table, id)
	case 2:
		return x.deleting(table, id, hard)
	case 3:
		return x.restoring(table, id)
	case 4, 5:
		return x.linking(id, other)
	case 6:
		return x.unlinking(id, other, hard)
	case 7:
		labels := x.ids()
		return fmt.Sprintf("set labels of %d: %v", id, labels), func(w memrel.Writer) error {
			return softBookLabels.Set(w, softBook{ID: id}, softTargets(labels, func(id int64) softLabel { return softLabel{ID: id} })...)
		}, func(m *softModel) error { return m.setLinks(id, labels...) }
	case 8:
		books, take := x.ids(), x.r.IntN(2) == 0
		rows := softTargets(books, func(id int64) softBook { return softBook{ID: id} })
		return fmt.Sprintf("give author %d books %v, take %v", id, books, take), func(w memrel.Writer) error {
			if take {
				return softAuthorBooks.Set(w, softAuthor{ID: id}, rows...)
			}
			return softAuthorBooks.Add(w, softAuthor{ID: id}, rows...)
		}, func(m *softModel) error { return m.own(id, take, books...) }
	case 9:
		return fmt.Sprintf("set author of book %d: %d", id, other), func(w memrel.Writer) error {
			return softBookAuthor.Set(w, &softBook{ID: id}, &softAuthor{ID: other})
		}, func(m *softModel) error { return m.belong(id, other) }
	case 10:
		return fmt.Sprintf("delete the books of %d, hard %v", id, hard), func(w memrel.Writer) error {
			_, err := softBooks.DeleteWhere(softWriter(w, hard), memrel.Eq("authorId", id))
			return err
		}, func(m *softModel) error { return m.deleteWhere(id, hard) }
	}
	return fmt.Sprintf("restore the books of %d", id), func(w memrel.Writer) error {
		if other == 1 {
			_, err := softBooks.RestoreWhere(w, memrel.Eq("authorId", id))
			return err
		}
		_, err := memrel.RowsOf("books").RestoreWhere(w, memrel.Eq("authorId", id))
		return err
	}, func(m *softModel) error { return m.restoreWhere(id) }
}

func softTargets[T any](ids []int64, row func(int64) T) (rows []T) {
	for _, id := range ids {
		rows = append(rows, row(id))
	}
	return rows
}

func softWriter(w memrel.Writer, hard bool) memrel.Writer {
	if hard {
		return memrel.Hard(w)
	}
	return w
}

func (x *softRun) inserting(table string, id int64) (string, func(memrel.Writer) error, func(*softModel) error) {
	author, upsert := x.author(), x.r.IntN(2) == 0
	values := memrel.Values{"id": id}
	switch table {
	case "authors":
		author, values["email"] = nil, softEmail(id)
	case "labels":
		author = nil
	default:
		values["authorId"] = any(nil)
		if author != nil {
			values["authorId"] = *author
		}
	}
	return fmt.Sprintf("insert %s %v, upsert %v", table, values, upsert), func(w memrel.Writer) (err error) {
			if upsert {
				_, _, err = memrel.RowsOf(table).Upsert(w, values)
				return err
			}
			_, err = memrel.RowsOf(table).Insert(w, values)
			return err
		}, func(m *softModel) error {
			if upsert {
				return m.upsert(table, id, author)
			}
			return m.insert(table, id, author)
		}
}

func (x *softRun) deleting(table string, id int64, hard bool) (string, func(memrel.Writer) error, func(*softModel) error) {
	i := softInstance(x.db, table, id)
	how := x.r.IntN(3)
	return fmt.Sprintf("delete %s %d, hard %v", table, id, hard), func(w memrel.Writer) (err error) {
		w = softWriter(w, hard)
		switch {
		case how == 0 && table == "authors":
			_, err = softAuthors.Delete(w, id)
		case how == 1 && !i.IsZero():
			err = i.Delete(w)
		default:
			_, err = memrel.RowsOf(table).Delete(w, id)
		}
		return err
	}, func(m *softModel) error { return m.delete(table, id, hard) }
}

func (x *softRun) restoring(table string, id int64) (string, func(memrel.Writer) error, func(*softModel) error) {
	i := softInstance(x.db, table, id)
	how := x.r.IntN(3)
	return fmt.Sprintf("restore %s %d", table, id), func(w memrel.Writer) (err error) {
		switch {
		case how == 0 && table == "books":
			_, err = softBooks.Restore(w, id)
		case how == 1 && !i.IsZero():
			err = i.Restore(w)
		default:
			_, err = memrel.RowsOf(table).Restore(w, id)
		}
		return err
	}, func(m *softModel) error { return m.restore(table, id) }
}

func (x *softRun) linking(book, label int64) (string, func(memrel.Writer) error, func(*softModel) error) {
	i := softInstance(x.db, "books", book)
	how, note := x.r.IntN(4), ""
	if how == 1 || how == 2 && !i.IsZero() {
		note = fmt.Sprint("note ", x.r.IntN(100))
	}
	return fmt.Sprintf("link %d to %d, %q", book, label, note), func(w memrel.Writer) error {
			switch {
			case how == 1:
				return softBookLabels.AddWith(w, softBook{ID: book}, softSticker{Note: note}, softLabel{ID: label})
			case how == 2 && !i.IsZero():
				return i.Add(w, "labels", memrel.With(memrel.Values{"note": note}, label))
			case how == 3:
				return softLabelBooks.Add(w, softLabel{ID: label}, softBook{ID: book})
			}
			return softBookLabels.Add(w, softBook{ID: book}, softLabel{ID: label})
		}, func(m *softModel) error {
			if how == 3 {
				return m.linkBack(label, book)
			}
			return m.link(book, note, label)
		}
}

func (x *softRun) unlinking(book, label int64, hard bool) (string, func(memrel.Writer) error, func(*softModel) error) {
	i := softInstance(x.db, "books", book)
	return fmt.Sprintf("unlink %d from %d, hard %v", book, label, hard), func(w memrel.Writer) error {
		if w = softWriter(w, hard); label == 2 && !i.IsZero() {
			return i.Remove(w, "labels", label)
		}
		return softBookLabels.Remove(w, softBook{ID: book}, softLabel{ID: label})
	}, func(m *softModel) error { m.removeLink(book, label, hard); return nil }
}

// linkBack is link from the label, to which the book is the target.
func (m *softModel) linkBack(label, book int64) error {
	pair := [2]int64{book, label}
	s, linked := m.stickers[pair]
	if b, ok := m.books[book]; ok && b.gone {
		return memrel.ErrNotFound
	}
	if linked && !s.gone {
		return nil
	}
	_, isBook := m.books[book]
	_, isLabel := m.labels[label]
	if !isBook || !isLabel {
		return memrel.ErrForeignKey
	}
	m.stickers[pair] = softRow{}
	return nil
}

// compare asks every read, with soft-deleted rows and without.
func (x *softRun) compare(r memrel.Reader) {
	for _, read := range softReads() {
		for _, all := range []bool{false, true} {
			from := r
			if all {
				from = memrel.WithDeleted(r)
			}
			if got, want := fmt.Sprint(read.got(from)), fmt.Sprint(read.want(x.m, all)); got != want {
				x.t.Errorf("%s, soft-deleted rows shown: %v: the store has %s, the model %s", read.name, all, got, want)
			}
		}
	}
	var got, want []string
	for s := range softStickers.All(memrel.WithDeleted(r)) {
		got = append(got, fmt.Sprint(s.BookID, s.LabelID, s.Note, s.Deleted != nil))
	}
	for _, pair := range x.m.links() {
		s := x.m.stickers[pair]
		want = append(want, fmt.Sprint(pair[0], pair[1], s.note, s.gone))
	}
	if !slices.Equal(got, want) {
		x.t.Errorf("junction rows: the store has %v, the model %v", got, want)
	}
	for err := range x.check(r) {
		x.t.Error(err)
	}
}

func (x *softRun) check(r memrel.Reader) func(func(error) bool) {
	if db, ok := r.(*memrel.DB); ok {
		return db.Check()
	}
	return func(func(error) bool) {}
}

// reopen goes on with a fork, or with what a file holds.
func (x *softRun) reopen() {
	if x.r.IntN(2) == 0 {
		x.db = x.db.Fork()
		x.compare(x.db)
		return
	}
	var file bytes.Buffer
	require.NoError(x.t, x.db.View().Save(&file))
	var err error
	x.db, err = memrel.Load(&file, x.defs...)
	require.NoError(x.t, err)
	x.compare(x.db)
}

// A condition across an association that is met from its targets asks for soft-deleted rows, and junction rows, as one that is met
// from its sources does.
func TestSoftDeletedRowsAreMetFromEitherSide(t *testing.T) {
	t.Parallel()
	db := memrel.MustOpen(softDefinitions...)
	var books, stickers []memrel.Values
	for id := range 3000 {
		books = append(books, memrel.Values{"id": id + 1})
	}
	for id := range 6 {
		stickers = append(stickers, memrel.Values{"bookId": id + 1, "labelId": id%2 + 1})
	}
	for table, rows := range map[string][]memrel.Values{"books": books, "labels": {{"id": 1}, {"id": 2}}} {
		_, err := memrel.RowsOf(table).InsertAll(db, rows)
		require.NoError(t, err)
	}
	_, err := softStickers.Rows().InsertAll(db, stickers) // 1, 3, 5 have label 1; 2, 4, 6 label 2
	require.NoError(t, err)
	for _, err := range []error{softBookLabels.Remove(db, softBook{ID: 1}, softLabel{ID: 1}), softLabelBooks.Set(db, softLabel{ID: 2}, softBook{ID: 6})} {
		require.NoError(t, err)
	}
	_, err = softBooks.Update(db, memrel.Values{"gone": time.Now()}, 3)
	require.NoError(t, err)
	_, err = softLabels.Update(db, memrel.Values{"gone": time.Now()}, 2)
	require.NoError(t, err)
	for _, c := range []struct {
		r         memrel.Reader
		one, both []int64
	}{
		{db, []int64{5}, []int64{5}},
		{memrel.WithDeleted(db), []int64{1, 3, 5}, []int64{1, 2, 3, 4, 5, 6}},
	} {
		found := softMust(softBooks.Find(c.r, memrel.Query{Where: memrel.Some("labels", memrel.Eq("id", 1))}))
		require.Equal(t, c.one, softIDsOf(found, bookID))
		found = softMust(softBooks.Find(c.r, memrel.Query{Where: memrel.Some("labels", memrel.Cond{})}))
		require.Equal(t, c.both, softIDsOf(found, bookID))
		require.Equal(t, len(c.one), softMust(softBooks.Count(c.r, memrel.Some("labels", memrel.Eq("id", 1)))))
	}
	e, err := softBooks.Explain(memrel.WithDeleted(db), memrel.Query{Where: memrel.Some("labels", memrel.Eq("id", 1))})
	require.NoError(t, err)
	require.Contains(t, e.String(), "list from association labels")
}
