package names

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const composed, decomposed = "\u00e9tat", "e\u0301tat"

func TestNamesAreTheSameInNormalForm(t *testing.T) {
	for _, c := range []struct {
		all  []string
		name string
		find []string
		fold []string
	}{
		{[]string{composed, decomposed}, decomposed, []string{decomposed}, []string{decomposed}},
		{[]string{"x", composed}, decomposed, []string{composed}, []string{composed}},
		{[]string{"x", decomposed}, composed, []string{decomposed}, []string{decomposed}},
		{[]string{"\u00c9tat"}, decomposed, nil, []string{"\u00c9tat"}},
		{[]string{"User", "USER"}, "User", []string{"User"}, []string{"User"}},
		{[]string{"User", "USER"}, "user", nil, []string{"User", "USER"}},
		{[]string{"a"}, "b", nil, nil},
	} {
		require.Equal(t, c.find, Find(c.all, c.name), "%+q", c)
		require.Equal(t, c.fold, FindFold(c.all, c.name), "%+q", c)
	}
}
