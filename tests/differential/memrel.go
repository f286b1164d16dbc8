package differential

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// engine is a system that runs programs.
type engine interface {
	do(Statement) Outcome
	read() State
}

// memrelRun runs a program on memrel and keeps a record of all that it said.
type memrelRun struct {
	program *Program
	db      *memrel.DB
	tx      *memrel.Tx
	record  []string // errors in full and changes, for comparing runs
	broken  []string // promises that memrel did not keep
}

func openMemrel(tables []memrel.Schema) (*memrelRun, error) {
	defs := make([]memrel.Definition, len(tables))
	for i, t := range tables {
		defs[i] = t
	}
	db, err := memrel.Open(defs...)
	return &memrelRun{program: &Program{Tables: tables}, db: db}, err
}

// close ends the run and holds the store to its own check.
func (m *memrelRun) close() {
	if m.tx != nil {
		m.tx.Rollback()
		m.tx = nil
	}
	for err := range m.db.Check() {
		m.broken = append(m.broken, err.Error())
	}
}

func (m *memrelRun) writer() memrel.Writer {
	if m.tx != nil {
		return m.tx
	}
	return m.db
}

func (m *memrelRun) do(s Statement) Outcome {
	var rows int
	var err error
	switch s.Op {
	case "BEGIN":
		m.tx = m.db.Begin()
	case "COMMIT", "ROLLBACK":
		if m.tx == nil {
			break
		}
		if s.Op == "COMMIT" {
			m.record = append(m.record, changesText(m.tx.Changes())...)
			err = m.tx.Commit()
		}
		m.tx.Rollback()
		m.tx = nil
	case "ALTER":
		if m.tx != nil {
			err = m.tx.Alter(s.Table, s.Part)
		} else {
			err = m.db.Alter(s.Table, s.Part)
		}
	case "INSERT", "UPDATE", "DELETE", "TRUNCATE":
		rows, err = m.write(m.writer(), s)
	default:
		if m.tx != nil {
			err = m.control(s)
		}
	}
	m.record = append(m.record, fmt.Sprint(s.Op, " ", rows, " ", err))
	return outcome(rows, err)
}

func (m *memrelRun) control(s Statement) error {
	var names []string
	if s.Name != "" {
		names = []string{s.Name}
	}
	switch s.Op {
	case "SAVEPOINT":
		return m.tx.Savepoint(s.Name)
	case "ROLLBACK TO":
		return m.tx.RollbackTo(s.Name)
	case "RELEASE":
		return m.tx.Release(s.Name)
	case "DEFERRED":
		return m.tx.Defer(names...)
	}
	return m.tx.Immediate(names...)
}

func (m *memrelRun) write(w memrel.Writer, s Statement) (int, error) {
	model := memrel.RowsOf(s.Table)
	var rows []memrel.Row
	var err error
	switch s.Op {
	case "INSERT":
		values := make([]memrel.Values, len(s.Rows))
		for i, r := range s.Rows {
			values[i] = memrel.Values{}
			for j, c := range s.Columns {
				values[i][c] = r[j]
			}
		}
		rows, err = model.InsertAll(w, values)
	case "DELETE":
		rows, err = model.DeleteWhere(w, s.condition())
	case "TRUNCATE":
		err = model.Truncate(w, memrel.Truncation{With: s.With, Cascade: s.Cascade})
	case "UPDATE":
		if set, fixed := s.fixed(); fixed {
			rows, err = model.UpdateWhere(w, s.condition(), set)
		} else {
			rows, err = model.UpdateEach(w, s.condition(), s.assign)
		}
	}
	return len(rows), err
}

func (s *Statement) condition() memrel.Cond {
	conds := make([]memrel.Cond, len(s.Where))
	for i, m := range s.Where {
		if len(m.Values) == 1 {
			conds[i] = memrel.Eq(m.Column, m.Values[0])
		} else {
			conds[i] = memrel.In(m.Column, m.Values...)
		}
	}
	return memrel.And(conds...)
}

