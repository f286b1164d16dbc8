package assoc

import (
	"fmt"
	"strings"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// String is the row for people, as it is at present, with what was included, but for junction rows: posts{id: 1, title: "a", tags: [tags{id: 1}]}.
func (n *DetachedRow) String() string {
	if n == nil || n.rec.IsZero() {
		return "no row"
	}
	row := n.Row()
	var parts []string
	for _, name := range row.Columns() {
		parts = append(parts, name+": "+n.text(row, name))
	}
	for _, b := range n.rest().branches {
		if !b.Hidden {
			parts = append(parts, b.As+": "+b.text())
		}
	}
	return n.shape.def.Name() + "{" + strings.Join(parts, ", ") + "}"
}

// text is the present value of a column for people.
func (n *DetachedRow) text(row table.Row, column string) string {
	raw, changed := n.rest().changed[column]
	if !changed {
		return row.Show(column)
	}
	v, t, ok := n.value(column)
	if !ok {
		return fmt.Sprint(raw) // what does not fit is shown as it is
	}
	return types.Show(t, v)
}

func (b Branch) text() string {
	if !b.Many {
		if len(b.Nodes) == 0 {
			return "no row"
		}
		return b.Nodes[0].String()
	}
	parts := make([]string, len(b.Nodes))
	for i, n := range b.Nodes {
		parts[i] = n.String()
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
