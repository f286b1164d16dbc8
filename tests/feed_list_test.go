package tests

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// lastCommit notes the commit that was made last.
type lastCommit struct{ memrel.Commit }

func (l *lastCommit) Append(c memrel.Commit) (func() error, error) {
	l.Commit = c
	return nil, nil
}

// FuzzApply applies bytes that nobody wrote, or somebody changed, to a store: it takes them, and its trees are sound, or refuses them, and nothing
// has happened.
func FuzzApply(f *testing.F) {
	base := memrel.MustOpen(feedWorld()...)
	last := &lastCommit{}
	if err := base.Feed().Attach(last, memrel.SeenAtOnce); err != nil {
		f.Fatal(err)
	}
	d := &feedDraw{Rand: rand.New(rand.NewPCG(7, 7))}
	for i := range 120 {
		d.transaction(base)
		if i > 80 && last.ID > 0 {
			f.Add(last.Commit.Append(nil, i%2 == 0))
		}
	}
	if err := base.Alter("p", memrel.Column{Name: "c", Type: memrel.Int}); err != nil {
		f.Fatal(err)
	}
	f.Add(last.Commit.Append(nil, false))
	before := saved(base)
	f.Fuzz(func(t *testing.T, list []byte) {
		db := base.Fork()
		c, err := db.Feed().Apply(list)
		if err != nil {
			require.NotNil(t, asError(err), "%v", err)
			require.Equal(t, before, saved(db))
			return
		}
		require.Equal(t, list, c.Append(nil, list[1]&1 != 0))
		for err := range db.Check() { // references and checks are held where a list is made
			if !errors.Is(err, memrel.ErrForeignKey) && !errors.Is(err, memrel.ErrCheck) && !errors.Is(err, memrel.ErrUnique) {
				t.Error(err)
			}
		}
		back := db.Fork()
		_, err = back.Feed().Apply(c.List().Inverse().Append(nil, false))
		require.NoError(t, err)
		require.Equal(t, unnumbered(before), unnumbered(saved(back)))
	})
}

func asError(err error) (e *memrel.Error) {
	errors.As(err, &e)
	return e
}

// TestEveryCutOfAListIsRefused, and every list of another state.
func TestEveryCutOfAListIsRefused(t *testing.T) {
	t.Parallel()
	db := bank(t, 3)
	last := &lastCommit{}
	require.NoError(t, db.Feed().Attach(last, memrel.SeenAtOnce))
	before := db.Fork()
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		_, err := accounts.Update(tx, memrel.Values{"balance": 7}, 1)
		if err == nil {
			_, err = accounts.Delete(tx, 2)
		}
		if err == nil {
			_, err = accounts.Insert(tx, Account{Owner: "new"})
		}
		return err
	}))
	for _, old := range []bool{false, true} {
		list := last.Commit.Append(nil, old)
		for cut := range list {
			_, err := before.Fork().Feed().Apply(list[:cut])
			require.ErrorIs(t, err, memrel.ErrFile, "%d of %d", cut, len(list))
		}
		_, err := before.Fork().Feed().Apply(append(bytes.Clone(list), 0))
		require.ErrorIs(t, err, memrel.ErrFile)
		_, err = db.Fork().Feed().Apply(list)
		require.ErrorIs(t, err, memrel.ErrNotFound)
		require.ErrorContains(t, err, "apply lists in the order of their commits")
		for _, other := range []memrel.Part{memrel.Index{Columns: []string{"balance"}}, memrel.Column{Name: "more", Type: memrel.Int}} {
			altered := before.Fork()
			require.NoError(t, altered.Alter("accounts", other))
			_, err = altered.Feed().Apply(list)
			require.ErrorIs(t, err, memrel.ErrDefinition)
			require.EqualError(t, err, "memrel: apply accounts: the list is of another definition of table accounts; define it here as it is there, functions too")
		}
		_, err = memrel.MustOpen().Feed().Apply(list)
		require.ErrorIs(t, err, memrel.ErrUnknownTable)
	}
}

// TestAListThatTakesAKeyIsRefused: an insert meets a row that has its key, in either tree, and nothing of the list is left.
func TestAListThatTakesAKeyIsRefused(t *testing.T) {
	t.Parallel()
	db := bank(t, 20)
	last := &lastCommit{}
	require.NoError(t, db.Feed().Attach(last, memrel.SeenAtOnce))
	for _, rows := range []int{1, 12} {
		for _, other := range []Account{{ID: 21, Owner: "somebody"}, {Owner: "x9"}} {
			from := db.Fork()
			at := db.View()
			require.NoError(t, db.Update(func(tx *memrel.Tx) error {
				_, err := accounts.Update(tx, memrel.Values{"balance": 7}, 1)
				for i := range rows {
					if err == nil {
						_, err = accounts.Insert(tx, Account{ID: int64(21 + i), Owner: "x" + string(rune('9'+i))})
					}
				}
				return err
			}))
			if other.ID == 0 {
				other.ID = 90
			}
			_, err := accounts.Insert(from, other)
			require.NoError(t, err)
			was := saved(from)
			_, err = from.Feed().Apply(last.Commit.Append(nil, false))
			require.ErrorIs(t, err, memrel.ErrUnique)
			require.Equal(t, unnumbered(was), unnumbered(saved(from)))
			sound(t, from)
			require.NoError(t, db.Feed().Attach(nil, memrel.SeenAtOnce))
			require.NoError(t, db.Adopt(at))
			require.NoError(t, db.Feed().Attach(last, memrel.SeenAtOnce))
		}
	}
}
