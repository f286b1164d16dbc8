package ddl

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// literal is a value of a column in SQL; ok is false for what the database has no text for.
func (w *writer) literal(c *memrel.Column, v any) (text string, ok bool) {
	cell, err := c.FromGo(v)
	if err != nil {
		return "", false
	}
	return w.plain(c.Type, types.ToGo(c.Type, cell))
}

func (w *writer) plain(t memrel.Type, v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "NULL", true
	case int64:
		if v == math.MinInt64 { // would be read as the negative of a number that is too large
			return "(-9223372036854775807 - 1)", true
		}
		return strconv.FormatInt(v, 10), true
	case uint64:
		return strconv.FormatUint(v, 10), true
	case float64:
		return w.float(v)
	case bool:
		return strings.ToUpper(strconv.FormatBool(v)), true
	case []byte:
		if w.dialect == Postgres {
			return fmt.Sprintf(`'\x%x'`, v), true
		}
		return fmt.Sprintf("x'%x'", v), true
	case time.Time:
		return w.moment(v), true
	case json.RawMessage:
		return w.text(string(v))
	case string:
		if t == memrel.Decimal {
			return v, true
		}
		return w.text(v)
	case []any:
		return w.list(t, v)
	}
	return "", false
}

func (w *writer) float(v float64) (string, bool) {
	switch {
	case w.dialect == Postgres && math.IsNaN(v):
		return "'NaN'", true
	case w.dialect == Postgres && math.IsInf(v, 0):
		return "'" + strings.ReplaceAll(strconv.FormatFloat(v, 'g', -1, 64), "Inf", "Infinity") + "'", true
	case w.dialect == SQLite && math.IsInf(v, 0):
		return strings.ReplaceAll(strconv.FormatFloat(v, 'g', -1, 64), "Inf", "9e999"), true
	}
	return strconv.FormatFloat(v, 'g', -1, 64), !math.IsNaN(v) && !math.IsInf(v, 0)
}

// moment is a time in UTC, in the form that drivers write.
func (w *writer) moment(v time.Time) string {
	form := "2006-01-02 15:04:05.999999999-07:00"
	if w.dialect == MySQL {
		form = "2006-01-02 15:04:05.999999"
	}
	return "'" + v.UTC().Format(form) + "'"
}

func (w *writer) text(s string) (string, bool) {
	if w.dialect == MySQL {
		s = strings.ReplaceAll(s, `\`, `\\`)
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'", utf8.ValidString(s) && !strings.Contains(s, "\x00")
}

// list is an array, or its JSON.
func (w *writer) list(t memrel.Type, list []any) (string, bool) {
	if w.dialect != Postgres {
		raw, err := json.Marshal(list)
		if err != nil {
			return "", false
		}
		return w.text(string(raw))
	}
	parts := make([]string, len(list))
	for i, v := range list {
		text, ok := w.plain(t.Elem(), v)
		if !ok {
			return "", false
		}
		parts[i] = text
	}
	return "ARRAY[" + strings.Join(parts, ", ") + "]::" + w.scalar(&memrel.Column{Type: t.Elem()}, false) + "[]", true
}
