package tests

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A row fits its columns by whatever way it came: what an insert refuses, no cascade, no change of a definition and no file
// brings in.

type (
	fitParent struct {
		ID   int64
		Code string `memrel:",unique"`
	}
	fitChild struct {
		ID       int64
		ParentID *int32  `memrel:",ref=parents,onupdate=cascade"`
		Code     *string `memrel:",size=5,ref=parents.code,onupdate=cascade"`
		Small    *uint16 `memrel:",ref=parents,onupdate=cascade"`
	}
	fitWide   struct{ ID, N int64 }
	fitNarrow struct {
		ID int64
		N  int32
	}
	fitByte struct {
		ID int64
		N  uint8
	}
)

// fitRefused checks an error's kind, code and rows in the way.
func fitRefused(t *testing.T, err error, state string, rows ...string) {
	t.Helper()
	require.ErrorIs(t, err, memrel.ErrType)
	var e *memrel.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, state, e.SQLState(), err)
	require.Equal(t, rows, e.Rows)
}

func TestACascadedKeyFitsTheColumn(t *testing.T) {
	parents, children := memrel.TableOf[fitParent]("parents"), memrel.TableOf[fitChild]("children")
	db := memrel.MustOpen(parents, children)
	p, err := parents.Insert(db, fitParent{Code: "abc"})
	require.NoError(t, err)
	id, small := int32(p.ID), uint16(p.ID)
	for _, c := range []fitChild{{ParentID: &id}, {Code: &p.Code}, {Small: &small}} {
		_, err = children.Insert(db, c)
		require.NoError(t, err)
	}
	for _, c := range []struct {
		set   memrel.Values
		state string
	}{
		{memrel.Values{"id": int64(1)<<40 + 7}, "22003"},
		{memrel.Values{"id": -9}, "22003"},
		{memrel.Values{"id": math.MaxUint16 + 1}, "22003"},
		{memrel.Values{"code": strings.Repeat("z", 50)}, "22001"},
		{memrel.Values{"code": "äöüßéx"}, "22001"},
	} {
		_, err = parents.Update(db, c.set, 1)
		fitRefused(t, err, c.state)
		preview, err := db.View().PreviewUpdate("parents", c.set, 1)
		require.NoError(t, err)
		require.NotEmpty(t, preview.Blockers, "a preview says what the update does")
	}
	_, err = parents.Update(db, memrel.Values{"id": math.MaxUint16, "code": "äöüßé"}, 1)
	require.NoError(t, err)
	last, _ := children.Get(db, 3)
	require.EqualValues(t, math.MaxUint16, *last.Small)
	mustBeSound(t, db)
}

// The default that SET DEFAULT writes is held to the column, also where a function makes it.
func TestASetDefaultFitsTheColumn(t *testing.T) {
	next := any(2)
	db := memrel.MustOpen(
		memrel.Schema{Name: "p", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}, PrimaryKey: []string{"id"}},
		memrel.Schema{Name: "c", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int},
			{Name: "p", Type: memrel.Int, Size: 8, DefaultFunc: func() any { return next }}},
			References: []memrel.Reference{{Columns: []string{"p"}, Table: "p", OnDelete: memrel.SetDefault, OnUpdate: memrel.SetDefault}}})
	p, c := memrel.RowsOf("p"), memrel.RowsOf("c")
	_, err := p.InsertAll(db, []memrel.Values{{"id": 1}, {"id": 2}, {"id": 300}})
	require.NoError(t, err)
	_, err = c.Insert(db, memrel.Values{"id": 1, "p": 1})
	require.NoError(t, err)
	next = 300
	_, err = p.Delete(db, 1)
	fitRefused(t, err, "22003")
	_, err = p.Update(db, memrel.Values{"id": 5}, 1)
	fitRefused(t, err, "22003")
	_, err = c.Insert(db, memrel.Values{"id": 2})
	fitRefused(t, err, "22003")
	next = 2
	_, err = p.Delete(db, 1)
	require.NoError(t, err)
	mustBeSound(t, db)
}

