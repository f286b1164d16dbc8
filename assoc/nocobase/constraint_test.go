package nocobase_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/table"
)

// A constraint of the database acts when a row is removed for good, whatever its field asks for, and not when it is soft-deleted.
func TestAConstraintStandsBehindAReference(t *testing.T) {
	world := func(action string) *memrel.DB {
		users, posts := collection("users", nocobase.Field{Type: "hasMany", Name: "posts", Constraints: true, OnDelete: action}), collection("posts")
		users.Paranoid, posts.Paranoid = true, true
		db := open(t, nocobase.CheckOnWrite(false), users, posts)
		insert(t, db, "users", memrel.Values{}, memrel.Values{})
		insert(t, db, "posts", memrel.Values{"userId": 1}, memrel.Values{"userId": 2})
		_, err := memrel.RowsOf("posts").Delete(db, 1)
		require.NoError(t, err)
		return db
	}
	held := func(db *memrel.DB) (out []any) {
		all, err := memrel.ModelOf("posts").Find(memrel.WithDeleted(db), memrel.Query{Order: []memrel.Order{{Column: "id"}}})
		require.NoError(t, err)
		for _, row := range all {
			out = append(out, row.Value("userId"))
		}
		return out
	}

	db := world("")
	_, err := memrel.RowsOf("users").Delete(db, 2)
	require.NoError(t, err)
	require.Equal(t, []any{int64(1), int64(2)}, held(db), "soft-deleted, and nothing follows")
	require.ErrorIs(t, memrel.RowsOf("users").Truncate(db), memrel.ErrRestrict)
	_, err = memrel.RowsOf("users").Delete(memrel.Hard(db), 1)
	require.NoError(t, err)
	require.Equal(t, []any{nil, int64(2)}, held(db))
	_, err = memrel.RowsOf("posts").Insert(db, memrel.Values{"userId": 9})
	require.ErrorIs(t, err, memrel.ErrForeignKey)

	db = world("RESTRICT")
	_, err = memrel.RowsOf("users").Delete(memrel.Hard(db), 1)
	require.NoError(t, err, "a soft-deleted row does not stand in the way, and loses its key")
	require.Equal(t, []any{nil, int64(2)}, held(db))
	_, err = memrel.RowsOf("users").Delete(memrel.Hard(db), 2)
	require.ErrorIs(t, err, memrel.ErrRestrict)

	list := db.References("users")
	require.Equal(t, &table.Constraint{OnDelete: memrel.SetNull}, list[0].Constraint)
	require.Equal(t, &table.Constraint{OnDelete: memrel.SetNull, Alone: true}, world("").References("users")[0].Constraint)
}

func TestKindsOfKeysThatAreStoredAlikeDoNotMatch(t *testing.T) {
	for _, c := range []struct{ key, foreign, words string }{
		{"string", "time", `"TIME" does not match target key "k" type "STRING"`},
		{"text", "dateOnly", `"DATEONLY" does not match target key "k" type "TEXT"`},
		{"dateOnly", "string", `"STRING" does not match target key "k" type "DATEONLY"`},
		{"jsonb", "json", `"JSONTYPE" does not match target key "k" type "JSONB"`},
	} {
		db := open(t, collection("users", nocobase.Field{Type: c.key, Name: "k", Unique: true}), collection("posts", field(c.foreign, "uk")))
		refused(t, db, c.words, nocobase.SetField("posts", nocobase.Field{Type: "belongsTo", Name: "user", ForeignKey: "uk", TargetKey: "k"}))
	}
}

func TestARelationNeedsAKeyToLeadBy(t *testing.T) {
	no := false
	users := nocobase.Collection{Name: "users", AutoGenID: &no, Fields: []nocobase.Field{unique("name")}}
	for _, f := range []nocobase.Field{field("hasMany", "posts"), field("hasOne", "post"), {Type: "hasMany", Name: "posts", SourceKey: "name"}} {
		refused(t, open(t, users, collection("posts")), "Collection model users has no primary key attribute", nocobase.SetField("users", f))
	}
	for _, f := range []nocobase.Field{field("belongsTo", "user"), {Type: "belongsTo", Name: "user", TargetKey: "name"}} {
		refused(t, open(t, users, collection("posts")), "Target model users has no primary key attribute", nocobase.SetField("posts", f))
	}
	db := open(t, users, collection("posts", nocobase.Field{Type: "belongsTo", Name: "user", TargetKey: "name", ForeignKey: "userName"}))
	require.Equal(t, []string{"belongsTo user users userName name"}, bindings(db, "posts"))
	users.FilterTargetKey = "name"
	db = open(t, users, collection("posts", field("belongsTo", "user")))
	require.Equal(t, []string{"belongsTo user users userName name"}, bindings(db, "posts"))
}

func TestSortableIsRefusedOnAHasManyAlone(t *testing.T) {
	db := open(t, collection("users"), collection("posts"))
	sortable := func(kind, name string) nocobase.Field { return nocobase.Field{Type: kind, Name: name, Sortable: true} }
	refused(t, db, "unsupported field type sort", nocobase.SetField("users", sortable("hasMany", "posts")))
	require.NoError(t, db.Define(nocobase.SetField("posts", sortable("belongsTo", "user")), nocobase.SetField("users", sortable("hasOne", "post"))))
}

func TestWhatWaitsAgainKeepsItsKeys(t *testing.T) {
	db := open(t, collection("users"), collection("posts", field("belongsTo", "user")))
	require.NoError(t, db.Define(nocobase.RemoveCollection("users")))
	require.Equal(t, []string{"belongsTo user users userId idwaits"}, bindings(db, "posts"))
	require.Contains(t, columns(db, "posts"), "userId")
	require.NoError(t, db.Define(collection("posts", field("belongsTo", "user"))))
	require.Equal(t, []string{"belongsTo user users waits"}, bindings(db, "posts"))
	require.NotContains(t, columns(db, "posts"), "userId", "what is defined again while it waits has no column")
}
