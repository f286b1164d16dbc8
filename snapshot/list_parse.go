package snapshot

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// ParseList reads what [List.Append] wrote, for a state: that before the commit, in which it finds the rows as they were. With old cells in the
// list a state with the definitions alone will do. It is told nothing that a program could not have written: what is no list is an error of
// kind [types.ErrFile], one of other definitions [types.ErrDefinition], one of another state [types.ErrNotFound]; cells are held to their
// columns. O(bytes + rows x log n); with definitions, O(rows of the tables that they are about).
func ParseList(state table.Reader, b []byte) (*List, error) {
	p := listParser{b: b, state: state}
	if len(b) < 2 || b[0] != listVersion || b[1] > flagOldCells|flagDefinitions {
		return nil, badList(errors.New("it does not begin as a list of version 1 does"))
	}
	p.b, p.oldCells = b[2:], b[1]&flagOldCells != 0
	if b[1]&flagDefinitions != 0 {
		p.over = map[string]*table.Table{}
	}
	l := p.list()
	if p.err == nil && len(p.b) > 0 {
		p.fail(errors.New("something follows its end"))
	}
	if p.err == nil && l.Defines() != (p.over != nil) {
		p.fail(errors.New("it has definitions and does not say so, or says so and has none"))
	}
	if p.err != nil {
		return nil, p.err
	}
	return l, nil
}

// ListDefines tells whether bytes, if they are a list, are one with definitions.
func ListDefines(b []byte) bool { return len(b) > 1 && b[1]&flagDefinitions != 0 }

func badList(err error) error {
	return &types.Error{Kind: types.ErrFile, Detail: "the change list cannot be read", Cause: err, Hint: "give what Append of a commit wrote"}
}

// listParser reads a list. Its first error stands, and after it everything that it reads is nothing.
type listParser struct {
	b        []byte
	state    table.Reader
	over     map[string]*table.Table // tables as the steps before have left them, nil for one that is gone; no map: there is one step
	oldCells bool
	err      error
	key      []index.Value
}

func (p *listParser) fail(err error) {
	if p.err == nil {
		var e *types.Error
		if !errors.As(err, &e) {
			err = badList(err)
		}
		p.err, p.b = err, nil
	}
}

var errShort = errors.New("it ends early, or has a number in no form of its own")

// table is a table as it is before the step under way.
func (p *listParser) table(name string) *table.Table {
	if t, ok := p.over[name]; ok {
		return t
	}
	return p.state.Table(name)
}

func (p *listParser) number() uint64 {
	n, size := binary.Uvarint(p.b)
	p.take(size)
	return n
}

// last reads the last number of a table.
func (p *listParser) last() int64 {
	n, size := binary.Varint(p.b)
	p.take(size)
	if n < 0 {
		p.fail(errors.New("a last number is negative"))
	}
	return n
}

// take goes past a number, which must be in its shortest form.
func (p *listParser) take(size int) {
	if size <= 0 || size > 1 && p.b[size-1] == 0 {
		p.fail(errShort)
		return
	}
	p.b = p.b[size:]
}

// count reads how many things follow, each of which takes a byte at least.
func (p *listParser) count() int {
	n := p.number()
	if n > uint64(len(p.b)) {
		p.fail(errShort)
		return 0
	}
	return int(n)
}

func (p *listParser) bytes(n int) []byte {
	if n > len(p.b) {
		p.fail(errShort)
		return make([]byte, n)
	}
	b := p.b[:n]
	p.b = p.b[n:]
	return b
}

func (p *listParser) flag() bool {
	b := p.bytes(1)[0]
	if b > 1 {
		p.fail(fmt.Errorf("a byte that says yes or no is %d", b))
	}
	return b == 1
}

func (p *listParser) text() []byte { return p.bytes(p.count()) }

func (p *listParser) list() *List {
	l := &List{}
	for range p.count() {
		if p.err != nil {
			return l
		}
		s := Step{}
		if p.flag() {
			s.Definitions = p.definitions()
		} else if len(l.Steps) > 0 {
			p.fail(errors.New("a step that is not the first has no definitions"))
		}
		tables := p.count()
		for range tables {
			if p.err != nil {
				return l
			}
			s.add(p)
		}
		l.Steps = append(l.Steps, s)
	}
	return l
}

