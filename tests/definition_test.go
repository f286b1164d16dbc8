package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// plain is a table with an id and some columns of type int, to be spoiled.
func plain(name string, columns ...string) memrel.Schema {
	s := memrel.Schema{Name: name, PrimaryKey: []string{"id"}, Columns: []memrel.Column{{Name: "id", Type: memrel.Int}}}
	for _, c := range columns {
		s.Columns = append(s.Columns, memrel.Column{Name: c, Type: memrel.Int})
	}
	return s
}

func with(s memrel.Schema, parts ...memrel.Part) memrel.Schema {
	for _, p := range parts {
		if err := s.Alter(p); err != nil {
			panic(err)
		}
	}
	return s
}

func defining(defs ...memrel.Definition) func(*memrel.DB) error {
	return func(db *memrel.DB) error { return db.Define(defs...) }
}

func altering(name string, parts ...memrel.Part) func(*memrel.DB) error {
	return func(db *memrel.DB) error { return db.Alter(name, parts...) }
}

func refersTo(name string, columns ...string) memrel.Reference {
	return memrel.Reference{Columns: []string{"a"}, Table: name, RefColumns: columns}
}

func TestDefinitionsThatAreRefused(t *testing.T) {
	kind := memrel.ErrDefinition
	for _, c := range []refused{
		{"a table without a name", defining(plain(" ")), kind, "42602", "memrel: define: a table has no name; give the table a name"},
		{"a name with a zero byte", defining(plain("a\x00b")), kind, "42602", "memrel: define a\\x00b: the table name \"a\\x00b\" has a zero byte; leave out the zero byte"},
		{"a table without columns", defining(memrel.Schema{Name: "t"}), kind, "42P16", "memrel: define t: table t has no columns; give it columns"},
		{"a table without a primary key", defining(memrel.Schema{Name: "t", Columns: plain("t").Columns}), kind, "42P16", `memrel: define t: table t has no primary key; name the columns that identify a row, or add an auto-incremented column "id"`},
		{"a column without a name", defining(plain("t", "")), kind, "42602", "memrel: define t: column 2 has no name; give the column a name"},
		{"a column without a type", defining(with(plain("t"), memrel.Column{Name: "a"})), kind, "42704", "memrel: define t: column a has no valid type; use one of the types of package index"},
		{"a column twice", defining(plain("t", "a", "a")), kind, "42701", "memrel: define t: column a is declared twice; rename one of them"},
		{"a table that is there", defining(plain("people")), kind, "42P07", "memrel: define people: table people exists already; choose another name, or drop it first"},
		{"a table twice in one call", defining(plain("t"), plain("t")), kind, "42P07", "memrel: define t: table t exists already; choose another name, or drop it first"},
		{"a size that no int has", defining(with(plain("t"), memrel.Column{Name: "a", Type: memrel.Int, Size: 7})), kind, "42P16", "memrel: define t: column a: 7 bits are no size of an int; use 8, 16, 32 or 64"},
		{"two numbered columns", defining(with(plain("t"), memrel.Column{Name: "a", Type: memrel.Int, AutoIncrement: true},
			memrel.Column{Name: "b", Type: memrel.Int, AutoIncrement: true})), kind, "42P16", "memrel: define t: columns a and b are both auto-incremented; keep one"},
		{"numbers that are text", defining(with(plain("t"), memrel.Column{Name: "a", Type: memrel.String, AutoIncrement: true})), kind, "42P16", "memrel: define t: column a of type string cannot be auto-incremented; make it an int column"},
		{"a default of another type", defining(with(plain("t"), memrel.Column{Name: "a", Type: memrel.Int, Default: "x"})), kind, "42804", `memrel: define t: the default of column a: a = "x" is a string, not an int; give it a default of its type`},
		{"a key over a column that is not there", defining(with(plain("t"), memrel.UniqueKey{Columns: []string{"a"}})), kind, "42703", "memrel: define t: unique key t_a_key names column a, which does not exist; declare the column, or correct its name; columns are id"},
		{"a key over no columns", defining(with(plain("t"), memrel.UniqueKey{Name: "k"})), kind, "42P16", "memrel: define t: unique key k has no columns; name its columns"},
		{"a key that names a column twice", defining(with(plain("t"), memrel.Index{Columns: []string{"id", "id"}})), kind, "42701", "memrel: define t: index t_id_id_idx names column id twice; name it once"},
		{"an index in the order of a column that it does not have", defining(with(plain("t"), memrel.Index{Columns: []string{"id"}, Order: []memrel.Order{{Column: "a"}}})), kind, "42703",
			"memrel: define t: index t_id_idx orders by column a, which it does not have; name columns of the key only"},
		{"an index in two orders of a column", defining(with(plain("t"), memrel.Index{Columns: []string{"id"}, Order: []memrel.Order{{Column: "id"}, {Column: "id", Desc: true}}})), kind, "42701",
			"memrel: define t: index t_id_idx orders by column id twice; name it once"},
		{"an index over the beginning of a number", defining(with(plain("t"), memrel.Index{Columns: []string{"id"}, Prefix: map[string]int{"id": 3}})), kind, "42804",
			"memrel: define t: index t_id_idx is over a beginning of column id of type int; a string or bytes have one; have the key over the whole column"},
		{"a key over the beginning of another column", defining(with(plain("t"), memrel.UniqueKey{Columns: []string{"id"}, Prefix: map[string]int{"a": 3}})), kind, "42703",
			"memrel: define t: unique key t_id_key is over a beginning of column a, which it does not have; name columns of the key only"},
		{"a deferrable key in an order", defining(with(plain("t"), memrel.UniqueKey{Columns: []string{"id"}, Deferrable: true, Order: []memrel.Order{{Column: "id", Desc: true}}})), kind, "0A000",
			"memrel: define t: unique key t_id_key is deferrable, and such a key has no order of its own; leave it out, or add an Index in that order"},
		{"two keys of one name", defining(with(plain("t"), memrel.Index{Name: "k", Columns: []string{"id"}},
			memrel.UniqueKey{Name: "k", Columns: []string{"id"}})), kind, "42710", "memrel: define t: index k has the name of a unique key; rename one of them"},
		{"a check of a column that is not there", defining(with(plain("t"), memrel.CheckConstraint{Where: memrel.Eq("a", 1)})), kind, "42P10", "memrel: define t: check t_check1: there is no column a"},
		{"a reference to a table that is not there", defining(with(plain("t", "a"), refersTo("persons"))), kind, "42P01", "memrel: define t: foreign key t_a_fkey refers to table persons, which does not exist; define that table first, or in the same call"},
		{"a reference to a column that is not there", defining(with(plain("t", "a"), refersTo("people", "key"))), kind, "42703", "memrel: define t: foreign key t_a_fkey refers to column key of people, which does not exist; correct the name, or add the column"},
		{"a reference to a column that is not unique", defining(with(plain("t", "a"), refersTo("people", "age"))), kind, "42830", "memrel: define t: foreign key t_a_fkey refers to people(age), which no primary or unique key covers; add a unique key over people(age)"},
		{"a reference to another type", defining(with(plain("t", "a"), refersTo("people", "email"))), kind, "42804", "memrel: define t: foreign key t_a_fkey: t.a is of type int and people.email of type string; make t.a a column of type string"},
		{"a reference of another length", defining(with(plain("t", "a"), refersTo("pets"))), kind, "42830", "memrel: define t: foreign key t_a_fkey has 1 columns and refers to 2 of pets; name as many columns on both sides"},
		{"a reference from a column that is not there", defining(with(plain("t"), refersTo("people"))), kind, "42703", "memrel: define t: foreign key t_a_fkey names column a, which does not exist; declare the column, or correct its name; columns are id"},
		{"one bad table among good ones", defining(plain("good"), plain("bad", "a", "a")), kind, "42701", "memrel: define bad: column a is declared twice; rename one of them"},
		{"nothing", defining(plain("t"), nil), kind, "42601", "memrel: define: definition 2 is nil; give it a Schema or a handle"},
		{"a struct that is none", defining(memrel.TableOf[int]("t")), kind, "42P16", "memrel: define t: int is not a struct; use a struct type, not a pointer to one"},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, shop) })
	}
}

