package datadir

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/memrel/memrel"
)

// row is one row of a file, and the line it begins in.
type row struct {
	values memrel.Values
	line   int
}

// rowReader gives the rows of a file one after the other, io.EOF after the last. A [*Problem] whose Table is set is
// about one row, and the next can be read; any other ends the file.
type rowReader interface {
	next() (row, error)
	offset() int64 // how much of the file has been read
	notes() []string
	close()
}

// csvReader reads the records of [records] as rows of a table.
type csvReader struct {
	records
	closer io.Closer
	schema *memrel.Schema
	cols   []*memrel.Column
	null   string
	likely []likelyNull // by column
}

// newCSV reads the header: each of its columns must be one of the table's, and none that every row needs may be missing.
func newCSV(in records, closer io.Closer, s *memrel.Schema, null string) (*csvReader, error) {
	r, file := &csvReader{records: in, closer: closer, schema: s, null: null}, in.file
	header, err := r.read()
	if errors.Is(err, io.EOF) {
		return nil, fileProblem(file, 0, "the file is empty; its first line names the columns: %s", columnNames(s))
	}
	if err != nil {
		return nil, err
	}
	for _, f := range header {
		c := columnMeant(s, f.text)
		switch {
		case c == nil && f.line == 1 && strings.HasPrefix(strings.ToLower(header[0].text), "sep="):
			return nil, fileProblem(file, 1, "the first line, %s, is a mark for Excel; remove it, and separate the fields by commas", short(header[0].text))
		case c == nil:
			return nil, fileProblem(file, f.line, "%s", unknownColumn(s, f.text)+separatorHint(header))
		case r.has(c):
			return nil, fileProblem(file, f.line, "the header names column %s twice; remove one", f.text)
		}
		r.cols = append(r.cols, c)
	}
	for i := range s.Columns {
		c := &s.Columns[i]
		if c.NotNull && !c.FillsIn() && !r.has(c) {
			return nil, fileProblem(file, 1, "the header lacks column %s, which cannot be NULL and has no default; add it", c.Name)
		}
	}
	r.width, r.likely = len(header), make([]likelyNull, len(header))
	r.blank = len(header) == 1 && !r.cols[0].NotNull
	return r, nil
}

func (r *csvReader) has(c *memrel.Column) bool {
	for _, have := range r.cols {
		if have == c {
			return true
		}
	}
	return false
}

// separatorHint is for files that are separated by something else.
func separatorHint(header []field) string {
	if len(header) == 1 {
		for _, sep := range []string{";", "\t", "|"} {
			if strings.Contains(header[0].text, sep) {
				return fmt.Sprintf("; the fields seem to be separated by %q: separate them by commas", sep)
			}
		}
	}
	return ""
}

func (r *csvReader) close() { _ = r.closer.Close() }

func (r *csvReader) next() (row, error) {
	fields, err := r.read()
	if err != nil {
		var p *Problem
		if errors.As(err, &p) && p.oneRow {
			p.Table = r.schema.Name
		}
		return row{}, err
	}
	out := row{make(memrel.Values, len(fields)), fields[0].line}
	for i, c := range r.cols {
		v, given, err := r.cell(i, fields[i])
		if err != nil {
			return row{}, refused(r.file, fields[i].line, r.schema, err, strconv.Quote(short(fields[i].text)))
		}
		if given {
			out.values[c.Name] = v
		}
	}
	return out, nil
}
