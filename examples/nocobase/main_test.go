package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase/repository"
)

func store(t *testing.T) *memrel.DB {
	t.Helper()
	db, err := open()
	require.NoError(t, err)
	require.NoError(t, publish(db))
	t.Cleanup(func() {
		for err := range db.Check() {
			t.Error(err)
		}
	})
	return db
}

func TestTheFrontPageShowsWhatIsPublished(t *testing.T) {
	db := store(t)
	page, n, err := frontPage(db, "go", 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.JSONEq(t, `{"title": "Go in memory", "author": {"name": "ann"},
		"attachments": [{"filename": "two.png"}, {"filename": "one.png"}], "comments": [{"user": {"name": "bob"}}]}`, page[0].String())
}

func TestAThreadLeadsUp(t *testing.T) {
	answer, err := thread(store(t), 2)
	require.NoError(t, err)
	above, ok := answer.Row("parent")
	require.True(t, ok)
	require.Equal(t, "First!", above.Value("text"))
}

func TestPasswordsAreNotShown(t *testing.T) {
	db := store(t)
	ann, ok, err := users.FindOne(db, repository.Find{Filter: object{"password": "secret of ann"}})
	require.NoError(t, err)
	require.True(t, ok)
	require.NotContains(t, ann.String(), "secret")
}

func TestDeletingAUserTakesPostsAndComments(t *testing.T) {
	db := store(t)
	require.NoError(t, edit(db))
	left, err := comments.Count(db, repository.Find{})
	require.NoError(t, err)
	require.Zero(t, left)
	names, err := tags.Count(db, repository.Find{})
	require.NoError(t, err)
	require.Equal(t, 3, names)
}

func Example() {
	main()
	// Output:
	// 2 posts on databases
	// {"title":"Trees","author":{"name":"cy"},"attachments":[],"comments":[]}
	// {"title":"Go in memory","author":{"name":"ann"},"attachments":[{"filename":"two.png"},{"filename":"one.png"}],"comments":[{"user":{"name":"bob"}}]}
	// Welcome. (to: First!)
	// 1 of them in the first quarter; 1 user deleted; left: [{"title":"Trees"}]
}
