package library_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/testing/library"
	"github.com/memrel/memrel/examples/testing/memory"
)

const ann, bob, cy = 1, 2, 3

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// base is made once, when the first test asks for it: three members, five books, of which Ann has two.
var base = sync.OnceValue(func() *memrel.DB {
	db := memory.Open()
	_, err := memory.Members.InsertAll(db, []library.Member{{Email: "ann@example.com"}, {Email: "bob@example.com"}, {Email: "cy@example.com"}})
	must(err)
	_, err = memory.Books.InsertAll(db, []library.Book{{Title: "A"}, {Title: "B"}, {Title: "C"}, {Title: "D"}, {Title: "E"}})
	must(err)
	_, err = memory.Loans.InsertAll(db, []library.Loan{{BookID: 1, MemberID: ann, Due: noon.Add(-time.Hour)}, {BookID: 2, MemberID: ann, Due: noon.Add(time.Hour)}})
	must(err)
	return db
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// open is a library with the rows of base, which the test has to itself. In the end it looks whether the store is sound.
func open(t *testing.T) (*library.Library, *memrel.DB) {
	t.Parallel()
	db := base().Fork()
	t.Cleanup(func() {
		for violation := range db.Check() {
			t.Error(violation)
		}
	})
	return &library.Library{Rows: memory.On(db), Now: func() time.Time { return noon }}, db
}

func TestLend(t *testing.T) {
	for _, c := range []struct {
		name   string
		member int64
		books  []int64
		want   error
		loans  int // of all members, afterwards
	}{
		{"three at once", bob, []int64{3, 4, 5}, nil, 5},
		{"one more", ann, []int64{3}, nil, 3},
		{"too many", ann, []int64{3, 4}, library.ErrTooMany, 2},
		{"one is taken: none is lent", bob, []int64{3, 1}, library.ErrTaken, 2},
		{"there is no such book", bob, []int64{3, 9}, library.ErrNoSuch, 2},
		{"there is no such member", 9, []int64{3}, library.ErrNoSuch, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			lib, db := open(t)
			require.ErrorIs(t, lib.Lend(t.Context(), c.member, c.books...), c.want)
			n, err := memory.Loans.Count(db, memrel.Cond{})
			require.NoError(t, err)
			require.Equal(t, c.loans, n)
		})
	}
}

func TestReturn(t *testing.T) {
	lib, _ := open(t)
	require.NoError(t, lib.Return(t.Context(), 1))
	require.ErrorIs(t, lib.Return(t.Context(), 1), library.ErrNoSuch)
	require.NoError(t, lib.Lend(t.Context(), bob, 1))
}

func TestLeave(t *testing.T) {
	lib, db := open(t)
	require.ErrorIs(t, lib.Leave(t.Context(), ann), library.ErrHasBook)
	require.NoError(t, lib.Leave(t.Context(), cy))
	_, there := memory.Members.Get(db, cy)
	require.False(t, there)
}

// Leaving takes the member's row and nothing else.
func TestLeaveChangesOneRow(t *testing.T) {
	lib, db := open(t)
	require.NoError(t, lib.Leave(t.Context(), cy))
	changed, err := memrel.Diff(base(), db)
	require.NoError(t, err)
	require.Equal(t, "- members{id: 3, email: \"cy@example.com\", name: \"\"}\n", changed.String())
}

func TestJoin(t *testing.T) {
	lib, _ := open(t)
	_, err := lib.Join(t.Context(), "ann@example.com", "Another Ann")
	require.ErrorIs(t, err, library.ErrTaken)
	m, err := lib.Join(t.Context(), "dee@example.com", "Dee")
	require.NoError(t, err)
	require.NoError(t, lib.Lend(t.Context(), m.ID, 5))
}

func TestOverdue(t *testing.T) {
	lib, _ := open(t)
	late, err := lib.Overdue(t.Context())
	require.NoError(t, err)
	require.Equal(t, []library.Loan{{BookID: 1, MemberID: ann, Due: noon.Add(-time.Hour)}}, late)
}

// A database can fail where it likes. Embedding the double leaves one method to write.
type failing struct {
	library.Repository
	book int64
}

var errDisk = errors.New("disk full")

func (f failing) Atomically(ctx context.Context, fn func(library.Repository) error) error {
	return f.Repository.Atomically(ctx, func(rows library.Repository) error { return fn(failing{rows, f.book}) })
}

func (f failing) AddLoan(ctx context.Context, l library.Loan) error {
	if l.BookID == f.book {
		return errDisk
	}
	return f.Repository.AddLoan(ctx, l)
}

func TestLendLeavesNothingWhenTheDatabaseFails(t *testing.T) {
	lib, db := open(t)
	lib.Rows = failing{lib.Rows, 4}
	before := db.View()
	require.ErrorIs(t, lib.Lend(t.Context(), bob, 3, 4), errDisk)
	require.Equal(t, all(before), all(db.View()))
}

// all are the loans that a view has.
func all(v memrel.View) (out []library.Loan) {
	for l := range memory.Loans.All(v) {
		out = append(out, l)
	}
	return out
}
