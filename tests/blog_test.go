package tests

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A small blog, written three times: as models with associations, as structs whose tags have the references, and as
// structs with typed associations. All three are the same tables, do the same, and show the same.

// blogStore is what the three can do.
type blogStore interface {
	store() *memrel.DB
	signUp(names ...string) error
	publish(author, title string) error
	comment(title, by, text string) error
	tag(title string, words ...string) error // with these tags and no others
	untag(title, word string) error
	hide(title string) error // deletes the post
	leave(name string) error // deletes the user
	tree(v memrel.View) (any, error)
}

var blogs = []struct {
	name string
	open func(t *testing.T) blogStore
}{{"models", openBlogModels}, {"struct tags", openBlogTags}, {"typed associations", openBlogHandles}}

var blogSteps = []struct {
	name string
	do   func(b blogStore) error
	want error
}{
	{"users", func(b blogStore) error { return b.signUp("ann", "bob", "cy") }, nil},
	{"a name is taken", func(b blogStore) error { return b.signUp("dan", "ann") }, memrel.ErrUnique},
	{"posts", func(b blogStore) error { return b.publish("ann", "one") }, nil},
	{"another", func(b blogStore) error { return b.publish("ann", "two") }, nil},
	{"of bob", func(b blogStore) error { return b.publish("bob", "three") }, nil},
	{"comments", func(b blogStore) error { return b.comment("one", "bob", "nice") }, nil},
	{"on her own", func(b blogStore) error { return b.comment("one", "ann", "thanks") }, nil},
	{"on another", func(b blogStore) error { return b.comment("three", "cy", "no") }, nil},
	{"tags", func(b blogStore) error { return b.tag("one", "go", "db") }, nil},
	{"shared tags", func(b blogStore) error { return b.tag("three", "go") }, nil},
	{"other tags", func(b blogStore) error { return b.tag("one", "db", "orm") }, nil},
	{"a tag less", func(b blogStore) error { return b.untag("one", "orm") }, nil},
	{"who wrote a comment leaves", func(b blogStore) error { return b.leave("cy") }, nil},
	{"a post goes with comments and tags", func(b blogStore) error { return b.hide("three") }, nil},
	{"who wrote posts leaves", func(b blogStore) error { return b.leave("ann") }, nil},
}

func TestOneBlogWrittenThreeTimes(t *testing.T) {
	all := make([]blogStore, len(blogs))
	for i, x := range blogs {
		all[i] = x.open(t)
	}
	for _, step := range blogSteps {
		before := treeOf(t, all[0])
		for i, b := range all {
			require.ErrorIs(t, step.do(b), step.want, "%s: %s", blogs[i].name, step.name)
			require.Equal(t, rowsOf(t, all[0].store()), rowsOf(t, b.store()), "%s: %s", blogs[i].name, step.name)
			require.Equal(t, treeOf(t, all[0]), treeOf(t, b), "%s: %s", blogs[i].name, step.name)
		}
		require.Equal(t, step.want != nil, before == treeOf(t, all[0]), "%s: what is refused changes nothing, all else does", step.name)
	}
}

// rowsOf are all rows of a store, as text.
func rowsOf(t *testing.T, db *memrel.DB) string {
	t.Helper()
	v := db.View()
	out := map[string][]memrel.Row{}
	for _, name := range v.Tables() {
		for row := range memrel.RowsOf(name).All(v) {
			out[name] = append(out[name], row)
		}
	}
	text, err := json.MarshalIndent(out, "", " ")
	require.NoError(t, err)
	return string(text)
}

func treeOf(t *testing.T, b blogStore) string {
	t.Helper()
	tree, err := b.tree(b.store().View())
	require.NoError(t, err)
	text, err := json.Marshal(tree)
	require.NoError(t, err)
	return string(text)
}

