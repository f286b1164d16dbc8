package tests

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

// Definitions are nobody's alias: whatever is given to a store and whatever it hands out is scribbled over, everything
// that reflection can write to, and the store must go on as if nothing had happened.

// scribble writes to everything that v leads to, but for what is unexported.
func scribble(v reflect.Value, depth int) {
	if depth > 12 || !v.IsValid() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scribble(v.Elem(), depth+1)
		}
	case reflect.Interface:
		if !v.IsNil() {
			scribble(v.Elem(), depth+1) // what a map, a slice or a pointer within it leads to
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			scribble(v.Index(i), depth+1)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			scribble(v.MapIndex(k), depth+1)
			v.SetMapIndex(k, reflect.Zero(v.Type().Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				scribble(v.Field(i), depth+1)
			}
		}
	}
	if !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "?")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() ^ 1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(v.Uint() ^ 1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.Interface, reflect.Pointer, reflect.Func:
		v.SetZero()
	case reflect.Slice:
		if v.Len() > 0 {
			v.SetLen(v.Len() - 1)
		}
	}
}

// aliased are definitions of every kind, and what they are made of.
func aliased() []memrel.Definition {
	users, posts, tags := memrel.ModelOf("Users"), memrel.ModelOf("Posts"), memrel.ModelOf("Tags")
	seven := 7
	plain := &memrel.Schema{Name: "plain", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true},
		{Name: "b", Type: memrel.Bytes, Default: []byte("bytes"), NotNull: true}, {Name: "j", Type: memrel.JSON, Default: map[string]any{"a": []any{1, "x"}}},
		{Name: "raw", Type: memrel.JSON, Default: json.RawMessage(`{"b":1}`)}, {Name: "l", Type: memrel.ListOf(memrel.String), Default: []string{"x", "y"}},
		{Name: "p", Type: memrel.Int, Default: &seven}, {Name: "up", Type: memrel.Int}, {Name: "gone", Type: memrel.Time}},
		Unique: []memrel.UniqueKey{{Columns: []string{"p", "id"}}}, Indexes: []memrel.Index{{Columns: []string{"b"}}}, SoftDelete: "gone",
		Checks: []memrel.CheckConstraint{{Where: memrel.Or(memrel.In("b", []byte("bytes"), []byte("other")), memrel.Eq("b", []byte("third")), memrel.Eq("p", &seven))},
			{Where: memrel.Not(memrel.Eq("l", []string{"no"}))}},
		References: []memrel.Reference{{Columns: []string{"up"}, Table: "plain", RefColumns: []string{"id"}, OnDelete: memrel.SetNull, SetColumns: []string{"up"}}}}
	return []memrel.Definition{plain,
		&memrel.ModelSpec{Name: "User", Timestamps: true, Columns: []memrel.Attribute{{Column: memrel.Column{Name: "name", Type: memrel.String, Default: "nobody"}, Unique: true, Max: &[]string{"zzz"}[0]}},
			UniqueKeys: []memrel.UniqueKey{{Columns: []string{"name", "id"}}}, Indexes: []memrel.Index{{Columns: []string{"name"}}}},
		&memrel.ModelSpec{Name: "Post", SoftDelete: "deletedAt", Columns: []memrel.Attribute{{Column: memrel.Column{Name: "kind", Type: memrel.String}}}},
		&memrel.ModelSpec{Name: "Tag", Columns: []memrel.Attribute{{Column: memrel.Column{Name: "t", Type: memrel.Bytes, Default: []byte{1, 2}}}}},
		new(users.HasMany(posts, memrel.AssociationOptions{As: "posts", ForeignColumn: &memrel.Attribute{Column: memrel.Column{Name: "authorId", NotNull: true}},
			Scope: memrel.Values{"kind": "post"}, OnDelete: memrel.Cascade, Order: []memrel.Order{{Column: "id", Desc: true}}})),
		new(posts.BelongsToMany(tags, memrel.AssociationOptions{As: "tags", Through: "PostTag", OtherColumn: &memrel.Attribute{Column: memrel.Column{Name: "tagId"}}, ThroughScope: memrel.Values{}})),
		new(memrel.Clock(func() time.Time { return time.Unix(0, 0) })),
	}
}

