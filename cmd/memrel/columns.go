package main

import (
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/quoted"
)

// listed are the columns of a list: names between commas, each in "double quotes" if it has unusual characters. What may stand
// before a name, as the - of an order, is in signs.
func listed(s *memrel.Schema, flag, list, sign string) (columns []*memrel.Column, signs []bool, err error) {
	for rest, more := list, true; more; {
		var signed bool
		rest = strings.TrimLeft(rest, " ")
		if sign != "" {
			rest, signed = strings.CutPrefix(rest, sign)
		}
		var name string
		if name, rest, err = cutName(rest, ","); err != nil {
			return nil, nil, usagef("%s %s: %w", flag, list, err)
		}
		rest, more = strings.CutPrefix(rest, ",")
		c, err := columnNamed(s, name)
		if err != nil {
			return nil, nil, err
		}
		columns, signs = append(columns, c), append(signs, signed)
	}
	return columns, signs, nil
}

// cutName reads a name, in quotes or not, up to what ends it; rest begins with that, or is empty.
func cutName(text, end string) (name, rest string, err error) {
	if !strings.HasPrefix(text, `"`) {
		at := strings.Index(text, end)
		if at < 0 {
			at = len(text)
		}
		return strings.TrimSpace(text[:at]), text[at:], nil
	}
	name, rest, closed := quoted.Cut(text, `"`)
	if !closed {
		return "", "", usagef(`a quote is not closed; write " inside quotes as ""`)
	}
	if rest = strings.TrimLeft(rest, " "); rest != "" && !strings.HasPrefix(rest, end) {
		return "", "", usagef("%s is expected after %q", end, name)
	}
	return name, rest, nil
}
