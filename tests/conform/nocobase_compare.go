package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// differs compares what came of a step: its outcome, the warnings and the events of deletes.
func (t *collectionTurn) differs(p *collectionRun, got any) string {
	if d := t.differsInOutcome(p, got); d != "" {
		return d
	}
	if want, have := p.recordedConflicts(t.Warnings), p.conflicts(); !slices.Equal(want, have) {
		return fmt.Sprintf("warnings: got %v, want %v", have, want)
	}
	if t.Events == nil {
		return ""
	}
	want := slices.DeleteFunc(slices.Clone(*t.Events), func(e string) bool { return !strings.HasSuffix(e, "Destroy") })
	if have := p.deletes(); !slices.Equal(want, have) {
		t.lookAtEvents(p, want, have)
		return fmt.Sprintf("events: got %q, want %q", have, want)
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
	value := plain(t.Expect.Value)
	switch rows, written := got.(inHand); {
	case written:
		value, got = p.only(rows.collection, value), p.only(rows.collection, plain(rows.rows))
	case t.Op == "columns":
		withoutKeys(value)
	case t.Op == "indexes":
		sortAny(value.([]any))
	}
	got = plain(got)
	difference := differentJSON(value, got)
	if difference != "" {
		t.lookAtValues(p, value, got)
	}
	return difference
}

// sequelizeSaid tells whether the words of an error of class Error are Sequelize's, which carry no weight.
func sequelizeSaid(message string) bool {
	return slices.ContainsFunc([]string{"Naming collision", "Unknown attribute", "Unable to find a valid association"},
		func(begin string) bool { return strings.HasPrefix(message, begin) }) && !strings.Contains(message, "define this attribute on model")
}

// withoutKeys leaves out of recorded columns what is said of NULL in a primary key, where it is never allowed.
func withoutKeys(columns any) {
	for _, c := range columns.(map[string]any) {
		if c := c.(map[string]any); c["primaryKey"] == true {
			delete(c, "allowNull")
		}
	}
}

// only leaves of rows the columns of a collection.
func (p *collectionRun) only(collection string, v any) any {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			p.only(collection, e)
		}
	case map[string]any:
		columns := p.info(collection).Schema.Columns
		for name, e := range v {
			if i := slices.IndexFunc(columns, func(c memrel.Column) bool { return c.Name == name }); i < 0 {
				delete(v, name)
			} else if f, _ := p.collections().Field(collection, name); e != nil && (f.DataType == "array" || columns[i].Type == memrel.Int) { // shown as given, lists or in order
				v[name] = strings.Join(slices.Sorted(strings.FieldsSeq(strings.Trim(fmt.Sprint(e), "[]"))), " ")
			}
		}
	}
	return v
}
