package tests

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// ticking is a clock that is another at each reading.
func ticking() memrel.Clock {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return func() time.Time { at = at.Add(time.Second); return at }
}

// TestARowIsMadeAtOneTime: the timestamps of a new row are one reading of the clock, by whatever way it is made, but for one that is
// given, as in Sequelize.
func TestARowIsMadeAtOneTime(t *testing.T) {
	t.Parallel()
	type made struct {
		ID        int64
		Name      *string
		CreatedAt time.Time
		UpdatedAt time.Time
	}
	users, tags := memrel.ModelOf("Users"), memrel.ModelOf("Tags")
	db := memrel.MustOpen(ticking(), memrel.ModelSpec{Name: "User", Timestamps: true, Columns: []memrel.Attribute{{Column: memrel.Column{Name: "name", Type: memrel.String}}}},
		memrel.ModelSpec{Name: "Tag", Timestamps: true, Columns: []memrel.Attribute{{Column: memrel.Column{Name: "updatedAt", Type: memrel.Time}}}},
		users.BelongsToMany(tags, memrel.AssociationOptions{As: "tags", Through: "UserTag", Timestamps: true}))
	same := func(model string) {
		t.Helper()
		rows, err := memrel.RowsOf(model).Find(db, memrel.Query{})
		require.NoError(t, err)
		require.NotEmpty(t, rows)
		seen := map[any]bool{}
		for _, r := range rows {
			require.Equal(t, r.Get("createdAt"), r.Get("updatedAt"), r.Label())
			seen[r.Get("createdAt")] = true
		}
		require.Len(t, seen, len(rows), "each row has its own")
	}
	one, err := users.Create(db, memrel.Values{"name": "a"})
	require.NoError(t, err)
	_, err = users.InsertAll(db, []memrel.Values{{}, {}})
	require.NoError(t, err)
	_, err = users.CreateAll(db, []memrel.Values{{}, {}})
	require.NoError(t, err)
	_, _, err = users.Upsert(db, memrel.Values{"id": 77})
	require.NoError(t, err)
	_, err = memrel.TableOf[made]("Users").Insert(db, made{})
	require.NoError(t, err)
	tag, err := tags.Create(db, memrel.Values{})
	require.NoError(t, err)
	require.NoError(t, one.Add(db, "tags", tag))
	for _, model := range []string{"Users", "Tags", "UserTag"} {
		same(model)
	}
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	row, err := users.Insert(db, memrel.Values{"createdAt": at})
	require.NoError(t, err)
	require.Equal(t, at, row.Value("createdAt"))
	require.NotEqual(t, at, row.Value("updatedAt"))
	sound(t, db)
}

// TestReferencesOfNoTable: what is not there has none, and Schema tells that it is not.
func TestReferencesOfNoTable(t *testing.T) {
	t.Parallel()
	users := memrel.RowsOf("Users")
	db := memrel.MustOpen(memrel.ModelSpec{Name: "User"}, users.HasMany(users, memrel.AssociationOptions{As: "friends", ForeignKey: "friendId"}))
	require.Len(t, db.References("User"), 1)
	require.Len(t, db.References("Users"), 1)
	for _, none := range []string{"Usres", ""} {
		require.Empty(t, db.References(none))
		_, there := db.View().Schema(none)
		require.False(t, there)
	}
}

// TestAStatementInsideAStatement: a function that a statement calls may read through the transaction, and sees the state before. That
// it writes, defines or goes back would change what the statement has found: it is refused, and the statement goes on.
func TestAStatementInsideAStatement(t *testing.T) {
	t.Parallel()
	model := memrel.RowsOf("things")
	inside := map[string]func(tx *memrel.Tx) error{
		"insert": func(tx *memrel.Tx) error { _, err := misusedTable.Insert(tx, misused{}); return err },
		"update": func(tx *memrel.Tx) error { _, err := model.Update(tx, memrel.Values{"name": "y"}, 2); return err },
		"delete": func(tx *memrel.Tx) error { _, err := model.DeleteWhere(tx, memrel.Cond{}); return err },
		"each": func(tx *memrel.Tx) error {
			_, err := model.UpdateEach(tx, memrel.Cond{}, func(memrel.Row) memrel.Values { return nil })
			return err
		},
		"truncate":  func(tx *memrel.Tx) error { return model.Truncate(tx) },
		"nested":    func(tx *memrel.Tx) error { return tx.Update(func(*memrel.Tx) error { return nil }) },
		"savepoint": func(tx *memrel.Tx) error { return tx.Savepoint("b") },
		"back":      func(tx *memrel.Tx) error { return tx.RollbackTo("a") },
		"release":   func(tx *memrel.Tx) error { return tx.Release("a") },
		"define":    func(tx *memrel.Tx) error { return tx.Define(memrel.Schema{Name: "x"}) },
		"alter":     func(tx *memrel.Tx) error { return tx.Alter("things", memrel.DropColumn("name")) },
		"drop":      func(tx *memrel.Tx) error { return tx.Drop("things") },
		"defer":     func(tx *memrel.Tx) error { return tx.Defer() },
		"immediate": func(tx *memrel.Tx) error { return tx.Immediate() },
	}
	var tx *memrel.Tx
	var ask func(tx *memrel.Tx) error
	times := 0
	asked := func() {
		if ask == nil {
			return
		}
		times++
		err := ask(tx)
		require.ErrorIs(t, err, memrel.ErrQuery)
		var e *memrel.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, "27000", e.SQLState())
		require.NotEmpty(t, e.Hint)
		n, err := model.Count(tx, memrel.Eq("name", "x"))
		require.NoError(t, err, "it may read")
		require.Zero(t, n)
	}
	full := memrel.MustOpen(memrel.Schema{Name: "things", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true, NotNull: true},
		{Name: "name", Type: memrel.String, NotNull: true, DefaultFunc: func() any { asked(); return "d" }, CheckFunc: func(any) error { asked(); return nil }}}},
		memrel.DeleteHook(func(memrel.DeleteEvent) error { asked(); return nil }), memrel.DiagnosticFunc(func(memrel.Diagnostic) { asked() }))
	for range 3 {
		_, err := model.Insert(full, memrel.Values{})
		require.NoError(t, err)
	}
	for name, statement := range map[string]func(tx *memrel.Tx) error{
		"each": func(tx *memrel.Tx) error {
			_, err := model.UpdateEach(tx, memrel.Cond{}, func(memrel.Row) memrel.Values { asked(); return memrel.Values{"name": "x"} })
			return err
		},
		"insert": func(tx *memrel.Tx) error { _, err := model.Insert(tx, memrel.Values{}); return err },
		"upsert": func(tx *memrel.Tx) error { _, _, err := model.Upsert(tx, memrel.Values{"id": 1}); return err },
		"delete": func(tx *memrel.Tx) error { _, err := model.Delete(tx, 1); return err },
		"define": func(tx *memrel.Tx) error {
			key := []string{"id"}
			return tx.Define(memrel.Schema{Name: "loop", PrimaryKey: key, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}},
				References: []memrel.Reference{{Columns: key, Table: "things", OnDelete: memrel.SetNull}}})
		},
	} {
		for what, inner := range inside {
			t.Run(name+" "+what, func(t *testing.T) {
				db := full.Fork()
				require.NoError(t, db.Update(func(in *memrel.Tx) error {
					require.NoError(t, in.Savepoint("a"))
					tx, ask, times = in, inner, 0
					defer func() { ask = nil }()
					if err := statement(in); err != nil {
						return err
					}
					require.NotZero(t, times)
					ask = nil
					_, err := model.Insert(in, memrel.Values{"name": "after"})
					return err
				}))
				n, err := model.Count(db, memrel.Eq("name", "after"))
				require.NoError(t, err)
				require.Equal(t, 1, n, "the transaction goes on")
				sound(t, db)
			})
		}
	}
}

