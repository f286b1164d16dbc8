package memrel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

func TestCreateWithWhatIsIncluded(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("A", unique(str("n"))), model("B", unique(str("n"))),
		belongsToMany("A", "B", memrel.AssociationOptions{As: "bees", Through: "AB", SourceKey: "n", TargetKey: "n", ForeignKey: "aName", OtherKey: "bName"})))
	m, _ := db.Model("A")
	one := memrel.Include{As: "bees"}
	made, err := m.Create(db, memrel.Values{"n": "a", "bees": []memrel.Values{{"n": "b1"}, {"n": "b2"}}}, one)
	require.NoError(t, err)
	require.Equal(t, `{"id":1,"n":"a","bees":[{"id":1,"n":"b1","AB":{"aName":"a","bName":"b1"}},{"id":2,"n":"b2","AB":{"aName":"a","bName":"b2"}}]}`, asJSON(t, made),
		"junction rows have the keys that the association goes by")
	for _, c := range []struct {
		name   string
		values memrel.Values
		in     memrel.Include
		want   error
	}{
		{"a row that breaks a key", memrel.Values{"n": "x", "bees": []memrel.Values{{"n": "new"}, {"n": "b1"}}}, one, memrel.ErrUnique},
		{"what is no row", memrel.Values{"n": "x", "bees": 7}, one, memrel.ErrType},
		{"an alias that is none", memrel.Values{"n": "x"}, memrel.Include{As: "wasps"}, memrel.ErrUnknownAssociation},
		{"an include that asks", memrel.Values{"n": "x"}, memrel.Include{As: "bees", Where: memrel.Eq("n", "b1")}, memrel.ErrQuery},
		{"rows that are not included", memrel.Values{"n": "x", "bees": []memrel.Values{{"n": "new"}}}, memrel.Include{Model: "B", As: "bees", Limit: 1}, memrel.ErrQuery},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := m.Create(db, c.values, c.in)
			require.ErrorIs(t, err, c.want)
			for _, name := range []string{"A", "B", "AB"} {
				n, err := memrel.RowsOf(name).Count(db, memrel.Cond{})
				require.NoError(t, err)
				require.Equal(t, map[string]int{"A": 1, "B": 2, "AB": 2}[name], n, "nothing is left of it")
			}
		})
	}
	_, err = m.Create(db, memrel.Values{"n": "x", "bees": nil})
	require.ErrorIs(t, err, memrel.ErrUnknownColumn, "what is not included is a column that is not there")
}

func TestCreateInATransaction(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("A", str("n")), model("B", notNull(str("n"))), hasMany("A", "B", memrel.AssociationOptions{As: "bs"})))
	m, _ := db.Model("A")
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		_, err := m.Create(tx, memrel.Values{"n": "a", "bs": []memrel.Values{{}}}, memrel.Include{As: "bs"})
		require.ErrorIs(t, err, memrel.ErrNotNull)
		_, err = m.CreateAll(tx, []memrel.Values{{"n": "b", "bs": []memrel.Values{{"n": "x"}}}, {"n": "c"}}, memrel.Include{As: "bs"})
		return err
	}))
	rows, err := m.Find(db, memrel.Query{Include: []memrel.Include{{As: "bs", Columns: []string{"n"}}}})
	require.NoError(t, err)
	require.Equal(t, `[{"id":1,"n":"b","bs":[{"n":"x"}]},{"id":2,"n":"c","bs":[]}]`, asJSON(t, rows))
}

func TestFindOrCreateUpsertAndIncrementAlongAssociations(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("Post", str("title")), model("Tag", unique(str("name")), number("uses")), model("Note", str("text"), number("n")),
		belongsToMany("Post", "Tag", memrel.AssociationOptions{As: "tags", Through: "PostTag"}),
		hasMany("Post", "Note", memrel.AssociationOptions{As: "notes", ForeignKey: "postId"}),
		belongsTo("Note", "Post", memrel.AssociationOptions{As: "post", ForeignKey: "postId"})))
	posts := memrel.ModelOf("Posts")
	first, err := posts.Create(db, memrel.Values{"title": "a"})
	require.NoError(t, err)
	second, err := posts.Create(db, memrel.Values{"title": "b"})
	require.NoError(t, err)

	row, created, err := first.FindOrCreate(db, "tags", memrel.Values{"name": "go"}, memrel.Values{"uses": 1})
	require.NoError(t, err)
	require.True(t, created)
	again, created, err := first.FindOrCreate(db, "tags", memrel.Values{"name": "go"}, memrel.Values{"uses": 9})
	require.NoError(t, err)
	require.False(t, created)
	require.Equal(t, row.Value("id"), again.Value("id"))
	require.Equal(t, int64(1), again.Value("uses"))
	_, _, err = second.FindOrCreate(db, "tags", memrel.Values{"name": "go"}, nil)
	require.ErrorIs(t, err, memrel.ErrUnique, "the row is there, but the association does not lead to it")

	_, err = second.Upsert(db, "tags", memrel.Values{"name": "go", "uses": 5})
	require.NoError(t, err)
	n, err := second.Count(db, "tags", memrel.Eq("uses", 5))
	require.NoError(t, err)
	require.Equal(t, 1, n, "the row is updated, and the association leads to it")

	note, created, err := first.FindOrCreate(db, "notes", memrel.Values{"text": "x"}, memrel.Values{"n": 1})
	require.NoError(t, err)
	require.True(t, created)
	require.Equal(t, int64(1), note.Value("postId"))
	owner, created, err := note.FindOrCreate(db, "post", memrel.Values{"title": "a"}, nil)
	require.NoError(t, err)
	require.False(t, created)
	require.Equal(t, int64(1), owner.Value("id"))

	_, err = first.Upsert(db, "notes", memrel.Values{"id": 1, "n": 10})
	require.NoError(t, err)
	n, err = first.Increment(db, "notes", memrel.Eq("text", "x"), memrel.Values{"n": 2})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	got, _ := memrel.RowsOf("Notes").Get(db, 1)
	require.Equal(t, int64(12), got.Get("n"))
	n, err = second.Increment(db, "notes", memrel.Cond{}, memrel.Values{"n": 2})
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestIncrement(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("Team", number("n"), str("name"), unique(number("no")))))
	m := memrel.RowsOf("Teams")
	_, err := m.InsertAll(db, []memrel.Values{{"n": 1, "no": 1}, {"n": int64(1)<<62 + (1<<62 - 1), "no": 2}, {"no": 3}})
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		by   memrel.Values
		want error
	}{
		{"a sum that does not fit", memrel.Values{"n": 1}, memrel.ErrType},
		{"what is no number", memrel.Values{"n": "x"}, memrel.ErrType},
		{"half of a whole", memrel.Values{"n": 0.5}, memrel.ErrType},
		{"NULL", memrel.Values{"n": nil}, memrel.ErrType},
		{"a column of text", memrel.Values{"name": 1}, memrel.ErrType},
		{"no column", memrel.Values{"nope": 1}, memrel.ErrUnknownColumn},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := m.Increment(db, memrel.Cond{}, c.by)
			require.ErrorIs(t, err, c.want)
		})
	}
	rows, err := m.Increment(db, memrel.Lt("no", 4), memrel.Values{"no": 1})
	require.NoError(t, err, "keys may move from row to row")
	require.Len(t, rows, 3)
	row, _ := m.Get(db, 3)
	require.Nil(t, row.Get("n"))
	require.Equal(t, int64(4), row.Get("no"))
}

