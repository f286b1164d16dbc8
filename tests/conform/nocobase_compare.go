package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/assoc/nocobase"
)

// differs compares what came of a step.
func (t *collectionTurn) differs(p *collectionRun, got any) string {
	if d := t.differsInOutcome(p, got); d != "" {
		return d
	}
	want := slices.DeleteFunc(slices.Clone(t.Warnings), func(w recordedWarning) bool { return w.Kind != onDeleteConflict })
	if have := p.conflicts(); !slices.Equal(want, have) {
		return fmt.Sprintf("warnings: got %v, want %v", have, want)
	}
	if t.Events == nil {
		return ""
	}
	deletes := slices.DeleteFunc(slices.Clone(*t.Events), func(e string) bool { return !strings.HasSuffix(e, "Destroy") })
	if have := p.deletes(); !slices.Equal(deletes, have) {
		if a := p.association(t.Path); a != nil && a.Through != "" {
			t.perRow = slices.Equal(deletes, withoutRows(have, a.Through))
		} else if t.Op == "destroy" {
			t.perRow = slices.Equal(deletes, withoutRows(have, t.Collection))
		}
		t.toldOnce = slices.Equal(eachOnce(deletes), have)
		return fmt.Sprintf("events: got %q, want %q", have, deletes)
	}
	return ""
}

func (t *collectionTurn) differsInOutcome(p *collectionRun, got any) string {
	err, want := t.err, t.Expect.Error
	if _, unknown := err.(errUnknown); unknown { //nolint:errorlint // the runner's own, never wrapped
		return err.Error()
	}
	switch {
	case t.Expect.Diverges:
		return fmt.Sprintf("it comes to an end (%v)", err)
	case want == nil && err != nil:
		return fmt.Sprintf("got error %v, want %s", err, short(t.Expect.Value))
	case want != nil && err == nil:
		return fmt.Sprintf("got %s, want error %s", short(plain(got)), want.Message)
	case want != nil && (want.Class == "Error" || want.Class == "IdentifierError") && !sequelizeSaid(want.Message) && wordsOf(err) != want.Message:
		return fmt.Sprintf("got error %q (%v), want %q", wordsOf(err), err, want.Message)
	case want != nil:
		return ""
	}
	value := t.Expect.Value
	if rows, ok := got.(inHand); ok {
		value, got = p.only(rows.collection, value), p.only(rows.collection, plain(rows.rows))
	}
	if t.Op == "columns" {
		withoutKeys(value)
	}
	if t.Op == "indexes" {
		sortAny(value.([]any))
	}
	value, got = plain(value), plain(got)
	difference := differentJSON(value, got)
	if difference != "" {
		t.madeKeys = t.Op == "columns" && p.redefined[t.Collection] &&
			differentJSON(p.withoutMade(t.Collection, value), p.withoutMade(t.Collection, got)) == ""
		t.eachTime = differentJSON(shownEachTime(jsonText(value), value, got), got) == ""
		t.once = isList(value) && differentJSON(foundOnce(value), got) == ""
	}
	return difference
}

// sequelizeSaid tells whether the words of an error of class Error are Sequelize's, which carry no weight.
func sequelizeSaid(message string) bool {
	return slices.ContainsFunc([]string{"Naming collision", "Unknown attribute", "Unable to find a valid association"},
		func(begin string) bool { return strings.HasPrefix(message, begin) }) && !strings.Contains(message, "define this attribute on model")
}

// withoutKeys leaves out of recorded columns what is said of NULL in a primary key.
func withoutKeys(columns any) {
	all, _ := columns.(map[string]any)
	for _, c := range all {
		if c := c.(map[string]any); c["primaryKey"] == true {
			delete(c, "allowNull")
		}
	}
}

// only leaves of rows the columns of a collection.
func (p *collectionRun) only(collection string, v any) any {
	switch v := v.(type) {
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, p.only(collection, e))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for _, c := range p.info(collection).Schema.Columns {
			if value, given := v[c.Name]; given {
				out[c.Name] = value
			}
		}
		return out
	}
	return v
}

// dropStamps leaves out what no recording shows.
func dropStamps(row map[string]any) {
	delete(row, "createdAt")
	delete(row, "updatedAt")
	delete(row, nocobase.RowNumber)
	if row["deletedAt"] != nil {
		row["deletedAt"] = "<time>"
	}
}
