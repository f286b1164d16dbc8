package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/assoc/nocobase"
)

// differs compares what came of a step.
func (st *collectionStep) differs(p *collectionRun, got any, err error) string {
	if d := st.differsInOutcome(p, got, err); d != "" {
		return d
	}
	want := slices.DeleteFunc(slices.Clone(st.Warnings), func(w recordedWarning) bool { return w.Kind != onDeleteConflict })
	if have := p.conflicts(); !slices.Equal(want, have) {
		return fmt.Sprintf("warnings: got %v, want %v", have, want)
	}
	if st.Events == nil {
		return ""
	}
	deletes := slices.DeleteFunc(slices.Clone(*st.Events), func(e string) bool { return !strings.HasSuffix(e, "Destroy") })
	if have := p.deletes(); !slices.Equal(deletes, have) {
		if a := p.association(st.Path); a != nil && a.Through != "" {
			p.perRow = slices.Equal(deletes, withoutRows(have, a.Through))
		} else if st.Op == "destroy" {
			p.perRow = slices.Equal(deletes, withoutRows(have, st.Collection))
		}
		p.toldOnce = slices.Equal(eachOnce(deletes), have)
		return fmt.Sprintf("events: got %q, want %q", have, deletes)
	}
	return ""
}

func (st *collectionStep) differsInOutcome(p *collectionRun, got any, err error) string {
	if _, unknown := err.(errUnknown); unknown { //nolint:errorlint // the runner's own, never wrapped
		return err.Error()
	}
	want := st.Expect.Error
	switch {
	case st.Expect.Diverges:
		return fmt.Sprintf("it comes to an end (%v)", err)
	case want == nil && err != nil:
		return fmt.Sprintf("got error %v, want %s", err, short(st.Expect.Value))
	case want != nil && err == nil:
		return fmt.Sprintf("got %s, want error %s", short(plain(got)), want.Message)
	case want != nil && (want.Class == "Error" || want.Class == "IdentifierError") && !sequelizeSaid(want.Message) && wordsOf(err) != want.Message:
		return fmt.Sprintf("got error %q (%v), want %q", wordsOf(err), err, want.Message)
	case want != nil:
		return ""
	}
	value := st.Expect.Value
	if rows, ok := got.(inHand); ok {
		value, got = p.only(rows.collection, value), p.only(rows.collection, plain(rows.rows))
	}
	if st.Op == "columns" {
		withoutKeys(value)
	}
	if st.Op == "indexes" {
		sortAny(value.([]any))
	}
	difference := differentJSON(plain(value), plain(got))
	p.madeKeys = difference != "" && st.Op == "columns" && p.redefined[st.Collection] &&
		differentJSON(p.withoutMade(st.Collection, value), p.withoutMade(st.Collection, got)) == ""
	p.eachTime = difference != "" && differentJSON(plain(shownEachTime(value)), plain(got)) == ""
	p.once = difference != "" && isList(value) && differentJSON(plain(foundOnce(value)), plain(got)) == ""
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
