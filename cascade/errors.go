package cascade

import (
	"fmt"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// show writes a key for people, and as values.
func show(of []index.Type, key []index.Value) (string, []any) {
	parts, vals := make([]string, len(key)), make([]any, len(key))
	for i, v := range key {
		parts[i], vals[i] = types.Show(of[i], v), types.ToGo(of[i], v)
	}
	return strings.Join(parts, ", "), vals
}

func (r *Ref) failed(kind error, vals []any, detail, hint string) *types.Error {
	return &types.Error{Kind: kind, Table: r.Child, Constraint: r.Name, Columns: r.columnNames(), Key: vals,
		RefTable: r.Table, RefColumns: r.refColumnNames(), Detail: detail, Hint: hint}
}

// columnNames are the referencing columns in the order of the parent's key, as keys are.
func (r *Ref) columnNames() []string { return names(r.childDef, r.childPos) }

func (r *Ref) refColumnNames() []string { return names(r.parentDef, r.parentPos) }

func names(d *table.Def, pos []int) []string {
	out := make([]string, len(pos))
	for i, p := range pos {
		out[i] = d.Columns()[p].Name
	}
	return out
}

func (r *Ref) noParent(key []index.Value) *types.Error {
	text, vals := show(r.types, key)
	return r.failed(types.ErrForeignKey, vals, fmt.Sprintf("%s %s does not exist (%s)", r.Table, text, r), "")
}

func (r *Ref) partlyNull(key []index.Value) *types.Error {
	text, vals := show(r.types, key)
	return r.failed(types.ErrMatchFull, vals, fmt.Sprintf("(%s) is partly NULL, which MATCH FULL refuses (%s)", text, r),
		"set all columns of the key, or none")
}

func (r *Ref) stillReferenced(key []index.Value, action table.Action, rows []string) *types.Error {
	text, vals := show(r.parentTypes, key)
	e := r.failed(types.ErrRestrict, vals, fmt.Sprintf("%s %s is still referenced (%s, %s)", r.Table, text, r, action), "")
	e.Rows = rows
	e.State = "23503"
	if action == table.Restrict {
		e.State = "23001"
	}
	return e
}
