package index_test

import (
	"bytes"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/index"
)

// A write goes down through the packages and never up again: the root's handle, the engine, and what is below it. mostFrames is
// how many functions of ours that may take.
const mostFrames = 12

// depth is where a package stands on the way down.
var depth = map[string]int{
	"": 0, "internal/engine": 1, "snapshot": 2, "cascade": 2, "assoc": 2, "internal/bind": 2, "table": 3, "query": 4, "types": 5, "index": 6,
}

// frames are the functions of ours on the stack, the outermost first, without those of tests.
func frames() (out []runtime.Frame) {
	pcs := make([]uintptr, 100)
	iter := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := iter.Next()
		if strings.HasPrefix(f.Function, "github.com/memrel/memrel") && !strings.HasSuffix(f.File, "_test.go") {
			out = append(out, f)
		}
		if !more {
			slices.Reverse(out)
			return out
		}
	}
}

// packageOf is the package of a function, below the module.
func packageOf(f runtime.Frame) string {
	name := strings.TrimPrefix(f.Function, "github.com/memrel/memrel")
	slash := strings.LastIndexByte(name[:strings.IndexAny(name+"(", "(")], '/')
	dot := strings.IndexByte(name[slash+1:], '.')
	return strings.TrimPrefix(name[:slash+1+dot], "/")
}

type (
	probePost struct{ ID int64 }
	probeTag  struct{ ID int64 }
	probeLink struct {
		PostID int64 `memrel:",pk"`
		TagID  int64 `memrel:",pk"`
	}
)

// TestAWriteOnlyDescends looks, where a record goes into a tree, at how the write came there.
func TestAWriteOnlyDescends(t *testing.T) {
	posts, tags, links := memrel.TableOf[probePost]("posts"), memrel.TableOf[probeTag]("tags"), memrel.TableOf[probeLink]("links")
	postTags := memrel.BelongsToMany(posts, tags, links, memrel.ForeignKey("postId"), memrel.OtherKey("tagId"))
	db := memrel.MustOpen(posts, tags, links, postTags)
	_, err := posts.Insert(db, probePost{})
	require.NoError(t, err)
	_, err = tags.Insert(db, probeTag{})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	people := memrel.MustOpen(nocobase.Collection{Name: "people", Fields: []nocobase.Field{{Type: "string", Name: "name"}}})
	model, ok := people.Model("people")
	require.True(t, ok)

	for _, c := range []struct {
		name string
		do   func() error
	}{
		{"insert", func() error { _, err := posts.Insert(db, probePost{}); return err }},
		{"add a link", func() error { return postTags.Add(db, probePost{ID: 1}, probeTag{ID: 1}) }},
		{"set links", func() error { return postTags.Set(db, probePost{ID: 2}, probeTag{ID: 1}) }},
		{"upsert", func() error { _, _, err := posts.Upsert(db, probePost{ID: 7}); return err }},
		{"insert in a transaction", func() error {
			return db.Update(func(tx *memrel.Tx) error { _, err := posts.Insert(tx, probePost{}); return err })
		}},
		{"load", func() error { _, err := memrel.Load(&file); return err }},
		{"create in a collection", func() error { _, err := model.Create(people, memrel.Values{"name": "Ann"}); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var seen [][]runtime.Frame
			index.SetProbe(func() { seen = append(seen, frames()) })
			err := c.do()
			index.SetProbe(nil)
			require.NoError(t, err)
			require.NotEmpty(t, seen, "nothing went into a tree")
			for _, stack := range seen {
				checkDescent(t, stack)
			}
		})
	}
	for _, db := range []*memrel.DB{db, people} {
		for err := range db.Check() {
			t.Error(err)
		}
	}
}

func checkDescent(t *testing.T, stack []runtime.Frame) {
	t.Helper()
	var names []string
	for _, f := range stack {
		names = append(names, f.Function)
	}
	at := strings.Join(names, "\n")
	// A transaction's function is called by Update; what is on the stack before the statement is not the statement's.
	last := 0
	for i, f := range stack {
		if packageOf(f) == "" {
			last = i
		}
	}
	for last > 0 && packageOf(stack[last-1]) == "" && !strings.HasSuffix(stack[last-1].Function, ".Update") {
		last--
	}
	stack = stack[last:]
	require.LessOrEqual(t, len(stack), mostFrames, at)
	require.Empty(t, packageOf(stack[0]), "it begins at a handle\n%s", at)
	require.NotEmpty(t, packageOf(stack[1]), "the handle is one function\n%s", at)
	for i := 1; i < len(stack); i++ {
		require.LessOrEqual(t, depth[packageOf(stack[i-1])], depth[packageOf(stack[i])], "%s calls back to %s\n%s", stack[i-1].Function, stack[i].Function, at)
	}
}