// fixed are the values that an update sets, if they are the same for every row.
func (s *Statement) fixed() (memrel.Values, bool) {
	out := memrel.Values{}
	for _, a := range s.Set {
		if a.Add {
			return nil, false
		}
		out[a.Column] = a.Value
	}
	return out, true
}

func (s *Statement) assign(r memrel.Row) memrel.Values {
	out := memrel.Values{}
	for _, a := range s.Set {
		out[a.Column] = a.Value
		if a.Add {
			out[a.Column] = plus(r.Get(a.Column), a.Value)
		}
	}
	return out
}

func plus(a, b any) any {
	switch a := a.(type) {
	case int64:
		return a + b.(int64)
	case uint64:
		sum := new(big.Int).SetUint64(a)
		return json.Number(sum.Add(sum, new(big.Int).SetUint64(b.(uint64))).String())
	case float64:
		return a + b.(float64)
	case string: // a decimal
		sum, _ := types.AddDecimals(a, fmt.Sprint(b))
		return sum
	}
	return nil // NULL + n
}

func outcome(rows int, err error) Outcome {
	o := Outcome{Rows: rows}
	if err == nil {
		return o
	}
	o.Text = err.Error()
	for _, k := range []struct {
		kind  error
		class string
	}{{memrel.ErrNotNull, notNull}, {memrel.ErrUnique, unique}, {memrel.ErrMatchFull, matchFull},
		{memrel.ErrRestrict, childExists}, {memrel.ErrForeignKey, parentMissing}, {memrel.ErrType, outOfRange}, {nil, other}} {
		if k.kind == nil || errors.Is(err, k.kind) {
			o.Class = k.class
			break
		}
	}
	var e *memrel.Error
	if errors.As(err, &e) {
		o.Constraint = primaryAs(e.Constraint)
		if o.Class == notNull {
			o.Constraint = "column " + e.Columns[0]
		}
	}
	return o
}

// primaryAs is the name of a constraint, but that a primary key has the one that it was made with: PostgreSQL keeps it where a table is renamed.
func primaryAs(name string) string {
	if strings.HasSuffix(name, "_pkey") {
		return name[:1] + "_pkey"
	}
	return name
}

func (m *memrelRun) reader() memrel.Reader {
	if m.tx != nil {
		return m.tx
	}
	return m.db
}

func (m *memrelRun) read() State { return readAll(m.program, m.reader()) }

func readAll(p *Program, r memrel.Reader) State {
	out := State{}
	for _, t := range p.Tables {
		rows := [][]any{}
		for row := range memrel.RowsOf(t.Name).All(r) {
			cells := make([]any, len(t.Columns))
			for i, c := range t.Columns {
				cells[i] = row.Get(c.Name)
			}
			rows = append(rows, cells)
		}
		out[t.Name] = rows
	}
	return out
}

func changesText(changes []memrel.Change) []string {
	out := make([]string, len(changes))
	for i, c := range changes {
		out[i] = fmt.Sprintf("%s: %s -> %s (level %d)", c, rowText(c.Before), rowText(c.After), c.Cause.Level)
	}
	return out
}

func rowText(r memrel.Row) string {
	if r.IsZero() {
		return "none"
	}
	parts := []string{r.Table()}
	for _, c := range r.Columns() {
		parts = append(parts, r.Show(c))
	}
	return strings.Join(parts, " ")
}

