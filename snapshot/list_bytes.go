package snapshot

import (
	"encoding/binary"
	"encoding/json"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// A list as bytes. Numbers are varints in their shortest form, names and texts have their length before them, cells are as files keep them.
//
//	version (1) | flags | steps | step: definitions?, tables | table ...
//	table: name, fingerprint of its definition (8), last number, that before (old cells), rows | row ...
//	row: 1, all cells | 2, primary key before, which columns changed, their cells | 3, primary key before
//	     with old cells, these stand where the primary key before does
//	definitions: forms?, tables that are gone | table: name, name before, schema, functions, last number, rows as they were? or rows
const listVersion = 1

// The flags of a list.
const (
	flagOldCells    = 1 << iota // it can be read without the state
	flagDefinitions             // it has definitions
)

// What becomes of a row.
const (
	rowInserted = 1 + iota
	rowUpdated
	rowDeleted
)

// Append appends the list as bytes: equal lists give equal bytes. With before there are all cells of the rows as they were, for those who have no
// state to find these in. O(bytes).
func (l *List) Append(dst []byte, before bool) []byte {
	flags := byte(0)
	if before {
		flags |= flagOldCells
	}
	if l.Defines() {
		flags |= flagDefinitions
	}
	var steps []Step
	if l != nil {
		steps = l.Steps
	}
	dst = binary.AppendUvarint(append(dst, listVersion, flags), uint64(len(steps)))
	for i := range steps {
		dst = steps[i].Definitions.append(dst)
		dst = binary.AppendUvarint(dst, uint64(len(steps[i].Tables)))
		for j := range steps[i].Tables {
			dst = steps[i].Tables[j].append(dst, before)
		}
	}
	return dst
}

func appendText[T ~string | ~[]byte](dst []byte, s T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func (t *TableChanges) append(dst []byte, before bool) []byte {
	dst = appendText(dst, t.Def.Name())
	dst = binary.LittleEndian.AppendUint64(dst, t.Def.Fingerprint())
	dst = binary.AppendVarint(dst, t.Last)
	if before {
		dst = binary.AppendVarint(dst, t.Was)
	}
	dst = binary.AppendUvarint(dst, uint64(len(t.Changes)))
	for _, c := range t.Changes {
		switch {
		case c.Old.IsZero():
			dst = appendRecord(append(dst, rowInserted), t.Def, c.New)
		case c.New.IsZero():
			dst = appendOld(append(dst, rowDeleted), t.Def, c.Old, before)
		default:
			dst = appendOld(append(dst, rowUpdated), t.Def, c.Old, before)
			dst = appendChanged(dst, t.Def, c)
		}
	}
	return dst
}

// appendRecord appends all cells of a record.
func appendRecord(dst []byte, def *table.Def, r index.Record) []byte {
	columns := def.Columns()
	for i := range columns {
		dst = index.AppendCell(dst, columns[i].Type, r.At(i))
	}
	return dst
}

// appendOld appends what tells which row it was.
func appendOld(dst []byte, def *table.Def, r index.Record, before bool) []byte {
	if before {
		return appendRecord(dst, def, r)
	}
	for _, p := range def.Keys()[0].Pos {
		dst = index.AppendCell(dst, def.Columns()[p].Type, r.At(p))
	}
	return dst
}

// appendChanged appends the cells in which a row changed, after a bit for each column.
func appendChanged(dst []byte, def *table.Def, c table.Change) []byte {
	columns := def.Columns()
	mask := len(dst)
	for range maskSize(def) {
		dst = append(dst, 0)
	}
	for i := range columns {
		if now := c.New.At(i); !index.Identical(columns[i].Type, c.Old.At(i), now) {
			dst[mask+i/8] |= 1 << (i % 8)
			dst = index.AppendCell(dst, columns[i].Type, now)
		}
	}
	return dst
}

// maskSize is how many bytes have a bit for each column.
func maskSize(def *table.Def) int { return (len(def.Columns()) + 7) / 8 }

// append appends whether there are definitions, and which. Their schemas and forms are JSON, as in files; what was compiled and kept can be
// written.
func (r *Redefinition) append(dst []byte) []byte {
	if r == nil {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	if r.FormsChanged {
		text, _ := json.Marshal(append([]table.Form{}, r.Forms...))
		dst = appendText(append(dst, 1), text)
	} else {
		dst = append(dst, 0)
	}
	gone := r.gone()
	dst = binary.AppendUvarint(dst, uint64(len(gone)))
	for _, name := range gone {
		dst = appendText(dst, name)
	}
	dst = binary.AppendUvarint(dst, uint64(len(r.Now)))
	for _, t := range r.Now {
		dst = appendTable(dst, r.before(t), t)
	}
	return dst
}

// appendTable appends a table as it is after definitions, with its rows unless they are those that it had.
func appendTable(dst []byte, was, now *table.Table) []byte {
	def, before := now.Def(), ""
	if was != nil {
		before = was.Def().Name()
	}
	schema, _ := json.Marshal(def.Peek())
	dst = appendText(appendText(appendText(dst, def.Name()), before), schema)
	for i := range def.Columns() {
		dst = append(dst, byte(table.FunctionsOf(&def.Columns()[i])))
	}
	dst = binary.AppendVarint(dst, now.Last())
	if keepsRows(was, now) {
		return append(dst, 1)
	}
	dst = binary.AppendUvarint(append(dst, 0), uint64(now.Len()))
	for r := range now.Records() {
		dst = appendRecord(dst, def, r)
	}
	return dst
}

// keepsRows tells whether the rows of a table are the records that it had before, in whatever order. O(rows).
func keepsRows(was, now *table.Table) bool {
	if was == nil || was.Len() != now.Len() || len(was.Def().Columns()) != len(now.Def().Columns()) || was.Len() == 0 {
		return false
	}
	for i := range now.Def().Columns() {
		if !now.Def().Columns()[i].Holds(&was.Def().Columns()[i]) {
			return false
		}
	}
	had := make(map[index.Record]struct{}, was.Len())
	for r := range was.Records() {
		had[r] = struct{}{}
	}
	for r := range now.Records() {
		if _, ok := had[r]; !ok {
			return false
		}
	}
	return true
}
