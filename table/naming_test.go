package table

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/types"
)

func TestNamingOfColumns(t *testing.T) {
	for field, want := range map[string][2]string{"ID": {"id", "id"}, "AuthorID": {"authorId", "author_id"}, "CreatedAt": {"createdAt", "created_at"},
		"HTTPPort": {"httpPort", "http_port"}, "URL": {"url", "url"}, "AuthorIDs": {"authorIds", "author_ids"}, "URLsByName": {"urlsByName", "urls_by_name"},
		"IsActive": {"isActive", "is_active"}, "X": {"x", "x"}, "OAuth2Token": {"oAuth2Token", "o_auth2_token"}, "UserURL": {"userUrl", "user_url"},
		"Ünder": {"ünder", "ünder"}, "A1B": {"a1B", "a1_b"}, "Has_ID": {"has_Id", "has_id"}} {
		require.Equal(t, want, [2]string{Unnamed.Column(field), SnakeCase.Column(field)})
		require.Equal(t, want[0], CamelCase.Column(field))
	}
}

func TestNamingOfKeys(t *testing.T) {
	require.Equal(t, "userId", CamelCase.Key("user", "id"))
	require.Equal(t, "UserId", Unnamed.Key("User", "id"))
	require.Equal(t, "user_id", SnakeCase.Key("User", "id"))
	require.Equal(t, "blog_post_id", SnakeCase.Key("blogPost", "id"))
}

func TestNamingAsText(t *testing.T) {
	text, err := json.Marshal(Schema{Naming: SnakeCase})
	require.NoError(t, err)
	require.Contains(t, string(text), `"naming":"snake_case"`)
	var s Schema
	require.NoError(t, json.Unmarshal(text, &s))
	require.Equal(t, SnakeCase, s.Naming)
	text, err = json.Marshal(Schema{})
	require.NoError(t, err)
	require.NotContains(t, string(text), "naming")
	require.ErrorIs(t, new(Naming).UnmarshalText([]byte("kebab-case")), types.ErrDefinition)
	require.ErrorIs(t, Naming(9).Define(NewBatch(nil)), types.ErrDefinition)
}
