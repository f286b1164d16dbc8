package tests

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// The anomalies of the SQL standard and of Berenson et al., "A Critique of ANSI SQL Isolation Levels": none can happen.

func TestNoDirtyRead(t *testing.T) {
	db := bank(t, 2)
	tx := db.Begin()
	require.NoError(t, deposit(tx, 1, 50))
	assert.EqualValues(t, 150, balance(tx, 1), "a transaction reads what it wrote")
	assert.EqualValues(t, 100, balance(db, 1), "nobody else does")
	assert.EqualValues(t, 100, balance(db.View(), 1))
	assert.EqualValues(t, 100, balance(db.Fork(), 1))
	tx.Rollback()
	assert.EqualValues(t, 100, balance(db, 1))
}

func TestNoNonRepeatableRead(t *testing.T) {
	db := bank(t, 2)
	view := db.View()
	require.NoError(t, deposit(db, 1, 50))
	_, err := accounts.Delete(db, 2)
	require.NoError(t, err)
	assert.EqualValues(t, 100, balance(view, 1))
	assert.EqualValues(t, 100, balance(view, 2))
	assert.EqualValues(t, 150, balance(db.View(), 1))
}

func TestNoPhantom(t *testing.T) {
	db := bank(t, 2)
	view := db.View()
	rich := memrel.Gte("balance", 100)
	_, err := accounts.Insert(db, Account{Owner: "new", Balance: 1000})
	require.NoError(t, err)
	n, err := accounts.Count(view, rich)
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	n, err = accounts.Count(db, rich)
	require.NoError(t, err)
	assert.Equal(t, 3, n)
}

// TestNoReadSkew: two tables, or two rows, read one after the other are of one state.
func TestNoReadSkew(t *testing.T) {
	db := bank(t, 2)
	view := db.View()
	first := balance(view, 1)
	require.NoError(t, transfer(db, 1, 2, 30))
	assert.EqualValues(t, 200, first+balance(view, 2))
}

func transfer(db *memrel.DB, from, to, amount int64) error {
	return db.Update(func(tx *memrel.Tx) error {
		if err := deposit(tx, from, -amount); err != nil {
			return err
		}
		return deposit(tx, to, amount)
	})
}

func TestNoLostUpdate(t *testing.T) {
	db := bank(t, 1)
	const writers, times = 16, 50
	parallel(writers, func(int) {
		for range times {
			err := db.Update(func(tx *memrel.Tx) error { return deposit(tx, 1, 1) })
			assert.NoError(t, err)
		}
	})
	assert.EqualValues(t, 100+writers*times, balance(db, 1))
}

// parallel runs fn in n goroutines and waits for all.
func parallel(n int, fn func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { fn(i) })
	}
	all.Wait()
}

// TestNoWriteSkew: two writers may each take money as long as both accounts together have enough. With snapshots alone
// both would find enough; here the second finds what the first has left.
func TestNoWriteSkew(t *testing.T) {
	db := bank(t, 2)
	parallel(2, func(i int) {
		err := db.Update(func(tx *memrel.Tx) error {
			if total(tx) < 200 {
				return nil
			}
			return deposit(tx, int64(i+1), -200)
		})
		assert.NoError(t, err)
	})
	assert.EqualValues(t, 0, total(db))
}

// TestReadersNeverSeeABrokenInvariant: 64 readers look at views while a writer commits; the sum of the balances is
// always the same, every post has its author, and what a view has shown it shows again.
func TestReadersNeverSeeABrokenInvariant(t *testing.T) {
	users, posts := memrel.RowsOf("users"), memrel.RowsOf("posts")
	db := bank(t, 8)
	require.NoError(t, db.Define(schemaOf("users"), schemaOf("posts")))
	commits := 400
	if testing.Short() {
		commits = 100
	}
	var done atomic.Bool
	var looks atomic.Int64
	look := func(int) {
		for !done.Load() {
			view := db.View()
			assert.EqualValues(t, 800, total(view))
			authors := map[any]bool{}
			for u := range users.All(view) {
				authors[u.Get("id")] = true
			}
			n := 0
			for p := range posts.All(view) {
				assert.True(t, authors[p.Get("author")], "%v has no author", p)
				n++
			}
			again, err := posts.Count(view, memrel.Cond{})
			assert.NoError(t, err)
			assert.Equal(t, n, again)
			looks.Add(1)
		}
	}
	go func() {
		defer done.Store(true)
		for i := range commits {
			from, to := int64(i%8+1), int64((i+3)%8+1)
			assert.NoError(t, transfer(db, from, to, 7))
			assert.NoError(t, db.Update(func(tx *memrel.Tx) error { return publish(tx, fmt.Sprint(i)) }))
			if i%10 == 9 {
				_, err := users.DeleteWhere(db, memrel.Lte("id", i-5)) // and their posts
				assert.NoError(t, err)
			}
		}
	}()
	parallel(64, look)
	t.Logf("%d commits, %d looks", commits, looks.Load())
}

