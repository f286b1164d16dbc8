package tests

import (
	"maps"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/table"
)

// The model is a store as one would write it without a thought for speed: tables are slices of maps, a statement works
// on a copy of everything and the copy is dropped if it fails, and each rule is checked by looking at all rows.

// row is a row of the model. It is never changed: an update makes another.
type row = map[string]any

// rows is one table of the model.
type rows struct {
	schema memrel.Schema
	all    []row // never changed in place
	last   int64 // the greatest number that the auto-incremented column has held
	given  int64 // the last that was given out
	series *byte // by which the numbering is known
}

// state is every table of the model. Cloning the map is taking a snapshot.
type state map[string]rows

// refusal is the kinds of error with which a statement may be refused; none if it must succeed. It has several where a
// statement breaks several rules of one rank, since nothing says which of them is reported.
type refusal []error

// change is what becomes of one row.
type change struct {
	table    string
	old, now row // no now: deleted
}

func (t rows) column(name string) (memrel.Column, bool) {
	i := slices.IndexFunc(t.schema.Columns, func(c memrel.Column) bool { return c.Name == name })
	if i < 0 {
		return memrel.Column{}, false
	}
	return t.schema.Columns[i], true
}

// uniques are the columns of each unique key, and whether NULLs are equal in it.
func (t rows) uniques() []memrel.UniqueKey {
	return append([]memrel.UniqueKey{{Columns: t.schema.PrimaryKey, NullsNotDistinct: true}}, t.schema.Unique...)
}

func (t rows) auto() string {
	for _, c := range t.schema.Columns {
		if c.AutoIncrement {
			return c.Name
		}
	}
	return ""
}

// cells is a row's values in some columns, as a key of a Go map.
func cells(r row, columns []string) (key [4]any, hasNull bool) {
	for i, c := range columns {
		key[i] = r[c]
		hasNull = hasNull || r[c] == nil
	}
	return key, hasNull
}

// misfits are the errors of values for the columns that they name: a NULL beside a value that does not fit is told first.
func (t rows) misfits(values memrel.Values) (why refusal) {
	for name, v := range values {
		c, ok := t.column(name)
		_, isText := v.(string)
		switch {
		case !ok:
			why = append(why, memrel.ErrUnknownColumn)
		case v != nil && isText != (c.Type == memrel.String):
			why = append(why, memrel.ErrType)
		}
	}
	if why != nil && !slices.Contains(why, memrel.ErrUnknownColumn) {
		for name, v := range values {
			if c, _ := t.column(name); v == nil && t.mandatory(c) {
				return refusal{memrel.ErrNotNull}
			}
		}
	}
	return why
}

// mandatory tells whether a column cannot be NULL.
func (t rows) mandatory(c memrel.Column) bool {
	return c.NotNull || slices.Contains(t.schema.PrimaryKey, c.Name)
}

// judgeRow holds a row to NOT NULL and the checks.
func (t rows) judgeRow(r row) (why refusal) {
	for _, c := range t.schema.Columns {
		if r[c.Name] == nil && t.mandatory(c) {
			why = append(why, memrel.ErrNotNull)
		}
	}
	for _, c := range t.schema.Checks {
		if truth(c.Where, r) == no {
			why = append(why, memrel.ErrCheck)
		}
	}
	return why
}

// newRow is values with defaults and the number after last.
func (t rows) newRow(values memrel.Values, last int64) (row, refusal) {
	misfits := t.misfits(values)
	r := row{}
	for _, c := range t.schema.Columns {
		v, given := values[c.Name]
		switch {
		case given:
			r[c.Name] = v
		case c.AutoIncrement:
			r[c.Name] = last + 1
		default:
			r[c.Name] = c.Default
			if misfits != nil && c.Default == nil && t.mandatory(c) && !slices.Contains(misfits, memrel.ErrUnknownColumn) {
				misfits = refusal{memrel.ErrNotNull}
			}
		}
	}
	if misfits != nil {
		return nil, misfits
	}
	return r, t.judgeRow(r)
}

// note takes the numbers of rows into account.
func (t *rows) note(added []row) {
	if auto := t.auto(); auto != "" {
		for _, r := range added {
			if n, ok := r[auto].(int64); ok {
				if n == t.last+1 {
					t.given = n
				}
				t.last = max(t.last, n)
			}
		}
	}
}

// spend is the state with the numbers that tables which keep theirs have given out in states that are given up.
func (s state) spend(gone ...state) state {
	s = maps.Clone(s)
	for _, old := range gone {
		for name, t := range s {
			if was, ok := old[name]; ok && was.series == t.series && t.schema.Numbering == table.KeepNumbers {
				t.given = max(t.given, was.given)
				t.last = max(t.last, t.given)
				s[name] = t
			}
		}
	}
	return s
}

// duplicates tells whether two rows share a unique key.
func (t rows) duplicates() bool {
	for _, u := range t.uniques() {
		seen := map[[4]any]bool{}
		for _, r := range t.all {
			key, hasNull := cells(r, u.Columns)
			if hasNull && !u.NullsNotDistinct {
				continue
			}
			if seen[key] {
				return true
			}
			seen[key] = true
		}
	}
	return false
}

// refColumns are the columns that a reference refers to.
func (s state) refColumns(ref memrel.Reference) []string {
	if len(ref.RefColumns) == 0 {
		return s[ref.Table].schema.PrimaryKey
	}
	return ref.RefColumns
}

// has tells whether a table has a row with these values in these columns.
func (s state) has(name string, columns []string, key [4]any) bool {
	return slices.ContainsFunc(s[name].all, func(r row) bool {
		k, _ := cells(r, columns)
		return k == key
	})
}

// orphan tells whether a row of a table lacks the parent that a reference asks for.
func (s state) orphan(ref memrel.Reference, r row) bool {
	key, hasNull := cells(r, ref.Columns)
	return !hasNull && !s.has(ref.Table, s.refColumns(ref), key)
}
