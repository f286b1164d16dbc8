package memrel_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

func whole(name string) memrel.Attribute {
	return memrel.Attribute{Column: memrel.Column{Name: name, Type: memrel.Int, Size: 32}}
}

// commented has posts 1 and 2 and video 1, with comments by one foreign key, and tags by one junction. What follows was
// recorded from Sequelize 6.37.8, but where a comment says that it differs.
func commented(t *testing.T) (db *memrel.DB, on func(model string, id int) memrel.Instance) {
	t.Helper()
	loose := func(what string, more memrel.Values) assoc.Options {
		o := assoc.Options{ForeignKey: "onId", Unconstrained: true, Scope: memrel.Values{"onType": what}}
		for name, v := range more {
			o.Scope[name] = v
		}
		return o
	}
	main := func(what string) assoc.Options {
		o := loose(what, memrel.Values{"main": true})
		o.As = "top"
		return o
	}
	tags := func(what string) assoc.Options {
		return assoc.Options{Through: "tagging", NotUnique: true, Unconstrained: true, ForeignKey: "onId", OtherKey: "tagId",
			ThroughScope: memrel.Values{"onType": what}}
	}
	id := memrel.Attribute{Column: memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}, PrimaryKey: true}
	flag := memrel.Attribute{Column: memrel.Column{Name: "main", Type: memrel.Bool}}
	db = sound(t, memrel.MustOpen(model("post"), model("video"), model("tag", str("name")),
		model("comment", str("text"), whole("onId"), str("onType"), flag),
		model("tagging", id, whole("tagId"), whole("onId"), str("onType"), whole("weight")),
		hasMany("post", "comment", loose("post", nil)), hasMany("video", "comment", loose("video", nil)),
		assoc.Spec{Source: "post", Kind: assoc.HasOne, Target: "comment", Options: main("post")},
		belongsToMany("post", "tag", tags("post")), belongsToMany("video", "tag", tags("video"))))
	insert := func(name string, rows ...memrel.Values) {
		_, err := memrel.RowsOf(name).InsertAll(db, rows)
		require.NoError(t, err)
	}
	insert("post", nil, nil)
	insert("video", nil)
	insert("tag", memrel.Values{"name": "a"}, memrel.Values{"name": "b"})
	insert("comment", memrel.Values{"onId": 1, "onType": "post"}, memrel.Values{"onId": 1, "onType": "video"}, memrel.Values{"text": "free"})
	return db, func(name string, id int) memrel.Instance {
		i, found, err := memrel.ModelOf(name).FindByPk(db, memrel.Query{}, id)
		require.NoError(t, err)
		require.True(t, found)
		return i
	}
}

// rowsOf are rows as JSON, without the columns that are NULL.
func rowsOf(t *testing.T, db *memrel.DB, name string) (out []string) {
	for row := range memrel.RowsOf(name).All(db) {
		line := map[string]any{}
		for _, c := range row.Columns() {
			if v := row.Get(c); v != nil {
				line[c] = v
			}
		}
		text, err := json.Marshal(line)
		require.NoError(t, err)
		out = append(out, string(text))
	}
	return out
}

