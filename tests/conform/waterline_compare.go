package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// compare compares the value of a step. Records without a sort come in the order that the recorded adapter happened to give,
// and are compared as they are, in any order.
func (p *ontologyRun) compare(st *ontologyStep, want, got any) string {
	if st.Op == "tables" {
		tables, _ := want.(map[string]any)
		return p.compareTables(tables, got.(map[string]any))
	}
	ordered := map[string]bool{}
	for _, entry := range st.Populate {
		if m, ok := entry.(map[string]any); ok && m["sort"] != nil {
			ordered[m["attr"].(string)] = true
		}
	}
	ordered[""] = st.Sort != nil
	if w, g := sameText(want, "", ordered), sameText(got, "", ordered); w != g {
		return fmt.Sprintf("want %s, got %s", w, g)
	}
	return ""
}

// sameText writes a value so that equal ones are written equally: an attribute that is null is left out, since a store with
// columns knows no other way to have no value, and lists are sorted unless their order counts.
func sameText(v any, name string, ordered map[string]bool) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return err.Error()
	}
	text, err = json.Marshal(arranged(plain, name, ordered))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func arranged(v any, name string, ordered map[string]bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, member := range v {
			if member != nil {
				out[k] = arranged(member, k, ordered)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = arranged(v[i], "-", ordered)
		}
		if !ordered[name] {
			sortByText(out)
		}
		return out
	}
	return v
}

func sortByText(list []any) {
	slices.SortFunc(list, func(a, b any) int {
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		return cmp.Compare(string(x), string(y))
	})
}

// tables are the rows of every table by datastore.
func (p *ontologyRun) tables() map[string]any {
	out := map[string]any{}
	for name, db := range p.stores {
		v := db.View()
		tables := map[string]any{}
		for _, t := range v.Tables() {
			rows := slices.Collect(memrel.RowsOf(t).All(v))
			tables[p.tableName(t)] = append([]memrel.Row{}, rows...)
		}
		out[name] = tables
	}
	return out
}

// tableName is what the engine calls a table.
func (p *ontologyRun) tableName(name string) string {
	named := slices.ContainsFunc(p.s.Models, func(m ontologyModel) bool { return name == m.TableName })
	if p.early() && !named {
		return strings.ToLower(name)
	}
	return name
}

func (p *ontologyRun) isJunction(name string) bool {
	return !slices.ContainsFunc(p.s.Models, func(m ontologyModel) bool { return name == m.TableName || strings.EqualFold(name, m.Identity) })
}

// compareTables compares rows, but for the numbers of junction rows, which say in what order the members of one call were
// joined. Where rules bear on junctions that were made, these are compared as the rules have them.
func (p *ontologyRun) compareTables(want, got map[string]any) string {
	w, g := sameText(want, "", nil), sameText(got, "", nil)
	if w == g || sameText(p.junctions(want, nil), "", nil) == sameText(p.junctions(got, nil), "", nil) {
		return ""
	}
	strict := fmt.Sprintf("want %s, got %s", w, g)
	for i := range p.rules {
		if rules := p.rules[i : i+1]; sameText(p.junctions(want, rules), "", nil) == sameText(p.junctions(got, rules), "", nil) {
			return p.by(p.rules[i], fmt.Sprintf("step %d: %s", p.at, strict))
		}
	}
	if len(p.rules) > 0 && sameText(p.junctions(want, p.rules), "", nil) == sameText(p.junctions(got, p.rules), "", nil) {
		return p.by(p.rules[0], fmt.Sprintf("step %d: %s", p.at, strict))
	}
	return strict
}

// junctions leaves out the numbers of junction rows. By rules it leaves out as well what these say that there is not, rows that
// join what is gone and rows that join again what another joins already, and takes junctions out of their datastores.
func (p *ontologyRun) junctions(stores map[string]any, rules []*departureRule[ontologyTurn]) any {
	var plain map[string]map[string][]map[string]any
	text, err := json.Marshal(stores)
	if err == nil {
		err = json.Unmarshal(text, &plain)
	}
	if err != nil {
		return err.Error()
	}
	for _, store := range slices.Sorted(maps.Keys(plain)) {
		for name, rows := range plain[store] {
			if !p.isJunction(name) {
				continue
			}
			for _, row := range rows {
				delete(row, "id")
			}
			if slices.Contains(rules, eitherEnd) {
				rows = slices.DeleteFunc(rows, func(row map[string]any) bool { return p.dangles(plain, name, row) })
			}
			if slices.Contains(rules, membersOnce) {
				rows = once(rows)
			}
			if plain[store][name] = rows; slices.Contains(rules, alphabetical) {
				delete(plain[store], name)
				plain[name] = map[string][]map[string]any{name: rows}
			}
		}
	}
	return plain
}

