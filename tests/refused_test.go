package tests

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// Bad input of every kind: each is refused with an error of its kind and code that begins with names and says what is
// wrong and what would help, and nothing has changed.

// refused is one such input.
type refused struct {
	name  string
	do    func(db *memrel.DB) error
	kind  error
	state string
	text  string // the whole text, as a user reads it
}

func (c refused) run(t *testing.T, start func(t *testing.T) *memrel.DB) {
	db := start(t)
	before := everythingOf(t, db)
	err := c.do(db)
	require.Error(t, err)
	assert.Equal(t, c.text, err.Error())
	var e *memrel.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, c.kind, e.Kind)
	assert.Equal(t, c.state, e.SQLState())
	assert.Equal(t, before, everythingOf(t, db), "something has changed")
	err = db.Update(func(tx *memrel.Tx) error { return nil })
	assert.NoError(t, err, "the store does not take transactions any more")
}

// everythingOf writes down all definitions and rows.
func everythingOf(t *testing.T, db *memrel.DB) string {
	t.Helper()
	var b strings.Builder
	view := db.View()
	for _, name := range view.Tables() {
		s, _ := view.Schema(name)
		text, err := json.Marshal(s)
		require.NoError(t, err)
		b.Write(text)
		for r := range memrel.RowsOf(name).All(view) {
			b.WriteString("\n" + r.String())
		}
		b.WriteString("\n")
	}
	return b.String()
}

var (
	people = memrel.RowsOf("people")
	pets   = memrel.RowsOf("pets")
)

func shop(t *testing.T) *memrel.DB {
	db := open(t,
		memrel.Schema{Name: "people", PrimaryKey: []string{"id"}, Columns: []memrel.Column{
			{Name: "id", Type: memrel.Int, AutoIncrement: true},
			{Name: "name", Type: memrel.String, NotNull: true, Size: 10},
			{Name: "email", Type: memrel.String},
			{Name: "age", Type: memrel.Int, Size: 8},
			{Name: "doc", Type: memrel.JSON},
		}, Unique: []memrel.UniqueKey{{Columns: []string{"email"}}}, Checks: []memrel.CheckConstraint{{Name: "grown", Where: memrel.Gte("age", 0)}}},
		memrel.Schema{Name: "pets", PrimaryKey: []string{"owner", "name"}, Columns: []memrel.Column{
			{Name: "owner", Type: memrel.Int}, {Name: "name", Type: memrel.String}, {Name: "vet", Type: memrel.String},
		}, References: []memrel.Reference{
			{Name: "owned", Columns: []string{"owner"}, Table: "people", OnDelete: memrel.Restrict},
			{Name: "treated", Columns: []string{"vet"}, Table: "people", RefColumns: []string{"email"}},
		}})
	_, err := people.InsertAll(db, []memrel.Values{{"name": "ann", "email": "ann@x", "age": 30}, {"name": "bob"}})
	require.NoError(t, err)
	_, err = pets.Insert(db, memrel.Values{"owner": 1, "name": "rex", "vet": "ann@x"})
	require.NoError(t, err)
	return db
}

func insertPerson(v memrel.Values) func(*memrel.DB) error {
	return func(db *memrel.DB) error {
		_, err := people.Insert(db, v)
		return err
	}
}

func updatePerson(key any, v memrel.Values) func(*memrel.DB) error {
	return func(db *memrel.DB) error {
		_, err := people.Update(db, v, key)
		return err
	}
}

func findPeople(q memrel.Query) func(*memrel.DB) error {
	return func(db *memrel.DB) error {
		_, err := people.Find(db, q)
		return err
	}
}

func deepJSON(levels int) json.RawMessage {
	return json.RawMessage(strings.Repeat("[", levels) + strings.Repeat("]", levels))
}

