// Package where reads conditions on the rows of a table, as people type them after --where:
//
//	ArtistId = 1 and Title like 'A%' or not (Total > 5)
//
// The language is the conditions of SQL:
//
//	column = value      also <> != < <= > >=; null is asked for with is null
//	column [not] in (value, ...)
//	column [not] between value and value
//	column [not] like 'pattern'      % is any text, _ any character, \ takes the next one as it is
//	column is [not] null
//	not c, c and c, c or c, (c)      not binds closest, then and, then or
//
// Words are read in any case, columns as they are declared or, if only one fits, in any case. A column of other characters
// or with the name of a word stands in "double quotes". A value is a number, 'text' (a quote in it is written twice), true,
// false, or null inside in (...). Text for a column of another type is read as in a CSV file: '2021-01-31'.
//
// Comparing with NULL is neither true nor false, as in SQL.
package where

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/names"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/types"
)

// Error is what is wrong with an expression, and where.
type Error struct {
	Expr string
	At   int // in bytes
	Text string
	Hint string
}

// Error reads: position 12: "ArtistID" is no column of Album; columns are ...
func (e *Error) Error() string {
	s := fmt.Sprintf("position %d: %s", utf8.RuneCountInString(e.Expr[:e.At])+1, e.Text)
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Draw is the expression with a caret beneath the place, to be shown below the error. Control characters are shown as
// spaces.
func (e *Error) Draw() string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, e.Expr)
	return plain + "\n" + strings.Repeat(" ", utf8.RuneCountInString(e.Expr[:e.At])) + "^"
}

// maxDepth is how deep parentheses and nots may stand in one another: far more than people write, and less than what the
// store takes.
const maxDepth = 90

// Parse reads an expression about the columns of a table. Only spaces are the condition that is true of every row. The
// error is an [*Error].
func Parse(expr string, s memrel.Schema) (memrel.Cond, error) {
	p := parser{expr: expr, schema: s}
	if err := p.advance(); err != nil {
		return memrel.Cond{}, err
	}
	if p.tok.kind == end {
		return memrel.Cond{}, nil
	}
	c, err := p.or()
	if err != nil {
		return memrel.Cond{}, err
	}
	if p.tok.kind != end {
		return memrel.Cond{}, p.fail(p.tok, fmt.Sprintf("%s comes after a whole condition", p.tok.shown(expr)), "join conditions with and or or")
	}
	return c, nil
}

// parser goes down the expression, one token ahead.
type parser struct {
	expr   string
	schema memrel.Schema
	tok    token
	depth  int
}

func (p *parser) fail(at token, text, hint string) error { return &Error{p.expr, at.from, text, hint} }

func (p *parser) advance() (err error) {
	p.tok, err = next(p.expr, p.tok.to)
	return err
}

// take goes on if the token is a word.
func (p *parser) take(word string) (bool, error) {
	if !p.tok.is(word) {
		return false, nil
	}
	return true, p.advance()
}

// expect goes on if the token is a word, and fails if it is another.
func (p *parser) expect(word, after string) error {
	ok, err := p.take(word)
	if err == nil && !ok {
		err = p.fail(p.tok, fmt.Sprintf("%s is expected after %s, not %s", word, after, p.tok.shown(p.expr)), "")
	}
	return err
}

func (p *parser) or() (memrel.Cond, error) { return p.joined("or", "||", p.and, memrel.Or) }

func (p *parser) and() (memrel.Cond, error) { return p.joined("and", "&&", p.not, memrel.And) }

// joined reads parts with a word between them.
func (p *parser) joined(word, symbol string, part func() (memrel.Cond, error), join func(...memrel.Cond) memrel.Cond) (memrel.Cond, error) {
	var parts []memrel.Cond
	for {
		c, err := part()
		if err != nil {
			return c, err
		}
		parts = append(parts, c)
		if p.tok.is(symbol) {
			return c, p.fail(p.tok, symbol+" is not part of the language", "write "+word)
		}
		if more, err := p.take(word); err != nil || !more {
			if len(parts) == 1 {
				return c, err
			}
			return join(parts...), err
		}
	}
}

func (p *parser) not() (memrel.Cond, error) {
	if p.depth++; p.depth > maxDepth {
		return memrel.Cond{}, p.fail(p.tok, fmt.Sprintf("conditions stand in one another more than %d deep", maxDepth), "write it with fewer parentheses")
	}
	defer func() { p.depth-- }()
	if ok, err := p.take("not"); err != nil {
		return memrel.Cond{}, err
	} else if ok {
		c, err := p.not()
		return memrel.Not(c), err
	}
	if ok, err := p.take("("); err != nil {
		return memrel.Cond{}, err
	} else if ok {
		c, err := p.or()
		if err != nil {
			return c, err
		}
		return c, p.expect(")", "the condition in parentheses")
	}
	return p.test()
}

