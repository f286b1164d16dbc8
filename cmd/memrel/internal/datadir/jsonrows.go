package datadir

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/memrel/memrel"
)

// jsonReader reads an array of objects, or objects one after the other, as in a file with one on each line.
type jsonReader struct {
	file   string
	schema *memrel.Schema
	closer io.Closer
	in     *limited
	dec    *json.Decoder
	array  bool
	ended  bool
}

func newJSON(in *limited, closer io.Closer, s *memrel.Schema) (*jsonReader, error) {
	r := &jsonReader{file: in.file, schema: s, closer: closer, in: in}
	head, err := in.in.Peek(in.in.Size())
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, asProblem(in.file, err)
	}
	r.dec = json.NewDecoder(r.in)
	if bytes.HasPrefix(bytes.TrimSpace(head), []byte("[")) {
		r.array = true
		if _, err := r.dec.Token(); err != nil {
			return nil, r.broken(err)
		}
	}
	return r, nil
}

func (r *jsonReader) offset() int64 { return r.dec.InputOffset() }

// notes: JSON says what is NULL.
func (r *jsonReader) notes() []string { return nil }

func (r *jsonReader) close() { _ = r.closer.Close() }

// limited counts lines, and ends where a row is too long to be kept.
type limited struct {
	file   string
	in     *bufio.Reader
	maxRow int64
	read   int64   // bytes
	row    int64   // where the row at hand begins
	ends   []int64 // of lines, behind what was asked for last
	line   int     // how many ends are before that
}

// Read reads as long as the decoder need not keep too much. It reads ahead as far as the longest row so far, and doubles its buffer.
func (l *limited) Read(p []byte) (int, error) {
	if l.read-l.row > 4*l.maxRow {
		return 0, l.tooLong()
	}
	n, err := l.in.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

func (l *limited) tooLong() error {
	return fileProblem(l.file, l.lineOf(l.row), "a row is longer than %d MiB; split it, or keep large values apart", l.maxRow>>20)
}

// lineOf is the line of an offset. Offsets are asked for in rising order, so each line is counted once.
func (l *limited) lineOf(at int64) int {
	for len(l.ends) > 0 && l.ends[0] < at {
		l.ends = l.ends[1:]
		l.line++
	}
	return l.line + 1
}

func (r *jsonReader) next() (row, error) {
	if r.ended {
		return row{}, io.EOF
	}
	if !r.dec.More() {
		return row{}, r.end()
	}
	open, err := r.dec.Token()
	if err != nil {
		return row{}, r.broken(err)
	}
	r.in.row = r.dec.InputOffset() - 1
	out := row{memrel.Values{}, r.in.lineOf(r.in.row)}
	if open != json.Delim('{') {
		return row{}, fileProblem(r.file, out.line, "a row is an object with a value under each column's name, as in {%q: ...}", r.schema.Columns[0].Name)
	}
	if err := r.object(out.values); err != nil {
		return out, err
	}
	if r.dec.InputOffset()-r.in.row > r.in.maxRow {
		r.ended = true
		return row{}, r.in.tooLong()
	}
	return out, nil
}

// end is what follows the last row: the end of the array and of the file.
func (r *jsonReader) end() error {
	r.ended = true
	if r.array {
		if _, err := r.dec.Token(); err != nil {
			return r.broken(err)
		}
	}
	switch _, err := r.dec.Token(); {
	case errors.Is(err, io.EOF):
		return io.EOF
	case err != nil:
		return r.broken(err)
	}
	return fileProblem(r.file, r.in.lineOf(r.dec.InputOffset()), "something follows the array of rows; remove it")
}

// object reads the members of a row. It goes on after one that does not fit, so that the next row can be read, and
// reports the first.
func (r *jsonReader) object(values memrel.Values) error {
	var first error
	note := func(p error) {
		if first == nil {
			first = p
		}
	}
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return r.broken(err)
		}
		name, _ := key.(string)
		line := r.in.lineOf(r.dec.InputOffset())
		var raw json.RawMessage
		if err := r.dec.Decode(&raw); err != nil {
			return r.broken(err)
		}
		c := columnMeant(r.schema, name)
		if c == nil {
			note(&Problem{File: r.file, Line: line, Table: r.schema.Name, Reason: unknownColumn(r.schema, name)})
			continue
		}
		if _, twice := values[c.Name]; twice {
			note(&Problem{File: r.file, Line: line, Table: r.schema.Name, Columns: []string{c.Name}, Reason: "the row gives the column twice; remove one"})
		}
		if values[c.Name], err = jsonCell(c, raw); err != nil {
			note(refused(r.file, line, r.schema, err, short(string(raw))))
		}
	}
	if _, err := r.dec.Token(); err != nil {
		return r.broken(err)
	}
	return first
}

// broken says in which line the JSON is wrong. Nothing after it can be read.
func (r *jsonReader) broken(err error) error {
	r.ended = true
	var syntax *json.SyntaxError
	var p *Problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fileProblem(r.file, r.in.lineOf(r.in.read), "the JSON ends too early; is the file whole?")
	case errors.As(err, &syntax) && strings.Contains(err.Error(), "max depth"):
		return fileProblem(r.file, r.in.lineOf(syntax.Offset-1), "arrays and objects are nested too deep to be read; keep them less deep than 200 levels")
	case errors.As(err, &syntax):
		return fileProblem(r.file, r.in.lineOf(syntax.Offset-1), "this is not JSON (%v); a file holds an array of objects, or one object on each line", err)
	}
	return fileProblem(r.file, r.in.lineOf(r.dec.InputOffset()), "this is not JSON (%v)", err)
}
