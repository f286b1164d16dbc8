package repository_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/assoc/nocobase/repository"
)

// What is misused is refused with an error that names it, and changes nothing.
func TestWhatIsMisusedIsRefused(t *testing.T) {
	db := blog()
	before, err := posts.Find(db, repository.Find{Appends: nocobase.Names{"user", "tags"}})
	require.NoError(t, err)
	find := func(o repository.Find) error { _, err := posts.Find(db, o); return err }
	filter := func(f repository.Filter) error { return find(repository.Find{Filter: f}) }
	write := func(v memrel.Values) error { _, err := posts.Create(db, v, repository.Write{}); return err }
	for want, err := range map[string]error{
		"there is no collection nothing":  func() error { _, err := repository.Of("nothing").Find(db, repository.Find{}); return err }(),
		"there is no collection ":         func() error { _, err := repository.Repository{}.Find(db, repository.Find{}); return err }(),
		"there is no relation nope":       func() error { _, err := posts.Relation("nope").Of(1).Find(db, repository.Find{}); return err }(),
		"there is no source 9":            posts.Relation("tags").Of(9).Add(db, 1),
		"there is no source <nil>":        posts.Relation("tags").Of(nil).Add(db, 1),
		"cannot be written to":            func() error { _, err := posts.Create(nil, memrel.Values{}, repository.Write{}); return err }(),
		"there is no column or relation":  filter(repository.Filter{"nope": 1}),
		"a filter is an object":           filter(repository.Filter{"$and": []any{7}}),
		"$or joins conditions":            filter(repository.Filter{"$or": 7}),
		"Invalid value {}":                filter(repository.Filter{"title": map[string]any{}}),
		"$notIn takes a list":             filter(repository.Filter{"title.$notIn": "a"}),
		"$includes takes text":            filter(repository.Filter{"title.$includes": 7}),
		"and title is none":               filter(repository.Filter{"title.$anyOf": []any{"a"}}),
		"Invalid Date":                    filter(repository.Filter{"title.$dateOn": "[,"}),
		"Invalid value { '$dance': 1 }":   filter(repository.Filter{"title.$dance": 1}),
		"rows are not sorted by a path":   find(repository.Find{Sort: repository.Sort{"user.name"}}),
		"there is no column nope":         find(repository.Find{Sort: repository.Sort{"nope"}}),
		"there is no field nope":          find(repository.Find{Fields: []string{"nope"}}),
		"no column of posts is asked for": find(repository.Find{Fields: []string{}}),
		"is not loaded":                   find(repository.Find{Except: []string{"user.name"}}),
		"cannot be in array format":       write(memrel.Values{"user": []any{1}}),
		"score":                           write(memrel.Values{"score": "much"}),
		"Field must be of type Array":     posts.Relation("title").ListOf(1).Add(db, 1),
		"there is no aggregate mode":      func() error { _, err := posts.Aggregate(db, "mode", "score", repository.Find{}); return err }(),
		"user leads to one row":           posts.Relation("user").Of(1).Add(db, 1),
		"posts is no belongsToMany":       repository.Of("users").Relation("posts").Of(1).Toggle(db, 1),
		"The record does not exist": func() error {
			_, err := posts.Relation("user").Of(3).Update(db, repository.Find{}, memrel.Values{"name": "x"}, repository.Write{})
			return err
		}(),
	} {
		require.ErrorContains(t, err, want)
	}
	after, err := posts.Find(db, repository.Find{Appends: nocobase.Names{"user", "tags"}})
	require.NoError(t, err)
	require.Equal(t, text(before), text(after))
	require.NoError(t, checked(db))
}

func text(rows []repository.Record) (out []string) {
	for _, r := range rows {
		out = append(out, r.String())
	}
	return out
}

// Nothing reads as nothing.
func TestNothingIsNoRow(t *testing.T) {
	var r repository.Record
	require.True(t, r.IsZero())
	require.Equal(t, "null", r.String())
	require.Nil(t, r.Value("x"))
	_, ok := r.Rows("x")
	require.False(t, ok)
	_, ok = r.Row("x")
	require.False(t, ok)
	require.True(t, r.Junction().IsZero())
	_, err := posts.Find(nil, repository.Find{})
	require.Error(t, err)
	_, _, err = posts.FindByID(memrel.View{}, 1)
	require.Error(t, err)
}

// A call sees one state, and what it writes is done with the transaction that it is part of.
func TestCallsArePartOfTransactions(t *testing.T) {
	db := blog()
	view := db.View()
	require.Error(t, db.Update(func(tx *memrel.Tx) error {
		_, err := posts.Create(tx, memrel.Values{"title": "four", "tags": []any{map[string]any{"name": "x"}}}, repository.Write{})
		require.NoError(t, err)
		n, err := posts.Count(tx, repository.Find{})
		require.NoError(t, err)
		require.Equal(t, 4, n)
		_, err = posts.Create(tx, memrel.Values{"title": "five", "comments": nil, "user": []any{}}, repository.Write{})
		require.ErrorContains(t, err, "cannot be in array format")
		return err
	}))
	for _, r := range []memrel.Reader{db, view} {
		n, err := posts.Count(r, repository.Find{})
		require.NoError(t, err)
		require.Equal(t, 3, n)
	}
	require.NoError(t, checked(db))
}
