package cascade

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/table"
)

// What a preview makes beside the plan does not grow in number with the rows: telling costs less than working out.
func TestAPreviewAllocatesLittleMoreThanThePlan(t *testing.T) {
	const n = 2000
	w := newWorld(t, def("parents", ""), def("kids", "parent", ref("parent", "parents", table.Cascade, table.Cascade)))
	w.rows("parents", []int{1})
	for i := range n {
		w.rows("kids", []int{i + 1000, 1})
	}
	stmt := w.deleting("parents", 1)
	plan := testing.AllocsPerRun(5, func() {
		p, err := w.graph.Plan(w, stmt)
		require.NoError(t, err)
		p.Release()
	})
	preview := testing.AllocsPerRun(5, func() {
		_, err := w.graph.Preview(w, stmt)
		require.NoError(t, err)
	})
	require.Less(t, preview, plan+60)
}

// Labels are each of its own row, whatever the keys are, though they are cut from one string.
func TestAPreviewLabelsEachRow(t *testing.T) {
	w := newWorld(t, def("parents", ""), def("kids", "parent", ref("parent", "parents", table.Cascade, table.Cascade)), def("pets", "kid", ref("kid", "kids", table.SetNull, table.Cascade)))
	w.rows("parents", []int{-1}).rows("kids", []int{10, -1}, []int{2, -1}).rows("pets", []int{7, 10}, []int{8, 2}, []int{300, 2})
	p, err := w.graph.Preview(w, w.deleting("parents", -1))
	require.NoError(t, err)
	var rows []string
	for i := range p.Steps {
		require.Equal(t, p.Steps[i].Before.Label(), p.Steps[i].Row)
		rows = append(rows, p.Steps[i].Row)
	}
	require.Equal(t, "[parents[-1] kids[2] kids[10] pets[8] pets[300] pets[7]]", fmt.Sprint(rows))
	require.Equal(t, []Count{{Table: "kids", Deleted: 2}, {Table: "parents", Deleted: 1}, {Table: "pets", Updated: 3}}, p.Counts)
}
