package snapshot

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// tableOf makes an empty table with an id, and references to other tables.
func tableOf(t testing.TB, name string, parents ...string) *table.Table {
	t.Helper()
	s := table.Schema{Name: name, PrimaryKey: []string{"id"}, Columns: []types.Column{{Name: "id", Type: index.Int}}}
	for _, parent := range parents {
		s.Columns = append(s.Columns, types.Column{Name: parent, Type: index.Int})
		s.References = append(s.References, table.Reference{Columns: []string{parent}, Table: parent})
	}
	def, err := table.Compile(s)
	require.NoError(t, err)
	return table.New(def)
}

// define gives a store these tables, and keeps those that it has.
func define(s *Store, tables ...*table.Table) {
	d := begin(s)
	defs := slices.Clone(d.Definitions().Defs())
	byName := map[string]*table.Table{}
	for _, t := range tables {
		defs = slices.DeleteFunc(defs, func(d *table.Def) bool { return d.Name() == t.Def().Name() })
		defs = append(defs, t.Def())
		byName[t.Def().Name()] = t
	}
	d.Redefine(NewDefinitions(defs, len(defs)), byName)
	d.Commit()
}

func newStore(t testing.TB, names ...string) *Store {
	t.Helper()
	s := NewStore(0)
	var tables []*table.Table
	for _, name := range names {
		tables = append(tables, tableOf(t, name))
	}
	define(s, tables...)
	t.Cleanup(func() { check(t, s.Version()) })
	return s
}

// check walks the invariants of every table of a version, and holds the catalog to what the version has.
func check(t testing.TB, v *Version) {
	t.Helper()
	for i, name := range v.Definitions().Names() {
		v.Table(name).Check(func(err error) bool {
			t.Error(err)
			return true
		})
		obj, err := v.catalog.Txn(false).First(tablesTable, byID, name)
		require.NoError(t, err)
		assert.Same(t, v.tables[i], obj.(*tableRow).Table, "the catalog has another version of %s", name)
	}
	it, err := v.catalog.Txn(false).Get(tablesTable, byID)
	require.NoError(t, err)
	n := 0
	for obj := it.Next(); obj != nil; obj = it.Next() {
		n++
	}
	assert.Len(t, v.tables, n, "the catalog has tables that are gone")
}

func insert(t testing.TB, w table.Writer, name string, ids ...int) {
	t.Helper()
	for _, id := range ids {
		tab := w.Writable(name)
		rec, err := tab.Def().NewRecord(table.Values{"id": id}, 0)
		require.NoError(t, err)
		taken, _ := tab.Insert(rec)
		require.Negative(t, taken)
	}
}

// ids are the rows of a table, so that states can be compared.
func ids(r table.Reader, name string) []int64 {
	out := []int64{}
	for rec := range r.Table(name).Records() {
		out = append(out, rec.At(0).Int())
	}
	return out
}

func TestACommitIsSeenAsAWhole(t *testing.T) {
	s := newStore(t, "a", "b")
	before := s.Version()
	d := begin(s)
	insert(t, d, "a", 1)
	insert(t, d, "b", 1, 2)
	assert.Same(t, before, s.Version(), "a draft is nobody else's")
	assert.Equal(t, []int64{1}, ids(d, "a"), "it reads what it wrote")
	d.Commit()
	after := s.Version()
	assert.Empty(t, ids(before, "a"))
	assert.Equal(t, []int64{1}, ids(after, "a"))
	assert.Equal(t, []int64{1, 2}, ids(after, "b"))
	check(t, before)
	assert.Same(t, after, s.Version(), "nothing was written: one version")
}

func TestADroppedDraftLeavesNoTrace(t *testing.T) {
	s := newStore(t, "a")
	before := s.Version()
	d := begin(s)
	insert(t, d, "a", 1)
	d.Redefine(NewDefinitions(nil, 0), nil)
	d.Drop()
	d.Drop()
	d.Commit() // does nothing after Drop
	assert.Same(t, before, s.Version())
	begin(s).Drop() // the lock is free
}

func TestACommitOfNothingIsNoNewVersion(t *testing.T) {
	s := newStore(t, "a")
	before := s.Version()
	begin(s).Commit()
	assert.Same(t, before, s.Version())
}

func TestAMarkIsAStateToComeBackTo(t *testing.T) {
	s := newStore(t, "a", "b")
	d := begin(s)
	insert(t, d, "a", 1)
	one := d.Mark()
	insert(t, d, "a", 2)
	insert(t, d, "b", 2)
	two := d.Mark()
	d.Redefine(NewDefinitions(nil, 0), nil)
	assert.Nil(t, d.Table("a"))
	d.Restore(two)
	assert.Equal(t, []int64{1, 2}, ids(d, "a"))
	insert(t, d, "a", 3)
	d.Restore(one)
	assert.Equal(t, []int64{1}, ids(d, "a"))
	assert.Empty(t, ids(d, "b"))
	insert(t, d, "a", 4)
	d.Restore(two)
	assert.Equal(t, []int64{1, 2}, ids(d, "a"), "what was written after going back is not in the mark")
	d.Commit()
	assert.Equal(t, []int64{1, 2}, ids(s.Version(), "a"))
}

