package datadir

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/pgarray"
	"github.com/memrel/memrel/types"
)

// Cell is what a column gets from the text of a CSV field. An empty field is NULL where the column allows that, unless
// it stands in quotes and the column holds text: then it is the empty text. Where the column does not allow NULL, an
// empty field is the column's default or next number if it has one, and given is false; else the empty text in a column
// of text, and NULL, which the store will refuse, in any other.
func Cell(c *memrel.Column, text string, quoted bool) (v any, given bool, err error) {
	isText := c.Type.IsString()
	switch {
	case c.Type.IsList() && strings.HasPrefix(text, "{"): // as PostgreSQL writes a list
		v, err := array(c, text)
		return v, err == nil, err
	case text != "":
		cell, err := c.FromText(text)
		if err != nil {
			return nil, false, err
		}
		return types.ToGo(c.Type, cell), true, nil
	case isText && quoted:
		return "", true, nil
	case !c.NotNull:
		return nil, true, nil
	case c.FillsIn():
		return nil, false, nil
	case isText:
		return "", true, nil
	}
	return nil, true, nil
}

// array is a list in the form of PostgreSQL.
func array(c *memrel.Column, text string) (any, error) {
	list, err := pgarray.JSON(text, c.Type.Elem() == memrel.JSON)
	if err != nil {
		return nil, &memrel.Error{Kind: memrel.ErrType, Columns: []string{c.Name}, Detail: fmt.Sprintf("%s = %q is not %s: %s", c.Name, short(text), c.Type, err),
			Hint: `write it like {a,"b c",NULL}, or as a JSON array`}
	}
	v, err := c.FromText(list)
	return types.ToGo(c.Type, v), err
}

// jsonCell is what a column gets from a JSON value: text is read as in a CSV field by a column that does not hold text,
// so that a time or a number in quotes works too; other values must be of the column's kind.
func jsonCell(c *memrel.Column, raw json.RawMessage) (any, error) {
	if c.Type == memrel.JSON {
		if string(raw) == "null" {
			return nil, nil
		}
		return raw, nil
	}
	switch raw[0] {
	case 'n':
		return nil, nil
	case '"':
		return jsonText(c, raw)
	case 't', 'f':
		if c.Type == memrel.Bool {
			return raw[0] == 't', nil
		}
	case '[':
		if c.Type.IsList() {
			v, err := c.FromText(string(raw))
			return types.ToGo(c.Type, v), err
		}
	case '{':
	default:
		switch {
		case c.Type.IsNumber():
			return json.Number(raw), nil
		case c.Type == memrel.Bool && (string(raw) == "0" || string(raw) == "1"): // as SQLite and MySQL write them
			return raw[0] == '1', nil
		}
	}
	return nil, &memrel.Error{Kind: memrel.ErrType, Columns: []string{c.Name},
		Detail: fmt.Sprintf("%s is %s, and the column holds %s", c.Name, jsonKind(raw), c.Type), Hint: "write it as that, or as text"}
}

func jsonText(c *memrel.Column, raw json.RawMessage) (any, error) {
	text, err := c.UnquoteJSON(raw)
	if err != nil || c.Type.IsString() {
		return text, err
	}
	v, err := c.FromText(text)
	var e *memrel.Error
	if text == "" && errors.As(err, &e) {
		e.Hint += "; for NULL write null"
	}
	return types.ToGo(c.Type, v), err
}

func jsonKind(raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't', 'f':
		return "true or false"
	}
	return "a number"
}

// short cuts text after as many characters as people read in a message, which are as many as the store's own errors show.
func short(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
