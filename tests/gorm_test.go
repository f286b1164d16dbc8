package tests

import (
	"database/sql/driver"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type (
	gUser struct {
		ID        uint
		Email     string `gorm:"uniqueIndex;size:100"`
		CreatedAt time.Time
		UpdatedAt time.Time
		Posts     []gPost  `gorm:"foreignKey:AuthorID;constraint:OnDelete:CASCADE"`
		Groups    []gGroup `gorm:"many2many:memberships"`
	}
	gPost struct {
		ID       uint
		AuthorID uint
		Author   *gUser
		Marks    []gMark `gorm:"polymorphic:Owner"`
	}
	gGroup struct {
		ID    uint
		Users []gUser `gorm:"many2many:memberships"`
	}
	gMark struct {
		ID        uint
		OwnerID   uint
		OwnerType string
	}
)

func (gUser) TableName() string  { return "users" }
func (gPost) TableName() string  { return "posts" }
func (gGroup) TableName() string { return "groups" }
func (gMark) TableName() string  { return "marks" }

var (
	gUsers  = memrel.TableOf[gUser]("", memrel.GORM)
	gPosts  = memrel.TableOf[gPost]("", memrel.GORM)
	gGroups = memrel.TableOf[gGroup]("", memrel.GORM)
	gMarks  = memrel.TableOf[gMark]("", memrel.GORM)
)

// The relations of models are associations by the names of their fields, with the constraints that their tags ask for.
func TestGORMRelations(t *testing.T) {
	db, err := memrel.Open(gUsers, gPosts, gGroups, gMarks)
	require.NoError(t, err)
	users := memrel.ModelOf("users")
	ann, err := users.Create(db, memrel.Values{"email": "ann@example.com"})
	require.NoError(t, err)
	post, err := ann.Create(db, "posts", nil)
	require.NoError(t, err)
	_, err = post.Create(db, "marks", nil)
	require.NoError(t, err)
	_, err = ann.Create(db, "groups", nil)
	require.NoError(t, err)
	mark, ok := gMarks.Get(db, 1)
	require.True(t, ok)
	require.Equal(t, gMark{ID: 1, OwnerID: 1, OwnerType: "posts"}, mark)
	require.Equal(t, []string{"g_user_id", "g_group_id"}, memberColumns(t, db))
	_, err = gGroups.Delete(db, 1)
	require.ErrorIs(t, err, memrel.ErrForeignKey, "the tag asks for nothing, as in a database")
	require.NoError(t, ann.Remove(db, "groups", 1))
	_, err = gUsers.Delete(db, 1)
	require.NoError(t, err)
	_, ok = gPosts.Get(db, 1)
	require.False(t, ok)
	for err := range db.Check() {
		t.Error(err)
	}
}

func memberColumns(t *testing.T, db *memrel.DB) []string {
	g := columnNames(t, db.View(), "memberships")
	if g[0] == "g_group_id" {
		g[0], g[1] = g[1], g[0]
	}
	return g
}

// An association of the same alias that is defined beside the tables stands in place of the relation: so it has a typed handle.
func TestGORMRelationsBesideHandles(t *testing.T) {
	posts := memrel.HasMany(gUsers, gPosts, memrel.ForeignKey("author_id"), memrel.OnDelete(memrel.Restrict))
	author := memrel.BelongsTo(gPosts, gUsers, memrel.As("author"))
	db, err := memrel.Open(posts, author, gUsers, gPosts, gGroups, gMarks)
	require.NoError(t, err)
	ann, err := gUsers.Insert(db, gUser{Email: "ann@example.com"})
	require.NoError(t, err)
	post, err := posts.Create(db, ann, gPost{})
	require.NoError(t, err)
	got, ok := author.Get(db, post)
	require.True(t, ok)
	require.Equal(t, ann, got)
	_, err = gUsers.Delete(db, ann.ID)
	require.ErrorIs(t, err, memrel.ErrRestrict)
	for err := range db.Check() {
		t.Error(err)
	}
}

// A typed association of a relation's alias has of the relation what it leaves open: keys, junction and actions.
func TestTypedHandlesOfGORMRelations(t *testing.T) {
	type membership struct {
		GUserID  uint `gorm:"primaryKey"`
		GGroupID uint `gorm:"primaryKey"`
	}
	memberships := memrel.TableOf[membership]("memberships", memrel.GORM)
	posts, author, groups := memrel.HasMany(gUsers, gPosts), memrel.BelongsTo(gPosts, gUsers, memrel.As("author")), memrel.BelongsToMany(gUsers, gGroups, memberships)
	db, err := memrel.Open(gUsers, gPosts, gGroups, gMarks, memberships, posts, author, groups)
	require.NoError(t, err)
	plain, err := memrel.Open(gUsers, gPosts, gGroups, gMarks)
	require.NoError(t, err)
	for _, table := range []string{"users", "posts", "groups"} {
		require.Equal(t, plain.References(table), db.References(table))
	}
	ann, err := gUsers.Insert(db, gUser{Email: "ann@example.com"})
	require.NoError(t, err)
	post, err := posts.Create(db, ann, gPost{})
	require.NoError(t, err)
	got, ok := author.Get(db, post)
	require.True(t, ok)
	require.Equal(t, ann, got)
	group, err := groups.Create(db, ann, gGroup{})
	require.NoError(t, err)
	require.NoError(t, groups.Remove(db, ann, group))
	users := []gUser{ann}
	require.NoError(t, gUsers.Load(db, users, posts.Include(), groups.Include()))
	require.Equal(t, []gPost{post}, users[0].Posts)
	_, err = gUsers.Delete(db, ann.ID)
	require.NoError(t, err, "its posts go with it, as the tag says")
	require.False(t, ok && func() bool { _, ok := gPosts.Get(db, post.ID); return ok }())
	other := memrel.HasMany(gUsers, gPosts, memrel.ForeignKey("editor_id"))
	_, err = other.Get(db, ann, memrel.Query{})
	require.ErrorIs(t, err, memrel.ErrUnknownAssociation)
	for err := range db.Check() {
		t.Error(err)
	}
}

// What leads nowhere is refused, and so is a tag of GORM's in a table that does not read it.
func TestGORMModelsRefused(t *testing.T) {
	_, err := memrel.Open(gUsers, gPosts, gMarks)
	require.ErrorContains(t, err, "there is no model or table groups")
	_, err = memrel.Open(memrel.TableOf[gUser]("users"))
	require.ErrorContains(t, err, `its tag gorm:"uniqueIndex;size:100" is not read`)
	require.ErrorContains(t, err, "give TableOf the part GORM")
	db, err := memrel.Open(gUsers, gPosts, gGroups, gMarks)
	require.NoError(t, err)
	require.ErrorContains(t, db.Alter("users", memrel.GORM), "is no part of a table")
}

// pqInts is an array as package pq has it.
type pqInts []int64

func (a *pqInts) Scan(any) error { return errors.New("a list needs no text") }

func (a pqInts) Value() (driver.Value, error) {
	if len(a) == 0 {
		return "{}", nil
	}
	return "{1}", nil
}

// What a slice of package pq holds is its elements.
func TestGORMArrays(t *testing.T) {
	type Note struct {
		ID    uint
		Tags  []string `gorm:"type:text[]"`
		Marks pqInts   `gorm:"type:bigint[]"`
	}
	notes := memrel.TableOf[Note]("notes", memrel.GORM)
	db := checked(t, memrel.MustOpen(notes))
	in := Note{ID: 1, Tags: []string{"a", ""}, Marks: pqInts{3, 1}}
	out, err := notes.Insert(db, in)
	require.NoError(t, err)
	require.Equal(t, in, out)
	_, err = notes.Insert(db, Note{ID: 2, Marks: pqInts{}})
	require.NoError(t, err)
	out, _ = notes.Get(db, 2)
	require.Equal(t, Note{ID: 2, Marks: pqInts{}}, out)
	rows, err := memrel.RowsOf("notes").Find(db, memrel.Query{Where: memrel.Eq("marks", []int64{3, 1})})
	require.NoError(t, err)
	require.Len(t, rows, 1)
}