// A narrowed column holds the rows that there are, or the change is refused: by Alter, from a file, on a fork.
func TestANarrowedColumnHoldsItsRows(t *testing.T) {
	wide := memrel.TableOf[fitWide]("x")
	db := memrel.MustOpen(wide)
	_, err := wide.InsertAll(db, []fitWide{{N: 1<<40 + 7}, {N: -70000}, {N: 5}})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))

	narrow := memrel.Column{Name: "n", Type: memrel.Int, Size: 32, NotNull: true}
	for _, on := range []*memrel.DB{db, db.Fork()} {
		fitRefused(t, on.Alter("x", memrel.DropColumn("n"), narrow), "22003", "x[1]")
		narrow.Unsigned = true
		fitRefused(t, on.Alter("x", memrel.DropColumn("n"), narrow), "22003", "x[1]", "x[2]")
		narrow.Unsigned = false
		mustBeSound(t, on)
	}
	_, ok := memrel.TableOf[fitNarrow]("x").Get(db, 1)
	require.False(t, ok, "a handle whose field holds less reads nothing")
	for _, def := range []memrel.Definition{memrel.TableOf[fitNarrow]("x"), memrel.TableOf[fitByte]("x")} {
		_, err := memrel.Load(bytes.NewReader(file.Bytes()), def)
		fitRefused(t, err, "22003", "x[1]")
	}
	_, err = wide.Delete(db, 1)
	require.NoError(t, err)
	require.NoError(t, db.Alter("x", memrel.DropColumn("n"), narrow))
	row, ok := memrel.TableOf[fitNarrow]("x").Get(db, 2)
	require.True(t, ok)
	require.EqualValues(t, -70000, row.N)
	require.NoError(t, db.Alter("x", memrel.DropColumn("n"), memrel.Column{Name: "n", Type: memrel.String, NotNull: true}))
	text, _ := memrel.RowsOf("x").Get(db, 2)
	require.Equal(t, "-70000", text.Get("n"))
	mustBeSound(t, db)
}

// The key that a link or a child gets is held to the column that it is written to.
func TestAKeyThatAssociationsWriteFitsTheColumn(t *testing.T) {
	id := memrel.Column{Name: "id", Type: memrel.Int}
	tiny := memrel.Column{Name: "aId", Type: memrel.Int, Size: 8}
	a, b := memrel.ModelOf("as"), memrel.RowsOf("bs")
	db := memrel.MustOpen(
		memrel.Schema{Name: "as", Columns: memrel.Columns{id}, PrimaryKey: []string{"id"}},
		memrel.Schema{Name: "bs", Columns: memrel.Columns{id, tiny}, PrimaryKey: []string{"id"}},
		memrel.Schema{Name: "ab", Columns: memrel.Columns{tiny, {Name: "bId", Type: memrel.Int, Unsigned: true}}, PrimaryKey: []string{"aId", "bId"}},
		a.HasMany(b, memrel.AssociationOptions{As: "bs", ForeignKey: "aId"}),
		a.BelongsToMany(b, memrel.AssociationOptions{As: "links", Through: "ab", ForeignKey: "aId", OtherKey: "bId"}))
	one, err := a.Create(db, memrel.Values{"id": 300})
	require.NoError(t, err)
	_, err = b.InsertAll(db, []memrel.Values{{"id": 1}, {"id": -1}})
	require.NoError(t, err)
	two, err := a.Create(db, memrel.Values{"id": 7})
	require.NoError(t, err)
	for _, err := range []error{one.Add(db, "bs", 1), one.Set(db, "bs", 1), one.Add(db, "links", 1), one.Set(db, "links", 1), two.Add(db, "links", -1)} {
		fitRefused(t, err, "22003")
	}
	_, err = one.Create(db, "bs", memrel.Values{"id": 9})
	fitRefused(t, err, "22003")
	require.NoError(t, two.Add(db, "links", 1))
	require.NoError(t, two.Add(db, "bs", 1))
	mustBeSound(t, db)
}

// The time that an update leaves is held to the rules of its column.
func TestATimestampFitsItsRow(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	end := now.AddDate(1, 0, 0)
	notes := memrel.RowsOf("Notes")
	db := memrel.MustOpen(memrel.ModelSpec{Name: "Note", Timestamps: true, Columns: []memrel.Attribute{{Column: memrel.Column{Name: "t", Type: memrel.String}}}},
		memrel.Clock(func() time.Time { return now }))
	require.NoError(t, db.Alter("Notes", memrel.CheckConstraint{Name: "in_time", Where: memrel.Lt("updatedAt", end)}))
	_, err := notes.Insert(db, memrel.Values{"t": "a"})
	require.NoError(t, err)
	now = end
	_, err = notes.Update(db, memrel.Values{"t": "b"}, 1)
	require.ErrorIs(t, err, memrel.ErrCheck)
	_, err = notes.UpdateWhere(db, memrel.Cond{}, memrel.Values{"t": "b"})
	require.ErrorIs(t, err, memrel.ErrCheck)
	_, _, err = notes.Upsert(db, memrel.Values{"id": 1, "t": "b"})
	require.ErrorIs(t, err, memrel.ErrCheck)
	now = time.Unix(math.MaxInt64/1000, 0)
	_, err = notes.Update(db, memrel.Values{"t": "b"}, 1)
	require.ErrorIs(t, err, memrel.ErrType)
	row, _ := notes.Get(db, 1)
	require.Equal(t, "a", row.Get("t"))
	mustBeSound(t, db)
}

