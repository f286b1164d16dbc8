package tests

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// TestNamesAreTakenOver gives columns and constraints names that others had.
func TestNamesAreTakenOver(t *testing.T) {
	for _, associated := range []bool{false, true} {
		authors := memrel.RowsOf("authors")
		columns := func(db *memrel.DB) []any {
			row, ok := authors.Get(db, 1)
			require.True(t, ok)
			return []any{row.Get("email"), row.Get("age")}
		}
		db := library(t, associated)
		require.NoError(t, db.Alter("authors", memrel.DropColumnCascade("age")))
		require.NoError(t, db.Alter("authors", memrel.Column{Name: "years", Type: memrel.Int, Default: 9}))
		require.NoError(t, db.Alter("authors", memrel.Rename{Column: "years", To: "age"}))
		require.Equal(t, []any{"b", int64(9)}, columns(db), "of a column that was dropped")
		require.NoError(t, db.Alter("authors", memrel.DropColumn("age"), memrel.Column{Name: "x", Type: memrel.Int, Default: 7}, memrel.Rename{Column: "x", To: "age"}))
		require.Equal(t, []any{"b", int64(7)}, columns(db), "in one Alter")

		db = library(t, associated)
		require.NoError(t, db.Alter("authors", memrel.Rename{Column: "age", To: "was"}, memrel.Column{Name: "age", Type: memrel.Int, Default: 5}))
		require.Equal(t, []any{"b", int64(5)}, columns(db), "of a column that was renamed")
		require.NoError(t, db.Alter("authors", memrel.DropColumn("age"), memrel.Rename{Column: "was", To: "age"}))
		require.Equal(t, []any{"b", int64(21)}, columns(db))

		db = library(t, associated)
		require.NoError(t, db.Alter("books", memrel.DropColumnCascade("author")))
		require.NoError(t, db.Alter("books", memrel.Column{Name: "author", Type: memrel.String, Default: "by ann"}))
		require.NoError(t, db.Alter("books", memrel.DropColumn("title"), memrel.Column{Name: "title", Type: memrel.String, NotNull: true}))
		book, _ := memrel.RowsOf("books").Get(db, 1)
		require.Equal(t, []any{int64(1), "by ann", "t"}, []any{book.At(0), book.At(1), book.At(2)}, "what is dropped and added in one Alter keeps its values")

		db = library(t, associated)
		require.NoError(t, db.Alter("authors", memrel.Rename{Column: "age", To: "x"}, memrel.Rename{Column: "email", To: "age"}, memrel.Rename{Column: "x", To: "email"}))
		require.Equal(t, []any{int64(21), "b"}, columns(db), "of one another")

		db = library(t, associated)
		require.NoError(t, db.Alter("authors", memrel.DropConstraint("authors_age_idx"), memrel.Rename{Constraint: "authors_email_key", To: "authors_age_idx"}))
		s, _ := db.View().Schema("authors")
		require.Empty(t, s.Indexes)
		require.Len(t, s.Unique, 1)
		require.Equal(t, "authors_age_idx", s.Unique[0].Name)
		require.NoError(t, db.Alter("authors", memrel.Rename{Column: "email", To: "mail"}))
		s, _ = db.View().Schema("authors")
		require.Equal(t, "authors_age_idx", s.Unique[0].Name)
		require.Empty(t, s.Indexes)
	}
}

// TestAnAlterIsAllOrNothing has an Alter fail after renames.
func TestAnAlterIsAllOrNothing(t *testing.T) {
	for _, associated := range []bool{false, true} {
		db := library(t, associated)
		before := schemasOf(db)
		parts := []memrel.Part{memrel.Annotation{Name: "a", Text: "b"}, memrel.Rename{Column: "email", To: "mail"}, memrel.Rename{To: "writers"}, memrel.DropColumn("none")}
		require.ErrorIs(t, db.Alter("authors", parts...), memrel.ErrUnknownColumn)
		require.Equal(t, before, schemasOf(db))
		require.NoError(t, db.Update(func(tx *memrel.Tx) error {
			require.NoError(t, tx.Alter("authors", memrel.Annotation{Name: "kept", Text: "yes"}))
			require.ErrorIs(t, tx.Alter("authors", parts...), memrel.ErrUnknownColumn)
			s, _ := tx.View().Schema("authors")
			require.Equal(t, map[string]string{"kept": "yes"}, s.Annotations)
			return nil
		}))
		require.ErrorIs(t, db.Alter("none"), memrel.ErrUnknownTable)
		require.ErrorIs(t, db.Alter("none", parts...), memrel.ErrUnknownTable)
	}
}