func TestChangesOfDefinitionsThatAreRefused(t *testing.T) {
	for _, c := range []refused{
		{"of a table that is not there", altering("persons", memrel.DropColumn("a")), memrel.ErrUnknownTable, "42P01", "memrel: alter persons: there is no table persons"},
		{"dropping a table that is not there", func(db *memrel.DB) error { return db.Drop("persons") }, memrel.ErrUnknownTable, "42P01", "memrel: drop persons: there is no table persons"},
		{"dropping a table that others refer to", func(db *memrel.DB) error { return db.Drop("people") }, memrel.ErrDefinition, "2BP01", "memrel: drop people: table pets refers to it by foreign key owned; drop that foreign key or that table too"},
		{"dropping a column that is not there", altering("people", memrel.DropColumn("surname")), memrel.ErrUnknownColumn, "42703", "memrel: alter people: there is no column surname"},
		{"dropping a column of the primary key", altering("people", memrel.DropColumn("id")), memrel.ErrDefinition, "2BP01", "memrel: define people: column id is used by the primary key; drop that first, or all of it with DropColumnCascade"},
		{"dropping a column that a check reads", altering("people", memrel.DropColumn("age")), memrel.ErrDefinition, "2BP01", "memrel: define people: column age is used by check grown; drop that first, or all of it with DropColumnCascade"},
		{"dropping a column that is referred to", altering("people", memrel.DropColumn("email")), memrel.ErrDefinition, "2BP01", "memrel: define people: column email is used by unique key people_email_key, foreign key treated of pets; drop that first, or all of it with DropColumnCascade"},
		{"dropping a key that is referred to", altering("people", memrel.DropConstraint("people_email_key")), memrel.ErrDefinition, "42830", "memrel: define pets: foreign key treated refers to people(email), which no primary or unique key covers; add a unique key over people(email)"},
		{"dropping a key that is not there", altering("people", memrel.DropConstraint("no_such")), memrel.ErrDefinition, "42704", "memrel: alter people: there is no key, index, check or reference no_such"},
		{"a column that is there", altering("people", memrel.Column{Name: "age", Type: memrel.Int}), memrel.ErrDefinition, "42701", "memrel: alter people: there is a column age already; name it otherwise, or drop that first: in one Alter the values are kept"},
		{"a column that rows leave NULL", altering("people", memrel.Column{Name: "b", Type: memrel.Int, NotNull: true}), memrel.ErrNotNull, "23502", "memrel: alter people: b cannot be NULL; at fault: people[1]; change or delete the row first"},
		{"a key that rows share", altering("people", memrel.Column{Name: "b", Type: memrel.Int, Default: 1}, memrel.UniqueKey{Columns: []string{"b"}}),
			memrel.ErrUnique, "23505", "memrel: alter people: rows share the unique key people_b_key = (1); in the way: people[1], people[2]; change or delete one of the rows first"},
		{"a key that rows share where NULLs are equal", func(db *memrel.DB) error {
			return db.Alter("people", memrel.Column{Name: "b", Type: memrel.Int}, memrel.UniqueKey{Columns: []string{"b"}, NullsNotDistinct: true})
		}, memrel.ErrUnique, "23505", "memrel: alter people: rows share the unique key people_b_key = (NULL); in the way: people[1], people[2]; change or delete one of the rows first"},
		{"a check that a row fails", altering("people", memrel.CheckConstraint{Name: "old", Where: memrel.Gt("age", 40)}), memrel.ErrCheck, "23514", "memrel: alter people: row people[1] is refused by check old: age > 40; change or delete the row first"},
		{"a reference that a row breaks", altering("people", memrel.Column{Name: "boss", Type: memrel.Int, Default: 7},
			memrel.Reference{Columns: []string{"boss"}, Table: "people"}), memrel.ErrForeignKey, "23503", "memrel: alter people: people 7 does not exist (people.boss -> people.id); at fault: people[1]; change or delete the row first"},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, shop) })
	}
}

