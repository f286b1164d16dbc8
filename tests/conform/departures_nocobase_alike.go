package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel/assoc"
)

// lookAtEvents tells of events that differ in which way they do.
func (t *collectionTurn) lookAtEvents(p *collectionRun, want, have []string) {
	if a := p.association(t.Path); a != nil && a.Through != "" {
		t.perRow = perRow(want, have, a.Through)
	} else if t.Op == "destroy" {
		t.perRow = perRow(want, have, t.Collection)
	}
	t.toldOnce = slices.Equal(eachOnce(want), have)
}

// lookAtValues tells of values that differ in which way they do.
func (t *collectionTurn) lookAtValues(p *collectionRun, want, got any) {
	t.madeKeys = t.Op == "columns" && p.redefined[t.Collection] &&
		differentJSON(p.withoutMade(t.Collection, want), p.withoutMade(t.Collection, got)) == ""
	t.eachTime = differentJSON(shownEachTime(jsonText(want), want, got), got) == ""
	t.once = isList(want) && differentJSON(foundOnce(want), got) == ""
}

// foundOnce is a list of rows, or one with their number, without the rows that an id shows to be there before.
func foundOnce(value any) any {
	rows, _ := value.([]any)
	if len(rows) == 2 && isList(rows[0]) {
		return []any{foundOnce(rows[0]), rows[1]}
	}
	out, seen := []any{}, map[string]bool{}
	for _, row := range rows {
		values, _ := row.(map[string]any)
		if text := jsonText(values); values["id"] == nil || !seen[text] {
			seen[text] = true
			out = append(out, row)
		}
	}
	return out
}

// eachOnce are events in which no row is told of twice: before it goes the first time, after it has gone the last time. What is told of rows
// together stays if one of them does.
func eachOnce(events []string) (out []string) {
	for i, e := range events {
		switch next := events[i+1:]; {
		case strings.HasSuffix(e, "#* beforeBulkDestroy"):
			if len(next) > 0 && slices.Contains(out, next[0]) {
				continue
			}
		case strings.HasSuffix(e, " beforeDestroy") && slices.Contains(out, e), strings.HasSuffix(e, " afterDestroy") && slices.Contains(next, e):
			continue
		}
		out = append(out, e)
	}
	return out
}

// perRow tells whether the events had are those wanted and besides some of single rows of a collection.
func perRow(want, have []string, collection string) bool {
	rest := want
	for _, e := range have {
		if len(rest) > 0 && rest[0] == e {
			rest = rest[1:]
		}
	}
	return len(rest) == 0 && slices.Equal(withoutRows(want, collection), withoutRows(have, collection))
}

// withoutRows are events without those of single rows of a collection.
func withoutRows(events []string, collection string) []string {
	return slices.DeleteFunc(slices.Clone(events), func(e string) bool {
		return strings.HasPrefix(e, collection+"#") && !strings.HasPrefix(e, collection+"#* ")
	})
}

// withoutMade are columns of a collection without the foreign keys that a hasOne or hasMany of another has made in it.
func (p *collectionRun) withoutMade(collection string, columns any) any {
	out := maps.Clone(columns.(map[string]any))
	for _, a := range p.set().Associations() {
		if (a.Kind == assoc.HasOne || a.Kind == assoc.HasMany) && a.Target == collection && a.Source != collection {
			delete(out, a.ForeignKey)
		}
	}
	return out
}

// shownEachTime are recorded rows with what got shows where they show an empty list, or no row, if the whole of them shows that elsewhere.
func shownEachTime(whole string, recorded, got any) any {
	switch v := recorded.(type) {
	case []any:
		list, _ := got.([]any)
		switch {
		case len(list) > 0 && len(v) == 0 && strings.Contains(whole, jsonText(list)):
			return list
		case len(list) != len(v):
			return v
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = shownEachTime(whole, v[i], list[i])
		}
		return out
	case map[string]any:
		row, _ := got.(map[string]any)
		out := map[string]any{}
		for name := range v {
			out[name] = shownEachTime(whole, v[name], row[name])
		}
		return out
	}
	if row, is := got.(map[string]any); is && recorded == nil && strings.Contains(whole, jsonText(row)) {
		return row
	}
	return recorded
}

func isList(v any) bool { _, is := v.([]any); return is }