// Numbers in documents are PostgreSQL's numerics: every digit is kept, and zeros at the end of a fraction tell no two apart.
func TestNumbersInDocumentsAreExact(t *testing.T) {
	docs := memrel.RowsOf("doc")
	db := memrel.MustOpen(memrel.Schema{Name: "doc", PrimaryKey: []string{"id"}, Unique: []memrel.UniqueKey{{Columns: []string{"j"}}},
		Columns: []memrel.Column{{Name: "id", Type: memrel.Int, AutoIncrement: true}, {Name: "j", Type: memrel.JSON}}})
	for _, c := range []struct{ in, want string }{ // want is what SELECT '...'::jsonb shows; empty: there is one already
		{`{"n":12345678901234567890.5}`, `{"n":12345678901234567890.5}`},
		{`{"n":12345678901234567890.4}`, `{"n":12345678901234567890.4}`},
		{`{"n":9007199254740993.0}`, `{"n":9007199254740993.0}`},
		{`{"n":9007199254740993}`, ``},
		{`[1.50]`, `[1.50]`},
		{`[15e-1]`, ``},
		{`[1.500]`, ``},
		{`1e3`, `1000`},
		{`1000.00`, ``},
		{`-0`, `0`},
		{`0.0`, ``},
		{`-0.00`, ``},
		{`1.10e2`, `110`},
		{`1.234e1`, `12.34`},
		{`"1.50"`, `"1.50"`},
		{`"1.5"`, `"1.5"`},
		{`0.1`, `0.1`},
		{`0.1000000000000000055511151231257827`, `0.1000000000000000055511151231257827`},
	} {
		row, err := docs.Insert(db, memrel.Values{"j": json.RawMessage(c.in)})
		if c.want == "" {
			require.ErrorIs(t, err, memrel.ErrUnique, c.in)
			continue
		}
		require.NoError(t, err, c.in)
		require.Equal(t, c.want, string(row.Get("j").(json.RawMessage)))
		n, err := docs.Count(db, memrel.Eq("j", json.RawMessage(c.in)))
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	back, err := memrel.Load(&file)
	require.NoError(t, err)
	require.Equal(t, shownRows(db, "doc"), shownRows(back, "doc"))
	_, err = docs.Insert(back, memrel.Values{"j": json.RawMessage(`[1.5]`)})
	require.ErrorIs(t, err, memrel.ErrUnique)
	mustBeSound(t, db)
	mustBeSound(t, back)
}

func shownRows(db *memrel.DB, name string) (out []string) {
	for row := range memrel.RowsOf(name).All(db) {
		out = append(out, row.String())
	}
	return out
}

// Text is UTF-8 without a zero byte, by every way in.
func TestTextIsTextByEveryWayIn(t *testing.T) {
	type note struct {
		ID int64
		T  string
		J  json.RawMessage
		L  []string
	}
	notes := memrel.TableOf[note]("notes")
	db := memrel.MustOpen(notes)
	_, err := notes.Insert(db, note{T: "ok"})
	require.NoError(t, err)
	for _, bad := range []string{"a\x00", "\xff", "\xed\xa0\xbd", "\xc0\x80", "\xf4\x90\x80\x80"} {
		raw := json.RawMessage(`{"` + bad + `":1}`)
		errs := []error{}
		try := func(_ any, err error) { errs = append(errs, err) }
		try(notes.Insert(db, note{T: bad}))
		try(notes.Insert(db, note{L: []string{"x", bad}}))
		try(notes.Update(db, memrel.Values{"t": bad}, 1))
		try(notes.UpdateWhere(db, memrel.Cond{}, memrel.Values{"t": bad}))
		_, _, err := notes.Rows().Upsert(db, memrel.Values{"id": 1, "t": bad})
		try(nil, err)
		try(notes.Rows().Insert(db, memrel.Values{"t": "x", "j": bad}))
		for _, err := range errs {
			fitRefused(t, err, "22021")
		}
		_, err = notes.Insert(db, note{J: raw})
		require.ErrorIs(t, err, memrel.ErrType)
		for _, def := range []memrel.Definition{
			memrel.Schema{Name: "x" + bad, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}, PrimaryKey: []string{"id"}},
			memrel.Schema{Name: "x", Columns: memrel.Columns{{Name: "id" + bad, Type: memrel.Int}}, PrimaryKey: []string{"id" + bad}},
			memrel.Schema{Name: "x", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}, PrimaryKey: []string{"id"}, Indexes: []memrel.Index{{Name: bad, Columns: []string{"id"}}}},
			memrel.Schema{Name: "x", Columns: memrel.Columns{{Name: "id", Type: memrel.String, Default: bad}}, PrimaryKey: []string{"id"}},
			memrel.Schema{Name: "x", Columns: memrel.Columns{{Name: "id", Type: memrel.String}}, PrimaryKey: []string{"id"}, Checks: []memrel.CheckConstraint{{Where: memrel.Ne("id", bad)}}},
			memrel.Schema{Name: "x", Columns: memrel.Columns{{Name: "id", Type: memrel.String}}, PrimaryKey: []string{"id"}, Checks: []memrel.CheckConstraint{{Where: memrel.NotLike("id", bad+"%")}}},
			memrel.ModelSpec{Name: "X" + bad},
			memrel.ModelSpec{Name: "X", TableName: "x" + bad},
			memrel.ModelOf("notes").HasMany(memrel.ModelOf("notes"), memrel.AssociationOptions{As: "sub" + bad, ForeignKey: "up"}),
			memrel.ModelOf("notes").HasMany(memrel.ModelOf("notes"), memrel.AssociationOptions{As: "subs", ForeignKey: "up" + bad}),
		} {
			err := db.Define(def)
			require.ErrorIs(t, err, memrel.ErrDefinition, "%#v", def)
		}
	}
	for _, raw := range []string{`"\ud83d"`, `{"\ude00":1}`, `["\u0000"]`} {
		_, err = notes.Insert(db, note{J: json.RawMessage(raw)})
		fitRefused(t, err, "22021")
		var c memrel.Cond
		require.Error(t, json.Unmarshal([]byte(`{"column":"t","op":"eq","value":`+raw+`}`), &c))
	}
	require.Len(t, shownRows(db, "notes"), 1)
	mustBeSound(t, db)
}

