package snapshot

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// A file is a state of a store: a magic number, then blocks. The first block is the tables' schemas as JSON; for each
// table, in that order, follow blocks of rows, and an empty one that ends them. Each block has its length and a checksum.
// Version 2 has one block more, before the schemas: what front ends keep with the store, as JSON. Version 3 has another before that: the number
// of the state, of a store whose commits somebody follows. A store that has no need of a later version is written as an earlier one, so
// that whoever reads only that can read it.
//
//	memrel 1\n | schemas | table: head (rows, last number), rows, rows, ..., end | table: ...
//	memrel 2\n | forms | schemas | table: ...
//	memrel 3\n | number (8 bytes) | forms | schemas | table: ...
//	block: length (4 bytes) | CRC-32C (4 bytes) | bytes
const (
	magic       = "memrel 1\n"
	magicForms  = "memrel 2\n"
	magicNumber = "memrel 3\n"
)

// Sizes of blocks: rows are gathered up to blockSize; what claims to be longer than maxBlock is no block of ours, unless
// a single row is that long.
const (
	blockSize = 64 << 10
	maxBlock  = 1 << 30
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Write writes the version to w. Errors are w's, and that of the version's context if it is done before. O(rows).
func (v *Version) Write(w io.Writer) error {
	if w == nil {
		return errors.New("memrel: save: the writer is nil")
	}
	out := bufio.NewWriterSize(w, blockSize)
	if err := v.writeHead(out); err != nil {
		return err
	}
	schemas := make([]table.Schema, len(v.defs.defs))
	for i, d := range v.defs.defs {
		schemas[i] = d.Peek()
	}
	head, err := json.Marshal(schemas)
	if err != nil {
		return err
	}
	if err := writeBlock(out, head); err != nil {
		return err
	}
	interrupt := query.NewInterrupt(v.context)
	for _, t := range v.tables {
		if err := writeTable(out, t, interrupt); err != nil {
			return err
		}
	}
	return out.Flush()
}

// writeHead begins a file, with the number and the forms that there are.
func (v *Version) writeHead(out *bufio.Writer) error {
	begin := magic
	switch {
	case v.numbered:
		begin = magicNumber
	case len(v.defs.forms) > 0:
		begin = magicForms
	}
	if _, err := out.WriteString(begin); err != nil || begin == magic {
		return err
	}
	if v.numbered {
		if err := writeBlock(out, binary.LittleEndian.AppendUint64(nil, v.id)); err != nil {
			return err
		}
	}
	text, err := json.Marshal(append([]table.Form{}, v.defs.forms...))
	if err != nil {
		return err
	}
	return writeBlock(out, text)
}

func writeTable(w io.Writer, t *table.Table, interrupt *query.Interrupt) error {
	head := binary.AppendVarint(binary.AppendUvarint(nil, uint64(t.Len())), t.Last())
	if err := writeBlock(w, head); err != nil {
		return err
	}
	columns := t.Def().Columns()
	var rows []byte
	for rec := range t.Records() {
		if interrupt.Row() {
			return interrupt.Err()
		}
		for i := range columns {
			rows = index.AppendCell(rows, columns[i].Type, rec.At(i))
		}
		if len(rows) >= blockSize {
			if err := writeBlock(w, rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	if len(rows) > 0 {
		if err := writeBlock(w, rows); err != nil {
			return err
		}
	}
	return writeBlock(w, nil)
}

func writeBlock(w io.Writer, b []byte) error {
	if len(b) > maxBlock {
		return fmt.Errorf("a row of %d bytes is more than a file can hold", len(b))
	}
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(b)))
	head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(b, castagnoli))
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(b)
	return err
}

// File is a file that is being read: [ReadFile], then [File.Table] for each schema in order, then [File.End].
type File struct {
	r       *bufio.Reader
	id      uint64 // its number
	numbers bool   // it has one
	forms   []table.Form
	schemas []table.Schema
	block   []byte
	at      int64 // how many bytes were read, for errors
}

// ReadFile reads the beginning of a file. What is not a file of this store's, or is damaged, is an error.
func ReadFile(r io.Reader) (*File, error) {
	f := &File{r: bufio.NewReaderSize(r, blockSize)}
	begin := make([]byte, len(magic))
	_, err := io.ReadFull(f.r, begin)
	f.at = int64(len(magic))
	if f.numbers = err == nil && string(begin) == magicNumber; f.numbers {
		if err := f.number(); err != nil {
			return nil, err
		}
		begin = []byte(magicForms)
	}
	switch {
	case err == nil && string(begin) == magicForms:
		if err := f.head("forms", &f.forms); err != nil {
			return nil, err
		}
	case err != nil || string(begin) != magic:
		return nil, errors.New("it does not begin as a memrel file of version 1, 2 or 3 does")
	}
	if err := f.head("schemas", &f.schemas); err != nil {
		return nil, err
	}
	return f, f.distinct()
}

func (f *File) number() error {
	b, err := f.next()
	if err != nil {
		return err
	}
	if len(b) != 8 {
		return f.damaged(errors.New("it has no number"))
	}
	f.id = binary.LittleEndian.Uint64(b)
	return nil
}

// Number is the number of the state; ok is false for a file that does not tell it.
func (f *File) Number() (id uint64, ok bool) { return f.id, f.numbers }

// head reads a block of JSON into a list.
func (f *File) head(what string, list any) error {
	b, err := f.next()
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(list); err != nil {
		return f.damaged(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return f.damaged(errors.New("something follows the " + what))
	}
	return nil
}

// distinct refuses two forms or two tables of one name.
func (f *File) distinct() error {
	names := map[string]bool{}
	for _, form := range f.forms {
		if names[form.Name] || form.Name == "" || len(form.Text) == 0 {
			return f.damaged(fmt.Errorf("form %q is there twice, or is none", form.Name))
		}
		names[form.Name] = true
	}
	clear(names)
	for _, s := range f.schemas {
		if names[s.Name] {
			return f.damaged(fmt.Errorf("table %s is there twice", s.Name))
		}
		names[s.Name] = true
	}
	return nil
}

// End is the error of a file in which something follows the last table.
func (f *File) End() error {
	switch _, err := f.r.ReadByte(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return f.damaged(err)
	}
	return fmt.Errorf("something follows its end at byte %d", f.at)
}

// Forms are what front ends keep with the store, by name.
func (f *File) Forms() []table.Form { return f.forms }

// Schemas are the definitions of the tables, in the order in which their rows follow.
func (f *File) Schemas() []table.Schema { return f.schemas }

func (f *File) damaged(err error) error {
	return fmt.Errorf("it is damaged before byte %d: %w", f.at, err)
}

// next reads a block. It is valid until the next call.
func (f *File) next() ([]byte, error) {
	var head [8]byte
	if _, err := io.ReadFull(f.r, head[:]); err != nil {
		return nil, f.damaged(err)
	}
	size := binary.LittleEndian.Uint32(head[:4])
	f.at += int64(len(head)) + int64(size)
	if size > maxBlock {
		return nil, f.damaged(fmt.Errorf("a block of %d bytes", size))
	}
	if err := f.fill(int(size)); err != nil {
		return nil, f.damaged(err)
	}
	if crc32.Checksum(f.block, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, f.damaged(errors.New("a checksum is wrong"))
	}
	return f.block, nil
}

// fill reads size bytes, asking for memory only as they arrive: a damaged length must not exhaust it.
func (f *File) fill(size int) error {
	f.block = f.block[:0]
	for len(f.block) < size {
		n := min(size-len(f.block), blockSize)
		from := len(f.block)
		f.block = append(f.block, make([]byte, n)...)
		if _, err := io.ReadFull(f.r, f.block[from:]); err != nil {
			return err
		}
	}
	return nil
}

// Table reads the rows of the next schema into a table of def, whose columns must be those of the schema, in order.
// Every row is held to def's sizes, NOT NULLs, checks and unique keys. References are the caller's to check. interrupt, which may be
// nil, may stop it.
func (f *File) Table(def *table.Def, interrupt *query.Interrupt) (*table.Table, error) {
	head, err := f.next()
	if err != nil {
		return nil, err
	}
	rows, n := binary.Uvarint(head)
	last, m := binary.Varint(head[max(n, 0):])
	if n <= 0 || m <= 0 || n+m != len(head) || rows > math.MaxInt {
		return nil, f.damaged(fmt.Errorf("table %s has no head", def.Name()))
	}
	t := table.New(def)
	for {
		b, err := f.next()
		if err != nil {
			return nil, err
		}
		if len(b) == 0 {
			break
		}
		if err := f.rows(t, b, interrupt); err != nil {
			return nil, err
		}
	}
	if t.Len() != int(rows) {
		return nil, f.damaged(fmt.Errorf("table %s has %d rows, not %d", def.Name(), t.Len(), rows))
	}
	t.SetLast(max(last, t.Last()))
	return t, t.CheckDeferrable(nil)
}

func (f *File) rows(t *table.Table, b []byte, interrupt *query.Interrupt) error {
	def := t.Def()
	columns := def.Columns()
	for len(b) > 0 {
		if interrupt.Row() {
			return interrupt.Err()
		}
		rec, cells := index.NewRecord(len(columns))
		var err error
		for i := range cells {
			if cells[i], b, err = readCell(b, &columns[i]); err != nil {
				return f.damaged(fmt.Errorf("table %s: %w", def.Name(), err))
			}
		}
		if err := def.FitRecord(rec); err != nil {
			return err
		}
		if k, owner := t.Insert(rec); k >= 0 {
			return def.Taken(k, rec, owner)
		}
	}
	return nil
}
