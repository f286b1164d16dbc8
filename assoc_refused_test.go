package memrel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// What a get cannot do is refused instead of being left out.
func TestGetRefusesWhatItCannotDo(t *testing.T) {
	Users, Posts := memrel.TableOf[User]("users"), memrel.TableOf[Post]("posts")
	UserPosts := memrel.HasMany(Users, Posts, memrel.ForeignKey("authorId"))
	db, err := memrel.Open(Users, Posts, UserPosts)
	require.NoError(t, err)
	ann, err := Users.Insert(db, User{Email: "ann@example.com"})
	require.NoError(t, err)

	_, err = UserPosts.Get(db, ann, memrel.Query{After: &memrel.Cursor{}})
	require.ErrorIs(t, err, memrel.ErrQuery)
	_, err = UserPosts.Get(db, ann, memrel.Query{Include: []memrel.Include{{As: "author"}}})
	require.ErrorIs(t, err, memrel.ErrQuery)
	memrel.Instance{}.SetValue("email", "x")
	for err := range db.Check() {
		t.Error(err)
	}
}