// behavior is what can be told of a store: its file, what it says of its definitions, and what becomes of rows on a fork.
func behavior(t *testing.T, v memrel.View) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, v.Save(&out))
	tell := func(what any, err error) {
		text, _ := json.Marshal(what)
		fmt.Fprintf(&out, "%s %v\n", text, err)
	}
	for _, name := range v.Tables() {
		s, _ := v.Schema(name)
		tell(s, nil)
		tell(v.References(name), nil)
	}
	set := memrel.Associations(v)
	tell(set.Models(), nil)
	tell(set.Specs(), nil)
	for _, a := range set.Associations() {
		tell(fmt.Sprintf("%s %s %s %s %s %v", a, a.ForeignKey, a.OtherKey, a.SourceKey, a.TargetKey, a.Accessors()), nil)
	}
	tell(v.Diagnostics(), nil)
	tell(v.Pending(), nil)
	db := v.Fork()
	plain := memrel.RowsOf("plain")
	for _, set := range []memrel.Values{{}, {"b": []byte("third")}, {"b": []byte("fourth")}, {"b": nil}, {"p": 8, "up": 1}, {"b": []byte("fourth"), "p": 9}, {"l": []string{"no"}}, {"up": 99}} {
		row, err := plain.Insert(db, set)
		tell(row, err)
	}
	row, err := plain.Delete(db, 1)
	tell(row.Columns(), err)
	user, err := memrel.ModelOf("Users").Create(db, memrel.Values{})
	tell(user, err)
	_, err = memrel.ModelOf("Users").Create(db, memrel.Values{"name": "zzzz"})
	tell(nil, err)
	post, err := user.Create(db, "posts", memrel.Values{})
	tell(post, err)
	tag, err := post.Create(db, "tags", memrel.Values{})
	tell(tag, err)
	preview, err := db.View().PreviewDelete("Users", 1)
	tell(preview, err)
	for _, name := range db.View().Tables() {
		tell(shownRows(db, name), nil)
	}
	mustBeSound(t, db)
	return out.String()
}

// What is given to Open, Define and Alter may be changed afterwards.
func TestWhatIsGivenIsCopied(t *testing.T) {
	open := func(defs []memrel.Definition) *memrel.DB {
		db, err := memrel.Open(valuesOf(defs)...)
		require.NoError(t, err)
		return db
	}
	want := behavior(t, open(aliased()).View())
	defs := aliased()
	db := open(defs)
	view := db.View()
	for _, d := range defs {
		scribble(reflect.ValueOf(d), 0)
	}
	require.Equal(t, want, behavior(t, view))
	require.Equal(t, want, behavior(t, db.View()))

	parts := func() []memrel.Part {
		return []memrel.Part{&[]memrel.Column{{Name: "x", Type: memrel.Bytes, Default: []byte("x")}}[0], &memrel.UniqueKey{Columns: []string{"b", "x", "id"}},
			&memrel.CheckConstraint{Where: memrel.In("x", []byte("x"), []byte("y"))}, &memrel.Reference{Columns: []string{"p"}, Table: "plain", RefColumns: []string{"id"}, Unchecked: true}}
	}
	alter := func(db *memrel.DB, parts []memrel.Part) {
		var given []memrel.Part
		for _, p := range parts {
			given = append(given, reflect.ValueOf(p).Elem().Interface().(memrel.Part))
		}
		require.NoError(t, db.Alter("plain", given...))
		for _, p := range parts {
			scribble(reflect.ValueOf(p), 0)
		}
	}
	other := open(aliased())
	alter(other, parts())
	want = behavior(t, other.View())
	require.NoError(t, db.Define()) // and no more changes under an alias
	alter(db, parts())
	require.Equal(t, want, behavior(t, db.View()))
}

