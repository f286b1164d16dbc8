package memrel_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

func sound(t *testing.T, db *memrel.DB) *memrel.DB {
	t.Helper()
	t.Cleanup(func() {
		for err := range db.Check() {
			t.Error(err)
		}
	})
	return db
}

func str(name string) memrel.Attribute {
	return memrel.Attribute{Column: memrel.Column{Name: name, Type: memrel.String, Size: 255}}
}

func number(name string) memrel.Attribute {
	return memrel.Attribute{Column: memrel.Column{Name: name, Type: memrel.Int}}
}

func unique(a memrel.Attribute) memrel.Attribute {
	a.Unique = true
	return a
}

func model(name string, columns ...memrel.Attribute) memrel.ModelSpec {
	return memrel.ModelSpec{Name: name, Columns: columns}
}

func hasMany(a, b string, o assoc.Options) assoc.Spec {
	return assoc.Spec{Source: a, Kind: assoc.HasMany, Target: b, Options: o}
}

func belongsTo(a, b string, o assoc.Options) assoc.Spec {
	return assoc.Spec{Source: a, Kind: assoc.BelongsTo, Target: b, Options: o}
}

func belongsToMany(a, b string, o assoc.Options) assoc.Spec {
	return assoc.Spec{Source: a, Kind: assoc.BelongsToMany, Target: b, Options: o}
}

func actionsOf(t *testing.T, db *memrel.DB, table string) [2]string {
	t.Helper()
	s, ok := db.View().Schema(table)
	require.True(t, ok)
	require.Len(t, s.References, 1)
	return [2]string{s.References[0].OnDelete.String(), s.References[0].OnUpdate.String()}
}

func TestDefinitionsComeInAnyOrder(t *testing.T) {
	db, err := memrel.Open(hasMany("Foo", "Bar", assoc.Options{}), model("Bar", str("title")), model("Foo", str("name")))
	require.NoError(t, err)
	sound(t, db)
	require.Equal(t, [2]string{"SET NULL", "CASCADE"}, actionsOf(t, db, "Bars"))
}

func TestManualProfile(t *testing.T) {
	mandatory := &memrel.Attribute{Column: memrel.Column{NotNull: true}}
	for _, c := range []struct {
		name  string
		specs []memrel.Definition
		want  [2]string
	}{
		{"a mandatory key restricts", []memrel.Definition{hasMany("Foo", "Bar", assoc.Options{ForeignColumn: mandatory})}, [2]string{"RESTRICT", "RESTRICT"}},
		{"either side makes it mandatory", []memrel.Definition{hasMany("Foo", "Bar", assoc.Options{}),
			belongsTo("Bar", "Foo", assoc.Options{ForeignColumn: mandatory})}, [2]string{"RESTRICT", "RESTRICT"}},
		{"what is said beats a default of the first", []memrel.Definition{hasMany("Foo", "Bar", assoc.Options{}),
			belongsTo("Bar", "Foo", assoc.Options{OnDelete: memrel.Cascade})}, [2]string{"CASCADE", "CASCADE"}},
		{"the first of two who say it stays", []memrel.Definition{hasMany("Foo", "Bar", assoc.Options{OnDelete: memrel.Restrict}),
			belongsTo("Bar", "Foo", assoc.Options{OnDelete: memrel.Cascade, OnUpdate: memrel.NoAction})}, [2]string{"RESTRICT", "NO ACTION"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := memrel.Open(append(c.specs, model("Foo"), model("Bar"))...)
			require.NoError(t, err)
			require.Equal(t, c.want, actionsOf(t, db, "Bars"))
		})
	}
}