func TestScopesThatAreAsked(t *testing.T) {
	kinds := memrel.Values{"kind": []any{"a", "b"}}
	db := sound(t, memrel.MustOpen(model("Post", str("title")), model("Note", str("kind"), number("score")),
		hasMany("Post", "Note", memrel.AssociationOptions{As: "picked", ForeignKey: "postId", Scope: kinds}),
		hasMany("Post", "Note", memrel.AssociationOptions{As: "good", ForeignKey: "postId", Where: memrel.Gte("score", 10)})))
	post, err := memrel.ModelOf("Posts").Create(db, memrel.Values{"title": "a"})
	require.NoError(t, err)
	_, err = post.Create(db, "picked", memrel.Values{"kind": "c"})
	require.ErrorIs(t, err, memrel.ErrCheck)
	_, err = post.Create(db, "good", memrel.Values{"score": 9})
	require.ErrorIs(t, err, memrel.ErrCheck)
	_, err = memrel.ModelOf("Posts").Create(db, memrel.Values{"title": "b", "good": []memrel.Values{{"score": 1}}}, memrel.Include{As: "good"})
	require.ErrorIs(t, err, memrel.ErrCheck)
	n, err := memrel.RowsOf("Notes").Count(db, memrel.Cond{})
	require.NoError(t, err)
	require.Zero(t, n, "a row that is refused is not there")
	in, err := post.Create(db, "picked", memrel.Values{"kind": "b"})
	require.NoError(t, err)
	require.ErrorIs(t, post.Set(db, "good", in), memrel.ErrCheck)
	n, err = post.Count(db, "picked", memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = memrel.Open(model("Post"), model("Note"), hasMany("Post", "Note", memrel.AssociationOptions{Where: memrel.Eq("nope", 1)}))
	require.ErrorIs(t, err, memrel.ErrDefinition)
}

func TestPairsThatContradictThemselves(t *testing.T) {
	code := unique(str("code"))
	for _, c := range []struct {
		name    string
		many    memrel.AssociationOptions
		one     memrel.AssociationOptions
		problem string
	}{
		{"keys", memrel.AssociationOptions{ForeignKey: "k", SourceKey: "code"}, memrel.AssociationOptions{ForeignKey: "k", TargetKey: "tag"}, "refers to"},
		{"NULL", memrel.AssociationOptions{ForeignColumn: &memrel.Attribute{Column: memrel.Column{NotNull: true}}},
			memrel.AssociationOptions{ForeignColumn: &memrel.Attribute{Nullable: true}}, "may be NULL"},
		{"updates", memrel.AssociationOptions{OnUpdate: memrel.Cascade}, memrel.AssociationOptions{OnUpdate: memrel.Restrict}, "ON UPDATE RESTRICT"},
		{"deletes", memrel.AssociationOptions{OnDelete: memrel.Cascade}, memrel.AssociationOptions{OnDelete: memrel.Restrict}, "ON DELETE CASCADE"},
		{"nothing", memrel.AssociationOptions{OnDelete: memrel.Cascade}, memrel.AssociationOptions{Unconstrained: true}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := sound(t, memrel.MustOpen(model("Team", code, unique(str("tag"))), model("Player", str("n")), hasMany("Team", "Player", c.many), belongsTo("Player", "Team", c.one)))
			found := db.View().Diagnostics()
			if c.problem == "" {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			require.Contains(t, found[0].String(), c.problem)
		})
	}
}

func notNull(a memrel.Attribute) memrel.Attribute {
	a.NotNull = true
	return a
}
