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
