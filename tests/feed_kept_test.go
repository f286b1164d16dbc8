package tests

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// keeper keeps commits when it is told to.
type keeper struct {
	refuse error
	mu     sync.Mutex
	gates  map[uint64]chan error
	asked  chan uint64
}

func newKeeper() *keeper {
	return &keeper{gates: map[uint64]chan error{}, asked: make(chan uint64, 100)}
}

func (k *keeper) gate(id uint64) chan error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.gates[id] == nil {
		k.gates[id] = make(chan error, 1)
	}
	return k.gates[id]
}

func (k *keeper) Append(c memrel.Commit) (func() error, error) {
	if k.refuse != nil {
		return nil, k.refuse
	}
	return func() error {
		k.asked <- c.ID
		return <-k.gate(c.ID)
	}, nil
}

// TestNobodySeesWhatIsNotKept but those who write; and several commits wait together, to be seen in order.
func TestNobodySeesWhatIsNotKept(t *testing.T) {
	t.Parallel()
	db := bank(t, 1)
	k := newKeeper()
	require.NoError(t, db.Feed().Attach(k, memrel.SeenWhenKept))
	first := db.View().ID() + 1
	results := make(chan error)
	go func() {
		_, err := accounts.Update(db, memrel.Values{"balance": 1}, 1)
		results <- err
	}()
	require.Equal(t, first, <-k.asked)
	require.EqualValues(t, 100, balance(db, 1), "a read of the store")
	go func() {
		results <- db.Update(func(tx *memrel.Tx) error {
			if balance(tx, 1) != 1 {
				return errors.New("a transaction does not begin on what is committed")
			}
			_, err := accounts.Update(tx, memrel.Values{"balance": 2}, 1)
			return err
		})
	}()
	require.Equal(t, first+1, <-k.asked)
	k.gate(first + 1) <- nil // out of order
	require.EqualValues(t, 100, balance(db, 1))
	require.EqualValues(t, first-1, db.View().ID())
	k.gate(first) <- nil
	require.NoError(t, <-results)
	require.NoError(t, <-results)
	require.EqualValues(t, 2, balance(db, 1))
	require.Equal(t, first+1, db.View().ID())
}

// TestWhatIsLostIsTakenBack, with what came after it; the store goes on from what is seen.
func TestWhatIsLostIsTakenBack(t *testing.T) {
	t.Parallel()
	db := bank(t, 1)
	k := newKeeper()
	require.NoError(t, db.Feed().Attach(k, memrel.SeenWhenKept))
	before := saved(db)
	first := db.View().ID() + 1
	results := make(chan error)
	for i := range 3 {
		go func() {
			_, err := accounts.Insert(db, Account{Owner: string(rune('x' + i))})
			results <- err
		}()
		require.Equal(t, first+uint64(i), <-k.asked)
	}
	k.gate(first) <- nil
	require.NoError(t, <-results)
	kept := saved(db)
	require.NotEqual(t, before, kept)
	cause := errors.New("the disk is full")
	k.gate(first + 1) <- cause
	k.gate(first + 2) <- cause
	for range 2 {
		err := <-results
		require.ErrorIs(t, err, memrel.ErrLost)
		require.ErrorIs(t, err, cause)
	}
	require.Equal(t, kept, saved(db))
	k.gate(first + 1) // as a new one
	go func() {
		_, err := accounts.Insert(db, Account{Owner: "again"})
		results <- err
	}()
	require.Equal(t, first+1, <-k.asked)
	k.gate(first + 1) <- nil
	require.NoError(t, <-results)
	require.Equal(t, first+1, db.View().ID())
	k.refuse = errors.New("no more")
	at := saved(db)
	_, err := accounts.Insert(db, Account{Owner: "refused"})
	require.ErrorIs(t, err, k.refuse)
	require.ErrorIs(t, db.Update(func(tx *memrel.Tx) error { _, err := accounts.Delete(tx, 1); return err }), k.refuse)
	many := make([]Account, 400)
	for i := range many {
		many[i].Owner = string(rune('a'+i%26)) + string(rune('a'+i/26))
	}
	_, err = accounts.InsertAll(db, many)
	require.ErrorIs(t, err, k.refuse)
	require.Equal(t, at, saved(db))
	require.NoError(t, db.Feed().Attach(nil, memrel.SeenAtOnce))
	_, err = accounts.Insert(db, Account{Owner: "unkept"})
	require.NoError(t, err)
}

// TestWhoWritesAtOnceWaits though everybody sees the commit meanwhile.
func TestWhoWritesAtOnceWaits(t *testing.T) {
	t.Parallel()
	db := bank(t, 1)
	k := newKeeper()
	require.NoError(t, db.Feed().Attach(k, memrel.SeenAtOnce))
	result := make(chan error)
	go func() {
		_, err := accounts.Update(db, memrel.Values{"balance": 1}, 1)
		result <- err
	}()
	id := <-k.asked
	require.EqualValues(t, 1, balance(db, 1))
	require.Equal(t, id, db.View().ID())
	k.gate(id) <- errors.New("gone")
	require.ErrorIs(t, <-result, memrel.ErrLost)
	require.EqualValues(t, 1, balance(db, 1))
}

