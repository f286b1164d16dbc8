package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
	"github.com/memrel/memrel/cmd/memrel/internal/where"
)

type queryCommand struct {
	Table string `arg:"" help:"The table."`
	Dir   string `default:"." placeholder:"DIR" help:"Directory with the data files, or a saved store (${default})."`
	dataFlags
	Where   string   `placeholder:"EXPR" help:"Which rows; see above."`
	Order   string   `placeholder:"A,-B" help:"Columns to order by; - before one turns its order around."`
	Limit   *int     `placeholder:"N" help:"At most so many rows; 0 is none."`
	Offset  int      `placeholder:"N" help:"Leave out so many rows first."`
	Columns []string `sep:"none" placeholder:"A,B" help:"Which columns; all if left out."`
	Deleted bool     `help:"Soft-deleted rows, too."`
	AsTable bool     `name:"table" xor:"form" help:"Print a table for people (what is printed if nothing is asked for)."`
	AsJSON  bool     `name:"json" xor:"form" help:"Print a JSON array, one row on each line."`
	AsCSV   bool     `name:"csv" xor:"form" help:"Print CSV that memrel can load again."`
	Explain bool     `help:"Print which way leads to the rows, instead of the rows."`
}

// Help is the long help.
func (*queryCommand) Help() string {
	return `EXPR is a condition as in SQL:

    column = value           also <> != < <= > >=
    column in (1, 2, 3)      also not in
    column between 1 and 5   also not between
    column like 'A%'         % is any text, _ any character, \ takes the next one as it is; also not like
    column is null           also is not null
    not c, c and c, c or c, (c)

Text stands in 'single quotes' (two of them are one within), times too: '2021-01-31'. A column with unusual characters stands in "double quotes",
in --order and --columns as well.
As in SQL, comparing with NULL is neither true nor false.

Examples:

    memrel query Album --dir ./chinook --where "ArtistId = 1 and Title like 'A%'"
    memrel query Invoice --dir ./chinook --order -Total,InvoiceId --limit 3 --columns InvoiceId,Total
    memrel query Track --dir ./chinook --where "Composer is null" --csv > unknown.csv
    memrel query Track --dir ./chinook --where "AlbumId in (1, 2)" --explain
    memrel query Fare --dir ./taxi --order '-"tip, total"' --columns '"tip, total",day'`
}

// Run queries.
func (c *queryCommand) Run(a *app) error {
	if c.Limit != nil && *c.Limit < 0 || c.Offset < 0 {
		return usagef("--limit and --offset are not negative")
	}
	src, name, err := c.from(c.Dir).holding(c.Table)
	if err != nil {
		return err
	}
	// What was asked is understood before rows are loaded, so that a slip is told at once.
	_, empty, err := src.schemas()
	if err != nil {
		return err
	}
	s, err := tableNamed(empty, name)
	if err != nil {
		return err
	}
	q, err := c.query(&s)
	if err != nil {
		return err
	}
	model := memrel.RowsOf(s.Name)
	if _, err := model.Explain(empty, q); err != nil {
		return usage{err}
	}
	db, err := src.open(a)
	if err != nil {
		return err
	}
	if c.Explain {
		return c.explain(a, db, model, q)
	}
	rows, err := c.find(db, model, q)
	if err != nil {
		return err
	}
	columns := q.Columns
	if len(columns) == 0 {
		for _, col := range s.Columns {
			columns = append(columns, col.Name)
		}
	}
	switch {
	case c.AsJSON:
		return writeJSON(a.data(), rows)
	case c.AsCSV:
		return writeCSV(a.data(), columns, rows)
	}
	return a.writeTable(&s, columns, rows)
}

// find finds the rows, none with a limit of 0.
func (c *queryCommand) find(db *memrel.DB, model memrel.Rows, q memrel.Query) ([]memrel.Row, error) {
	if c.Limit != nil && *c.Limit == 0 {
		return nil, nil
	}
	return model.Find(db, q)
}

func (c *queryCommand) explain(a *app, db *memrel.DB, model memrel.Rows, q memrel.Query) error {
	e, err := model.Explain(db, q)
	if err != nil {
		return err
	}
	if c.AsJSON {
		return writeIndented(a.data(), e)
	}
	_, err = fmt.Fprintln(a.out, term.Safe(e.String()))
	return err
}

