package table

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/types"
)

// Values are the columns of a row by name, for input: map["title"] = "Hello". A column left out takes its default; nil
// is NULL.
type Values map[string]any

// NewRecord makes the record of a new row from values: it resolves names, converts types, fills in defaults and the
// number after last, and holds the row to NOT NULL and the checks. Columns in without count as left out, though values have them.
// Errors are of kind [types.ErrUnknownColumn], [types.ErrNotNull], [types.ErrType] and [types.ErrCheck], in this order.
func (d *Def) NewRecord(values Values, last int64, without ...string) (index.Record, error) {
	rec, cells := index.NewRecord(len(d.schema.Columns))
	var few FewColumns
	given := ColumnSetIn(&few, len(cells))
	if err := d.fill(cells, given, values, without); err != nil {
		return index.Record{}, d.nullFirst(err, cells, given, values, last)
	}
	return d.completed(rec, cells, given, last)
}

// nullFirst is the error of a row of which some values do not fit their columns: another column that is NULL and may not be is told first.
func (d *Def) nullFirst(err error, cells []index.Value, given ColumnSet, values Values, last int64) error {
	if !errors.Is(err, types.ErrType) || d.Complete(cells, given, last, time.Time{}) != nil {
		return err
	}
	for i := range d.schema.Columns {
		c := &d.schema.Columns[i]
		if !c.NotNull || !cells[i].IsNull() {
			continue
		}
		if _, unfit := c.FromGo(values[c.Name]); unfit == nil {
			return d.notNull(c)
		}
	}
	return err
}

// NewRecordOf is [Def.NewRecord] of values that are those of the columns at pos already.
func (d *Def) NewRecordOf(pos []int, values []index.Value, last int64) (index.Record, error) {
	rec, cells := index.NewRecord(len(d.schema.Columns))
	var few FewColumns
	given := ColumnSetIn(&few, len(cells))
	for i, p := range pos {
		cells[p] = values[i]
		given.Add(p)
	}
	return d.completed(rec, cells, given, last)
}

// completed is a record with its defaults, held to NOT NULL and the checks.
func (d *Def) completed(rec index.Record, cells []index.Value, given ColumnSet, last int64) (index.Record, error) {
	if err := d.Complete(cells, given, last, time.Time{}); err != nil {
		return index.Record{}, err
	}
	if err := d.CheckRecord(rec); err != nil {
		return index.Record{}, err
	}
	return rec, nil
}

// fill converts values into cells, but for those without, and notes which were given. A value that does not fit leaves its cell NULL; the
// first of these is the error.
func (d *Def) fill(cells []index.Value, given ColumnSet, values Values, without []string) (err error) {
	found := 0
	for i := range d.schema.Columns {
		c := &d.schema.Columns[i]
		v, ok := values[c.Name]
		if !ok {
			continue
		}
		found++
		if slices.Contains(without, c.Name) {
			continue
		}
		given.Add(i)
		cell, unfit := c.FromGo(v)
		if unfit == nil {
			cells[i] = cell
		} else if err == nil {
			err = d.Blame(unfit)
		}
	}
	if found != len(values) {
		return d.unknownColumn(values)
	}
	return err
}

func (d *Def) unknownColumn(values Values) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, ok := d.Column(name); !ok {
			return d.UnknownColumn(name)
		}
	}
	return nil
}

// Complete gives the columns that were not given their defaults. What is the time of the row is now; if that is zero, the clock is asked.
func (d *Def) Complete(cells []index.Value, given ColumnSet, last int64, now time.Time) (err error) {
	for i := range cells {
		if given.Has(i) {
			continue
		}
		c := &d.schema.Columns[i]
		switch {
		case c.AutoIncrement:
			cells[i], err = d.next(c, last)
		case c.HasDefault():
			if c.DefaultNow && now.IsZero() {
				now = d.clock()
			}
			cells[i], err = c.DefaultValue(now)
		}
		if err != nil {
			return d.Blame(err)
		}
	}
	return nil
}

// DefaultOf is the default of the column at p, which is NULL without one.
func (d *Def) DefaultOf(p int) (index.Value, error) {
	c, now := &d.schema.Columns[p], time.Time{}
	if c.DefaultNow {
		now = d.clock()
	}
	return c.DefaultValue(now)
}