// test reads a column and what is asked of it.
func (p *parser) test() (memrel.Cond, error) {
	col, err := p.column()
	if err != nil {
		return memrel.Cond{}, err
	}
	at := p.tok
	negated, err := p.take("not")
	if err != nil {
		return memrel.Cond{}, err
	}
	for _, t := range []struct {
		word string
		read func(*memrel.Column, bool) (memrel.Cond, error)
	}{{"in", p.in}, {"between", p.between}, {"like", p.like}} {
		if ok, err := p.take(t.word); err != nil {
			return memrel.Cond{}, err
		} else if ok {
			return t.read(col, negated)
		}
	}
	if negated {
		return memrel.Cond{}, p.fail(at, "in, between or like is expected after not", "to turn a comparison around, write not before the column")
	}
	if ok, err := p.take("is"); err != nil {
		return memrel.Cond{}, err
	} else if ok {
		return p.null(col)
	}
	return p.compare(col)
}

// column reads the name of a column.
func (p *parser) column() (*memrel.Column, error) {
	t := p.tok
	switch {
	case t.kind == end:
		return nil, p.fail(t, "a condition is expected here", "write column = value, say")
	case t.kind != name && t.kind != quotedName:
		return nil, p.fail(t, fmt.Sprintf("a condition begins with a column, not with %s", t.shown(p.expr)), "write the column first, as in Total > 5")
	}
	col := p.find(t.text, t.kind == quotedName)
	if col == nil {
		var all []string
		for _, c := range p.schema.Columns {
			all = append(all, c.Name)
		}
		return nil, p.fail(t, fmt.Sprintf("%s is no column of %s", t.text, p.schema.Name), "columns are "+strings.Join(all, ", "))
	}
	return col, p.advance()
}

// find is the column with a name; a name that was not quoted is taken in any case, if that tells it.
func (p *parser) find(name string, exact bool) *memrel.Column {
	all := make([]string, len(p.schema.Columns))
	for i, c := range p.schema.Columns {
		all[i] = c.Name
	}
	meant := names.FindFold
	if exact {
		meant = names.Find
	}
	found := meant(all, name)
	if len(found) != 1 {
		return nil
	}
	return &p.schema.Columns[slices.Index(all, found[0])]
}

func (p *parser) compare(col *memrel.Column) (memrel.Cond, error) {
	op := p.tok
	make, ok := map[string]func(string, any) memrel.Cond{"=": memrel.Eq, "<>": memrel.Ne, "!=": memrel.Ne,
		"<": memrel.Lt, "<=": memrel.Lte, ">": memrel.Gt, ">=": memrel.Gte}[op.text]
	if op.kind != symbol || !ok {
		hint := "use =, <>, <, <=, >, >=, in, between, like or is null"
		if op.is("==") {
			hint = "write ="
		}
		return memrel.Cond{}, p.fail(op, fmt.Sprintf("a comparison is expected after %s, not %s", col.Name, op.shown(p.expr)), hint)
	}
	if err := p.advance(); err != nil {
		return memrel.Cond{}, err
	}
	if p.tok.is("null") {
		return memrel.Cond{}, p.fail(p.tok, "nothing compares with null", "write "+col.Name+" is null, or is not null")
	}
	v, err := p.value(col, op.text)
	if err != nil {
		return memrel.Cond{}, err
	}
	return make(col.Name, v), nil
}

func (p *parser) null(col *memrel.Column) (memrel.Cond, error) {
	not, err := p.take("not")
	if err != nil {
		return memrel.Cond{}, err
	}
	if not {
		return memrel.NotNull(col.Name), p.expect("null", "is not")
	}
	return memrel.IsNull(col.Name), p.expect("null", "is")
}

func (p *parser) in(col *memrel.Column, negated bool) (memrel.Cond, error) {
	if err := p.expect("(", "in"); err != nil {
		return memrel.Cond{}, err
	}
	var vals []any
	for {
		v, err := p.value(col, "the parenthesis")
		if err != nil {
			return memrel.Cond{}, err
		}
		vals = append(vals, v)
		more, err := p.take(",")
		if err != nil {
			return memrel.Cond{}, err
		}
		if more {
			continue
		}
		if negated {
			return memrel.NotIn(col.Name, vals...), p.expect(")", "the values")
		}
		return memrel.In(col.Name, vals...), p.expect(")", "the values")
	}
}

func (p *parser) between(col *memrel.Column, negated bool) (memrel.Cond, error) {
	low, err := p.value(col, "between")
	if err != nil {
		return memrel.Cond{}, err
	}
	if err := p.expect("and", "the lower end"); err != nil {
		return memrel.Cond{}, err
	}
	high, err := p.value(col, "and")
	if err != nil {
		return memrel.Cond{}, err
	}
	c := memrel.Between(col.Name, low, high)
	if negated {
		c = memrel.Not(c)
	}
	return c, nil
}

func (p *parser) like(col *memrel.Column, negated bool) (memrel.Cond, error) {
	t := p.tok
	switch {
	case !col.Type.IsString():
		return memrel.Cond{}, p.fail(t, fmt.Sprintf("like is for text, and %s holds %s", col.Name, col.Type), "use =, <, > or between")
	case t.kind != text:
		return memrel.Cond{}, p.fail(t, fmt.Sprintf("a pattern is expected after like, not %s", t.shown(p.expr)), "write it in quotes: 'A%'")
	}
	if e := types.AsError(query.CheckPattern(t.text)); e != nil {
		return memrel.Cond{}, p.fail(t, e.Detail, e.Hint)
	}
	make := memrel.Like
	if negated {
		make = memrel.NotLike
	}
	return make(col.Name, t.text), p.advance()
}