// What no conversion lets in is refused from a file too, though its checksums are right.
func TestForgedCellsAreRefused(t *testing.T) {
	db := memrel.MustOpen(memrel.Schema{Name: "x", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "t", Type: memrel.Bytes}, {Name: "j", Type: memrel.Bytes}}})
	_, err := memrel.RowsOf("x").Insert(db, memrel.Values{"id": 1, "t": []byte("\xffa"), "j": []byte(`{"b":1,"a":2}`)})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	// The same cells under columns of text.
	forge := func(from, to string) []byte {
		return resum(bytes.Replace(file.Bytes(), []byte(from), []byte(to), 1))
	}
	_, err = memrel.Load(bytes.NewReader(forge(`{"name":"t","type":"bytes"}`, `{"name":"t","type":"string"}`)))
	fitRefused(t, err, "22021", "x[1]")
	_, err = memrel.Load(bytes.NewReader(forge(`{"name":"j","type":"bytes"}`, `{"name":"j","type":"json"}`)))
	fitRefused(t, err, "22P02", "x[1]")
	_, err = memrel.Load(bytes.NewReader(forge(`{"name":"id","type":"int",`, `{"name":"id","type":"int","size":8,`)))
	require.NoError(t, err)
	_, err = memrel.Load(bytes.NewReader(forge(`"name":"x"`, `"nome":"x"`)))
	require.True(t, errors.Is(err, memrel.ErrFile), err)
}

// resum gives the blocks of a file the lengths and checksums that they should have; the first one may have been changed.
func resum(file []byte) []byte {
	const magic = len("memrel 1\n")
	end := magic + 8 + bytes.LastIndex(file[magic+8:], []byte("}]")) + 2
	head := file[magic+8 : end]
	out := append([]byte{}, file[:magic]...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(head)))
	out = binary.LittleEndian.AppendUint32(out, crc32.Checksum(head, crc32.MakeTable(crc32.Castagnoli)))
	return append(append(out, head...), file[end:]...)
}