func TestRowsThatAreRefused(t *testing.T) {
	for _, c := range []refused{
		{"a table that is not there", func(db *memrel.DB) error { _, err := memrel.RowsOf("persons").Insert(db, nil); return err },
			memrel.ErrUnknownTable, "42P01", "memrel: insert persons: there is no table persons; define it, or open the store with it"},
		{"a column that is not there", insertPerson(memrel.Values{"name": "eve", "surname": "eve"}),
			memrel.ErrUnknownColumn, "42703", "memrel: insert people: there is no column surname; columns are id, name, email, age, doc"},
		{"text for a number", insertPerson(memrel.Values{"name": "eve", "age": "old"}), memrel.ErrType, "42804", `memrel: insert people: age = "old" is a string, not an int; give it a whole number`},
		{"a number for text", insertPerson(memrel.Values{"name": 7}), memrel.ErrType, "42804", "memrel: insert people: name = 7 is an int64, not a string; give it a string"},
		{"a number out of range", insertPerson(memrel.Values{"name": "eve", "age": 128}), memrel.ErrType, "22003", "memrel: insert people: age = 128 does not fit 8 bits (-128 to 127); use a smaller number, or a column of more bits"},
		{"an unsigned number out of range", insertPerson(memrel.Values{"id": uint64(math.MaxUint64), "name": "eve"}), memrel.ErrType, "22003", "memrel: insert people: id = 18446744073709551615 does not fit 64 bits (-9223372036854775808 to 9223372036854775807); use a smaller number"},
		{"half a number", insertPerson(memrel.Values{"name": "eve", "age": 1.5}), memrel.ErrType, "42804", "memrel: insert people: age = 1.5 is not a whole number; round it first, or use a float column"},
		{"text too long", insertPerson(memrel.Values{"name": "eve of destruction"}), memrel.ErrType, "22001", `memrel: insert people: name = "eve of destruction" has 18 characters, 10 are allowed; shorten it, or use a larger size`},
		{"a document too deep", insertPerson(memrel.Values{"name": "eve", "doc": deepJSON(201)}), memrel.ErrType, "54001", "memrel: insert people: doc is not JSON that can be kept: arrays and objects are nested deeper than 200 levels; give it what encoding/json can write, or valid JSON as json.RawMessage"},
		{"a document that is none", insertPerson(memrel.Values{"name": "eve", "doc": json.RawMessage(`{"a":`)}), memrel.ErrType, "22P02", "memrel: insert people: doc is not JSON that can be kept: the text ends too early; give it what encoding/json can write, or valid JSON as json.RawMessage"},
		{"a value of no type that the store knows", insertPerson(memrel.Values{"name": make(chan int)}), memrel.ErrType, "42804", "memrel: insert people: name is given a chan int, not a string; give it a string"},
		{"NULL where it must not be", insertPerson(memrel.Values{"name": nil}),
			memrel.ErrNotNull, "23502", "memrel: insert people: name cannot be NULL; give it a value, or declare a default"},
		{"no value where there must be one", insertPerson(nil),
			memrel.ErrNotNull, "23502", "memrel: insert people: name cannot be NULL; give it a value, or declare a default"},
		{"a check", insertPerson(memrel.Values{"name": "eve", "age": -1}),
			memrel.ErrCheck, "23514", "memrel: insert people: row people[3] is refused by check grown: age >= 0"},
		{"a primary key that is taken", insertPerson(memrel.Values{"id": 2, "name": "eve"}),
			memrel.ErrUnique, "23505", "memrel: insert people: primary key (id) = (2) is taken; in the way: people[2]"},
		{"a unique key that is taken", insertPerson(memrel.Values{"name": "eve", "email": "ann@x"}),
			memrel.ErrUnique, "23505", `memrel: insert people: unique key (email) = ("ann@x") is taken; in the way: people[1]`},
		{"a statement that fails at its last row", func(db *memrel.DB) error {
			_, err := people.InsertAll(db, []memrel.Values{{"name": "eve"}, {"name": "fay"}, {"name": "ann", "email": "ann@x"}})
			return err
		}, memrel.ErrUnique, "23505", `memrel: insert people: row 3: unique key (email) = ("ann@x") is taken; in the way: people[1]`},
		{"a statement with one key twice", func(db *memrel.DB) error {
			_, err := people.InsertAll(db, []memrel.Values{{"id": 9, "name": "eve"}, {"id": 9, "name": "fay"}})
			return err
		}, memrel.ErrUnique, "23505", "memrel: insert people: row 2: primary key (id) = (9) is taken; in the way: people[9]"},
		{"a parent that is not there", func(db *memrel.DB) error {
			_, err := pets.Insert(db, memrel.Values{"owner": 7, "name": "rex"})
			return err
		}, memrel.ErrForeignKey, "23503", "memrel: insert pets: people 7 does not exist (pets.owner -> people.id)"},
		{"a row that others refer to", func(db *memrel.DB) error { _, err := people.Delete(db, 1); return err },
			memrel.ErrRestrict, "23001", `memrel: delete people: people 1 is still referenced (pets.owner -> people.id, RESTRICT); in the way: pets[1, "rex"]`},
		{"a key that others refer to", updatePerson(1, memrel.Values{"email": nil}),
			memrel.ErrRestrict, "23503", `memrel: update people: people "ann@x" is still referenced (pets.vet -> people.email, NO ACTION); in the way: pets[1, "rex"]`},
		{"a table that others refer to", func(db *memrel.DB) error { return people.Truncate(db) },
			memrel.ErrRestrict, "0A000", `memrel: truncate people: pets refers to it (pets.owner -> people.id), whether it has rows or not; truncate pets with it, by name or by Cascade, or delete the rows instead`},
		{"a row that is not there", updatePerson(9, memrel.Values{"name": "eve"}),
			memrel.ErrNotFound, "02000", "memrel: update people: there is no row people[9]"},
		{"NULL for a key", updatePerson(nil, memrel.Values{"age": 1}), memrel.ErrNotFound, "02000", "memrel: update people: there is no row people[NULL]"},
		{"half a key", func(db *memrel.DB) error { _, err := pets.Delete(db, 1); return err },
			memrel.ErrQuery, "42601", "memrel: delete pets: a key of 1 values was given for the primary key (owner, name); give one value for each of its columns"},
		{"a key of another type", updatePerson("ann", memrel.Values{"age": 1}), memrel.ErrType, "42804", `memrel: update people: id = "ann" is a string, not an int; give it a whole number`},
		{"an upsert by columns that are no key", func(db *memrel.DB) error {
			_, _, err := people.Upsert(db, memrel.Values{"name": "eve"}, "name")
			return err
		}, memrel.ErrQuery, "42P10", "memrel: upsert people: no primary or unique key is over (name); name the columns of a key, or declare a unique key over these"},
		{"numbers used up", func(db *memrel.DB) error {
			return db.Update(func(tx *memrel.Tx) error {
				if _, err := people.Insert(tx, memrel.Values{"id": int64(math.MaxInt64), "name": "eve"}); err != nil {
					return err
				}
				_, err := people.Insert(tx, memrel.Values{"name": "fay"})
				return err
			})
		}, memrel.ErrType, "2200H", "memrel: insert people: the numbers of id are used up: the last is 9223372036854775807; use a wider column"},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, shop) })
	}
}

