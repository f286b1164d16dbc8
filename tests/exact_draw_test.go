package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/memrel/memrel"
)

// exactDraw draws from bytes: the same bytes, the same store.
type exactDraw struct{ data []byte }

func (d *exactDraw) done() bool { return len(d.data) == 0 }

// n is a number below k; 0 once the bytes are used up.
func (d *exactDraw) n(k int) int {
	if len(d.data) == 0 || k <= 1 {
		return 0
	}
	b := int(d.data[0])
	d.data = d.data[1:]
	return b % k
}

// once in k.
func (d *exactDraw) once(k int) bool { return d.n(k) == k-1 }

func drawOf[T any](d *exactDraw, from ...T) T { return from[d.n(len(from))] }

var exactTypes = []memrel.Type{memrel.Int, memrel.String, memrel.Int, memrel.Float, memrel.Bool, memrel.Bytes, memrel.Time, memrel.UUID, memrel.JSON,
	memrel.ListOf(memrel.Int), memrel.ListOf(memrel.String), memrel.ListOf(memrel.Bytes), memrel.ListOf(memrel.Float), memrel.ListOf(memrel.Time),
	memrel.Date, memrel.TimeOfDay, memrel.Decimal, memrel.Decimal, memrel.ListOf(memrel.Decimal), memrel.Uint, memrel.ListOf(memrel.Uint), memrel.Enum, memrel.Time, memrel.CIText}

func (d *exactDraw) column(name string) memrel.Column {
	c := memrel.Column{Name: name, Type: drawOf(d, exactTypes...), NotNull: d.once(5)}
	d.bound(&c)
	return c
}

func (d *exactDraw) bound(c *memrel.Column) {
	switch c.Type {
	case memrel.Int:
		c.Size, c.Unsigned = drawOf(d, 0, 0, 8, 16, 32, 64), d.once(4)
		if c.Unsigned && c.Size%64 == 0 {
			c.Size = 32 // what has 64 is a type of its own
		}
	case memrel.Time, memrel.TimeOfDay:
		c.Precision = drawOf(d, 0, 0, time.Second, time.Millisecond, time.Nanosecond)
	case memrel.Enum:
		c.Names = drawOf(d, []string{"b", "a"}, []string{"a", "b"}, []string{"b", "a", "d", "abcdefgh"})
	case memrel.String, memrel.CIText:
		c.Size = drawOf(d, 0, 0, 1, 3, 8)
	case memrel.Decimal:
		c.Size = drawOf(d, 0, 0, 3, 10, 25)
		c.Scale = min(drawOf(d, 0, 2, 3), c.Size)
	}
}

// drawn is a value as it is given, as it must come back, and whether the column takes it.
type drawn struct {
	given, want any
	ok          bool
}

// compared is what a condition with the value looks for: decimals and times are not rounded there.
func (v drawn) compared(c *memrel.Column) string {
	if r, ok := new(big.Rat).SetString(fmt.Sprint(v.given)); ok && c.Type == memrel.Decimal {
		return "number " + r.RatString()
	}
	switch given := v.given.(type) {
	case time.Duration:
		return equally(c.Type, time.Time{}.Add(given).Format("15:04:05.999999999"))
	case time.Time:
		if c.Type == memrel.TimeOfDay {
			return equally(c.Type, given.Format("15:04:05.999999999"))
		}
		if c.Type == memrel.Time {
			return equally(c.Type, given.UTC())
		}
	case string:
		if c.Type == memrel.TimeOfDay {
			return equally(c.Type, given)
		}
	}
	return equally(c.Type, v.want)
}

