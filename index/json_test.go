package index

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// Zeros at the end of a fraction are kept, and tell no two documents apart.
func TestJSONIsComparedByItsNumbers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{`1`, `1.0`, 0},
		{`1.0`, `1.00`, 0},
		{`[1.50,2]`, `[1.5,2.000]`, 0},
		{`{"n":9007199254740993.0}`, `{"n":9007199254740993}`, 0},
		{`{"n":12345678901234567890.5}`, `{"n":12345678901234567890.4}`, 1},
		{`"1.0"`, `"1"`, -1}, // strings are what they are: . is before "
		{`"\"1.0"`, `"\"1.00"`, -1},
		{`10`, `1.0`, 1},
		{`100.0`, `1`, 1},
	} {
		a, b := OfJSON(c.a), OfJSON(c.b)
		require.Equal(t, c.a, a.JSON())
		if got := Compare(JSON, a, b); c.want == 0 {
			require.Zero(t, got, "%s and %s", c.a, c.b)
			require.Equal(t, prefixOf(JSON, a), prefixOf(JSON, b))
			require.Equal(t, AppendValue(nil, JSON, a), AppendValue(nil, JSON, b))
		} else {
			require.NotZero(t, got, "%s and %s", c.a, c.b)
		}
		require.Equal(t, -Compare(JSON, b, a), Compare(JSON, a, b))
	}
}

func TestIsText(t *testing.T) {
	for _, part := range []string{"", "\x00", "\xff", "\x80", "ä", "a", "\x01", "\x7f", "日本語", "\xed\xa0\x80"} {
		for before := range 20 {
			for after := range 20 {
				s := strings.Repeat("x", before) + part + strings.Repeat("y", after)
				require.Equal(t, utf8.ValidString(s) && !strings.Contains(s, "\x00"), IsText(s), "%q", s)
			}
		}
	}
}

// A number has one cell, so that a file that was forged is not taken for another.
func TestCellsInAnotherFormAreRefused(t *testing.T) {
	for typ, b := range map[Type][]byte{
		Int:         {1, 0x80, 0},
		String:      {1, 0x81, 0, 'a'},
		Time:        {1, 2, 0x80, 0},
		JSON:        {1, 3, '"', 0, '"'},
		ListOf(Int): {1, 0x81, 0, 0},
		Bool:        {1, 2},
		UUID:        {1, 1, 'a'},
		Date:        binary.AppendVarint([]byte{1}, maxDay+1),
		TimeOfDay:   {1, 1}, // -1
		Decimal:     {1, 2, '0', '1'},
	} {
		_, _, err := ReadCell(b, typ)
		require.Error(t, err, typ.String())
	}
}
