package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// class is the recordings' word for an error.
func (c came) class() string {
	switch err := c.err; {
	case c.aborted:
		return "transactionAborted"
	case err == nil:
		return ""
	case errors.Is(err, memrel.ErrNotNull):
		return "notNull"
	case errors.Is(err, memrel.ErrUnique):
		return "unique"
	case errors.Is(err, memrel.ErrMatchFull):
		return "matchFull"
	case errors.Is(err, memrel.ErrRestrict):
		return "childExists"
	case errors.Is(err, memrel.ErrForeignKey):
		return "parentMissing"
	}
	return "other"
}

// compare tells how a step differs from every outcome that is allowed. Where none is recorded it has to succeed and to
// change nothing that is read.
func (p *player) compare(st *step, got came) string {
	var allowed []*outcome
	if st.Outcome != nil {
		allowed = append(allowed, st.Outcome)
	}
	for _, a := range slices.Concat(st.Outcomes, st.Otherwise) {
		allowed = append(allowed, a.Outcome)
	}
	if len(allowed) == 0 {
		allowed = []*outcome{{}}
	}
	var differences []string
	for _, want := range allowed {
		d := p.differs(want, got)
		if d == "" {
			return ""
		}
		differences = append(differences, d)
	}
	return strings.Join(differences, "; or: ")
}

func (p *player) differs(want *outcome, got came) string {
	if d := differentError(want.Error, got); d != "" {
		return d
	}
	switch {
	case want.RolledBack != got.rolledBack:
		return fmt.Sprintf("rolled back: got %v, want %v", got.rolledBack, want.RolledBack)
	case want.Rows != nil && *want.Rows != got.rows:
		return fmt.Sprintf("got %d rows, want %d", got.rows, *want.Rows)
	case got.tables == nil && want.Tables != nil:
		return "the recording read the tables here, and this program does not"
	case got.tables == nil:
		return ""
	}
	next := maps.Clone(p.tables)
	for name, rows := range want.Tables {
		if _, ok := got.tables[name]; !ok {
			return fmt.Sprintf("the recording tells of a table %s that it does not define", name)
		}
		next[name] = rows
	}
	for _, t := range p.scenario.Tables {
		if !sameRows(next[t.Name], got.tables[t.Name]) {
			return fmt.Sprintf("table %s: got %v, want %v", t.Name, got.tables[t.Name], next[t.Name])
		}
	}
	p.tables = next
	return ""
}

func differentError(want *failure, got came) string {
	class := got.class()
	if want == nil {
		if class != "" {
			return fmt.Sprintf("got %s (%v), want success", class, got.err)
		}
		return ""
	}
	if class != want.Class && !slices.Contains(want.OrClass, class) {
		return fmt.Sprintf("got error %q (%v), want %q %v", class, got.err, want.Class, want.OrClass)
	}
	var e *memrel.Error
	if class != want.Class || !errors.As(got.err, &e) {
		return ""
	}
	return want.differs(e)
}

// differs compares what an error of the right class tells: a field that is not recorded may be anything.
func (want *failure) differs(e *memrel.Error) string {
	switch state := e.SQLState(); {
	case want.Constraint != "" && e.Constraint != want.Constraint:
		return fmt.Sprintf("got constraint %s (%v), want %s", e.Constraint, e, want.Constraint)
	case want.Table != "" && e.Table != want.Table:
		return fmt.Sprintf("got table %s (%v), want %s", e.Table, e, want.Table)
	case want.Column != "" && !slices.Equal(e.Columns, []string{want.Column}):
		return fmt.Sprintf("got columns %v (%v), want %s", e.Columns, e, want.Column)
	case want.SQLState == "" || state == want.SQLState:
		return ""
	case state == "23001" && want.SQLState == "23503": // RESTRICT, as PostgreSQL has it from release 18 on
		return ""
	default:
		return fmt.Sprintf("got SQLSTATE %s (%v), want %s", state, e, want.SQLState)
	}
}

func sameRows(want, got [][]any) bool {
	return slices.EqualFunc(want, got, func(a, b []any) bool { return slices.EqualFunc(a, b, same) })
}

// same compares a recorded value with one of ours.
func same(want, got any) bool {
	n, ok := want.(json.Number)
	if !ok {
		return reflect.DeepEqual(want, got)
	}
	switch got := got.(type) {
	case int64:
		w, err := n.Int64()
		return err == nil && w == got
	case float64:
		w, err := n.Float64()
		return err == nil && w == got
	}
	return false
}
