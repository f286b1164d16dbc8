package nocobase_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/types"
)

// TestWhatIsAskedForStandsAlsoWhereItIsTheDefault: a field that asks for the action that another left at its default decides
// like any user, and a third that asks for something else is refused.
func TestWhatIsAskedForStandsAlsoWhereItIsTheDefault(t *testing.T) {
	db := open(t, collection("users", field("hasMany", "posts")), collection("posts", onDelete("belongsTo", "user", "NO ACTION")))
	require.Equal(t, []string{"posts.userId -> users.id NO ACTION user"}, references(db, "users"))
	require.NoError(t, db.Define(nocobase.SetField("users", nocobase.Field{Type: "hasOne", Name: "post", ForeignKey: "userId", OnDelete: "CASCADE"})))
	require.Equal(t, []string{"posts.userId -> users.id NO ACTION user"}, references(db, "users"))
	diagnostics := db.View().Diagnostics()
	require.Len(t, diagnostics, 1)
	require.Equal(t, types.Claim{By: "posts.user", OnDelete: "NO ACTION"}, *diagnostics[0].Kept)
	require.Equal(t, types.Claim{By: "users.post", OnDelete: "CASCADE"}, *diagnostics[0].Refused)
}