func TestAStatementWorksInPlaceUntilSomebodyLooks(t *testing.T) {
	s := newStore(t, "a", "b")
	write := func(id int) *table.Table {
		st := statement(s)
		defer st.End()
		insert(t, st.OnHead(), "a", id)
		st.LeaveHead()
		return st.Table("a")
	}
	first := write(1)
	assert.Same(t, first, write(2), "nobody looks: the same table is written again")
	v := s.Version()
	b := v.Table("b")
	assert.NotSame(t, first, write(3), "a version has it: it is copied first")
	assert.Equal(t, []int64{1, 2}, ids(v, "a"))
	assert.Equal(t, []int64{1, 2, 3}, ids(s.Version(), "a"))
	assert.Same(t, b, s.Version().Table("b"), "what nobody wrote is shared")
}

func TestADraftThatIsNotInstalledLeavesNoTrace(t *testing.T) {
	s := newStore(t, "a")
	st := statement(s)
	d := st.OnDraft()
	insert(t, d, "a", 1)
	assert.Nil(t, d.Writable("nothing"))
	assert.Empty(t, ids(st, "a"))
	d = st.OnDraft()
	insert(t, d, "a", 2)
	st.Install(d)
	st.End()
	assert.Equal(t, []int64{2}, ids(s.Version(), "a"))
}

func TestForksGoTheirOwnWays(t *testing.T) {
	s := newStore(t, "a")
	fork := s.Fork()
	child := fork.Fork()
	for i, each := range []*Store{s, fork, child} {
		d := begin(each) // each has a writer of its own
		defer d.Drop()
		insert(t, d, "a", i)
		d.Commit()
	}
	define(child, tableOf(t, "b"))
	for i, each := range []*Store{s, fork, child} {
		assert.Equal(t, []int64{int64(i)}, ids(each.Version(), "a"))
		check(t, each.Version())
	}
	assert.Equal(t, []string{"a"}, s.Version().Definitions().Names())
	assert.Equal(t, []string{"a", "b"}, child.Version().Definitions().Names())
	assert.Equal(t, 2, child.Version().Definitions().Compiled())
}

// TestVersionsAreTakenBesideTheWriter: many goroutines take versions and forks and write to the forks, while one writes
// in place. Each version has as many rows in the one table as in the other.
func TestVersionsAreTakenBesideTheWriter(t *testing.T) {
	s := newStore(t, "a", "b")
	const rows, readers = 300, 16
	var all sync.WaitGroup
	all.Go(func() {
		for i := range rows {
			st := statement(s)
			w := st.OnHead()
			insert(t, w, "a", i)
			insert(t, w, "b", i)
			st.LeaveHead()
			st.End()
		}
	})
	for range readers {
		all.Go(func() {
			for {
				v := s.Version()
				n := v.Table("a").Len()
				assert.Equal(t, n, v.Table("b").Len())
				fork := v.Fork()
				d := begin(fork)
				insert(t, d, "a", -1)
				d.Commit()
				assert.Equal(t, n+1, fork.Version().Table("a").Len())
				if n == rows {
					return
				}
			}
		})
	}
	all.Wait()
}

func TestTheCatalogListsReferences(t *testing.T) {
	s := newStore(t)
	define(s, tableOf(t, "users"), tableOf(t, "posts", "users"), tableOf(t, "likes", "users", "posts"))
	names := func(rows []*RefRow) (out []string) {
		for _, r := range rows {
			out = append(out, r.Name)
		}
		return out
	}
	v := s.Version()
	assert.Equal(t, []string{"likes_users_fkey", "posts_users_fkey"}, names(v.RefsInto("users")))
	assert.Equal(t, []string{"likes_posts_fkey", "likes_users_fkey"}, names(v.RefsFrom("likes")))

	define(s, tableOf(t, "likes", "posts"))
	assert.Equal(t, []string{"likes_posts_fkey"}, names(s.Version().RefsFrom("likes")))
	assert.Equal(t, []string{"posts_users_fkey"}, names(s.Version().RefsInto("users")))
	assert.Len(t, v.RefsFrom("likes"), 2, "the older version goes on having them")
}

func TestDefinitionsAreInTheOrderOfTheirNames(t *testing.T) {
	s := newStore(t, "b", "a", "c")
	d := s.Version().Definitions()
	assert.Equal(t, []string{"a", "b", "c"}, d.Names())
	for i, def := range d.Defs() {
		assert.Equal(t, d.Names()[i], def.Name())
	}
	assert.Nil(t, s.Version().Table("d"))
}

func BenchmarkVersionAfterAWrite(b *testing.B) {
	s := newStore(b, "a")
	for i := 0; b.Loop(); i++ {
		st := statement(s)
		insert(b, st.OnHead(), "a", i)
		st.LeaveHead()
		st.End()
		s.Version()
	}
}

// begin starts a draft that waits for as long as it takes.
func begin(s *Store) *Draft {
	d, err := s.Begin(Wait{})
	if err != nil {
		panic(err)
	}
	return d
}

func statement(s *Store) Statement {
	st, err := s.Statement(Wait{})
	if err != nil {
		panic(err)
	}
	return st
}
