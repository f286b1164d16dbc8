package snapshot

import (
	"encoding/json"
	"strings"

	"github.com/memrel/memrel/table"
)

// Columns are the columns in which a row that both states have is different.
func (r RowDifference) Columns() []string {
	if r.Before.IsZero() || r.After.IsZero() {
		return nil
	}
	return columnsOf(table.DefOf(r.Before), table.DefOf(r.After), table.RecordOf(r.Before), table.RecordOf(r.After))
}

// Label names the row by its primary key: users[1].
func (r RowDifference) Label() string {
	if r.After.IsZero() {
		return r.Before.Label()
	}
	return r.After.Label()
}

// String is the line of [Difference.String] for the row.
func (r RowDifference) String() string {
	switch {
	case r.Before.IsZero():
		return "+ " + r.After.String()
	case r.After.IsZero():
		return "- " + r.Before.String()
	}
	var b strings.Builder
	b.WriteString("~ " + r.Label() + ":")
	for i, name := range r.Columns() {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(" " + name + ": " + shown(r.Before, name) + " -> " + shown(r.After, name))
	}
	return b.String()
}

// shown is a value for people; "none" of a column that the row's table does not have.
func shown(r table.Row, column string) string {
	if !r.Has(column) {
		return "none"
	}
	return r.Show(column)
}

// MarshalJSON writes the row's table and key, and what it was and is: all of a row that was added or removed, with null for the other,
// and of one that changed the columns in which it is different.
//
//	{"table":"users","key":[1],"before":{"name":"Ann"},"after":{"name":"Anna"}}
func (r RowDifference) MarshalJSON() ([]byte, error) {
	out := struct {
		Table  string         `json:"table"`
		Key    []any          `json:"key"`
		Before map[string]any `json:"before"`
		After  map[string]any `json:"after"`
	}{Table: r.Table}
	of := r.After
	if of.IsZero() {
		of = r.Before
	}
	for _, p := range table.DefOf(of).Keys()[0].Columns {
		out.Key = append(out.Key, of.JSON(p))
	}
	columns := r.Columns()
	out.Before, out.After = valuesOf(r.Before, columns), valuesOf(r.After, columns)
	return json.Marshal(out)
}

// valuesOf are columns of a row as JSON has them; all if there are none, and nil for no row.
func valuesOf(r table.Row, columns []string) map[string]any {
	if r.IsZero() {
		return nil
	}
	if columns == nil {
		columns = r.Columns()
	}
	out := map[string]any{}
	for _, name := range columns {
		if r.Has(name) {
			out[name] = r.JSON(name)
		}
	}
	return out
}

// MarshalJSON writes what [Difference.Definitions] tells and the rows that are different, each as [RowDifference.MarshalJSON] has it.
//
//	{"definitions":[],"rows":[{"table":"users","key":[4],"before":null,"after":{"id":4,"name":"Dee"}}]}
func (d Difference) MarshalJSON() ([]byte, error) {
	out := struct {
		Definitions []string        `json:"definitions"`
		Rows        []RowDifference `json:"rows"`
	}{append([]string{}, d.Definitions()...), []RowDifference{}}
	for r := range d.Rows() {
		out.Rows = append(out.Rows, r)
	}
	return json.Marshal(out)
}
