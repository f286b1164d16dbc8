package tests

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// open makes a store that is checked when the test ends.
func open(t testing.TB, defs ...memrel.Definition) *memrel.DB {
	t.Helper()
	db, err := memrel.Open(defs...)
	require.NoError(t, err)
	return checked(t, db)
}

// checked has a store, a fork say, checked when the test ends.
func checked(t testing.TB, db *memrel.DB) *memrel.DB {
	t.Helper()
	t.Cleanup(func() {
		for err := range db.Check() {
			t.Errorf("at the end of the test: %v", err)
		}
	})
	return db
}

// Account is a row whose sum over the table an honest writer keeps.
type Account struct {
	ID      int64
	Owner   string `memrel:",unique"`
	Balance int64
}

var accounts = memrel.TableOf[Account]("accounts")

// bank is a store with accounts 1 to n, a hundred on each.
func bank(t testing.TB, n int) *memrel.DB {
	t.Helper()
	db := open(t, accounts)
	all := make([]Account, n)
	for i := range all {
		all[i] = Account{Owner: string(rune('a' + i)), Balance: 100}
	}
	_, err := accounts.InsertAll(db, all)
	require.NoError(t, err)
	return db
}

func balance(r memrel.Reader, id int64) int64 {
	a, _ := accounts.Get(r, id)
	return a.Balance
}

func total(r memrel.Reader) (sum int64) {
	for a := range accounts.All(r) {
		sum += a.Balance
	}
	return sum
}

// deposit adds to an account: it reads and then writes.
func deposit(w memrel.Writer, id, amount int64) error {
	_, err := accounts.Update(w, memrel.Values{"balance": balance(w, id) + amount}, id)
	return err
}
