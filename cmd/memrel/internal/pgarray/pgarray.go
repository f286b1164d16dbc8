// Package pgarray reads the text of PostgreSQL's arrays: {a,"b, \"c\"",NULL}.
package pgarray

import (
	"encoding/json"
	"errors"
	"strings"
)

// JSON is an array as a JSON array of its elements, each a text, or null where it is NULL without quotes. Where raw is set, the elements
// are JSON themselves, and stand in it as they are. Arrays of arrays, and of bounds of their own, are refused.
func JSON(text string, raw bool) (string, error) {
	rest := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(rest, "["):
		return "", errors.New("an array with bounds of its own is no list; write it as {a,b} or [\"a\",\"b\"]")
	case !strings.HasPrefix(rest, "{"):
		return "", errors.New("an array begins with { and ends with }")
	}
	rest = strings.TrimSpace(rest[1:])
	if rest == "}" {
		return "[]", nil
	}
	var list []string
	for {
		value, isNull, after, err := element(rest)
		if err != nil {
			return "", err
		}
		list = append(list, inJSON(value, isNull, raw))
		switch rest = strings.TrimSpace(after); {
		case rest == "}":
			return "[" + strings.Join(list, ",") + "]", nil
		case !strings.HasPrefix(rest, ","):
			return "", errors.New("after an element of an array , or the } at its end is expected")
		}
		rest = strings.TrimSpace(rest[1:])
	}
}

func inJSON(value string, isNull, raw bool) string {
	switch {
	case isNull:
		return "null"
	case raw:
		return value
	}
	text, _ := json.Marshal(value) // a string always has a JSON text
	return string(text)
}

// element reads the element that text begins with, and gives what follows it.
func element(text string) (value string, isNull bool, rest string, err error) {
	if strings.HasPrefix(text, "{") {
		return "", false, "", errors.New("an array of arrays is no list; use a JSON column")
	}
	var out strings.Builder
	inQuotes := strings.HasPrefix(text, `"`)
	plain := !inQuotes // nothing in it is quoted or escaped
	at := 0
	if inQuotes {
		at = 1
	}
	for ; at < len(text); at++ {
		switch c := text[at]; {
		case c == '\\' && at+1 < len(text):
			plain = false
			at++
			out.WriteByte(text[at])
			continue
		case inQuotes && c == '"':
			return out.String(), false, text[at+1:], nil
		case !inQuotes && (c == ',' || c == '}'):
			return unquoted(out.String(), plain, text[at:])
		case !inQuotes && (c == '"' || c == '{' || c == '\\'):
			return "", false, "", errors.New(`an element of an array with ", { or \ in it stands in "quotes", with \ before " and \`)
		}
		out.WriteByte(text[at])
	}
	return "", false, "", errors.New("the array ends too early")
}

// unquoted is an element without quotes: NULL, or a text that is not empty.
func unquoted(value string, plain bool, rest string) (string, bool, string, error) {
	if plain {
		value = strings.TrimSpace(value)
	}
	if value == "" {
		return "", false, "", errors.New(`an element of an array is missing; the empty text is ""`)
	}
	return value, plain && strings.EqualFold(value, "NULL"), rest, nil
}