// TestDefinitionsAreVersionedLikeData: a view goes on having the tables that it had, and a rollback brings them back.
func TestDefinitionsAreVersionedLikeData(t *testing.T) {
	db := shop(t)
	before := everythingOf(t, db)
	view := db.View()
	tx := db.Begin()
	require.NoError(t, tx.Alter("people", memrel.Column{Name: "height", Type: memrel.Int, Default: 170}, memrel.Index{Columns: []string{"height"}}))
	_, err := people.Insert(tx, memrel.Values{"name": "eve", "height": 180})
	require.NoError(t, err)
	require.NoError(t, tx.Savepoint("tall"))
	require.NoError(t, tx.Drop("pets"))
	require.NoError(t, tx.Alter("people", memrel.DropConstraint("people_height_idx"), memrel.DropColumn("height")))
	require.NoError(t, tx.RollbackTo("tall"))
	ann, _ := people.Get(tx, 1)
	assert.EqualValues(t, 170, ann.Get("height"))
	assert.Equal(t, 1, count(tx, pets))
	assert.Equal(t, before, everythingOf(t, db), "nobody else sees it before the commit")

	fork := checked(t, db.Fork())
	require.NoError(t, tx.Commit())
	assert.Equal(t, before, everythingOf(t, fork))
	assert.Equal(t, before, everythingOf(t, checked(t, view.Fork())))
	eve, _ := people.Get(db, 3)
	assert.EqualValues(t, 180, eve.Get("height"))
	require.NoError(t, fork.Define(plain("height")), "a fork's definitions are its own")
	assert.Equal(t, []string{"people", "pets"}, db.View().Tables())
}