func TestTheTreeOfTheBlog(t *testing.T) {
	for _, x := range blogs {
		b := x.open(t)
		for _, step := range blogSteps[:12] {
			_ = step.do(b)
		}
		require.Equal(t, `[{"id":1,"name":"ann","posts":[`+
			`{"id":1,"title":"one","authorId":1,"comments":[{"id":1,"text":"nice","postId":1,"userId":2},{"id":2,"text":"thanks","postId":1,"userId":1}],`+
			`"tags":[{"id":2,"word":"db","post_tags":{"postId":1,"tagId":2}}]},`+
			`{"id":2,"title":"two","authorId":1,"comments":[],"tags":[]}]},`+
			`{"id":2,"name":"bob","posts":[`+
			`{"id":3,"title":"three","authorId":2,"comments":[{"id":3,"text":"no","postId":3,"userId":3}],`+
			`"tags":[{"id":1,"word":"go","post_tags":{"postId":3,"tagId":1}}]}]},`+
			`{"id":3,"name":"cy","posts":[]}]`, treeOf(t, b), x.name)
	}
}

// tablesOf is the definition of every table, as text: tables and the parts of each by name.
func tablesOf(t *testing.T, db *memrel.DB) string {
	t.Helper()
	v := db.View()
	var all []memrel.Schema
	for _, name := range v.Tables() {
		s, ok := v.Schema(name)
		require.True(t, ok)
		slices.SortFunc(s.References, func(a, b memrel.Reference) int { return strings.Compare(a.Name, b.Name) })
		slices.SortFunc(s.Unique, func(a, b memrel.UniqueKey) int { return strings.Compare(a.Name, b.Name) })
		all = append(all, s)
	}
	text, err := json.MarshalIndent(all, "", " ")
	require.NoError(t, err)
	return string(text)
}

// The command draws and writes what the file defines, so equal definitions give equal diagrams and DDL. The same blog in a
// file of models is the fourth.
func TestTheBlogIsDrawnAndWrittenOnce(t *testing.T) {
	t.Parallel()
	command := filepath.Join(t.TempDir(), "memrel")
	out, err := exec.Command("go", "run", "-exec", "cp", "../cmd/memrel", command).CombinedOutput() // what run builds it keeps, build links anew
	require.NoError(t, err, "%s", out)
	run := func(args ...string) string {
		out, err := exec.Command(command, args...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	file := filepath.Join(t.TempDir(), "schema.json")
	shown := map[string][]string{}
	for _, x := range blogs {
		text := tablesOf(t, x.open(t).store())
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		for _, args := range []string{"erd", "erd --dot", "ddl --dialect postgres", "ddl --dialect mysql", "ddl --dialect sqlite"} {
			shown[args] = append(shown[args], run(append(strings.Fields(args), file)...))
		}
		shown["tables"] = append(shown["tables"], text)
	}
	for args, texts := range shown {
		for i, text := range texts {
			require.Equal(t, texts[0], text, "%s: %s", args, blogs[i].name)
		}
	}
	require.Contains(t, shown["erd"][0], "users ||--o{ posts")
	require.Contains(t, shown["ddl --dialect postgres"][0], `FOREIGN KEY ("authorId") REFERENCES users (id) ON DELETE CASCADE`)

	const models = "testdata/blog.json"
	var defined []memrel.Schema
	require.NoError(t, json.Unmarshal([]byte(run("schema", models)), &defined))
	var defs []memrel.Definition
	for _, s := range defined {
		defs = append(defs, s)
	}
	require.Equal(t, shown["tables"][0], tablesOf(t, open(t, defs...)))
	require.Contains(t, run("erd", models), `users ||--o{ posts : "user.posts, post.author: authorId -> id (on delete CASCADE, on update RESTRICT)"`)
	require.Contains(t, run("erd", models), `posts }o..o{ tags : "post.tags, tag.posts: through post_tags (postId, tagId)"`)
}

// The associations of models and of typed handles are the same but for the names of what they start from.
func TestTheBlogsAssociations(t *testing.T) {
	list := func(db *memrel.DB) (out []string) {
		for _, a := range memrel.Associations(db).Associations() {
			out = append(out, strings.Join([]string{a.SourceTable, a.Kind.String(), a.TargetTable, a.As, a.ForeignKey, a.OtherKey, a.SourceKey,
				a.TargetKey, a.Junction}, " "))
		}
		slices.Sort(out)
		return out
	}
	models, handles := list(openBlogModels(t).store()), list(openBlogHandles(t).store())
	require.Len(t, models, 7)
	require.Equal(t, models, handles)
}