// Number is what the auto-incremented column of a record holds, 0 for NULL. One beyond those that rows are given, of 63 bits, is the last
// of them.
func (d *Def) Number(r index.Record) int64 {
	v := r.At(d.auto)
	if d.schema.Columns[d.auto].Type == index.Uint {
		return int64(min(v.Uint(), math.MaxInt64))
	}
	return v.Int()
}

func (d *Def) next(c *types.Column, last int64) (index.Value, error) {
	v := index.Null
	err := error(nil)
	if last < math.MaxInt64 {
		v, err = c.FromGo(last + 1)
	}
	if v.IsNull() || err != nil {
		return v, &types.Error{Kind: types.ErrType, State: "2200H", Columns: []string{c.Name},
			Detail: fmt.Sprintf("the numbers of %s are used up: the last is %d", c.Name, last),
			Hint:   "use a wider column"}
	}
	return v, nil
}

// WithCells makes a new record: r with other values in the cells at pos. It checks nothing; see [Def.CheckRecord].
func (d *Def) WithCells(r index.Record, pos []int, values []index.Value) index.Record {
	rec, cells := index.NewRecord(len(d.schema.Columns))
	copy(cells, r.Cells(len(cells)))
	for i, p := range pos {
		cells[p] = values[i]
	}
	return rec
}

// CheckRecord holds a record to NOT NULL, then to the checks of its columns, in their order, and of its table.
// Errors are of kind [types.ErrNotNull] and [types.ErrCheck]. O(columns).
func (d *Def) CheckRecord(r index.Record) error {
	bounded := false
	for i := range d.schema.Columns {
		c := &d.schema.Columns[i]
		if c.NotNull && r.At(i).IsNull() {
			return d.notNull(c)
		}
		bounded = bounded || c.CheckFunc != nil
	}
	for i := 0; bounded && i < len(d.schema.Columns); i++ {
		if err := d.checkValue(&d.schema.Columns[i], r.At(i)); err != nil {
			return err
		}
	}
	for i := range d.checks {
		if c := &d.checks[i]; c.cond.Eval(r) == query.False {
			return d.failed(c, "row "+d.Label(r), d.Label(r))
		}
	}
	return nil
}

// failed is the error of what a check is not true of.
func (d *Def) failed(c *check, what string, rows ...string) error {
	return &types.Error{Kind: types.ErrCheck, Table: d.schema.Name, Constraint: c.name, Rows: rows,
		Detail: fmt.Sprintf("%s is refused by check %s: %s", what, c.name, c.cond)}
}

// checkValue holds a value to the check of its column.
func (d *Def) checkValue(c *types.Column, v index.Value) error {
	if c.CheckFunc == nil || v.IsNull() {
		return nil
	}
	err := c.CheckFunc(types.ToGo(c.Type, v))
	if err == nil {
		return nil
	}
	return &types.Error{Kind: types.ErrCheck, Table: d.schema.Name, Constraint: d.schema.Name + "_" + c.Name + "_check",
		Columns: []string{c.Name}, Key: []any{types.ToGo(c.Type, v)},
		Detail: fmt.Sprintf("%s = %s is refused by its check", c.Name, types.Show(c.Type, v)), Cause: err}
}

// FitRecord is [Def.CheckRecord] for a record whose cells did not come through the conversions of their columns: it holds them
// to the columns' sizes and types too ([types.Column.Fit]). An error names the row. O(length of the cells).
func (d *Def) FitRecord(r index.Record) error {
	for i := range d.schema.Columns {
		if err := d.schema.Columns[i].Fit(r.At(i)); err != nil {
			return d.atRow(r, err)
		}
	}
	if err := d.CheckRecord(r); err != nil {
		return d.atRow(r, err)
	}
	return nil
}

// FitCell holds the cell of a column to its size, its type and NOT NULL. O(length).
func (d *Def) FitCell(i int, v index.Value) error {
	c := &d.schema.Columns[i]
	if c.NotNull && v.IsNull() {
		return d.notNull(c)
	}
	return d.Blame(c.Fit(v))
}