// valuesOf are the definitions that pointers lead to: the slices and maps in them are shared with what is kept.
func valuesOf(defs []memrel.Definition) (out []memrel.Definition) {
	for _, d := range defs {
		out = append(out, reflect.ValueOf(d).Elem().Interface().(memrel.Definition))
	}
	return out
}

// What a store hands out, by any method that can be called with names, may be changed by whoever got it.
func TestWhatIsHandedOutIsCopied(t *testing.T) {
	db, err := memrel.Open(valuesOf(aliased())...)
	require.NoError(t, err)
	_, err = memrel.RowsOf("plain").Insert(db, memrel.Values{})
	require.NoError(t, err)
	user, err := memrel.ModelOf("Users").Create(db, memrel.Values{})
	require.NoError(t, err)
	_, err = user.Create(db, "posts", memrel.Values{})
	require.NoError(t, err)
	view := db.View()
	want := behavior(t, view)
	row, _ := memrel.RowsOf("plain").Get(view, 1)
	set := memrel.Associations(db)
	handed := 0
	for _, from := range []any{view, db, set, row, user, set.Association("Users", "posts")} {
		for what, v := range handedOut(from, append(view.Tables(), append(row.Columns(), "posts", "User", "getPosts")...)) {
			handed++
			scribble(v, 0)
			if got := behavior(t, view); got != want {
				t.Fatalf("the view is another after what %s handed out was changed", what)
			}
			require.Equal(t, want, behavior(t, db.View()), what)
		}
	}
	require.Greater(t, handed, 60)
	require.Equal(t, `plain{id: 1, b: x'6279746573', j: {"a":[1,"x"]}, raw: {"b":1}, l: ["x", "y"], p: 7, up: NULL, gone: NULL}`, row.String())
}

// handedOut calls the methods that take nothing or names, and gives their results in places that can be written to.
func handedOut(from any, names []string) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	v := reflect.ValueOf(from)
	for i := range v.NumMethod() {
		m := v.Type().Method(i)
		if slices.Contains([]string{"Begin", "Fork", "Update", "SetLimits", "View", "Define", "Drop", "Alter", "Now", "Extend"}, m.Name) {
			continue
		}
		var args [][]reflect.Value
		switch t := m.Type; {
		case t.NumIn() == 1:
			args = [][]reflect.Value{{}}
		case t.NumIn() == 2 && t.In(1).Kind() == reflect.String:
			for _, name := range names {
				args = append(args, []reflect.Value{reflect.ValueOf(name)})
			}
		case t.NumIn() == 3 && t.In(1).Kind() == reflect.String && t.In(2).Kind() == reflect.String:
			for _, name := range []string{"posts", "getPosts"} {
				args = append(args, []reflect.Value{reflect.ValueOf("Users"), reflect.ValueOf(name)})
			}
		}
		for _, in := range args {
			for n, result := range v.Method(i).Call(in) {
				if slices.Contains([]reflect.Kind{reflect.Func, reflect.Bool, reflect.Int, reflect.String}, result.Kind()) {
					continue
				}
				at := reflect.New(result.Type()).Elem()
				at.Set(result)
				out[fmt.Sprintf("%T.%s(%v)[%d]", from, m.Name, in, n)] = at
			}
		}
	}
	return out
}

