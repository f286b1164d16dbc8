package tests

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type (
	writer struct {
		ID   int64
		Name string
	}
	essay struct {
		ID       int64
		WriterID int64 `memrel:",ref=users"`
		Title    string
	}
	review struct {
		ID       int64
		AuthorID int64
		EditorID *int64
	}
	loose struct {
		ID   int64
		Text string
	}
	pairing struct {
		ID      int64
		EssayID int64
	}
)

// A foreign key that a struct has no field for would be empty in every row that is inserted from it.
func TestAssociationsWhoseKeyIsNoField(t *testing.T) {
	users, essays := memrel.TableOf[writer]("users"), memrel.TableOf[essay]("essays")
	reviews, texts, pairings := memrel.TableOf[review]("reviews"), memrel.TableOf[loose]("texts"), memrel.TableOf[pairing]("pairings")
	refers := func(column string) memrel.Definition {
		return memrel.BelongsTo(reviews, users, memrel.ForeignKey(column), memrel.As(column+"User"))
	}
	for _, c := range []struct {
		defs []memrel.Definition
		want string
	}{
		{[]memrel.Definition{memrel.HasMany(users, essays)},
			`define users.hasMany(essays): essay has no field for essays.userId, the foreign key; essay.WriterID refers to users already; name it: ForeignKey("writerId")`},
		{[]memrel.Definition{memrel.HasOne(users, essays, memrel.ForeignKey("authorId"))},
			`define users.hasOne(essays): essay has no field for essays.authorId, the foreign key; essay.WriterID refers to users already; name it: ForeignKey("writerId")`},
		{[]memrel.Definition{memrel.BelongsTo(essays, users)},
			`define essays.belongsTo(users): essay has no field for essays.userId, the foreign key; essay.WriterID refers to users already; name it: ForeignKey("writerId")`},
		{[]memrel.Definition{memrel.HasMany(users, texts)},
			`define users.hasMany(texts): loose has no field for texts.userId, the foreign key; add the field, or name the column of one with ForeignKey`},
		{[]memrel.Definition{memrel.HasMany(users, reviews), refers("authorId"), refers("editorId")},
			`review.AuthorID and review.EditorID refer to users already; name one: ForeignKey("authorId") or ForeignKey("editorId")`},
		{[]memrel.Definition{memrel.BelongsToMany(essays, texts, pairings)},
			`define essays.belongsToMany(texts): pairing has no field for pairings.textId, the foreign key; add the field, or name the column of one with OtherKey`},
	} {
		_, err := memrel.Open(append(c.defs, users, essays, reviews, texts, pairings)...)
		require.ErrorIs(t, err, memrel.ErrDefinition)
		require.ErrorContains(t, err, c.want)
	}
}

// What a definition says of the column itself is meant, and a table that has the column needs no field for it.
func TestAssociationsWhoseKeyIsMeant(t *testing.T) {
	users, texts := memrel.TableOf[writer]("users"), memrel.TableOf[loose]("texts")
	owner := memrel.AssociationOptions{ForeignColumn: &memrel.Attribute{Column: memrel.Column{Name: "ownerId"}}}
	db, err := memrel.Open(users, texts, memrel.HasMany(users, texts, owner))
	require.NoError(t, err)
	s, _ := db.View().Schema("texts")
	require.Equal(t, "ownerId", s.Columns[2].Name)

	withColumn := memrel.TableOf[loose]("texts", memrel.Column{Name: "userId", Type: memrel.Int})
	db, err = memrel.Open(users, withColumn, memrel.HasMany(users, withColumn))
	require.NoError(t, err)
	for err := range db.Check() {
		t.Error(err)
	}
}
