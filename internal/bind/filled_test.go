package bind

import (
	"database/sql"
	"math/big"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

func TestFilledFields(t *testing.T) {
	type post struct{ ID int }
	type Base struct {
		Parent *post
		Since  time.Time
	}
	type posts []post
	type user struct {
		ID int
		Base
		Posts  posts
		Drafts []*post `memrel:"papers"`
		Kept   []post  `memrel:",type=json"`
		Out    post    `memrel:"-"`
		Gone   sql.Null[post]
		Big    []big.Int
		Map    map[string]post
	}
	fields, err := Struct{Type: reflect.TypeFor[user]()}.Filled("users", table.Unnamed)
	require.NoError(t, err)
	one := reflect.TypeFor[post]()
	row := reflect.ValueOf(user{})
	for i, want := range []Filled{
		{Path: "user.Base.Parent", Alias: "parent", Index: []int{1, 0}, Type: reflect.TypeFor[*post](), Elem: one},
		{Path: "user.Posts", Alias: "posts", Index: []int{2}, Type: reflect.TypeFor[posts](), Elem: one, Many: true},
		{Path: "user.Drafts", Alias: "papers", Index: []int{3}, Type: reflect.TypeFor[[]*post](), Elem: one, Many: true},
		{Path: "user.Gone", Alias: "gone", Index: []int{6}, Type: reflect.TypeFor[sql.Null[post]](), Elem: one},
	} {
		want.Offset = fields[i].Offset
		require.Equal(t, want, fields[i])
		require.Equal(t, want.Type, row.FieldByIndex(want.Index).Type())
		err := want.Holds("users", "users.posts", one, want.Many)
		require.Equal(t, want.Alias == "gone", err != nil)
		require.ErrorIs(t, want.Holds("users", "users.posts", one, !want.Many), types.ErrDefinition)
		require.ErrorIs(t, want.Holds("users", "users.posts", reflect.TypeFor[user](), want.Many), types.ErrDefinition)
		require.ErrorIs(t, want.Refuse("users", nil), types.ErrDefinition)
	}
	require.Len(t, fields, 4)
	require.Equal(t, "user.Kept", Struct{Type: reflect.TypeFor[user]()}.FieldFor("kept", table.Unnamed))
	require.Empty(t, Struct{Type: reflect.TypeFor[user]()}.FieldFor("posts", table.Unnamed))
}