func TestAScopeNarrowsWhatIsRead(t *testing.T) {
	db, on := commented(t)
	post := on("post", 1)
	n, err := post.Count(db, "comments", memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	has, err := post.Has(db, "comments", 2)
	require.NoError(t, err)
	require.False(t, has)
	got, err := post.Get(db, "comments", memrel.Query{Where: memrel.Eq("onType", "video")})
	require.NoError(t, err)
	require.Empty(t, got)
	require.Equal(t, []any{int64(1)}, found(t, db, "post", "id", memrel.Query{Where: memrel.Some("comments", memrel.Cond{})}))
	require.Equal(t, []any{int64(1), int64(2)}, found(t, db, "post", "id", memrel.Query{Order: []memrel.Order{{Column: "count(comments)", Desc: true}}}))
	rows, err := memrel.ModelOf("post").Find(db, memrel.Query{Include: []memrel.Include{{As: "comments", Required: true}}})
	require.NoError(t, err)
	require.Equal(t, `[{"id":1,"comments":[{"id":1,"text":null,"onId":1,"onType":"post","main":null}]}]`, asJSON(t, rows))
}

func TestAScopeIsWritten(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(db *memrel.DB, post memrel.Instance) error
		want []string
	}{
		{"by create, whatever the values say", func(db *memrel.DB, post memrel.Instance) error {
			_, err := post.Create(db, "comments", memrel.Values{"onType": "video", "onId": 9})
			return err
		}, []string{`{"id":1,"onId":1,"onType":"post"}`, `{"id":2,"onId":1,"onType":"video"}`, `{"id":3,"text":"free"}`, `{"id":4,"onId":1,"onType":"post"}`}},
		{"by add", func(db *memrel.DB, post memrel.Instance) error { return post.Add(db, "comments", 2, 3) },
			[]string{`{"id":1,"onId":1,"onType":"post"}`, `{"id":2,"onId":1,"onType":"post"}`, `{"id":3,"onId":1,"onType":"post","text":"free"}`}},
		{"by set, which lets go of rows in the scope", func(db *memrel.DB, post memrel.Instance) error { return post.Set(db, "comments", 3) },
			[]string{`{"id":1,"onType":"post"}`, `{"id":2,"onId":1,"onType":"video"}`, `{"id":3,"onId":1,"onType":"post","text":"free"}`}},
		// Sequelize would take the video's comment away from it.
		{"not by remove, to which a row out of the scope is none", func(db *memrel.DB, post memrel.Instance) error { return post.Remove(db, "comments", 1, 2) },
			[]string{`{"id":1,"onType":"post"}`, `{"id":2,"onId":1,"onType":"video"}`, `{"id":3,"text":"free"}`}},
		{"by set of a hasOne", func(db *memrel.DB, post memrel.Instance) error { return post.Set(db, "top", 3) },
			[]string{`{"id":1,"onId":1,"onType":"post"}`, `{"id":2,"onId":1,"onType":"video"}`, `{"id":3,"main":true,"onId":1,"onType":"post","text":"free"}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, on := commented(t)
			require.NoError(t, c.do(db, on("post", 1)))
			require.Equal(t, c.want, rowsOf(t, db, "comment"))
		})
	}
}

func TestAHasOneFollowsItsScope(t *testing.T) {
	db, on := commented(t)
	post, third := on("post", 1), on("comment", 3)
	require.NoError(t, post.Set(db, "top", third))
	require.Equal(t, []any{true, "post", int64(1)}, []any{third.Value("main"), third.Value("onType"), third.Value("onId")}, "in hand too")
	require.NoError(t, post.Set(db, "top", 1))
	require.Equal(t, []string{`{"id":1,"main":true,"onId":1,"onType":"post"}`, `{"id":2,"onId":1,"onType":"video"}`,
		`{"id":3,"main":true,"onType":"post","text":"free"}`}, rowsOf(t, db, "comment"))
	top, err := post.Call(db, "getTop")
	require.NoError(t, err)
	require.EqualValues(t, 1, top.(memrel.Instance).Value("id"))
}

// Sequelize's add and remove reach the junction rows of other scopes too.
func TestJunctionRowsOfAnotherScopeAreLeftAlone(t *testing.T) {
	db, on := commented(t)
	post, video := on("post", 1), on("video", 1)
	require.NoError(t, post.Add(db, "tags", 1, 2))
	require.NoError(t, video.Add(db, "tags", memrel.With(memrel.Values{"weight": 5, "onType": "post"}, 1)...))
	require.NoError(t, video.Add(db, "tags", memrel.With(memrel.Values{"weight": 6, "onType": "post"}, 1)...))
	has, err := video.Has(db, "tags", 2)
	require.NoError(t, err)
	require.False(t, has)
	require.NoError(t, post.Remove(db, "tags", 1))
	require.NoError(t, post.Set(db, "tags", memrel.With(memrel.Values{"weight": 8}, 2)...))
	_, err = post.Create(db, "tags", memrel.Values{"name": "c"}, memrel.Values{"weight": 1})
	require.NoError(t, err)
	require.Equal(t, []string{`{"id":2,"onId":1,"onType":"post","tagId":2,"weight":8}`, `{"id":3,"onId":1,"onType":"video","tagId":1,"weight":6}`,
		`{"id":4,"onId":1,"onType":"post","tagId":3,"weight":1}`}, rowsOf(t, db, "tagging"))
	require.NoError(t, post.Set(db, "tags"))
	require.Equal(t, []string{`{"id":3,"onId":1,"onType":"video","tagId":1,"weight":6}`}, rowsOf(t, db, "tagging"))
}

// A scope on the target of a belongsToMany is written by create only, as in Sequelize, and what is out of it is left alone,
// as it is not there.
func TestAScopeOnTheTargetOfAJunction(t *testing.T) {
	as := func(as, kind string) assoc.Options {
		return assoc.Options{As: as, Through: "links", Scope: memrel.Values{"kind": kind}}
	}
	db := sound(t, memrel.MustOpen(model("post"), model("tag", str("kind")),
		belongsToMany("post", "tag", as("categories", "category")), belongsToMany("post", "tag", as("labels", "label"))))
	post, err := memrel.ModelOf("post").Create(db, nil)
	require.NoError(t, err)
	made, err := post.Create(db, "categories", memrel.Values{"kind": "label"})
	require.NoError(t, err)
	require.Equal(t, "category", made.Value("kind"))
	_, err = post.Create(db, "labels", nil)
	require.NoError(t, err)
	require.NoError(t, post.Add(db, "categories", 2), "a label stays one")
	has, err := post.Has(db, "categories", 2)
	require.NoError(t, err)
	require.False(t, has)
	require.NoError(t, post.Remove(db, "categories", 2))
	require.NoError(t, post.Set(db, "categories"))
	require.Equal(t, []string{`{"postId":1,"tagId":2}`}, rowsOf(t, db, "links"))
	require.Equal(t, []string{`{"id":1,"kind":"category"}`, `{"id":2,"kind":"label"}`}, rowsOf(t, db, "tag"))
}

func TestAScopeOfNull(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("foo"), model("bar", whole("gone")), hasMany("foo", "bar", assoc.Options{Scope: memrel.Values{"gone": nil}})))
	f, err := memrel.ModelOf("foo").Create(db, nil)
	require.NoError(t, err)
	_, err = f.Create(db, "bars", memrel.Values{"gone": 1})
	require.NoError(t, err)
	_, err = memrel.RowsOf("bar").Insert(db, memrel.Values{"gone": 1, "fooId": 1})
	require.NoError(t, err)
	n, err := f.Count(db, "bars", memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

func TestScopesThatAreRefused(t *testing.T) {
	foo, bar := model("foo", str("name")), model("bar", whole("size"), memrel.Attribute{Column: memrel.Column{Name: "kind", Type: memrel.String, NotNull: true, Size: 5}})
	for _, c := range []struct {
		name string
		spec assoc.Spec
		want string
	}{
		{"of a column that is not there", hasMany("foo", "bar", assoc.Options{Scope: memrel.Values{"type": "x"}}),
			"memrel: define foo.hasMany(bar): the scope names bar.type, which does not exist; add the column, or correct its name"},
		{"of a value of another type", hasMany("foo", "bar", assoc.Options{Scope: memrel.Values{"size": "big"}}),
			`memrel: define foo.hasMany(bar): the scope cannot be: bar.size = "big" is a string, not an int; give it a whole number`},
		{"of a list", hasMany("foo", "bar", assoc.Options{Scope: memrel.Values{"kind": []string{"a", "b"}}}),
			"memrel: define foo.hasMany(bar): the scope cannot be: bar.kind is given a []string, not a string; give it a string"},
		{"of a value that is too long", hasMany("foo", "bar", assoc.Options{Scope: memrel.Values{"kind": "category"}}),
			`memrel: define foo.hasMany(bar): the scope cannot be: bar.kind = "category" has 8 characters, 5 are allowed; shorten it, or use a larger size`},
		{"of NULL where it cannot be", hasMany("foo", "bar", assoc.Options{Scope: memrel.Values{"kind": nil}}),
			"memrel: define foo.hasMany(bar): the scope wants NULL in bar.kind, which is NOT NULL; give the scope another value, or let the column be NULL"},
		{"of the foreign key", hasMany("foo", "bar", assoc.Options{Scope: memrel.Values{"fooId": 1}}),
			"memrel: define foo.hasMany(bar): the scope names bar.fooId, the foreign key, which the association writes itself; leave it out of the scope"},
		{"of a junction that is made", belongsToMany("foo", "bar", assoc.Options{Through: "links", ThroughScope: memrel.Values{"type": "x"}}),
			"memrel: define foo.belongsToMany(bar): the scope names links.type, which does not exist; add the column, or correct its name"},
		{"of a junction's other key", belongsToMany("foo", "bar", assoc.Options{Through: "links", ThroughScope: memrel.Values{"barId": 1}}),
			"memrel: define foo.belongsToMany(bar): the scope names links.barId, the foreign key, which the association writes itself; leave it out of the scope"},
		{"of a belongsTo", belongsTo("bar", "foo", assoc.Options{Scope: memrel.Values{"name": "x"}}),
			"memrel: define bar.belongsTo(foo): a belongsTo takes no scope, which is for hasOne, hasMany, belongsToMany; leave it out"},
		{"of a junction where there is none", hasMany("foo", "bar", assoc.Options{ThroughScope: memrel.Values{"type": "x"}}),
			"memrel: define foo.hasMany(bar): a hasMany takes no throughScope, which is for belongsToMany; leave it out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := sound(t, memrel.MustOpen())
			err := db.Define(foo, bar, c.spec)
			require.ErrorIs(t, err, memrel.ErrDefinition)
			require.EqualError(t, err, c.want)
			require.Empty(t, db.View().Tables())
		})
	}
}

func TestAScopeKeepsItsColumn(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("foo"), model("bar", str("kind")), hasMany("foo", "bar", assoc.Options{Scope: memrel.Values{"kind": "x"}})))
	require.ErrorContains(t, db.Alter("bars", memrel.DropColumn("kind")), "the scope names bar.kind, which does not exist")
}

// A definition has a scope of its own, whatever becomes of the map that it was made from.
func TestAScopeIsACopy(t *testing.T) {
	scope := memrel.Values{"title": "x"}
	titled := memrel.HasMany(authors, articles, memrel.As("titled"), memrel.Scope(scope))
	spec := hasMany("authors", "articles", assoc.Options{As: "named", Scope: scope})
	db := sound(t, memrel.MustOpen(authors, articles, titled, spec))
	scope["title"] = "y"
	require.NoError(t, db.Define(model("another")))
	ann, err := authors.Insert(db, author{Email: "ann"})
	require.NoError(t, err)
	one, err := titled.Create(db, ann, article{Title: "y"})
	require.NoError(t, err)
	require.Equal(t, "x", one.Title)
	n, err := memrel.InstanceOf(mustGet(t, db, "authors", ann.ID)).Count(db, "named", memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
}
