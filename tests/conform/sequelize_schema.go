package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// redecode turns decoded JSON into something else.
func redecode(from, to any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return leniently(text, to)
}

// checkNames compares the names that the associations ended up with.
func (r *recording) checkNames(db *memrel.DB) string {
	got := memrel.Associations(db).Associations()
	if len(got) != len(r.Derived) {
		return fmt.Sprintf("%d associations, want %d", len(got), len(r.Derived))
	}
	for i, raw := range r.Derived {
		var want map[string]any
		if err := leniently(raw, &want); err != nil {
			return err.Error()
		}
		if d := differentJSON(want, derived(got[i])); d != "" {
			return fmt.Sprintf("association %d (%s): %s", i, got[i], d)
		}
	}
	return ""
}

// derived writes an association as the recordings do.
func derived(a *assoc.Association) map[string]any {
	out := map[string]any{"source": a.Source, "kind": a.Kind.String(), "target": a.Target, "as": a.As, "foreignKey": a.ForeignKey}
	for key, v := range map[string]string{"otherKey": a.OtherKey, "sourceKey": a.SourceKey, "targetKey": a.TargetKey, "through": a.Through} {
		if v != "" {
			out[key] = v
		}
	}
	accessors := map[string]any{}
	if err := redecode(a.Accessors(), &accessors); err != nil {
		panic(err)
	}
	out["accessors"] = accessors
	return out
}

// checkSchema compares the tables.
func (r *recording) checkSchema(db *memrel.DB) string {
	set := memrel.Associations(db)
	got := map[string]any{}
	for _, m := range set.Models() {
		got[m.Name] = tableOf(db, set, m)
	}
	if want, have := slices.Sorted(maps.Keys(r.Schema)), slices.Sorted(maps.Keys(got)); !slices.Equal(want, have) {
		return fmt.Sprintf("tables %v, want %v", have, want)
	}
	for name, want := range r.Schema {
		sortTable(want.(map[string]any))
		if d := differentJSON(want, got[name]); d != "" {
			return fmt.Sprintf("table of %s: %s", name, d)
		}
	}
	return ""
}

// sortTable puts into order what has none in a recorded table.
func sortTable(t map[string]any) {
	if t["uniqueKeys"] == nil {
		t["uniqueKeys"] = map[string]any{}
	}
	for _, columns := range t["uniqueKeys"].(map[string]any) {
		sortAny(columns.([]any))
	}
	for _, columns := range t["unique"].([]any) {
		sortAny(columns.([]any))
	}
	sortAny(t["unique"].([]any))
	sortAny(t["foreignKeys"].([]any))
	sortAny(t["primaryKey"].([]any))
}

func sortAny(list []any) {
	slices.SortFunc(list, func(a, b any) int { return strings.Compare(jsonText(a), jsonText(b)) })
}

// tableOf writes a table as the recordings do.
func tableOf(db *memrel.DB, set *assoc.Set, m *assoc.Info) map[string]any {
	s, _ := db.View().Schema(m.Table)
	columns := map[string]any{}
	for i, c := range s.Columns {
		col := map[string]any{"type": typeName(c), "nullable": !c.NotNull}
		if c.AutoIncrement {
			col["autoIncrement"] = true
		}
		if c.Default != nil {
			col["default"] = c.Default
		}
		if field := m.Columns[i].Field; field != "" && field != c.Name {
			col["field"] = field
		}
		columns[c.Name] = col
	}
	unique, refs, keys := []any{}, []any{}, map[string]any{}
	for _, u := range s.Unique {
		unique = append(unique, u.Columns)
	}
	for _, f := range s.References {
		refs = append(refs, map[string]any{"columns": f.Columns, "references": map[string]any{"model": set.Table(f.Table).Name,
			"table": f.Table, "columns": f.RefColumns}, "onDelete": f.OnDelete.String(), "onUpdate": f.OnUpdate.String()})
	}
	for name, columns := range m.UniqueKeys {
		keys[name] = columns
	}
	out := map[string]any{}
	if err := redecode(map[string]any{"table": m.Table, "columns": columns, "primaryKey": s.PrimaryKey, "unique": unique,
		"uniqueKeys": keys, "foreignKeys": refs}, &out); err != nil {
		panic(err)
	}
	sortTable(out)
	return out
}

func jsonText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// differentJSON compares decoded JSON; key order does not count.
func differentJSON(want, got any) string {
	var plain any
	if err := redecode(got, &plain); err != nil {
		return err.Error()
	}
	if w, g := jsonText(want), jsonText(plain); w != g {
		return fmt.Sprintf("got %s, want %s", g, w)
	}
	return ""
}

// strictlyAs is redecode that refuses keys it does not know.
func strictlyAs(from, to any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return strictly(text, to)
}
