package datadir

import (
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
	text   []byte
	dec    *json.Decoder
	array  bool
	ended  bool
	seen   struct{ at, line int } // how far lines have been counted
}

func newJSON(file string, text []byte, s *memrel.Schema) (*jsonReader, error) {
	r := &jsonReader{file: file, schema: s, text: text, dec: json.NewDecoder(bytes.NewReader(text))}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		r.array = true
		if _, err := r.dec.Token(); err != nil {
			return nil, r.broken(err)
		}
	}
	return r, nil
}

func (r *jsonReader) offset() int64 { return r.dec.InputOffset() }

// line is the line of an offset. Offsets are asked for in rising order, so each line is counted once.
func (r *jsonReader) line(at int64) int {
	to := max(min(int(at), len(r.text)), r.seen.at)
	r.seen.line += bytes.Count(r.text[r.seen.at:to], []byte("\n"))
	r.seen.at = to
	return r.seen.line + 1
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
	out := row{memrel.Values{}, r.line(r.dec.InputOffset() - 1)}
	if open != json.Delim('{') {
		return row{}, fileProblem(r.file, out.line, "a row is an object with a value under each column's name, as in {%q: ...}", r.schema.Columns[0].Name)
	}
	return out, r.object(out.values)
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
	return fileProblem(r.file, r.line(r.dec.InputOffset()), "something follows the array of rows; remove it")
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
		line := r.line(r.dec.InputOffset())
		var raw json.RawMessage
		if err := r.dec.Decode(&raw); err != nil {
			return r.broken(err)
		}
		c := columnOf(r.schema, name)
		if c == nil {
			note(&Problem{File: r.file, Line: line, Table: r.schema.Name, Reason: unknownColumn(r.schema, name)})
			continue
		}
		if _, twice := values[name]; twice {
			note(&Problem{File: r.file, Line: line, Table: r.schema.Name, Columns: []string{name}, Reason: "the row gives the column twice; remove one"})
		}
		if values[name], err = jsonCell(c, raw); err != nil {
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
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fileProblem(r.file, r.line(int64(len(r.text))), "the JSON ends too early; is the file whole?")
	case errors.As(err, &syntax) && strings.Contains(err.Error(), "max depth"):
		return fileProblem(r.file, r.line(syntax.Offset-1), "arrays and objects are nested too deep to be read; keep them less deep than 200 levels")
	case errors.As(err, &syntax):
		return fileProblem(r.file, r.line(syntax.Offset-1), "this is not JSON (%v); a file holds an array of objects, or one object on each line", err)
	}
	return fileProblem(r.file, r.line(r.dec.InputOffset()), "this is not JSON (%v)", err)
}
