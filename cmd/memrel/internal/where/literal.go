package where

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// value reads a value for a column; after says where it stands.
func (p *parser) value(col *memrel.Column, after string) (any, error) {
	t := p.tok
	v, err := p.literal(col, t, after)
	if err != nil {
		return nil, err
	}
	return v, p.advance()
}

func (p *parser) literal(col *memrel.Column, t token, after string) (any, error) {
	switch {
	case t.kind == number && plain(col.Type) && !col.Type.IsNumber():
		return nil, p.fail(t, fmt.Sprintf("%s is a number, and %s holds %s", t.text, col.Name, col.Type), "text, times and the like stand in 'single quotes'")
	case t.kind == number && (col.Type == memrel.Decimal || col.Type == memrel.Uint):
		return json.Number(t.text), nil
	case t.kind == number:
		return p.number(t)
	case t.is("null"):
		return nil, nil
	case (t.is("true") || t.is("false")) && plain(col.Type) && col.Type != memrel.Bool:
		return nil, p.fail(t, fmt.Sprintf("%s is true or false, and %s holds %s", t.text, col.Name, col.Type), "text stands in 'single quotes'")
	case t.is("true"), t.is("false"):
		return t.is("true"), nil
	case t.kind == text:
		return p.text(col, t)
	case t.kind == quotedName:
		return nil, p.fail(t, fmt.Sprintf("%s is a column, and a value is expected after %s", t.shown(p.expr), after), "text stands in 'single quotes'")
	case t.kind == name:
		return nil, p.fail(t, fmt.Sprintf("%s is a word, and a value is expected after %s", t.text, after), "text stands in 'single quotes'")
	}
	return nil, p.fail(t, fmt.Sprintf("a value is expected after %s, not %s", after, t.shown(p.expr)), "")
}

// plain tells whether a column holds values of one kind, unlike JSON and lists.
func plain(t memrel.Type) bool { return t != memrel.JSON && !t.IsList() }

func (p *parser) number(t token) (any, error) {
	if n, err := strconv.ParseInt(t.text, 10, 64); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(t.text, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) && !math.IsInf(f, 0):
		return f, nil // too small to tell from 0
	case errors.Is(err, strconv.ErrRange):
		return nil, p.fail(t, t.text+" is out of the range of a number", "use a smaller one")
	case err != nil:
		return nil, p.fail(t, t.text+" is no number", "text stands in 'single quotes'")
	}
	return f, nil
}

// text is text, or for a column of another type what it says there.
func (p *parser) text(col *memrel.Column, t token) (any, error) {
	if col.Type.IsString() {
		return t.text, nil
	}
	v, err := col.FromText(t.text)
	if err != nil {
		var e *memrel.Error
		if errors.As(err, &e) {
			return nil, p.fail(t, e.Detail, e.Hint)
		}
		return nil, p.fail(t, err.Error(), "")
	}
	return types.ToGo(col.Type, v), nil
}