// publish adds a user with three posts.
func publish(tx *memrel.Tx, nick string) error {
	u, err := memrel.RowsOf("users").Insert(tx, memrel.Values{"nick": nick})
	for i := 0; err == nil && i < 3; i++ {
		_, err = memrel.RowsOf("posts").Insert(tx, memrel.Values{"author": u.Get("id"), "slug": fmt.Sprint(i)})
	}
	return err
}

func count(r memrel.Reader, m memrel.Rows) int {
	n, err := m.Count(r, memrel.Cond{})
	if err != nil {
		panic(err)
	}
	return n
}

// TestReadersDoNotWaitForTheWritersCode: the writer stops in the middle of its transaction, and readers go on.
func TestReadersDoNotWaitForTheWritersCode(t *testing.T) {
	db := bank(t, 2)
	wrote, goOn := make(chan struct{}), make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		err := db.Update(func(tx *memrel.Tx) error {
			if err := deposit(tx, 1, 50); err != nil {
				return err
			}
			close(wrote)
			<-goOn
			return nil
		})
		assert.NoError(t, err)
	})
	<-wrote
	parallel(64, func(int) {
		assert.EqualValues(t, 100, balance(db.View(), 1))
		assert.EqualValues(t, 200, total(db))
		fork := db.Fork()
		assert.NoError(t, deposit(fork, 1, 1), "a fork has a writer of its own")
		for err := range fork.Check() {
			assert.NoError(t, err)
		}
	})
	close(goOn)
	writer.Wait()
	assert.EqualValues(t, 150, balance(db, 1))
}

// TestForksAreWrittenAtOnce: forks of one state, taken and written by many goroutines at the same time, beside the store
// itself, and forks of these.
func TestForksAreWrittenAtOnce(t *testing.T) {
	db := bank(t, 8)
	view := db.View()
	const forks, rows = 16, 200
	parallel(forks+1, func(i int) {
		mine := db
		switch {
		case i%2 == 1:
			mine = db.Fork()
		case i > 0:
			mine = view.Fork()
		}
		for k := range rows {
			_, err := accounts.Insert(mine, Account{Owner: fmt.Sprint(i, "-", k)})
			assert.NoError(t, err)
		}
		child := mine.Fork()
		_, err := accounts.DeleteWhere(child, memrel.Like("owner", fmt.Sprint(i, "-%")))
		assert.NoError(t, err)
		if i > 0 {
			n, err := accounts.Count(mine, memrel.Like("owner", "%-%"))
			assert.NoError(t, err)
			assert.GreaterOrEqual(t, n, rows)
		}
		for _, db := range []*memrel.DB{mine, child} {
			for err := range db.Check() {
				assert.NoError(t, err)
			}
		}
	})
	assert.Equal(t, 8+rows, count(db, accounts.Rows()))
	assert.Equal(t, 8, count(view, accounts.Rows()))
}

// TestALoopSeesTheStateAtItsStart: a transaction may write to the table that it walks.
func TestALoopSeesTheStateAtItsStart(t *testing.T) {
	db := bank(t, 5)
	err := db.Update(func(tx *memrel.Tx) error {
		seen := 0
		for a := range accounts.All(tx) {
			seen++
			require.EqualValues(t, 100, a.Balance)
			_, err := accounts.Insert(tx, Account{Owner: a.Owner + "'"})
			require.NoError(t, err)
			_, err = accounts.Delete(tx, a.ID%5+1) // the next one, and at last the first
			require.NoError(t, err)
		}
		require.Equal(t, 5, seen)
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, 5, count(db, accounts.Rows()))
}
