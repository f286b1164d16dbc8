package types_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/types"
)

// Rows are in the way where another row has the key or refers to it; a row that breaks the rule itself is at fault, and named once.
func TestAnErrorTellsWhatItsRowsAre(t *testing.T) {
	for _, c := range []struct {
		e    types.Error
		want string
	}{
		{types.Error{Kind: types.ErrUnique, Detail: "primary key (id) = (2) is taken", Rows: []string{"a[2]"}}, "memrel: insert a: primary key (id) = (2) is taken; in the way: a[2]"},
		{types.Error{Kind: types.ErrRestrict, Detail: "a 1 is still referenced", Rows: []string{"b[1]", "b[2]"}}, "memrel: insert a: a 1 is still referenced; in the way: b[1], b[2]"},
		{types.Error{Kind: types.ErrForeignKey, Detail: "b 7 does not exist", Rows: []string{"a[2]"}}, "memrel: insert a: b 7 does not exist; at fault: a[2]"},
		{types.Error{Kind: types.ErrCheck, Detail: "row a[2] is refused by check c", Rows: []string{"a[2]"}}, "memrel: insert a: row a[2] is refused by check c"},
		{types.Error{Kind: types.ErrCheck, Detail: "row a[22] is refused by check c", Rows: []string{"a[2]"}}, "memrel: insert a: row a[22] is refused by check c; at fault: a[2]"},
	} {
		c.e.Op, c.e.Table = "insert", "a"
		require.EqualError(t, &c.e, c.want)
	}
}