func once(rows []map[string]any) (out []map[string]any) {
	var met []string
	for _, row := range rows {
		if text := sameText(row, "", nil); !slices.Contains(met, text) {
			met, out = append(met, text), append(out, row)
		}
	}
	return out
}

// dangles tells whether a junction row joins what there is not.
func (p *ontologyRun) dangles(stores map[string]map[string][]map[string]any, junction string, row map[string]any) bool {
	for column, key := range row {
		e := p.ends()[junction+"."+column]
		if !slices.ContainsFunc(stores[e.store][e.table], func(r map[string]any) bool { return r[e.key] == key }) {
			return true
		}
	}
	return false
}

// end is the table that a column of a junction refers to, and the key there.
type end struct{ store, table, key string }

// ends are the ends of all junctions that were made, by table and column, as recorded.
func (p *ontologyRun) ends() map[string]end {
	out := map[string]end{}
	for _, t := range p.recorded.Layout.Tables {
		for name, c := range t.Columns {
			for _, to := range p.recorded.Layout.Tables {
				m := p.s.model(c.References)
				if !t.Junction || m == nil || to.Table != cmp.Or(m.TableName, m.Identity) {
					continue
				}
				out[t.Table+"."+name] = end{to.Datastore, to.Table, to.key()}
			}
		}
	}
	return out
}

func (t ontologyTable) key() string {
	for _, name := range slices.Sorted(maps.Keys(t.Columns)) {
		if t.Columns[name].PrimaryKey {
			return name
		}
	}
	return ""
}

// layout compares tables with their columns and keys.
func (p *ontologyRun) layout() string {
	if difference := p.associations(); difference != "" {
		return difference
	}
	inStore := func(store, table string) string { return store + "." + table }
	want, got := sameText(p.recordedLayout(inStore), "", nil), sameText(p.ourLayout(inStore), "", nil)
	if want == got {
		return ""
	}
	difference := fmt.Sprintf("want %s, got %s", want, got)
	anywhere := func(store, table string) string {
		if p.isJunction(table) {
			return table
		}
		return store + "." + table
	}
	if slices.Contains(p.rules, alphabetical) && sameText(p.recordedLayout(anywhere), "", nil) == sameText(p.ourLayout(anywhere), "", nil) {
		return p.by(alphabetical, difference)
	}
	return difference
}

// associations compares where the members of collections are looked up.
func (p *ontologyRun) associations() string {
	got := map[string]any{}
	for _, a := range p.o.Associations() {
		if a.Kind != assoc.BelongsTo {
			got[a.Model+"."+a.Attr] = map[string]string{"table": p.tableName(a.Table), "column": a.Key}
		}
	}
	if w, g := sameText(p.recorded.Layout.Associations, "", nil), sameText(got, "", nil); w != g {
		return fmt.Sprintf("associations: want %s, got %s", w, g)
	}
	return ""
}

// recordedLayout are the recorded columns of every table.
func (p *ontologyRun) recordedLayout(name func(store, table string) string) map[string][]string {
	out := map[string][]string{}
	for _, t := range p.recorded.Layout.Tables {
		id := name(t.Datastore, t.Table)
		for column, c := range t.Columns {
			if c.PrimaryKey {
				column += " (key)"
			}
			out[id] = append(out[id], column)
		}
	}
	return out
}

// ourLayout are the columns that there are.
func (p *ontologyRun) ourLayout(name func(store, table string) string) map[string][]string {
	out := map[string][]string{}
	for store, db := range p.stores {
		v := db.View()
		for _, table := range v.Tables() {
			s, _ := v.Schema(table)
			id := name(store, p.tableName(table))
			for _, c := range s.Columns {
				column := c.Name
				if slices.Contains(s.PrimaryKey, column) {
					column += " (key)"
				}
				out[id] = append(out[id], column)
			}
		}
	}
	return out
}