// TestReferencesAreListedOnBothSides, from the catalog, also after tables were altered and dropped.
func TestReferencesAreListedOnBothSides(t *testing.T) {
	db := shop(t)
	names := func(table string) (out []string) {
		for _, r := range db.View().References(table) {
			out = append(out, r.Name)
		}
		return out
	}
	assert.Equal(t, []string{"owned", "treated"}, names("people"))
	assert.Equal(t, []string{"owned", "treated"}, names("pets"))
	require.NoError(t, db.Alter("pets", memrel.DropConstraint("treated"),
		memrel.Column{Name: "twin", Type: memrel.String}, memrel.Reference{Name: "paired", Columns: []string{"owner", "twin"}, Table: "pets"}))
	assert.Equal(t, []string{"owned"}, names("people"))
	assert.Equal(t, []string{"paired", "owned"}, names("pets"), "those that refer to the table first")
	require.NoError(t, db.Drop("pets"))
	assert.Empty(t, names("people"))
}

// TestADroppedTableTakesNothingWithIt: its name can be used again, and numbers begin anew.
func TestADroppedTableTakesNothingWithIt(t *testing.T) {
	db := shop(t)
	require.NoError(t, db.Drop("people", "pets"), "together, though one refers to the other")
	require.NoError(t, db.Define(schemaOf("users"), memrel.Schema{Name: "people", PrimaryKey: []string{"id"},
		Columns: []memrel.Column{{Name: "id", Type: memrel.Int, AutoIncrement: true}}}))
	r, err := people.Insert(db, nil)
	require.NoError(t, err)
	assert.Equal(t, "people{id: 1}", r.String())
}