func TestQueriesThatAreRefused(t *testing.T) {
	cursor := memrel.RowsOf("pets")
	for _, c := range []refused{
		{"a condition on no column", findPeople(memrel.Query{Where: memrel.Eq("surname", 1)}),
			memrel.ErrUnknownColumn, "42703", "memrel: find people: there is no column surname; columns are id, name, email, age, doc"},
		{"an order by no column", findPeople(memrel.Query{Order: []memrel.Order{{Column: "surname"}}}),
			memrel.ErrUnknownColumn, "42703", "memrel: find people: there is no column surname; columns are id, name, email, age, doc"},
		{"no such column wanted", findPeople(memrel.Query{Columns: []string{"surname"}}),
			memrel.ErrUnknownColumn, "42703", "memrel: find people: there is no column surname; columns are id, name, email, age, doc"},
		{"a comparison with another type", findPeople(memrel.Query{Where: memrel.Eq("age", "old")}), memrel.ErrType, "42804", `memrel: find people: age = "old" is a string, not an int; give it a whole number`},
		{"a negative limit", findPeople(memrel.Query{Limit: -1}), memrel.ErrQuery, "42601", "memrel: find people: limit -1 is negative"},
		{"a cursor of another order", func(db *memrel.DB) error {
			rex, _ := pets.Get(db, 1, "rex")
			at, err := cursor.CursorOf(db, rex)
			if err != nil {
				return err
			}
			_, err = people.Find(db, memrel.Query{After: &at})
			return err
		}, memrel.ErrQuery, "42601", "memrel: find people: the cursor is not one of this query; use a cursor made with the same table and order"},
		{"a table that is not there", func(db *memrel.DB) error { _, err := memrel.RowsOf("persons").Count(db, memrel.Cond{}); return err },
			memrel.ErrUnknownTable, "42P01", "memrel: count persons: there is no table persons; define it, or open the store with it"},
		{"a preview of no row", func(db *memrel.DB) error { _, err := db.View().PreviewDelete("people", 9); return err },
			memrel.ErrNotFound, "02000", "memrel: preview delete people: there is no row people[9]"},
		{"the greatest of no column", func(db *memrel.DB) error { _, err := people.Max(db, "surname", memrel.Cond{}); return err },
			memrel.ErrUnknownColumn, "42703", "memrel: find people: there is no column surname; columns are id, name, email, age, doc"},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, shop) })
	}
}

