package snapshot

import (
	"fmt"
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
	var changed []*table.Def
	byName := map[string]*table.Table{}
	for _, t := range tables {
		changed = append(changed, t.Def())
		byName[t.Def().Name()] = t
	}
	defs := d.Definitions().With(nil, changed)
	defs.Complete(len(defs.Names()), Associated{}, true)
	d.Redefine(defs, byName)
	d.Commit(true)
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

// A table is found by its name among few, which are looked through, and among many.
func TestPositionIsThatInTheOrderOfNames(t *testing.T) {
	for _, n := range []int{0, 1, fewNames - 1, fewNames, fewNames + 1, 30} {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprintf("t%02d", i))
		}
		d := newStore(t, names...).Definitions()
		for i := range names {
			at, ok := d.Position(fmt.Sprintf("t%02d", i))
			require.True(t, ok)
			require.Equal(t, i, at)
		}
		for _, none := range []string{"", "t", fmt.Sprintf("t%02d", n)} {
			_, ok := d.Position(none)
			require.False(t, ok, "%q of %d", none, n)
		}
	}
}

// check walks the invariants of every table of a version, and holds the catalog to what the version has.
func check(t testing.TB, v *Version) {
	t.Helper()
	for i, name := range v.Definitions().Names() {
		v.Table(name).Check(nil, func(err error) bool {
			t.Error(err)
			return true
		})
		assert.Same(t, v.tables[i], v.Catalog().Table(name), "the catalog has another version of %s", name)
		assert.Same(t, v.tables[i].Def(), v.Catalog().Def(name))
	}
	it, err := v.Catalog().db.Txn(false).Get(tablesTable, byID)
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
	d.Commit(true)
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
	defs := d.Definitions().With([]string{"a"}, nil)
	defs.Complete(0, Associated{}, true)
	d.Redefine(defs, nil)
	d.Drop()
	d.Drop()
	d.Commit(true) // does nothing after Drop
	assert.Same(t, before, s.Version())
	begin(s).Drop() // the lock is free
}

func TestACommitOfNothingIsNoNewVersion(t *testing.T) {
	s := newStore(t, "a")
	before := s.Version()
	begin(s).Commit(false)
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
	defs := d.Definitions().With([]string{"a"}, nil)
	defs.Complete(0, Associated{}, true)
	d.Redefine(defs, nil)
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
	d.Commit(true)
	assert.Equal(t, []int64{1, 2}, ids(s.Version(), "a"))
}