func (d *exactDraw) value(c *memrel.Column) drawn {
	if d.once(8) && (!c.NotNull || d.once(4)) {
		return drawn{nil, nil, true}
	}
	switch {
	case c.Type == memrel.Int:
		return d.integer(c)
	case c.Type == memrel.Uint:
		return d.unsigned()
	case c.Type.IsString():
		s := drawOf(d, "", "a", "b", "c", "d", "0", "é", "", "a", "b", "c", "d", "e", "ab", "äöü", "abcdefgh", "12345", "-7", "x\x01", "1.50", "日本語", "abcdefghi", "A", "B", "AB", "É", "ÄÖÜ", "straße", "STRASSE", "aBcDeFgH", "a\x00", "\xff", "\xed\xa0\xbd")
		ok := utf8.ValidString(s) && !strings.Contains(s, "\x00") && (c.Size == 0 || utf8.RuneCountInString(s) <= c.Size)
		return drawn{s, s, ok}
	case c.Type == memrel.Float:
		f := drawOf(d, 0, 1.5, -2, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 0.1, 1e300, 1<<53, 5e-324)
		return drawn{f, f, true}
	case c.Type == memrel.Enum:
		name := drawOf(d, "a", "b", "a", "b", "d", "abcdefgh", "A", "")
		return drawn{name, name, slices.Contains(c.Names, name)}
	case c.Type == memrel.Bool:
		b := d.n(2) == 1
		return drawn{b, b, true}
	case c.Type == memrel.Bytes:
		b := drawOf(d, []byte{}, []byte("a"), []byte{0, 255}, []byte("\xff\xfe"))
		return drawn{append([]byte{}, b...), b, true}
	case c.Type == memrel.Time:
		t := time.Date(drawOf(d, 2026, 1970, 0, -4712, 9999, 10000, 123456, -200000), 2, 1+d.n(28), d.n(24), 0, 0, drawOf(d, 0, 1, 999_999_999), time.FixedZone("", 60*(d.n(200)-100)))
		return drawn{t, exactTime(c, t.UTC()), true}
	case c.Type == memrel.UUID:
		u := [16]byte{byte(d.n(3)), 15: 0xab}
		text := fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
		return drawn{drawOf[any](d, u, text, strings.ToUpper(text)), text, true}
	case c.Type == memrel.JSON:
		return d.document()
	case c.Type == memrel.Date:
		day := time.Date(drawOf(d, 2026, 1970, 2024, -4712, 9999, 123456), drawOf(d, time.January, time.February), 1+d.n(28), 0, 0, 0, 0, time.FixedZone("", 60*(d.n(200)-100)))
		text := day.Format("-01-02")
		switch year := day.Year(); {
		case year > 9999:
			text = fmt.Sprintf("+%d%s", year, text)
		case year < 0:
			text = fmt.Sprintf("-%04d%s", -year, text)
		default:
			text = fmt.Sprintf("%04d%s", year, text)
		}
		return drawn{drawOf[any](d, day, text, text+"T00:00:00"), text, true}
	case c.Type == memrel.TimeOfDay:
		since := time.Duration(d.n(24))*time.Hour + time.Duration(d.n(60))*time.Minute + drawOf(d, 0, time.Second, 59*time.Second+999_999_999, 30*time.Second+500*time.Millisecond)
		given := time.Time{}.Add(since).Format("15:04:05.999999999")
		text := given
		if c.Precision > 0 {
			text = time.Time{}.Add(since.Round(c.Precision)).Format("15:04:05.999999999")
			if since.Round(c.Precision) == 24*time.Hour {
				text = "24:00:00"
			}
		}
		return drawn{drawOf[any](d, since, given, time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Add(since)), text, true}
	case c.Type == memrel.Decimal:
		return d.decimal(c)
	}
	return d.list(c)
}

func (d *exactDraw) integer(c *memrel.Column) drawn {
	n := int64(d.n(40))
	if n >= 20 {
		n = drawOf[int64](d, 0, 1, 2, 3, 4, 5, 6, 7, -1, 127, 128, 255, 256, -128, -129, 32767, 65535, 65536, 1<<31-1, 1<<31, 1<<32, -1<<31-1, 1<<53+1, math.MaxInt64, math.MinInt64)
	}
	out := drawn{n, n, intFits(c, n)}
	switch d.n(6) {
	case 1:
		out.given = json.Number(strconv.FormatInt(n, 10))
	case 2:
		out.given = &n
	case 3:
		if n >= 0 {
			out.given = uint64(n)
		}
	case 4:
		out.given = json.Number(strconv.FormatInt(n, 10) + ".0e0")
	}
	return out
}

// exactTime is a time at the precision of its column, in whole numbers: halves go away from the year 2000.
func exactTime(c *memrel.Column, t time.Time) time.Time {
	if c.Precision == 0 {
		return t
	}
	since := new(big.Int).Mul(big.NewInt(t.Unix()-946684800), big.NewInt(1e9))
	since.Add(since, big.NewInt(int64(t.Nanosecond())))
	sign, step := int64(since.Sign()), big.NewInt(int64(c.Precision))
	since.Abs(since).Add(since, new(big.Int).Quo(step, big.NewInt(2))).Quo(since, step).Mul(since, step).Mul(since, big.NewInt(sign))
	seconds, rest := new(big.Int).DivMod(since, big.NewInt(1e9), new(big.Int))
	return time.Unix(946684800+seconds.Int64(), rest.Int64()).UTC()
}

// unsigned is a number without a sign, or one that is refused.
func (d *exactDraw) unsigned() drawn {
	n := drawOf(d, uint64(d.n(10)), uint64(d.n(10)), 1<<53+1, math.MaxInt64, math.MaxInt64+1, math.MaxUint64-1, math.MaxUint64)
	if d.once(10) {
		return drawn{drawOf[any](d, -1, json.Number("-1"), json.Number("18446744073709551616"), 0.5, float64(1<<63)*2), uint64(0), false}
	}
	text := strconv.FormatUint(n, 10)
	return drawn{drawOf[any](d, n, uint(n), json.Number(text), json.Number(text+".0e0"), &n), n, true}
}

// decimal is a number with a fraction, which its column rounds, halves away from zero: so does big.Rat.
func (d *exactDraw) decimal(c *memrel.Column) drawn {
	whole, fraction := drawOf(d, "0", "1", "2", "9", "10", "15", "100", "9999999", "9007199254740993", "12345678901234567"), drawOf(d, "", "", ".0", ".5", ".50", ".005", ".004", ".995", ".9995", ".89")
	text := drawOf(d, "", "", "-") + whole + fraction
	out := drawn{given: drawOf[any](d, text, text, json.Number(text), json.Number(text+"e0"))}
	out.want, _, out.ok = exactDecimal(c, text)
	return out
}

