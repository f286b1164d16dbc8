package quoted

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in, text, rest string
		ok             bool
	}{
		{`'a', 'b'`, "a", ", 'b'", true}, {`'it''s'`, "it's", "", true}, {`''`, "", "", true}, {`''''x`, "'", "x", true},
		{`'a`, "", "", false}, {`'a''`, "", "", false}, {`a'`, "", "", false}, {``, "", "", false},
	} {
		text, rest, ok := Cut(c.in, "'")
		require.Equal(t, []any{c.text, c.rest, c.ok}, []any{text, rest, ok}, c.in)
	}
}