// atRow names a row and its table in an error.
func (d *Def) atRow(r index.Record, err error) error {
	if e := types.AsError(err); e != nil && len(e.Rows) == 0 {
		e.Rows = []string{d.Label(r)}
	}
	return d.Blame(err)
}

// TakesNull is nil if a column may be NULL, else the error, of kind [types.ErrNotNull], of a row that has it NULL.
func (d *Def) TakesNull(name string) error {
	if p, known := d.Column(name); known && d.schema.Columns[p].NotNull {
		return d.notNull(&d.schema.Columns[p])
	}
	return nil
}

func (d *Def) notNull(c *types.Column) error {
	return &types.Error{Kind: types.ErrNotNull, Table: d.schema.Name, Constraint: c.Name, Columns: []string{c.Name}, Key: []any{nil},
		Detail: fmt.Sprintf("%s cannot be NULL", c.Name), Hint: "give it a value, or declare a default"}
}

// Label names a row for people by its primary key: posts[7], tags[1, "go"].
func (d *Def) Label(r index.Record) string {
	return string(d.AppendLabel(nil, r))
}

// AppendLabel appends what [Def.Label] gives.
func (d *Def) AppendLabel(b []byte, r index.Record) []byte {
	b = append(append(b, d.schema.Name...), '[')
	return append(d.appendKey(b, d.Keys()[0].Pos, r), ']')
}

// ShowKey writes the cells at pos for people: 7, "go".
func (d *Def) ShowKey(pos []int, r index.Record) string {
	return string(d.appendKey(nil, pos, r))
}

func (d *Def) appendKey(b []byte, pos []int, r index.Record) []byte {
	for i, p := range pos {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = types.AppendShow(b, d.schema.Columns[p].Type, r.At(p))
	}
	return b
}

// KeyOf is the values of the cells at pos, as [types.ToGo] gives them.
func (d *Def) KeyOf(pos []int, r index.Record) []any {
	out := make([]any, len(pos))
	for i, p := range pos {
		out[i] = types.ToGo(d.schema.Columns[p].Type, r.At(p))
	}
	return out
}

// Taken is the error for a unique key, position k of [Def.Keys], that owner has already.
func (d *Def) Taken(k int, r, owner index.Record) error {
	key := &d.Keys()[k]
	e := &types.Error{Kind: types.ErrUnique, Table: d.schema.Name, Constraint: key.Name, Columns: slices.Clone(key.Columns), Key: d.KeyOf(key.Pos, r),
		Rows:   []string{d.Label(owner)},
		Detail: fmt.Sprintf("%s (%s) = (%s) is taken", key.Kind, strings.Join(key.Columns, ", "), d.ShowKey(key.Pos, r))}
	if key.Prefixed {
		e.Detail = fmt.Sprintf("%s %s: (%s) = (%s) is taken", key.Kind, key.Name, d.beginnings(key), d.ShowKey(key.Pos, r))
	}
	if d.Gone(owner) {
		e.Hint = d.restoreIt(owner) + ", or delete it for good"
	}
	return e
}

// NoRow is the error for a primary key that no row has.
func (d *Def) NoRow(key []index.Value) error {
	pk := &d.Keys()[0]
	parts, vals := make([]string, len(key)), make([]any, len(key))
	for i, p := range pk.Pos {
		t := d.schema.Columns[p].Type
		parts[i], vals[i] = types.Show(t, key[i]), types.ToGo(t, key[i])
	}
	return &types.Error{Kind: types.ErrNotFound, Table: d.schema.Name, Columns: slices.Clone(pk.Columns), Key: vals,
		Detail: fmt.Sprintf("there is no row %s[%s]", d.schema.Name, strings.Join(parts, ", "))}
}

// ColumnSet is a set of columns, by position.
type ColumnSet []uint64

// Add puts a column into the set.
func (s ColumnSet) Add(i int) { s[i/64] |= 1 << (i % 64) }

// Has tells whether a column is in the set.
func (s ColumnSet) Has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// FewColumns is room on the stack for the set of most tables' columns.
type FewColumns [4]uint64

// ColumnSetIn is the empty set of n columns, in few if that is enough.
func ColumnSetIn(few *FewColumns, n int) ColumnSet {
	if n > len(few)*64 {
		return make(ColumnSet, (n+63)/64)
	}
	return few[:]
}