// renamedBlog has models: what follows from conventions follows from them after a renaming too.
func renamedBlog(t *testing.T) *memrel.DB {
	through := memrel.AssociationOptions{Through: "postTag"}
	db := open(t, assoc.Sequelize6(),
		assoc.Model{Name: "user", Timestamps: true, SoftDelete: "deletedAt", Columns: []assoc.Attribute{{Column: memrel.Column{Name: "name", Type: memrel.String}, Unique: true}}},
		assoc.Model{Name: "post", Columns: []assoc.Attribute{{Column: memrel.Column{Name: "title", Type: memrel.String}}}},
		assoc.Model{Name: "tag", Columns: []assoc.Attribute{{Column: memrel.Column{Name: "word", Type: memrel.String}}}},
		assoc.Model{Name: "postTag"},
		memrel.AssociationSpec{Source: "user", Kind: assoc.HasMany, Target: "post"},
		memrel.AssociationSpec{Source: "post", Kind: assoc.BelongsTo, Target: "user"},
		memrel.AssociationSpec{Source: "post", Kind: assoc.BelongsToMany, Target: "tag", Options: through},
		memrel.AssociationSpec{Source: "tag", Kind: assoc.BelongsToMany, Target: "post", Options: through})
	users, _ := db.Model("user")
	user, err := users.Insert(db, memrel.Values{"name": "ann"})
	require.NoError(t, err)
	post, err := user.Create(db, "posts", memrel.Values{"title": "p"})
	require.NoError(t, err)
	_, err = post.Create(db, "tags", memrel.Values{"word": "w"})
	require.NoError(t, err)
	return db
}

func TestModelsAreRenamed(t *testing.T) {
	found := func(db *memrel.DB) string {
		for _, name := range []string{"user", "people"} {
			if m, ok := db.Model(name); ok {
				rows, err := m.Find(db, memrel.Query{Include: []memrel.Include{{As: "posts", Include: []memrel.Include{{As: "tags"}}}}})
				require.NoError(t, err)
				require.Len(t, rows, 1)
				posts, _ := rows[0].Included("posts")
				tags, _ := posts[0].Included("tags")
				require.Len(t, tags, 1, "%v %v", rows, memrel.Associations(db).Specs())
				return tags[0].Value("word").(string) + rows[0].Value("name").(string)
			}
		}
		return ""
	}
	for _, alter := range []struct {
		table string
		parts []memrel.Part
	}{
		{"users", []memrel.Part{memrel.Rename{To: "people"}}},
		{"users", []memrel.Part{memrel.Rename{Column: "id", To: "no"}}},
		{"users", []memrel.Part{memrel.Rename{Column: "createdAt", To: "born"}, memrel.Rename{Column: "updatedAt", To: "seen"}, memrel.Rename{Column: "deletedAt", To: "left"}}},
		{"posts", []memrel.Part{memrel.Rename{Column: "userId", To: "by"}, memrel.Rename{To: "works"}, memrel.Rename{Column: "id", To: "no"}}},
		{"tags", []memrel.Part{memrel.Rename{Column: "id", To: "no"}, memrel.Rename{To: "labels"}}},
		{"postTags", []memrel.Part{memrel.Rename{Column: "postId", To: "post"}, memrel.Rename{Column: "tagId", To: "tag"}, memrel.Rename{To: "marks"}}},
		{"users", []memrel.Part{memrel.DropConstraint("users_name_key")}},
	} {
		t.Log(alter)
		db := renamedBlog(t)
		before := found(db)
		require.NoError(t, db.Alter(alter.table, alter.parts...), "%v", alter)
		require.Equal(t, before, found(db), "%v", alter)
		require.NoError(t, db.Define(memrel.Schema{Name: "other", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}},
			memrel.AssociationSpec{Source: "tag", Kind: assoc.HasMany, Target: "other"}), "all of it is resolved anew")
		require.Equal(t, before, found(db), "%v", alter)
	}

	db := renamedBlog(t)
	require.NoError(t, db.Alter("users", memrel.DropConstraint("users_name_key")))
	require.NoError(t, db.Alter("users", memrel.Rename{Column: "name", To: "title"}))
	s, _ := db.View().Schema("users")
	require.Empty(t, s.Unique)
}

// TestAnotherPrimaryKeyLeavesAssociationsTheirs re-keys a table that associations lead to.
func TestAnotherPrimaryKeyLeavesAssociationsTheirs(t *testing.T) {
	db := library(t, true)
	require.ErrorContains(t, db.Alter("authors", memrel.PrimaryKey{"age"}), "which no primary or unique key covers")
	require.NoError(t, db.Alter("authors", memrel.UniqueKey{Columns: []string{"id"}}, memrel.PrimaryKey{"age"}))
	require.NoError(t, db.Define(memrel.Schema{Name: "prizes", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}},
		memrel.AssociationSpec{Source: "authors", Kind: assoc.HasMany, Target: "prizes"}))
	for _, a := range memrel.Associations(db).Of("authors") {
		require.Equal(t, map[string]string{"books": "id", "prizes": "age"}[a.TargetTable], a.SourceKey)
	}
	authors, _ := db.Model("authors")
	rows, err := authors.Find(db, memrel.Query{Where: memrel.Eq("age", 22), Include: []memrel.Include{{As: "books"}}})
	require.NoError(t, err)
	books, _ := rows[0].Included("books")
	require.Len(t, books, 1)
	require.Equal(t, int64(2), books[0].Value("author"))
}