// expect does on a fork what do is about to do, and compares it with the preview: rows, counts and error. It returns the
// preview, nil where none can be taken (inside a transaction, and for an update of several rows, of which there is none).
func (m *memrelRun) expect(s Statement) *memrel.Preview {
	if m.tx != nil {
		return nil
	}
	view := m.db.View()
	preview, err := m.preview(view, s)
	if preview == nil && err == nil {
		return nil
	}
	fork := view.Fork()
	tx := fork.Begin()
	defer tx.Rollback()
	before := readAll(m.program, tx)
	_, done := m.write(tx, s)
	if err != nil {
		if done == nil || strings.Replace(err.Error(), "preview ", "", 1) != done.Error() {
			m.broken = append(m.broken, fmt.Sprintf("the preview of %s failed: %v; the statement: %v", &s, err, done))
		}
		return nil
	}
	m.record = append(m.record, preview.String())
	switch blocked := preview.Err(); {
	case (blocked == nil) != (done == nil), blocked != nil && blocked.Error() != done.Error():
		m.broken = append(m.broken, fmt.Sprintf("the preview of %s ends with %v; the statement: %v", &s, blocked, done))
	case done == nil:
		m.compareWithPreview(s, preview, before, tx)
	}
	return preview
}

func (m *memrelRun) preview(view memrel.View, s Statement) (*memrel.Preview, error) {
	if s.Op == "DELETE" {
		return view.PreviewDeleteWhere(s.Table, s.condition())
	}
	set, fixed := s.fixed()
	if s.Op != "UPDATE" || !fixed {
		return nil, nil
	}
	rows, err := memrel.RowsOf(s.Table).Find(view, memrel.Query{Where: s.condition()})
	if err != nil || len(rows) != 1 {
		return nil, err
	}
	return view.PreviewUpdate(s.Table, set, memrel.Key(rows[0].Key()))
}

// compareWithPreview plays the steps of a preview and compares where they lead, and what they count, with what was done.
func (m *memrelRun) compareWithPreview(s Statement, p *memrel.Preview, before State, tx *memrel.Tx) {
	rows := map[string]int{}
	note := func(state State, by int) {
		for _, t := range m.program.Tables {
			for _, row := range state[t.Name] {
				rows[t.Name+literals(row)] += by
			}
		}
	}
	note(before, 1)
	for _, step := range p.Steps {
		for by, row := range map[int]memrel.Row{-1: step.Before, 1: step.After} {
			if !row.IsZero() {
				values := make([]any, 0, 8)
				for _, c := range row.Columns() {
					values = append(values, row.Get(c))
				}
				rows[step.Table+literals(values)] += by
			}
		}
	}
	note(readAll(m.program, tx), -1)
	for _, row := range sortedKeys(rows) {
		if rows[row] != 0 {
			m.broken = append(m.broken, fmt.Sprintf("the preview of %s and what it did differ in row %s:\n%s", &s, row, p))
		}
	}
	want := map[string]int{}
	for _, c := range p.Counts {
		want["+"+c.Table], want["-"+c.Table], want["="+c.Table] = c.Inserted, c.Deleted, c.Updated
	}
	for _, c := range tx.Changes() {
		switch {
		case c.Before.IsZero():
			want["+"+c.Table]--
		case c.After.IsZero():
			want["-"+c.Table]--
		default:
			want["="+c.Table]--
		}
	}
	for _, what := range sortedKeys(want) {
		if want[what] != 0 {
			m.broken = append(m.broken, fmt.Sprintf("the preview of %s counts %d more of %s than were changed:\n%s", &s, want[what], what, p))
		}
	}
}

// shuffled declares the same tables in another order: tables, references and unique keys.
func shuffled(tables []memrel.Schema, shuffle func(n int, swap func(i, j int))) []memrel.Schema {
	out := slices.Clone(tables)
	for i := range out {
		refs, uniques := slices.Clone(out[i].References), slices.Clone(out[i].Unique)
		shuffle(len(refs), func(a, b int) { refs[a], refs[b] = refs[b], refs[a] })
		shuffle(len(uniques), func(a, b int) { uniques[a], uniques[b] = uniques[b], uniques[a] })
		out[i].References, out[i].Unique = refs, uniques
	}
	shuffle(len(out), func(a, b int) { out[a], out[b] = out[b], out[a] })
	return out
}