func TestHandlesThatDoNotFit(t *testing.T) {
	type Stranger struct {
		ID   int64
		Name int
	}
	typed := memrel.TableOf[Stranger]("people")
	const misfit = "memrel: define people: field Stranger.Name: an int cannot hold a column of type string; " +
		"use string, a pointer to one or sql.Null of it"
	for _, c := range []refused{
		{"bound", func(db *memrel.DB) error { return typed.Bind(db) }, memrel.ErrDefinition, "42P16", misfit},
		{"inserting", func(db *memrel.DB) error { _, err := typed.Insert(db, Stranger{}); return err }, memrel.ErrDefinition, "42P16", misfit},
		{"finding", func(db *memrel.DB) error { _, err := typed.Find(db, memrel.Query{}); return err }, memrel.ErrDefinition, "42P16", misfit},
		{"deleting", func(db *memrel.DB) error { _, err := typed.Delete(db, 2); return err }, memrel.ErrDefinition, "42P16", misfit},
		{"updating", func(db *memrel.DB) error { _, err := typed.Update(db, memrel.Values{"age": 1}, 2); return err }, memrel.ErrDefinition, "42P16", misfit},
		{"deleting by a condition", func(db *memrel.DB) error { _, err := typed.DeleteWhere(db, memrel.Eq("id", 2)); return err }, memrel.ErrDefinition, "42P16", misfit},
		{"saving", func(db *memrel.DB) error { _, err := typed.Save(db, Stranger{ID: 2}); return err }, memrel.ErrDefinition, "42P16", misfit},
		{"a store without the table", func(db *memrel.DB) error { return accounts.Bind(db) },
			memrel.ErrUnknownTable, "42P01", "memrel: bind accounts: there is no table accounts; define it, or open the store with it"},
		{"writing to a store without the table", func(db *memrel.DB) error { _, err := accounts.Insert(db, Account{}); return err },
			memrel.ErrUnknownTable, "42P01", "memrel: insert accounts: there is no table accounts; define it, or open the store with it"},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, shop) })
	}
	db := shop(t)
	for _, read := range []func(){func() { typed.Get(db, 1) }, func() { walk(typed.All(db)) }} {
		assert.EqualError(t, panicOf(t, read), misfit, "reads without an error to return")
	}
	for _, read := range []func(){func() { accounts.Get(db, 1) }, func() { walk(accounts.All(db)) }} {
		assert.ErrorIs(t, panicOf(t, read), memrel.ErrUnknownTable)
	}
}

