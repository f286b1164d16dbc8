package types

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCloneSharesNothing(t *testing.T) {
	type inner struct {
		List []any
		at   *int
	}
	type loop struct{ Next *loop }
	n := 7
	in := map[string]any{"b": []byte{1}, "p": &n, "s": inner{List: []any{map[string]any{"x": 1}}, at: &n}, "t": time.Unix(5, 6), "nil": nil,
		"a": [2][]int{{1}, nil}}
	out := Clone(in)
	require.Equal(t, in, out)
	out["b"].([]byte)[0] = 2
	*out["p"].(*int) = 8
	out["s"].(inner).List[0].(map[string]any)["x"] = 2
	out["a"].([2][]int)[0][0] = 9
	require.Equal(t, []byte{1}, in["b"])
	require.Equal(t, 7, n)
	require.Equal(t, 1, in["s"].(inner).List[0].(map[string]any)["x"])
	require.Equal(t, 1, in["a"].([2][]int)[0][0])
	l := &loop{}
	l.Next = l
	require.NotNil(t, Clone(l))
	require.Nil(t, Clone[any](nil))
}
