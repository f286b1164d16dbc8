package where

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/memrel/memrel/cmd/memrel/internal/quoted"
)

type kind uint8

const (
	end  kind = iota
	name      // a column, or a word of the language
	quotedName
	text
	number
	symbol
)

// token is a piece of the expression; from and to are its bytes there.
type token struct {
	kind     kind
	text     string // what a name or text says, without its quotes
	from, to int
}

// is tells whether the token is a word of the language, in any case, or a symbol.
func (t token) is(word string) bool {
	return t.kind == name && strings.EqualFold(t.text, word) || t.kind == symbol && t.text == word
}

// shown names the token in a message.
func (t token) shown(expr string) string {
	if t.kind == end {
		return "the end"
	}
	return expr[t.from:t.to]
}

// next reads the token that begins at or after a byte.
func next(expr string, at int) (token, error) {
	for at < len(expr) {
		r, size := utf8.DecodeRuneInString(expr[at:])
		if !unicode.IsSpace(r) {
			break
		}
		at += size
	}
	if at == len(expr) {
		return token{kind: end, from: at, to: at}, nil
	}
	switch c := expr[at]; {
	case c == '\'':
		return inQuotes(expr, at, text)
	case c == '"':
		return inQuotes(expr, at, quotedName)
	case isDigit(c) || (c == '-' || c == '+' || c == '.') && at+1 < len(expr) && (isDigit(expr[at+1]) || expr[at+1] == '.'):
		return while(expr, at, number, func(i int) bool {
			c := expr[i]
			sign := (c == '-' || c == '+') && (i == at || expr[i-1] == 'e' || expr[i-1] == 'E')
			return isDigit(c) || c == '.' || c == 'e' || c == 'E' || sign
		}), nil
	}
	for _, s := range []string{"<=", ">=", "<>", "!=", "==", "&&", "||", "=", "<", ">", "(", ")", ","} {
		if strings.HasPrefix(expr[at:], s) {
			return token{symbol, s, at, at + len(s)}, nil
		}
	}
	return word(expr, at)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func while(expr string, at int, k kind, more func(i int) bool) token {
	to := at
	for to < len(expr) && more(to) {
		to++
	}
	return token{k, expr[at:to], at, to}
}

// word reads a name of letters with their marks, digits, _, $ and dots.
func word(expr string, at int) (token, error) {
	to := at
	for to < len(expr) {
		r, size := utf8.DecodeRuneInString(expr[to:])
		mark := to > at && unicode.IsMark(r) // what follows a letter in decomposed text belongs to it
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !mark && r != '_' && r != '$' && r != '.' {
			break
		}
		to += size
	}
	if to == at {
		_, size := utf8.DecodeRuneInString(expr[at:])
		return token{}, &Error{expr, at, "nothing can begin with " + strings.ToValidUTF8(expr[at:at+size], "\ufffd"),
			"text stands in 'single quotes', a column with other characters in \"double quotes\""}
	}
	return token{name, expr[at:to], at, to}, nil
}

// inQuotes reads text or a name up to its closing quote.
func inQuotes(expr string, at int, k kind) (token, error) {
	q := expr[at : at+1]
	text, rest, ok := quoted.Cut(expr[at:], q)
	if !ok {
		return token{}, &Error{expr, at, "the quote " + q + " that begins here is not closed", "close it; a quote inside is written twice"}
	}
	return token{k, text, at, len(expr) - len(rest)}, nil
}
