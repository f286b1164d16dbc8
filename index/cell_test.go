package index

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Cells come back bit for bit, whatever follows them.
func TestCellsComeBackExactly(t *testing.T) {
	d := randomDraw(t)
	for range 5000 {
		typ := pick(d, allTypes()...)
		v := d.value(typ)
		b := AppendCell(nil, typ, v)
		got, rest, err := ReadCell(append(b, 1, 2, 3), typ)
		require.NoError(t, err)
		require.Equal(t, []byte{1, 2, 3}, rest)
		require.True(t, Equal(typ, v, got), "%s: %v", typ, v)
		require.Equal(t, b, AppendCell(nil, typ, got))
		for i := range b {
			if _, _, err := ReadCell(b[:i], typ); err == nil {
				t.Fatalf("%s: %d of %d bytes are a cell", typ, i, len(b))
			}
		}
	}
}

// FuzzReadCell: what is read without an error can be written and read again.
func FuzzReadCell(f *testing.F) {
	for i, typ := range allTypes() {
		f.Add(byte(i), AppendCell(nil, typ, bytesDraw([]byte{9, 9, 9, 9, 9, 9, 9, 9, 9}).value(typ)))
	}
	f.Fuzz(func(t *testing.T, kind byte, data []byte) {
		types := allTypes()
		typ := types[int(kind)%len(types)]
		v, _, err := ReadCell(data, typ)
		if err != nil {
			return
		}
		again, rest, err := ReadCell(AppendCell(nil, typ, v), typ)
		require.NoError(t, err)
		require.Empty(t, rest)
		require.True(t, Equal(typ, v, again))
	})
}
