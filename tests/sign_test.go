package tests

import (
	"database/sql"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A foreign key with a sign may refer to a key without one, as in GORM's models with an ID of type uint: by what the numbers are worth,
// typed and by names, from either side, and through a junction.
func TestAForeignKeyMayHaveASignWhereItsKeyHasNone(t *testing.T) {
	type Account struct {
		ID     uint
		UserID sql.NullInt64
	}
	type User struct {
		ID      uint
		Account Account
	}
	type Team struct{ ID int64 }
	type Member struct {
		TeamID uint64 `gorm:"primaryKey"`
		UserID int64  `gorm:"primaryKey"`
	}
	users, accounts := memrel.TableOf[User]("users", memrel.GORM), memrel.TableOf[Account]("accounts", memrel.GORM)
	teams, members := memrel.TableOf[Team]("teams", memrel.GORM), memrel.TableOf[Member]("members", memrel.GORM)
	inTeams := memrel.BelongsToMany(users, teams, members, memrel.ForeignKey("user_id"), memrel.OtherKey("team_id"), memrel.As("teams"))
	db := memrel.MustOpen(users, accounts, teams, members, inTeams)

	user, err := users.Insert(db, User{})
	require.NoError(t, err)
	_, err = accounts.Insert(db, Account{UserID: sql.NullInt64{Int64: 1, Valid: true}})
	require.NoError(t, err)
	_, err = accounts.Insert(db, Account{UserID: sql.NullInt64{Int64: -1, Valid: true}})
	require.ErrorIs(t, err, memrel.ErrForeignKey, "no number without a sign is -1")
	found, err := users.Find(db, memrel.Query{Include: []memrel.Include{{As: "account"}}})
	require.NoError(t, err)
	require.Equal(t, uint(1), found[0].Account.ID)
	n, err := memrel.RowsOf("users").Count(db, memrel.Some("account", memrel.Eq("id", 1)))
	require.NoError(t, err)
	require.Equal(t, 1, n)

	team, err := teams.Insert(db, Team{})
	require.NoError(t, err)
	require.NoError(t, inTeams.Add(db, user, team))
	has, err := inTeams.Has(db, user, team)
	require.NoError(t, err)
	require.True(t, has)
	require.NoError(t, inTeams.Set(db, user))

	_, err = users.Update(db, memrel.Values{"id": uint64(math.MaxUint64)}, 1)
	require.ErrorIs(t, err, memrel.ErrRestrict, "GORM's relations have no action")
	for err := range db.Check() {
		t.Error(err)
	}
}