func TestTransactionsThatHaveEnded(t *testing.T) {
	ended := func(do func(tx *memrel.Tx) error) func(*memrel.DB) error {
		return func(db *memrel.DB) error {
			tx := db.Begin()
			if err := tx.Commit(); err != nil {
				return err
			}
			return do(tx)
		}
	}
	for _, c := range []refused{
		{"writing", ended(func(tx *memrel.Tx) error { _, err := people.Insert(tx, nil); return err }),
			memrel.ErrTxDone, "25000", "memrel: insert: the transaction has ended; begin another"},
		{"committing", ended(func(tx *memrel.Tx) error { return tx.Commit() }),
			memrel.ErrTxDone, "25000", "memrel: commit: the transaction has ended; begin another"},
		{"nesting", ended(func(tx *memrel.Tx) error { return tx.Update(func(*memrel.Tx) error { panic("it runs") }) }), memrel.ErrTxDone, "25000", "memrel: update: the transaction has ended; begin another"},
		{"a savepoint", ended(func(tx *memrel.Tx) error { return tx.Savepoint("a") }), memrel.ErrTxDone, "25000", "memrel: savepoint: the transaction has ended; begin another"},
		{"going back", ended(func(tx *memrel.Tx) error { return tx.RollbackTo("a") }), memrel.ErrTxDone, "25000", "memrel: rollback to savepoint: the transaction has ended; begin another"},
		{"defining", ended(func(tx *memrel.Tx) error { return tx.Define(schemaOf("nodes")) }), memrel.ErrTxDone, "25000", "memrel: define: the transaction has ended; begin another"},
		{"deferring", ended(func(tx *memrel.Tx) error { return tx.Defer() }), memrel.ErrTxDone, "25000", "memrel: defer: the transaction has ended; begin another"},
		{"reading", ended(func(tx *memrel.Tx) error { _, err := people.Find(tx, memrel.Query{}); return err }), memrel.ErrTxDone, "25000", "memrel: find: the transaction has ended; begin another"},
		{"committing inside a nested transaction", func(db *memrel.DB) error {
			return db.Update(func(tx *memrel.Tx) error { return tx.Update(func(tx *memrel.Tx) error { return tx.Commit() }) })
		}, memrel.ErrTxDone, "25000", "memrel: commit: the transaction has ended; begin another"},
		{"a savepoint of the outer transaction", func(db *memrel.DB) error {
			return db.Update(func(tx *memrel.Tx) error {
				if err := tx.Savepoint("outer"); err != nil {
					return err
				}
				return tx.Update(func(tx *memrel.Tx) error { return tx.RollbackTo("outer") })
			})
		}, memrel.ErrQuery, "3B001", "memrel: rollback to savepoint: there is no savepoint outer; set it with Savepoint first; rolling back to an earlier one removes those after it"},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, shop) })
	}
}

func TestZeroValuesAreHarmless(t *testing.T) {
	var view memrel.View
	assert.Empty(t, view.Tables())
	for err := range view.Check() {
		t.Error(err)
	}
	assert.ErrorIs(t, panicOf(t, func() { people.Get(view, 1) }), memrel.ErrUnknownTable)
	_, err := people.Find(view, memrel.Query{})
	assert.ErrorIs(t, err, memrel.ErrUnknownTable)
	_, err = view.PreviewDelete("people", 1)
	assert.ErrorIs(t, err, memrel.ErrUnknownTable)
	assert.NoError(t, checked(t, view.Fork()).Define(schemaOf("users")), "its fork is an empty store")

	db := shop(t)
	var model memrel.Model
	_, err = model.Find(db, memrel.Query{})
	assert.EqualError(t, err, "memrel: find: the table has no name; make the handle with TableOf, RowsOf or ModelOf")
	var r memrel.Row
	assert.True(t, r.IsZero())
	assert.Nil(t, r.Get("id"))
	assert.Equal(t, "no row", r.String())
	var e types.Error
	assert.NotEmpty(t, e.Error())
	assert.True(t, errors.Is(&types.Error{Kind: memrel.ErrUnique}, memrel.ErrUnique))
}
