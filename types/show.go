package types

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/memrel/memrel/index"
)

// ToGo is a cell as a Go value of the caller's own: int64, uint64, float64, bool, string, []byte, time.Time in UTC, a UUID as
// canonical lower-case text, days, times of day, decimals and enums as text, json.RawMessage, a list as []any, nil for NULL. Strings share the stored bytes, the rest
// is copied. Any goroutine may call it.
func ToGo(t index.Type, v index.Value) any {
	if v.IsNull() {
		return nil
	}
	switch t {
	case index.Int:
		return v.Int()
	case index.Uint:
		return v.Uint()
	case index.Float:
		return v.Float()
	case index.Bool:
		return v.Bool()
	case index.String, index.CIText:
		return shownText(t, v)
	case index.Enum:
		return v.Name()
	case index.Bytes:
		return v.Bytes()
	case index.Time:
		return v.Time()
	case index.UUID:
		return FormatUUID(v.UUID())
	case index.Date:
		return FormatDate(v.Date())
	case index.TimeOfDay:
		return FormatTimeOfDay(v.TimeOfDay())
	case index.Decimal:
		return v.Decimal()
	case index.JSON:
		return json.RawMessage(v.JSON())
	}
	return eachElement(t, v, ToGo)
}

func eachElement(t index.Type, v index.Value, convert func(index.Type, index.Value) any) any {
	if !t.IsList() {
		return nil
	}
	out := make([]any, len(v.List()))
	for i, e := range v.List() {
		out[i] = convert(t.Elem(), e)
	}
	return out
}

// ToJSON is what json.Marshal gets for a value of a type: NaN and the infinities, for which JSON has no numbers, bytes and times
// are text.
func ToJSON(t index.Type, v index.Value) any {
	if v.IsNull() {
		return nil
	}
	switch t {
	case index.Float:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return showFloat(f)
		}
	case index.Bytes:
		return base64.StdEncoding.EncodeToString([]byte(v.Str()))
	case index.Time:
		return FormatTime(v.Time())
	case index.Decimal:
		return json.Number(v.Decimal())
	}
	if t.IsList() {
		return eachElement(t, v, ToJSON)
	}
	return ToGo(t, v)
}

const (
	shownRunes    = 60 // of text
	shownBytes    = 30
	shownElements = 10 // of a list
	ellipsis      = "…"
)

// Show is a cell for people, shortened: NULL, 7, 0.5, true, "text", x'0aff', 2026-01-02T03:04:05Z, a UUID, JSON text,
// ["a", "b"].
func Show(t index.Type, v index.Value) string {
	if v.IsNull() {
		return "NULL"
	}
	switch t {
	case index.Int:
		return strconv.FormatInt(v.Int(), 10)
	case index.Uint:
		return strconv.FormatUint(v.Uint(), 10)
	case index.Float:
		return showFloat(v.Float())
	case index.Bool:
		return strconv.FormatBool(v.Bool())
	case index.String, index.CIText:
		return QuoteShort(shownText(t, v))
	case index.Enum:
		return QuoteShort(v.Name())
	case index.Bytes:
		return showBytes(v.Str())
	case index.Time:
		return FormatTime(v.Time())
	case index.UUID:
		return FormatUUID(v.UUID())
	case index.Date:
		return FormatDate(v.Date())
	case index.TimeOfDay:
		return FormatTimeOfDay(v.TimeOfDay())
	case index.Decimal:
		return Shorten(v.Decimal())
	case index.JSON:
		return Shorten(v.JSON())
	}
	return showList(t.Elem(), v.List())
}

// AppendShow appends what [Show] gives. Numbers, text and NULL, as most keys are, take no room of their own.
func AppendShow(b []byte, t index.Type, v index.Value) []byte {
	switch {
	case v.IsNull():
		return append(b, "NULL"...)
	case t == index.Int:
		return strconv.AppendInt(b, v.Int(), 10)
	case t.IsString():
		return strconv.AppendQuote(b, Shorten(shownText(t, v)))
	}
	return append(b, Show(t, v)...)
}

func showList(elem index.Type, list []index.Value) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, e := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == shownElements {
			b.WriteString(ellipsis)
			break
		}
		b.WriteString(Show(elem, e))
	}
	b.WriteByte(']')
	return b.String()
}

func showFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

func showBytes(s string) string {
	if len(s) > shownBytes {
		return "x'" + hex.EncodeToString([]byte(s[:shownBytes])) + ellipsis + "'"
	}
	return "x'" + hex.EncodeToString([]byte(s)) + "'"
}

// QuoteShort is text in quotes, cut where it is long.
func QuoteShort(s string) string { return strconv.Quote(Shorten(s)) }

// Shorten cuts text after as many characters as people read in a message.
func Shorten(s string) string {
	if len(s) <= shownRunes {
		return s
	}
	n := 0
	for i := 0; i < len(s); n++ {
		if n == shownRunes {
			return s[:i] + ellipsis
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return s
}

// FormatUUID is the text of a UUID.
func FormatUUID(u [16]byte) string {
	var b [36]byte
	hex.Encode(b[:8], u[:4])
	hex.Encode(b[9:13], u[4:6])
	hex.Encode(b[14:18], u[6:8])
	hex.Encode(b[19:23], u[8:10])
	hex.Encode(b[24:], u[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}
