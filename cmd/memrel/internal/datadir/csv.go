package datadir

import (
	"bytes"
	"encoding/csv"
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
}

// csvReader reads CSV with a header, which encoding/csv reads, and keeps the text to tell "" from nothing.
type csvReader struct {
	file   string
	schema *memrel.Schema
	csv    *csv.Reader
	text   []byte
	lines  []int // where each line begins; made when it is needed
	cols   []*memrel.Column
}

// newCSV reads the header: each of its columns must be one of the table's, and none that every row needs may be missing.
func newCSV(file string, text []byte, s *memrel.Schema) (*csvReader, error) {
	r := &csvReader{file: file, schema: s, text: text, csv: csv.NewReader(bytes.NewReader(text))}
	r.csv.ReuseRecord = true
	header, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, fileProblem(file, 0, "the file is empty; its first line names the columns: %s", columnNames(s))
	}
	if err != nil {
		return nil, r.broken(err)
	}
	for i, name := range header {
		line, _ := r.csv.FieldPos(i)
		c := columnOf(s, name)
		switch {
		case c == nil:
			return nil, fileProblem(file, line, "%s", unknownColumn(s, name)+separatorHint(header))
		case r.has(c):
			return nil, fileProblem(file, line, "the header names column %s twice; remove one", name)
		}
		r.cols = append(r.cols, c)
	}
	for i := range s.Columns {
		c := &s.Columns[i]
		if c.NotNull && c.Default == nil && c.DefaultFunc == nil && !c.AutoIncrement && !r.has(c) {
			return nil, fileProblem(file, 1, "the header lacks column %s, which cannot be NULL and has no default; add it", c.Name)
		}
	}
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
func separatorHint(header []string) string {
	if len(header) == 1 {
		for _, sep := range []string{";", "\t", "|"} {
			if strings.Contains(header[0], sep) {
				return fmt.Sprintf("; the fields seem to be separated by %q: separate them by commas", sep)
			}
		}
	}
	return ""
}

func (r *csvReader) offset() int64 { return r.csv.InputOffset() }

func (r *csvReader) next() (row, error) {
	fields, err := r.csv.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return row{}, io.EOF
		}
		return row{}, r.broken(err)
	}
	line, _ := r.csv.FieldPos(0)
	out := row{make(memrel.Values, len(fields)), line}
	for i, c := range r.cols {
		v, given, err := Cell(c, fields[i], fields[i] == "" && c.Type == memrel.String && r.quoted(i))
		if err != nil {
			line, _ := r.csv.FieldPos(i)
			return row{}, refused(r.file, line, r.schema, err, strconv.Quote(short(fields[i])))
		}
		if given {
			out.values[c.Name] = v
		}
	}
	return out, nil
}

// quoted tells whether a field of the last row begins with a quote.
func (r *csvReader) quoted(field int) bool {
	if r.lines == nil {
		r.lines = []int{0}
		for i, b := range r.text {
			if b == '\n' {
				r.lines = append(r.lines, i+1)
			}
		}
	}
	line, col := r.csv.FieldPos(field)
	at := r.lines[line-1] + col - 1
	return at < len(r.text) && r.text[at] == '"'
}

// broken says what a line that is not CSV needs. It is a problem of one row, since encoding/csv goes on with the next.
func (r *csvReader) broken(err error) error {
	var e *csv.ParseError
	if !errors.As(err, &e) {
		return fileProblem(r.file, 0, "%v", err)
	}
	p := fileProblem(r.file, e.StartLine, "%v", e.Err)
	switch {
	case errors.Is(e.Err, csv.ErrFieldCount):
		p.Reason = fmt.Sprintf("the row has not as many fields as the header, which has %d; put quotes around a field with a comma in it", r.csv.FieldsPerRecord)
	case errors.Is(e.Err, csv.ErrBareQuote):
		p.Line = e.Line
		p.Reason = fmt.Sprintf(`a quote stands within a field without quotes, at column %d; put quotes around the field, and write " inside it as ""`, e.Column)
	case errors.Is(e.Err, csv.ErrQuote):
		p.Reason = `a quoted field is not closed, or something follows its closing quote; write " inside a quoted field as ""`
	}
	if r.cols != nil {
		p.Table = r.schema.Name
	}
	return p
}