// TestAStructOfFewerBitsFindsWhatItHolds: Get finds the rows that the struct can hold, exactly, and no row as another number.
func TestAStructOfFewerBitsFindsWhatItHolds(t *testing.T) {
	t.Parallel()
	type wide struct {
		ID int64
		N  *int64 `memrel:",unique"`
	}
	type narrow struct {
		ID uint16
		N  *int8
	}
	rows, narrows := memrel.TableOf[wide]("x"), memrel.TableOf[narrow]("x")
	db := memrel.MustOpen(rows)
	for _, id := range []int64{1, 7, 65535, 65536, 1<<40 + 7, -9} {
		for _, n := range []*int64{nil, new(int64(-128)), new(int64(127)), new(int64(128)), new(int64(-129)), new(int64(1<<32 + 5))} {
			_, err := rows.Insert(db, wide{ID: id, N: n})
			require.NoError(t, err)
			row, ok := narrows.Get(db, id)
			require.Equal(t, id >= 0 && id < 1<<16 && (n == nil || *n >= -128 && *n <= 127), ok, "%d %v", id, n)
			if ok {
				require.EqualValues(t, id, row.ID)
				require.Equal(t, n == nil, row.N == nil)
			}
			if n != nil {
				by, found := narrows.By("n").Get(db, *n)
				require.Equal(t, ok, found)
				require.True(t, !found || int64(*by.N) == *n && int64(by.ID) == id)
			}
			require.NoError(t, rows.Truncate(db))
		}
	}
	require.ErrorIs(t, narrows.Bind(db), memrel.ErrDefinition)
	_, err := narrows.Find(db, memrel.Query{})
	require.ErrorIs(t, err, memrel.ErrDefinition)
	sound(t, db)
}

// TestARowThatGoesAndIsSetToNull goes: of two references from one row to one that is deleted, the one that cascades is worked first, and
// what held the key that the other would have written goes with it.
func TestARowThatGoesAndIsSetToNull(t *testing.T) {
	t.Parallel()
	id, f := memrel.Column{Name: "id", Type: memrel.Int}, memrel.Column{Name: "f", Type: memrel.Int}
	key := []string{"id"}
	db := memrel.MustOpen(memrel.Schema{Name: "parents", PrimaryKey: key, Columns: memrel.Columns{id}},
		memrel.Schema{Name: "children", PrimaryKey: key, Columns: memrel.Columns{id, f}, References: []memrel.Reference{
			{Columns: key, Table: "parents", OnDelete: memrel.SetNull}, {Columns: []string{"f"}, Table: "parents", OnDelete: memrel.Cascade}}},
		memrel.Schema{Name: "links", PrimaryKey: key, Columns: memrel.Columns{id}, References: []memrel.Reference{{Columns: key, Table: "children", OnDelete: memrel.Cascade, OnUpdate: memrel.Cascade}}})
	for _, row := range []struct {
		table  string
		values memrel.Values
	}{{"parents", memrel.Values{"id": 19}}, {"children", memrel.Values{"id": 19, "f": 19}}, {"links", memrel.Values{"id": 19}}} {
		_, err := memrel.ModelOf(row.table).Insert(db, row.values)
		require.NoError(t, err)
	}
	_, err := memrel.ModelOf("parents").Delete(db, 19)
	require.NoError(t, err)
	for _, table := range db.View().Tables() {
		n, err := memrel.ModelOf(table).Count(db, memrel.Cond{})
		require.NoError(t, err)
		require.Zero(t, n, table)
	}
	sound(t, db)
}
