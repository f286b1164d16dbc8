package table

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/types"
)

// Rebuild makes the table that t becomes under another definition: columns are carried over by name, new ones take
// their default, and every row is held to the new sizes, NOT NULLs, checks and unique keys. A column of another type holds the
// same values, exactly ([types.Column.Retype]). The first violation, in the order of the primary key, refuses the change and
// names the rows; t is as it was in any case. Trees of keys that stay are
// shared copies. was tells what is renamed, nil if nothing is. interrupt may stop it. O(rows) if columns come, go, move or hold other
// values, or have more to be held to, else O(rows) for each new key, and O(keys) where only names change.
func Rebuild(t *Table, def *Def, was *Renaming, interrupt *query.Interrupt) (*Table, error) {
	from := carry(t.def, def, was)
	if sameCells(t.def, def, from) {
		return reindex(t, def, from, interrupt)
	}
	out := New(def)
	out.nums = t.numbersUnder(def, from)
	now := def.timeFor(from)
	for old := range t.Records() {
		if interrupt.Row() {
			return nil, interrupt.Err()
		}
		rec, err := def.carried(t.def, old, from, out.nums.last, now)
		if err != nil {
			return nil, def.refused(err, t, func(r index.Record) error {
				_, err := def.carried(t.def, r, from, out.nums.last, now)
				return err
			})
		}
		if k, owner := out.Insert(rec); k >= 0 {
			return nil, def.twice(k, rec, owner)
		}
	}
	return out, out.CheckDeferrable(nil)
}

// timeFor is the time that rows get which there are, one for all of them, in a column that is new and defaults to it; zero without one.
func (d *Def) timeFor(from []int) (now time.Time) {
	for i, p := range from {
		if p < 0 && d.schema.Columns[i].DefaultNow && now.IsZero() {
			now = d.clock()
		}
	}
	return now
}

// numbersUnder is the numbering of t for another definition: that of the same column, or a new one.
func (t *Table) numbersUnder(def *Def, from []int) Numbers {
	if t.def.auto < 0 || def.auto < 0 || from[def.auto] != t.def.auto {
		return newNumbers()
	}
	return t.nums
}

// SameCells tells whether records of a serve as records of b: columns of the same names and types in the same places.
func SameCells(a, b *Def) bool { return sameCells(a, b, carry(a, b, nil)) }

// sameCells is [SameCells] where names may have changed: from tells where a has the columns of b.
func sameCells(a, b *Def, from []int) bool {
	if len(a.schema.Columns) != len(from) {
		return false
	}
	for i, p := range from {
		if p != i || !b.schema.Columns[i].Holds(&a.schema.Columns[i]) {
			return false
		}
	}
	return true
}

// reindex carries the records over as they are, and the trees of keys that are the same.
func reindex(t *Table, def *Def, from []int, interrupt *query.Interrupt) (*Table, error) {
	out := &Table{def: def, trees: make([]*index.Tree, len(def.Keys())), nums: t.numbersUnder(def, from)}
	if err := out.holdTo(t, interrupt); err != nil { // to NOT NULL before keys
		return nil, err
	}
	for i := range def.Keys() {
		if j := t.def.sameKey(&def.Keys()[i]); j >= 0 {
			def.Keys()[i].Order = t.def.Keys()[j].Order
			out.trees[i] = t.trees[j].Copy()
			continue
		}
		out.trees[i] = index.NewTree(def.Keys()[i].Order)
		for rec := range t.Records() {
			if interrupt.Row() {
				return nil, interrupt.Err()
			}
			if owner, ok := out.trees[i].Insert(rec); !ok {
				return nil, def.twice(i, rec, owner)
			}
		}
	}
	return out, out.CheckDeferrable(func(k *DeferrableKey) bool { return !slices.ContainsFunc(t.def.puts, k.covers) })
}

// holdTo holds the rows, which are those of the table under its old definition, to what is new in its own.
func (t *Table) holdTo(old *Table, interrupt *query.Interrupt) error {
	def := t.def
	narrowed := narrowed(old.def, def)
	if len(narrowed) == 0 && !def.asksMore(old.def) {
		return nil
	}
	fits := func(rec index.Record) error {
		for _, p := range narrowed {
			if err := def.schema.Columns[p].Fit(rec.At(p)); err != nil {
				return err
			}
		}
		return def.CheckRecord(rec)
	}
	for rec := range old.Records() {
		if interrupt.Row() {
			return interrupt.Err()
		}
		if err := fits(rec); err != nil {
			return def.refused(err, old, fits)
		}
		t.noteAuto(rec)
	}
	return nil
}

// asksMore tells whether rows of another definition, whose cells serve for d, may not be rows of d: a NOT NULL or a check is new, which any
// function may be, or a column is numbered that was not.
func (d *Def) asksMore(had *Def) bool {
	if d.auto >= 0 && d.auto != had.auto {
		return true
	}
	for i := range d.schema.Columns {
		c := &d.schema.Columns[i]
		if c.NotNull && !had.schema.Columns[i].NotNull || c.CheckFunc != nil {
			return true
		}
	}
	return slices.ContainsFunc(d.checks, func(c check) bool {
		return !slices.ContainsFunc(had.checks, func(h check) bool { return h.cond.Same(c.cond) })
	})
}