// query is what the flags ask for.
func (c *queryCommand) query(s *memrel.Schema) (memrel.Query, error) {
	q := memrel.Query{Offset: c.Offset, Deleted: c.Deleted}
	if c.Limit != nil {
		q.Limit = *c.Limit
	}
	var err error
	if q.Where, err = where.Parse(c.Where, *s); err != nil {
		return q, err
	}
	if c.Order != "" {
		columns, desc, err := listed(s, "--order", c.Order, "-")
		if err != nil {
			return q, err
		}
		for i, col := range columns {
			q.Order = append(q.Order, memrel.Order{Column: col.Name, Desc: desc[i]})
		}
	}
	for _, list := range c.Columns {
		columns, _, err := listed(s, "--columns", list, "")
		if err != nil {
			return q, err
		}
		for _, col := range columns {
			if slices.Contains(q.Columns, col.Name) {
				return q, usagef("--columns names %s twice; remove one", col.Name)
			}
			q.Columns = append(q.Columns, col.Name)
		}
	}
	return q, nil
}

// writeTable writes rows for people, numbers at the right, and their number beneath.
func (a *app) writeTable(s *memrel.Schema, columns []string, rows []memrel.Row) error {
	t := term.Table{}
	for _, name := range columns {
		col, err := columnNamed(s, name)
		if err != nil {
			return err
		}
		t.Header = append(t.Header, term.Safe(name))
		t.Right = append(t.Right, col.Type.IsNumber())
	}
	for _, r := range rows {
		cells := make([]string, len(columns))
		for i, name := range columns {
			v := r.Get(name)
			if cells[i] = term.Safe(plainText(v)); v == nil {
				cells[i] = "NULL"
			}
		}
		t.Add(cells...)
	}
	if err := t.Write(a.out, "", a.style); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.out, a.style.Dim("("+term.Count(len(rows), "row")+")"))
	return err
}

// plainText is a value as text that loads again: empty for NULL.
func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		if math.IsInf(v, 0) {
			return map[bool]string{true: "Infinity", false: "-Infinity"}[v > 0]
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []byte:
		return fmt.Sprintf(`\x%x`, v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case json.RawMessage:
		return string(v)
	case []any:
		return listText(v)
	}
	return fmt.Sprint(v)
}

// listText is a list as a JSON array whose elements are text, as a list column reads them.
func listText(list []any) string {
	parts := make([]string, len(list))
	for i, v := range list {
		switch v.(type) {
		case nil:
			parts[i] = "null"
		case int64, bool:
			parts[i] = plainText(v)
		default:
			quoted, _ := json.Marshal(plainText(v)) // a string always has a JSON text
			parts[i] = string(quoted)
		}
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// writeCSV writes rows as CSV: nothing for NULL, "" for empty text. encoding/csv writes both as nothing.
func writeCSV(w io.Writer, columns []string, rows []memrel.Row) error {
	fields := make([]string, len(columns))
	for i, name := range columns {
		fields[i] = csvField(name)
	}
	if _, err := fmt.Fprintln(w, strings.Join(fields, ",")); err != nil {
		return err
	}
	for _, r := range rows {
		for i, name := range columns {
			if fields[i] = ""; r.Get(name) != nil {
				fields[i] = csvField(plainText(r.Get(name)))
			}
		}
		if _, err := fmt.Fprintln(w, strings.Join(fields, ",")); err != nil {
			return err
		}
	}
	return nil
}

func csvField(s string) string {
	if s != "" && !strings.ContainsAny(s, ",\"\r\n") && strings.TrimSpace(s) == s {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// writeJSON writes an array with a row on each line.
func writeJSON(w io.Writer, rows []memrel.Row) error {
	if len(rows) == 0 {
		_, err := io.WriteString(w, "[]\n")
		return err
	}
	text := []byte("[")
	for i, r := range rows {
		row, err := r.MarshalJSON()
		if err != nil {
			return err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(text, '\n'), row...)
		if _, err := w.Write(text); err != nil {
			return err
		}
		text = text[:0]
	}
	_, err := w.Write(append(text, "\n]\n"...))
	return err
}

func writeIndented(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
