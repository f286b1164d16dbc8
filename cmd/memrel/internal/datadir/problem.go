package datadir

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/names"
	"github.com/memrel/memrel/types"
)

// Problem is a row that was refused, or a file that cannot be read further.
type Problem struct {
	File    string
	Line    int // 0 if it is about the whole file
	Table   string
	Columns []string
	Value   string // what the columns hold; "" if they hold nothing that could be shown
	Reason  string
	Err     error // the store's own error, if it was the store that refused
	oneRow  bool  // the file can be read on
	clause  bool  // the reason goes on from the value: is not an int
}

// Error reads: Track.csv:17: Track.AlbumId = 9999: Album 9999 does not exist (Track.AlbumId -> Album.AlbumId).
func (p *Problem) Error() string {
	s := p.File
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
	}
	if p.Table == "" {
		return s + ": " + p.Reason
	}
	s += ": " + p.Table
	switch len(p.Columns) {
	case 0:
	case 1:
		s += "." + p.Columns[0]
	default:
		s += ".(" + strings.Join(p.Columns, ", ") + ")"
	}
	if p.Value != "" {
		s += " = " + p.Value
	}
	if p.clause {
		return s + " " + p.Reason
	}
	return s + ": " + p.Reason
}

// Unwrap is the store's error.
func (p *Problem) Unwrap() error { return p.Err }

// fileProblem is about a whole file, or about it from a line on.
func fileProblem(file string, line int, format string, args ...any) *Problem {
	return &Problem{File: file, Line: line, Reason: fmt.Sprintf(format, args...)}
}

// refused is the problem of a row that the store, or one of its columns, does not take. shown is the value as it stands
// in the file, for errors that do not tell.
func refused(file string, line int, s *memrel.Schema, err error, shown string) *Problem {
	p := &Problem{File: file, Line: line, Table: s.Name, Reason: err.Error(), Value: shown, Err: err}
	var e *memrel.Error
	if !errors.As(err, &e) {
		return p
	}
	p.Columns = e.Columns
	p.Reason = e.Detail
	if e.Cause != nil {
		p.Reason += ": " + e.Cause.Error()
	}
	if len(e.Rows) > 0 && errors.Is(e.Kind, memrel.ErrUnique) {
		p.Reason += " by " + strings.Join(e.Rows, ", ")
	}
	if e.Hint != "" {
		p.Reason += "; " + e.Hint
	}
	if len(e.Key) > 0 {
		p.Value = showKey(s, e.Columns, e.Key)
	}
	p.goOn(shown)
	return p
}

// goOn turns the reason into a clause that goes on from the value, where a column's own error names column and value at
// its beginning as this one does.
func (p *Problem) goOn(shown string) {
	if len(p.Columns) != 1 {
		return
	}
	rest, ok := strings.CutPrefix(p.Reason, p.Columns[0]+" ")
	if !ok {
		return
	}
	p.Reason, p.clause = rest, true
	plain, _ := strconv.Unquote(shown)
	for _, v := range []string{p.Value, shown, plain, strconv.Quote(plain)} {
		if rest, ok := strings.CutPrefix(p.Reason, "= "+v+" "); ok && v != "" {
			p.Value, p.Reason = v, rest
			return
		}
	}
}

// showKey writes values of columns for people: 7, or (1, "x").
func showKey(s *memrel.Schema, columns []string, key []any) string {
	parts := make([]string, len(key))
	for i, v := range key {
		parts[i] = fmt.Sprint(v)
		if i >= len(columns) {
			continue
		}
		if c := columnOf(s, columns[i]); c != nil {
			if cell, err := c.FromGo(v); err == nil {
				parts[i] = types.Show(c.Type, cell)
			}
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func columnOf(s *memrel.Schema, name string) *memrel.Column {
	for i := range s.Columns {
		if s.Columns[i].Name == name {
			return &s.Columns[i]
		}
	}
	return nil
}

// columnMeant is the column that a file means by a name: that column, or the only one of the same normal form.
func columnMeant(s *memrel.Schema, name string) *memrel.Column {
	if c := columnOf(s, name); c != nil {
		return c
	}
	if found := names.Find(allColumns(s), name); len(found) == 1 {
		return columnOf(s, found[0])
	}
	return nil
}

func allColumns(s *memrel.Schema) []string {
	all := make([]string, len(s.Columns))
	for i := range s.Columns {
		all[i] = s.Columns[i].Name
	}
	return all
}

func columnNames(s *memrel.Schema) string { return strings.Join(allColumns(s), ", ") }

// unknownColumn says which columns there are, and which one may be meant.
func unknownColumn(s *memrel.Schema, name string) string {
	text := fmt.Sprintf("%s has no column %q; columns are %s", s.Name, name, columnNames(s))
	for i := range s.Columns {
		if strings.EqualFold(s.Columns[i].Name, strings.TrimSpace(name)) {
			return text + "; " + s.Columns[i].Name + " may be meant"
		}
	}
	return text
}