// exactDecimal is what a column makes of a number, whether that is the same number, and whether it has room for it.
func exactDecimal(c *memrel.Column, text string) (shown string, same, ok bool) {
	exactly, _ := new(big.Rat).SetString(text)
	_, fraction, _ := strings.Cut(text, ".")
	scale := len(fraction)
	if c.Size > 0 {
		scale = c.Scale
	}
	shown = exactly.FloatString(scale)
	rounded, _ := new(big.Rat).SetString(shown)
	if rounded.Sign() == 0 {
		shown = strings.TrimPrefix(shown, "-")
	}
	whole, _, _ := strings.Cut(strings.TrimPrefix(shown, "-"), ".")
	return shown, rounded.Cmp(exactly) == 0, c.Size == 0 || len(strings.TrimLeft(whole, "0")) <= c.Size-c.Scale
}

// intFits is the rule of sizes, in numbers without bounds.
func intFits(c *memrel.Column, n int64) bool {
	bits := uint(c.Size)
	if bits == 0 {
		bits = 64
	}
	high := new(big.Int).Lsh(big.NewInt(1), bits-1)
	low := new(big.Int).Neg(high)
	if c.Unsigned {
		low.SetInt64(0)
		if bits < 64 {
			high.Lsh(high, 1)
		}
	}
	return big.NewInt(n).Cmp(low) >= 0 && big.NewInt(n).Cmp(high) < 0
}

// document is a JSON document around a number, whose text as jsonb shows it follows from exact fractions.
func (d *exactDraw) document() drawn {
	whole := drawOf(d, "0", "1", "15", "9007199254740993", "12345678901234567890")
	fraction, exponent := drawOf(d, "", "", ".0", ".5", ".50", ".000"), drawOf(d, 0, 0, 1, -1, 3, -5, 20)
	sign := drawOf(d, "", "", "-")
	text := sign + whole + fraction
	if exponent != 0 {
		text += drawOf(d, "e", "E") + strconv.Itoa(exponent)
	}
	exactly, _ := new(big.Rat).SetString(text)
	scale := max(0, max(len(fraction)-1, 0)-exponent)
	shown := exactly.FloatString(scale)
	if exactly.Sign() == 0 {
		shown = strings.TrimPrefix(shown, "-")
	}
	wrap := drawOf(d, "%s", `{"k":%s}`, `["1.50",%s,null]`)
	return drawn{json.RawMessage(" " + fmt.Sprintf(wrap, text)), json.RawMessage(fmt.Sprintf(wrap, shown)), true}
}

func (d *exactDraw) list(c *memrel.Column) drawn {
	elem := &memrel.Column{Type: c.Type.Elem()}
	given, want, ok := []any{}, []any{}, true
	for range d.n(4) {
		v := d.value(elem)
		given, want, ok = append(given, v.given), append(want, v.want), ok && v.ok
	}
	return drawn{given, want, ok}
}

// exactly writes a value so that two that differ in anything are written differently.
func exactly(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case float64:
		if math.IsNaN(v) {
			return "NaN"
		}
		return fmt.Sprintf("float %x", math.Float64bits(v))
	case []byte:
		return fmt.Sprintf("bytes %x", v)
	case json.RawMessage:
		return "json " + string(v)
	case time.Time:
		return fmt.Sprintf("time %d %d", v.Unix(), v.Nanosecond())
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = exactly(v[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprintf("%T %v", v, v)
}

// equally writes a value so that two are written alike if a key takes them for one.
func equally(of memrel.Type, v any) string {
	switch v := v.(type) {
	case float64:
		if v == 0 {
			return "float 0"
		}
	case string:
		if of == memrel.CIText { // of the letters that are drawn, what upper and lower case make of each other
			return exactly(strings.ToLower(strings.ToUpper(strings.ReplaceAll(v, "ß", "ss"))))
		}
		if r, ok := new(big.Rat).SetString(v); ok && of == memrel.Decimal {
			return "number " + r.RatString()
		}
	case json.RawMessage:
		dec := json.NewDecoder(bytes.NewReader(v))
		dec.UseNumber()
		var doc any
		err := dec.Decode(&doc)
		return fmt.Sprint("json ", meant(doc), err)
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = equally(of.Elem(), v[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return exactly(v)
}

// meant is what a document says: its numbers as fractions, the rest as it is.
func meant(doc any) string {
	switch v := doc.(type) {
	case json.Number:
		r, ok := new(big.Rat).SetString(v.String())
		return fmt.Sprint("number ", r, ok)
	case []any:
		out := "["
		for _, e := range v {
			out += meant(e) + ","
		}
		return out + "]"
	case map[string]any:
		out := "{"
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out += fmt.Sprintf("%q:%s,", k, meant(v[k]))
		}
		return out + "}"
	}
	return fmt.Sprintf("%T %v", doc, doc)
}