func TestAStatementWorksInPlaceUntilSomebodyLooks(t *testing.T) {
	s := newStore(t, "a", "b")
	write := func(id int) *table.Table {
		st := statement(s)
		defer st.End()
		insert(t, st.OnHead(), "a", id)
		st.LeaveHead(true)
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
		d.Commit(true)
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
			st.LeaveHead(true)
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
				d.Commit(true)
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
	names := func(refs []table.CatalogReference) (out []string) {
		for _, r := range refs {
			out = append(out, r.Name)
		}
		return out
	}
	v := s.Version()
	assert.Equal(t, []string{"likes_users_fkey", "posts_users_fkey"}, names(v.Catalog().Into("users")))
	assert.Equal(t, []string{"likes_posts_fkey", "likes_users_fkey"}, names(v.Catalog().From("likes")))

	define(s, tableOf(t, "likes", "posts"))
	assert.Equal(t, []string{"likes_posts_fkey"}, names(s.Version().Catalog().From("likes")))
	assert.Equal(t, []string{"posts_users_fkey"}, names(s.Version().Catalog().Into("users")))
	assert.Len(t, v.Catalog().From("likes"), 2, "the older version goes on having them")
}

// TestTheCatalogFindsKeys over exactly the columns asked for, in any order, and none that only begins with them.
func TestTheCatalogFindsKeys(t *testing.T) {
	def, err := table.Compile(table.Schema{Name: "t", PrimaryKey: []string{"a"}, Columns: []types.Column{
		{Name: "a", Type: index.Int}, {Name: "b", Type: index.Int}, {Name: "ab", Type: index.Int}},
		Unique:  []table.UniqueKey{{Columns: []string{"b", "a"}}, {Name: "again", Columns: []string{"a"}}},
		Indexes: []table.Index{{Columns: []string{"ab"}}}})
	require.NoError(t, err)
	s := newStore(t)
	define(s, table.New(def))
	c := s.Version().Catalog()
	for _, k := range []struct {
		columns []string
		want    string
	}{
		{[]string{"a"}, "t_pkey"}, {[]string{"a", "b"}, "t_b_a_key"}, {[]string{"b", "a"}, "t_b_a_key"}, {[]string{"b"}, ""}, {[]string{"ab"}, ""}, {nil, ""},
	} {
		key, ok := c.Key("t", k.columns)
		assert.Equal(t, k.want != "", ok, "%v", k.columns)
		assert.Equal(t, k.want, key.Name, "%v", k.columns)
	}
	_, ok := c.Key("none", []string{"a"})
	assert.False(t, ok)
}

// TestTheCatalogHoldsAssociations by source and alias, and what they say of references; of two with one alias the later.
func TestTheCatalogHoldsAssociations(t *testing.T) {
	s := newStore(t, "a", "b")
	ref := table.Reference{Columns: []string{"b"}, Table: "b", RefColumns: []string{"id"}}
	defs := s.Version().Definitions().With(nil, nil)
	defs.Complete(0, Associated{
		Associations: []Association{{Source: "b", Alias: "as", Resolved: 1}, {Source: "a", Alias: "b", Resolved: 2}, {Source: "b", Alias: "as", Resolved: 3}},
		Shared:       []Shared{{Child: "a", Reference: ref, Resolved: "said"}},
	}, false)
	c := defs.Catalog()
	assert.Equal(t, 2, c.Association("a", "b"))
	assert.Equal(t, 3, c.Association("b", "as"))
	assert.Nil(t, c.Association("a", "as"))
	var all []any
	for _, a := range c.Associations() {
		all = append(all, a.Resolved)
	}
	assert.Equal(t, []any{2, 3}, all)
	assert.Equal(t, "said", c.Shared("a", ref))
	assert.Nil(t, c.Shared("b", ref))
	again := defs.With(nil, nil)
	again.Complete(0, Associated{}, true)
	assert.Equal(t, 2, again.Catalog().Association("a", "b"), "they are kept")
}

// TestTheCatalogHoldsTheVersionsOfTables once a version is asked for it.
func TestTheCatalogHoldsTheVersionsOfTables(t *testing.T) {
	s := newStore(t, "a", "b")
	v := s.Version()
	assert.Same(t, v.Table("a"), v.Catalog().Table("a"))
	assert.Same(t, v.Catalog(), v.Catalog())
	st := statement(s)
	insert(t, st.OnHead(), "a", 1)
	st.LeaveHead(true)
	st.End()
	next := s.Version()
	assert.NotSame(t, v.Catalog().Table("a"), next.Catalog().Table("a"))
	assert.Same(t, v.Catalog().Table("b"), next.Catalog().Table("b"))
	assert.Empty(t, ids(v, "a"))
}

// TestAWatchFiresWhenItsTableChanges, and then only, and feeds go-memdb for nobody else.
func TestAWatchFiresWhenItsTableChanges(t *testing.T) {
	s := newStore(t, "a", "b")
	fired := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	write := func(name string, id int, changed bool) {
		st := statement(s)
		defer st.End()
		w := st.OnHead()
		insert(t, w, name, id)
		if !changed {
			w.Writable(name).Apply([]table.Change{{Old: newRecord(int64(id))}}, nil)
		}
		st.LeaveHead(changed)
	}
	write("a", 1, true)
	require.Nil(t, s.watched, "nobody watches")

	a, b, none := s.Watch("a"), s.Watch("b"), s.Watch("none")
	write("a", 2, false)
	assert.False(t, fired(a), "what is undone changes nothing")
	write("b", 1, true)
	assert.True(t, fired(b))
	assert.False(t, fired(a) || fired(none))

	begin(s).Commit(true)
	assert.False(t, fired(a), "nothing was written")
	d := begin(s)
	insert(t, d, "a", 3)
	d.Drop()
	assert.False(t, fired(a))
	d = begin(s)
	insert(t, d, "a", 3)
	d.Commit(true)
	assert.True(t, fired(a))
	assert.False(t, fired(none))

	define(s, tableOf(t, "none"))
	assert.True(t, fired(none), "a table came")
	assert.Nil(t, s.watched, "all have fired: nobody watches")

	fork := s.Fork()
	a = fork.Watch("a")
	write("a", 4, true)
	assert.False(t, fired(a), "the fork did not change")
	st := statement(fork)
	st.UpdateInPlace("a", at(fork.Version(), 1), newRecord(1))
	st.End()
	assert.True(t, fired(a))
}

// at is the record of a with an id.
func at(v *Version, id int) index.Record {
	r, _ := v.Table("a").Tree(0).Get(index.OfInt(int64(id)))
	return r
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
		st.LeaveHead(true)
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
