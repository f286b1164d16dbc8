package tests

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// pages have a unique key over the first three characters of their path, and an index over the first byte of their body.
func pages(t *testing.T) *memrel.DB {
	t.Helper()
	db := open(t, memrel.Schema{Name: "pages", PrimaryKey: []string{"id"},
		Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "path", Type: memrel.String}, {Name: "body", Type: memrel.Bytes}},
		Unique:  []memrel.UniqueKey{{Name: "paths", Columns: []string{"path"}, Prefix: map[string]int{"path": 3}}},
		Indexes: []memrel.Index{{Name: "bodies", Columns: []string{"body"}, Prefix: map[string]int{"body": 1}}},
	})
	_, err := memrel.RowsOf("pages").InsertAll(db, []memrel.Values{{"id": 1, "path": "äöüx", "body": []byte("ab")}, {"id": 2, "path": "äöx", "body": []byte("ac")},
		{"id": 3}, {"id": 4}, {"id": 5, "path": "", "body": []byte{}}})
	require.NoError(t, err)
	return db
}

func TestAUniqueKeyOverABeginning(t *testing.T) {
	db := pages(t)
	rows := memrel.RowsOf("pages")
	_, err := rows.Insert(db, memrel.Values{"id": 6, "path": "äöü"})
	require.ErrorIs(t, err, memrel.ErrUnique)
	require.ErrorContains(t, err, `unique key paths: (path(3)) = ("äöü") is taken`)
	_, err = rows.Update(db, memrel.Values{"path": "äöü!"}, 2)
	require.ErrorIs(t, err, memrel.ErrUnique)
	_, err = rows.Update(db, memrel.Values{"path": "äöü and more"}, 1)
	require.NoError(t, err, "what is behind it may change")
	_, err = rows.UpdateWhere(db, memrel.In("id", 1, 2), memrel.Values{"path": "one"})
	require.ErrorIs(t, err, memrel.ErrUnique)
	_, err = rows.Insert(db, memrel.Values{"id": 6, "path": "äö"})
	require.NoError(t, err, "a shorter one is another")
}

// A key over a beginning leads to rows, which are tested for the rest.
func TestQueriesByABeginning(t *testing.T) {
	db := pages(t)
	rows := memrel.RowsOf("pages")
	ids := func(where memrel.Cond, want string, found ...int64) {
		t.Helper()
		plan, err := rows.Explain(db, memrel.Query{Where: where})
		require.NoError(t, err)
		require.Equal(t, "pages: "+want, plan.String())
		list, err := rows.Find(db, memrel.Query{Where: where})
		require.NoError(t, err)
		var got []int64
		for _, r := range list {
			got = append(got, r.Get("id").(int64))
		}
		require.ElementsMatch(t, found, got)
	}
	ids(memrel.Eq("path", "äöüx"), `unique key on paths (path = 'äöüx'), filter path = 'äöüx'`, 1)
	ids(memrel.Eq("path", "äöü"), `unique key on paths (path = 'äöü'), filter path = 'äöü'`)
	ids(memrel.In("body", []byte("ab"), []byte("ac"), []byte("ad")), `key lookup on bodies (body IN (x'6162', x'6163', x'6164')), filter body IN (x'6162', x'6163', x'6164'), sort by id`, 1, 2)
	ids(memrel.Gt("path", "äöü"), `index range on paths (path > 'äöü'), filter path > 'äöü', sort by id`, 1)
	ids(memrel.IsNull("path"), `key lookup on paths (path IS NULL), filter path IS NULL, order by key`, 3, 4)
}

// It is no key over the whole column: nothing refers to it, no handle reads by it, and no upsert decides by it.
func TestABeginningIsNoKeyToReferTo(t *testing.T) {
	db := pages(t)
	err := db.Define(memrel.Schema{Name: "links", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "to", Type: memrel.String}},
		References: []memrel.Reference{{Columns: []string{"to"}, Table: "pages", RefColumns: []string{"path"}}}})
	require.ErrorIs(t, err, memrel.ErrDefinition)
	_, _, err = memrel.RowsOf("pages").Upsert(db, memrel.Values{"id": 9, "path": "new"}, "path")
	require.ErrorIs(t, err, memrel.ErrQuery)
}

// Alterations and files keep it.
func TestABeginningIsKept(t *testing.T) {
	db := pages(t)
	require.NoError(t, db.Alter("pages", memrel.Rename{Column: "path", To: "way"}))
	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	again, err := memrel.Load(&file)
	require.NoError(t, err)
	s, ok := again.View().Schema("pages")
	require.True(t, ok)
	require.Equal(t, map[string]int{"way": 3}, s.Unique[0].Prefix)
	_, err = memrel.RowsOf("pages").Insert(again, memrel.Values{"id": 6, "way": "äöü"})
	require.ErrorIs(t, err, memrel.ErrUnique)
	require.ErrorContains(t, again.Alter("pages", memrel.UniqueKey{Name: "k", Columns: []string{"body"}, Prefix: map[string]int{"body": 1}}), "rows share the unique key k")
	require.ErrorContains(t, again.Alter("pages", memrel.ChangeColumn{Name: "way", Type: memrel.String, Size: 3}), "is over 3 characters of column way, which has at most 3")
	for violation := range again.Check() {
		require.NoError(t, violation)
	}
}