func TestRefusedDefinitionsNameTheCure(t *testing.T) {
	foo, bar := model("foo", str("name")), model("bar", str("title"))
	for _, c := range []struct {
		name string
		defs []memrel.Definition
		want []string
	}{
		{"a target key that is not unique", []memrel.Definition{belongsTo("bar", "foo", assoc.Options{TargetKey: "name", ForeignKey: "fooName"})},
			[]string{"add a unique key over foos(name)"}},
		{"a source key that is not there", []memrel.Definition{hasMany("foo", "bar", assoc.Options{SourceKey: "nick"})}, []string{"nick", "add the column"}},
		{"another type", []memrel.Definition{belongsTo("bar", "foo", assoc.Options{ForeignKey: "title"})}, []string{"type string", "the same type"}},
		{"an alias twice", []memrel.Definition{belongsTo("bar", "foo", assoc.Options{As: "x"}), belongsTo("bar", "foo", assoc.Options{As: "x"})}, []string{"another alias"}},
		{"an alias like a column", []memrel.Definition{belongsTo("bar", "foo", assoc.Options{As: "title"})}, []string{"title", "another alias"}},
		{"no junction", []memrel.Definition{belongsToMany("foo", "bar", assoc.Options{})}, []string{"Through"}},
		{"no such model", []memrel.Definition{hasMany("foo", "baz", assoc.Options{})}, []string{"baz", "define it"}},
		{"no such action", []memrel.Definition{hasMany("foo", "bar", assoc.Options{OnDelete: 99})}, []string{"action(99)", "SET NULL"}},
		{"a self association without alias", []memrel.Definition{belongsToMany("foo", "foo", assoc.Options{Through: "x"})}, []string{"alias"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := sound(t, memrel.MustOpen())
			err := db.Define(append([]memrel.Definition{foo, bar}, c.defs...)...)
			require.ErrorIs(t, err, memrel.ErrDefinition)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			require.Empty(t, db.View().Tables(), "a refused definition leaves nothing")
			require.Nil(t, memrel.Associations(db))
		})
	}
}

func TestAnAssociationComesToTablesWithRows(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("Foo", str("name")), model("Bar", str("title"))))
	foo, _ := db.Model("Foo")
	bar, _ := db.Model("Bar")
	_, err := foo.Insert(db, memrel.Values{"name": "f"})
	require.NoError(t, err)
	_, err = bar.Insert(db, memrel.Values{"title": "b"})
	require.NoError(t, err)
	before := db.View()

	tx := db.Begin()
	require.NoError(t, tx.Define(foo.HasMany(bar)))
	f, found, err := foo.FindByPk(tx, memrel.Query{}, 1)
	require.NoError(t, err)
	require.True(t, found)
	require.NoError(t, f.Add(tx, "Bars", 1))
	tx.Rollback()
	require.Nil(t, memrel.Associations(db).Association("Foos", "Bars"))

	require.NoError(t, db.Define(foo.HasMany(bar)))
	require.NoError(t, f.Add(db, "Bars", 1))
	rows, err := f.Get(db, "Bars", memrel.Query{})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.EqualValues(t, 1, rows[0].Value("FooId"))
	_, err = f.Get(before, "Bars", memrel.Query{})
	require.ErrorIs(t, err, memrel.ErrUnknownAssociation, "the old view does not know it")
}

func TestAlteringATableThatHasAssociations(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("Foo", str("name")), model("Bar"), hasMany("Foo", "Bar", assoc.Options{})))
	require.NoError(t, db.Alter("Bars", memrel.Column{Name: "size", Type: memrel.Int}, memrel.Index{Columns: []string{"size"}}))
	require.NoError(t, db.Define(model("Baz"), belongsTo("Bar", "Baz", assoc.Options{})))
	s, _ := db.View().Schema("Bars")
	var names []string
	for _, c := range s.Columns {
		names = append(names, c.Name)
	}
	require.ElementsMatch(t, []string{"id", "size", "FooId", "BazId"}, names)
	require.Len(t, s.Indexes, 1)
	require.Len(t, s.References, 2)
	require.Error(t, db.Alter("Bars", memrel.DropColumn("size")), "its index uses it")
	require.NoError(t, db.Alter("Bars", memrel.DropConstraint("Bars_size_idx"), memrel.DropColumn("size")))
	require.NoError(t, db.Define(model("Qux"), belongsTo("Bar", "Qux", assoc.Options{})))
	s, _ = db.View().Schema("Bars")
	require.Len(t, s.Columns, 4)
}