// TestTablesThatAreFollowedAreWrittenByApplyAlone: a statement that would change them is refused, also where a reference leads to them.
func TestTablesThatAreFollowedAreWrittenByApplyAlone(t *testing.T) {
	t.Parallel()
	source := open(t, feedWorld()...)
	last := &lastCommit{}
	require.NoError(t, source.Feed().Attach(last, memrel.SeenAtOnce))
	db := checked(t, source.Fork())
	apply := func(err error) {
		t.Helper()
		require.NoError(t, err)
		_, err = db.Feed().Apply(last.Commit.Append(nil, false))
		require.NoError(t, err)
	}
	u, p, g := memrel.RowsOf("u"), memrel.RowsOf("p"), memrel.RowsOf("g")
	_, err := u.Insert(source, memrel.Values{"e": "a"})
	apply(err)
	_, err = p.Insert(source, memrel.Values{"id": 1, "u": 1})
	apply(err)
	require.ErrorIs(t, db.Feed().Follow("p", "none"), memrel.ErrUnknownTable)
	require.NoError(t, db.Feed().Follow("p", "g"))
	refused := func(err error, table string) {
		t.Helper()
		require.ErrorIs(t, err, memrel.ErrQuery)
		require.ErrorContains(t, err, "the store follows table "+table+", which Apply alone writes")
		require.Equal(t, "25006", asError(err).SQLState())
	}
	_, err = p.Insert(db, memrel.Values{"id": 2, "u": 1})
	refused(err, "p")
	_, err = p.Update(db, memrel.Values{"s": "x"}, 1)
	refused(err, "p")
	_, err = p.Delete(db, 1)
	refused(err, "p")
	refused(p.Truncate(db), "p")
	_, err = g.NextNumber(db)
	refused(err, "g")
	_, _, err = p.Upsert(db, memrel.Values{"id": 1, "u": 1})
	refused(err, "p")
	_, err = u.Delete(db, 1)
	refused(err, "p")
	refused(db.Update(func(tx *memrel.Tx) error { _, err := u.Delete(tx, 1); return err }), "p")
	refused(db.Alter("p", memrel.Column{Name: "c", Type: memrel.Int}), "p")
	refused(db.Drop("p"), "p")
	_, err = u.Update(db, memrel.Values{"e": "b"}, 1)
	require.NoError(t, err)
	_, err = u.Update(db, memrel.Values{"e": "a"}, 1)
	require.NoError(t, err)
	_, err = u.Delete(db.Fork(), 1)
	require.NoError(t, err)
	_, err = u.Delete(source, 1)
	apply(err)
	require.NoError(t, source.Alter("p", memrel.Column{Name: "c", Type: memrel.Int}))
	apply(nil)
	require.True(t, memrelDiffers(db, source) == "")
	require.NoError(t, db.Feed().Follow())
	_, err = u.Insert(db, memrel.Values{"e": "z"})
	require.NoError(t, err)
}

func memrelDiffers(a, b *memrel.DB) string {
	d, err := memrel.Diff(a, b)
	if err != nil {
		return err.Error()
	}
	return d.String()
}

// panics is a sequencer that fails as none should.
type panics struct{}

func (panics) Append(memrel.Commit) (func() error, error) { panic("no log") }

// TestASequencerThatPanicsLeavesNothing of the statement or transaction that it was told of.
func TestASequencerThatPanicsLeavesNothing(t *testing.T) {
	t.Parallel()
	db := bank(t, 2)
	require.NoError(t, db.Feed().Attach(panics{}, memrel.SeenAtOnce))
	before := saved(db)
	many := make([]Account, 400)
	for i := range many {
		many[i].Owner = string(rune('a'+i%26)) + string(rune('a'+i/26))
	}
	for _, do := range []func(){
		func() { _, _ = accounts.Update(db, memrel.Values{"balance": 7}, 1) },
		func() { _, _ = accounts.Delete(db, 1) },
		func() { _, _ = accounts.InsertAll(db, many) },
		func() { _ = accounts.Truncate(db) },
		func() { _ = db.Update(func(tx *memrel.Tx) error { _, err := accounts.Delete(tx, 1); return err }) },
		func() { _ = db.Alter("accounts", memrel.Column{Name: "c", Type: memrel.Int}) },
	} {
		require.PanicsWithValue(t, "no log", do)
		require.Equal(t, before, saved(db))
	}
	require.NoError(t, db.Feed().Attach(nil, memrel.SeenAtOnce))
	_, err := accounts.Delete(db, 1)
	require.NoError(t, err)
}

// TestAFeedThatBeginsInATransactionIsToldWhatItWaitsFor, and ends.
func TestAFeedThatBeginsInATransactionIsToldWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	db := bank(t, 1)
	db.SetLimits(memrel.Limits{Wait: 1})
	tx := db.Begin()
	for _, err := range db.Feed().Watch(nil, 0) { //nolint:staticcheck // it is refused
		require.ErrorIs(t, err, memrel.ErrLimit)
		require.ErrorContains(t, err, "memrel: watch: waited")
	}
	require.ErrorIs(t, db.Feed().Attach(nil, memrel.SeenAtOnce), memrel.ErrLimit)
	require.ErrorIs(t, db.Adopt(db.View()), memrel.ErrLimit)
	require.ErrorIs(t, db.Feed().Follow("accounts"), memrel.ErrLimit)
	_, err := db.Feed().Apply([]byte{1, 0, 0})
	require.ErrorIs(t, err, memrel.ErrLimit)
	tx.Rollback()
	_, err = db.Feed().Apply([]byte{1, 0, 0})
	require.NoError(t, err, "a commit that came to nothing")
}