func (s *Step) add(p *listParser) {
	name := string(p.text())
	sum := p.bytes(8)
	t := p.table(name)
	switch {
	case p.err != nil:
		return
	case t == nil:
		p.fail(&types.Error{Kind: types.ErrUnknownTable, Table: name, Detail: "there is no table " + name, Hint: "define what the store has that the list is of"})
		return
	case binary.LittleEndian.Uint64(sum) != t.Def().Fingerprint():
		p.fail(&types.Error{Kind: types.ErrDefinition, Table: name, Detail: "the list is of another definition of table " + name, Hint: "define it here as it is there, functions too"})
		return
	}
	for i := range s.Tables {
		if s.Tables[i].Def == t.Def() {
			p.fail(fmt.Errorf("table %s is there twice in a step", name))
			return
		}
	}
	c := TableChanges{Def: t.Def(), Was: t.Last(), Last: p.last()}
	if p.oldCells {
		c.Was = p.last()
	}
	p.changes(t, &c)
	if c.Was != t.Last() && !t.Def().KeepsNumbers() {
		p.fail(&types.Error{Kind: types.ErrNotFound, State: "40001", Table: name, Detail: fmt.Sprintf("the last number of table %s is %d, and was %d as the list has it", name, t.Last(), c.Was),
			Hint: "apply lists in the order of their commits, to the state that they were made from"})
	}
	if p.over != nil && p.err == nil {
		t = t.Copy()
		if err := t.Redo(c.Changes, c.Last); err != nil {
			p.fail(err)
			return
		}
		t.SetLast(c.Last)
		p.over[name] = t
	}
	s.Tables = append(s.Tables, c)
}

func (p *listParser) changes(t *table.Table, c *TableChanges) {
	n := p.count()
	if n == 0 {
		return
	}
	c.Changes = make([]table.Change, 0, n)
	var seen map[index.Record]struct{}
	for range n {
		change := p.change(t)
		if p.err != nil {
			return
		}
		if old := change.Old; !old.IsZero() && n > 1 {
			if seen == nil {
				seen = make(map[index.Record]struct{}, n)
			}
			if _, twice := seen[old]; twice {
				p.fail(fmt.Errorf("row %s is there twice", t.Def().Label(old)))
				return
			}
			seen[old] = struct{}{}
		}
		c.Changes = append(c.Changes, change)
	}
}

func (p *listParser) change(t *table.Table) (c table.Change) {
	def := t.Def()
	kind := p.bytes(1)[0]
	switch kind {
	case rowInserted:
		c.New = p.record(def)
	case rowDeleted:
		c.Old = p.old(t)
	case rowUpdated:
		if c.Old = p.old(t); p.err == nil {
			c.New = p.changed(def, c.Old)
		}
	default:
		p.fail(fmt.Errorf("%d is no kind of change", kind))
	}
	return c
}

// record reads all cells of a row.
func (p *listParser) record(def *table.Def) index.Record {
	rec, cells := index.NewRecord(len(def.Columns()))
	for i := range cells {
		cells[i] = p.cell(def, i)
	}
	return rec
}

// cell reads a cell and holds it to its column.
func (p *listParser) cell(def *table.Def, i int) index.Value {
	if p.err != nil {
		return index.Null
	}
	v, rest, err := readCell(p.b, &def.Columns()[i])
	if err == nil {
		err = def.FitCell(i, v)
	}
	if err != nil {
		p.fail(err)
		return index.Null
	}
	p.b = rest
	return v
}

// readCell reads a cell of a column.
func readCell(b []byte, c *types.Column) (v index.Value, rest []byte, err error) {
	if v, rest, err = index.ReadCell(b, c.Type); err == nil && c.Type == index.Enum && !v.IsNull() {
		v, err = c.EnumAt(v.Place())
	}
	return v, rest, err
}

// old finds a row as it was.
func (p *listParser) old(t *table.Table) index.Record {
	def := t.Def()
	key := def.Keys()[0]
	p.key = p.key[:0]
	var rec index.Record
	if p.oldCells {
		if rec = p.record(def); p.err == nil {
			p.key = key.Order.Values(p.key, rec)
		}
	} else {
		for _, i := range key.Pos {
			p.key = append(p.key, p.cell(def, i))
		}
	}
	if p.err != nil {
		return index.Record{}
	}
	have, ok := t.Tree(0).Get(p.key...)
	switch {
	case ok && (!p.oldCells || sameCells(def, have, rec)):
		return have
	case ok || !p.oldCells:
		p.fail(def.MovedOn(p.key))
	}
	return rec
}

func sameCells(def *table.Def, a, b index.Record) bool {
	for i := range def.Columns() {
		if !index.Identical(def.Columns()[i].Type, a.At(i), b.At(i)) {
			return false
		}
	}
	return true
}

// changed reads what a row was changed to.
func (p *listParser) changed(def *table.Def, old index.Record) index.Record {
	n := len(def.Columns())
	rec, cells := index.NewRecord(n)
	copy(cells, old.Cells(n))
	mask := p.bytes(maskSize(def))
	for i := range 8 * len(mask) {
		if mask[i/8]&(1<<(i%8)) == 0 {
			continue
		}
		if i >= n {
			p.fail(errors.New("a column that there is not has changed"))
			break
		}
		cells[i] = p.cell(def, i)
		if p.err == nil && index.Identical(def.Columns()[i].Type, old.At(i), cells[i]) {
			p.fail(def.MovedOn(def.Keys()[0].Order.Values(nil, old)))
		}
	}
	return rec
}