// narrowed are the columns that do not take every value that the same ones of from do.
func narrowed(from, to *Def) (pos []int) {
	for i := range to.schema.Columns {
		if !to.schema.Columns[i].Takes(&from.schema.Columns[i]) {
			pos = append(pos, i)
		}
	}
	return pos
}

// sameKey is the key that orders records just as k does; -1 if there is none.
func (d *Def) sameKey(k *query.Key) int {
	return slices.IndexFunc(d.Keys(), func(have query.Key) bool { return have.Order.Equal(k.Order) })
}

// carry tells, for each column of to, where from has it; -1 for a new one.
func carry(from, to *Def, was *Renaming) []int {
	out := make([]int, len(to.schema.Columns))
	for i, c := range to.schema.Columns {
		out[i] = -1
		if p, ok := from.Column(was.ColumnWas(to.Name(), c.Name)); ok {
			out[i] = p
		}
	}
	return out
}

// carried is a record of another definition as one of d, at a time; from tells where its columns are in the old one.
func (d *Def) carried(had *Def, old index.Record, from []int, last int64, now time.Time) (index.Record, error) {
	rec, cells := index.NewRecord(len(d.schema.Columns))
	var few FewColumns
	given := ColumnSetIn(&few, len(cells))
	for i, p := range from {
		if p < 0 {
			continue
		}
		var err error
		if cells[i], err = d.schema.Columns[i].Retype(&had.schema.Columns[p], old.At(p)); err != nil {
			return rec, err
		}
		given.Add(i)
	}
	if err := d.Complete(cells, given, last, now); err != nil {
		return rec, err
	}
	return rec, d.CheckRecord(rec)
}

// refused is the error err of the first row of t that d does not take. Of values that do not fit it names more rows than one:
// those for which test says the same.
func (d *Def) refused(err error, t *Table, test func(index.Record) error) error {
	first := types.AsError(err)
	if first == nil {
		return err
	}
	most := 1
	if errors.Is(first, types.ErrType) {
		most = types.MaxErrorRows
	}
	first.Rows, first.Hint = nil, "change or delete the row first"
	for rec := range t.Records() {
		if e := types.AsError(test(rec)); e != nil && errors.Is(e, first.Kind) && e.Constraint == first.Constraint && slices.Equal(e.Columns, first.Columns) {
			first.Rows = append(first.Rows, t.def.Label(rec))
		}
		if len(first.Rows) == most {
			break
		}
	}
	if len(first.Rows) > 1 {
		first.Hint = "change or delete the rows first"
	}
	return d.Blame(err)
}

// twice is the error for rows that share a key which is to become unique.
func (d *Def) twice(k int, a, b index.Record) error {
	e := types.AsError(d.Taken(k, a, b))
	e.Detail = fmt.Sprintf("rows share the %s %s = (%s)", d.Keys()[k].Kind, d.Keys()[k].Name, d.ShowKey(d.Keys()[k].Pos, a))
	e.Rows = []string{d.Label(b), d.Label(a)}
	e.Hint = "change or delete one of the rows first"
	return e
}

// Check walks the table's invariants and reports each violation to yield, until that returns false: every key has the
// table's rows, each row once and under its own key (1), each row fits its columns, and NOT NULL and the checks hold (2). interrupt may
// stop it before it is through. O(rows x keys x log n).
func (t *Table) Check(interrupt *query.Interrupt, yield func(error) bool) bool {
	bad := func(format string, args ...any) bool {
		return yield(fmt.Errorf("memrel: check %s: "+format, append([]any{t.def.Name()}, args...)...))
	}
	for i := range t.def.Keys() {
		if !t.checkTree(i, interrupt, bad) {
			return false
		}
	}
	for rec := range t.Records() {
		if interrupt.Row() {
			return false
		}
		if err := t.def.FitRecord(rec); err != nil && !bad("row %s: %w", t.def.Label(rec), err) {
			return false
		}
		if a := t.def.auto; a >= 0 && t.def.Number(rec) > t.nums.last && !bad("row %s has a number above the last, %d", t.def.Label(rec), t.nums.last) {
			return false
		}
	}
	return true
}

func (t *Table) checkTree(i int, interrupt *query.Interrupt, bad func(string, ...any) bool) bool {
	tree, key := t.trees[i], &t.def.Keys()[i]
	if tree.Len() != t.Len() && !bad("%s has %d rows, the primary key %d", key.Name, tree.Len(), t.Len()) {
		return false
	}
	var prev index.Record
	ok := true
	k, deferrable := t.def.DeferrableNamed(key.Name)
	tree.Scan(index.Range{}, func(rec index.Record) bool {
		if !prev.IsZero() && key.Order.Compare(prev, rec) >= 0 {
			ok = bad("%s: %s is not before %s", key.Name, t.def.Label(prev), t.def.Label(rec))
		}
		if deferrable && !prev.IsZero() && k.Binds(rec) && key.Order.Same(prev, rec) {
			ok = bad("%s: %s and %s share it", key.Name, t.def.Label(prev), t.def.Label(rec))
		}
		if ok && !t.trees[0].Holds(rec) {
			ok = bad("%s has a row that the primary key does not have: %s", key.Name, t.def.Label(rec))
		}
		prev = rec
		ok = ok && !interrupt.Row()
		return ok
	})
	if !ok {
		return false
	}
	for rec := range t.Records() {
		if interrupt.Row() {
			return false
		}
		if !tree.Holds(rec) && !bad("%s does not have row %s", key.Name, t.def.Label(rec)) {
			return false
		}
	}
	return true
}