func TestDroppingTablesDropsTheirAssociations(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("Foo"), model("Bar"), hasMany("Foo", "Bar", assoc.Options{}),
		belongsToMany("Foo", "Bar", assoc.Options{Through: "links", As: "linked"})))
	require.Error(t, db.Drop("Foos"), "Bars refers to it")
	require.NoError(t, db.Drop("Bars", "links"))
	require.Equal(t, []string{"Foos"}, db.View().Tables())
	require.Empty(t, memrel.Associations(db).Of("Foos"))
}

func TestAForkHasDefinitionsOfItsOwn(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("Foo"), model("Bar")))
	fork := sound(t, db.Fork())
	require.NoError(t, fork.Define(hasMany("Foo", "Bar", assoc.Options{})))
	require.NotNil(t, memrel.Associations(fork).Association("Foos", "Bars"))
	require.Nil(t, memrel.Associations(db).Association("Foos", "Bars"))
}

func TestTimestampsFollowTheClock(t *testing.T) {
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	spec := model("Foo", str("name"))
	spec.Timestamps = true
	db := sound(t, memrel.MustOpen(memrel.Clock(func() time.Time { return now }), spec))
	foo, _ := db.Model("Foo")
	i, err := foo.Create(db, memrel.Values{"name": "a"})
	require.NoError(t, err)
	require.Equal(t, now, i.Value("createdAt"))
	made := now
	now = now.Add(time.Hour)
	i.SetValue("name", "b")
	require.NoError(t, i.Save(db))
	require.Equal(t, made, i.Value("createdAt"))
	require.Equal(t, now, i.Value("updatedAt"))
	row, _ := foo.Get(db, 1)
	require.Equal(t, now, row.Value("updatedAt"))
	now = now.Add(time.Hour)
	row, inserted, err := foo.Upsert(db, memrel.Values{"id": 1, "name": "c"})
	require.NoError(t, err)
	require.False(t, inserted)
	require.Equal(t, []any{made, now}, []any{row.Value("createdAt"), row.Value("updatedAt")})
}

// A clock that comes later is that of the tables there are too.
func TestALaterClock(t *testing.T) {
	spec := model("Foo")
	spec.Timestamps = true
	db := sound(t, memrel.MustOpen(spec))
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	require.NoError(t, db.Define(memrel.Clock(func() time.Time { return now })))
	row, err := memrel.RowsOf("Foo").Insert(db, nil)
	require.NoError(t, err)
	require.Equal(t, []any{now, now}, []any{row.Get("createdAt"), row.Get("updatedAt")})
}

func TestAVerbThatFailsLeavesNothing(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("Foo"), model("Bar", unique(str("name"))),
		belongsToMany("Foo", "Bar", assoc.Options{Through: "links"})))
	foo, _ := db.Model("Foo")
	bar, _ := db.Model("Bar")
	f, err := foo.Create(db, nil)
	require.NoError(t, err)
	_, err = bar.Create(db, memrel.Values{"name": "b"})
	require.NoError(t, err)
	require.NoError(t, f.Add(db, "Bars", 1))
	require.ErrorIs(t, f.Set(db, "Bars", 1, 99), memrel.ErrForeignKey)
	_, err = f.Create(db, "Bars", memrel.Values{"name": "b"})
	require.ErrorIs(t, err, memrel.ErrUnique)
	n, err := f.Count(db, "Bars", memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 1, n)

	err = db.Update(func(tx *memrel.Tx) error {
		if err := f.Set(tx, "Bars", 99); !errors.Is(err, memrel.ErrForeignKey) {
			t.Errorf("got %v", err)
		}
		has, err := f.Has(tx, "Bars", 1)
		require.True(t, has, "the transaction goes on as it was")
		return err
	})
	require.NoError(t, err)
}