// The fields of errors, previews and explanations are the caller's too.
func TestErrorsAndPlansAreCopied(t *testing.T) {
	db, err := memrel.Open(valuesOf(aliased())...)
	require.NoError(t, err)
	plain, users := memrel.RowsOf("plain"), memrel.RowsOf("Users")
	_, err = plain.Insert(db, memrel.Values{})
	require.NoError(t, err)
	want := behavior(t, db.View())
	of := func(_ any, err error) error { return err }
	var outs []any
	for _, err := range []error{
		of(plain.Insert(db, memrel.Values{"id": 1})), of(plain.Insert(db, memrel.Values{"up": 5})), of(plain.Insert(db, memrel.Values{"b": nil})),
		of(plain.Insert(db, memrel.Values{"b": []byte("no"), "p": 1})), of(plain.Insert(db, memrel.Values{"none": 1})), of(plain.Update(db, memrel.Values{"p": 1}, 99)),
		of(plain.Update(db, memrel.Values{"p": 1}, 1, 2)), of(users.Insert(db, memrel.Values{"name": "zzzz"})), of(plain.UpsertAll(db, []memrel.Values{{"id": 1}, {"id": 1}})),
		db.Define(memrel.Schema{Name: "plain"}),
	} {
		var e *memrel.Error
		require.True(t, errors.As(err, &e), "%v", err)
		outs = append(outs, e)
	}
	preview, err := db.View().PreviewDelete("plain", 1)
	require.NoError(t, err)
	explain, err := plain.Explain(db, memrel.Query{Where: memrel.Eq("b", []byte("bytes")), Order: []memrel.Order{{Column: "p"}}})
	require.NoError(t, err)
	for _, out := range append(outs, preview, &explain) {
		scribble(reflect.ValueOf(out), 0)
		require.Equal(t, want, behavior(t, db.View()))
	}
}

// Collections are definitions like others.
func TestCollectionsAreCopied(t *testing.T) {
	yes := true
	made := func() []*nocobase.Collection {
		return []*nocobase.Collection{
			{Name: "users", Timestamps: &yes, Indexes: []nocobase.Index{{Fields: nocobase.Names{"n"}}}, Fields: []nocobase.Field{{Type: "bigInt", Name: "n", AllowNull: &yes, DefaultValue: 7},
				{Type: "json", Name: "j", DefaultValue: map[string]any{"a": []any{1}}}, {Type: "blob", Name: "b", DefaultValue: []byte("b")},
				{Type: "hasMany", Name: "posts", SortBy: nocobase.Names{"-id"}, OnDelete: "CASCADE"}, {Type: "hasMany", Name: "later"}}},
			{Name: "posts", Fields: []nocobase.Field{{Type: "string", Name: "t"}}}}
	}
	tell := func(db *memrel.DB) string {
		var out bytes.Buffer
		require.NoError(t, db.View().Save(&out))
		c := nocobase.Of(memrel.Associations(db))
		for _, name := range c.Names() {
			col, _ := c.Collection(name)
			text, err := json.Marshal([]any{col, c.Bindings(name), c.Columns(name), c.Table(name), db.Pending(), db.References(name)})
			require.NoError(t, err)
			out.Write(text)
		}
		row, err := memrel.RowsOf("users").Insert(db.Fork(), memrel.Values{"createdAt": time.Unix(0, 0), "updatedAt": time.Unix(0, 0)})
		fmt.Fprint(&out, row, err)
		return out.String()
	}
	list := made()
	db := memrel.MustOpen(*list[0], *list[1])
	want := tell(db)
	for _, c := range list {
		scribble(reflect.ValueOf(c), 0)
	}
	require.Equal(t, want, tell(db))
	for what, v := range handedOut(nocobase.Of(memrel.Associations(db)), []string{"users", "posts"}) {
		scribble(v, 0)
		require.Equal(t, want, tell(db), what)
	}
	field := &nocobase.Field{Type: "json", Name: "k", DefaultValue: map[string]any{"a": 1}}
	change := nocobase.SetField("users", *field)
	scribble(reflect.ValueOf(field), 0)
	require.NoError(t, db.Define(change))
	row, err := memrel.RowsOf("users").Insert(db, memrel.Values{})
	require.NoError(t, err)
	require.JSONEq(t, `{"a":1}`, string(row.Get("k").(json.RawMessage)))
	mustBeSound(t, db)
}
