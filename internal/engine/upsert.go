package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Upsert inserts n rows, or updates the rows that have their keys, in one statement; structs and values are as [Insert] takes them. on are the columns of the key that decides;
// without them the primary key does, or of a model the first unique key that its values have. Errors as [Insert], and
// [types.ErrQuery] for columns that are no key.
func Upsert(w Target, name string, structs *bind.Rows, values []table.Values, n int, on []string) (u Upserted, err error) {
	tx, err := w.begin("upsert", exposesRows)
	if err != nil {
		return u, err
	}
	defer tx.endStatement(&err)
	return tx.upsert("upsert", name, structs, values, n, on)
}

// Upserted is what an upsert did.
type Upserted struct {
	Def      *table.Def
	Rows     []index.Record // as the statement leaves them
	Inserted []bool         // which of them are new
}

func (tx *Tx) upsert(op, name string, structs *bind.Rows, values []table.Values, n int, on []string) (out Upserted, err error) {
	t, err := tx.table(op, name)
	if err != nil {
		return out, err
	}
	def := t.Def()
	k, err := tx.conflictTarget(def, on, values)
	if err == nil {
		err = fit(structs, def)
	}
	if err != nil {
		return out, Attempted(op, def.Name(), err)
	}
	u := upsert{t: t, key: k, numbers: t.Numbers(), stamp: stamp{def: def}}
	if n > 1 {
		u.seen = make(map[string]int, n)
	}
	u.stamp.take(tx.associations())
	for i := range n {
		if tx.interrupt.Row() {
			return out, tx.spent(t, u.numbers, Attempted(op, def.Name(), tx.interrupt.Err()))
		}
		rec, err := newRecord(def, structs, values, nil, i, u.numbers.Last())
		if err == nil {
			err = u.add(rec, given(def, structs, values, i))
		}
		if err != nil {
			return out, tx.spent(t, u.numbers, types.Numbered(Attempted(op, def.Name(), err), i, n))
		}
	}
	after, err := tx.executeAll(op, def, u.changes)
	if err != nil {
		return out, tx.spent(tx.state().Table(def.Name()), u.numbers, err)
	}
	return Upserted{def, after, u.inserted}, nil
}

// given are the columns that row i has something for itself.
func given(def *table.Def, structs *bind.Rows, values []table.Values, i int) []int {
	if structs.IsZero() {
		return def.Given(values[i])
	}
	return structs.Given(i)
}

// upsert collects what an upsert does to each row.
type upsert struct {
	t        *table.Table
	key      int // the key that tells whether a row is there already
	numbers  table.Numbers
	changes  []table.Change
	inserted []bool
	seen     map[string]int // encoded key -> which row of the statement has it, from 1; nil: there is one row
	stamp    stamp
}

func (u *upsert) add(rec index.Record, given []int) error {
	def := u.t.Def()
	key := &def.Keys()[u.key]
	change := table.Change{New: rec}
	if !key.Order.NullsDistinct() || !key.Order.HasNull(rec) {
		if err := u.note(key, rec); err != nil {
			return err
		}
		if old, found := u.t.Tree(u.key).Get(key.Order.Values(nil, rec)...); found {
			set := slices.DeleteFunc(given, func(p int) bool { return slices.Contains(key.Pos, p) })
			if def.Gone(old) && !slices.Contains(set, def.SoftDelete()) {
				set = append(set, def.SoftDelete()) // it comes back
			}
			var a table.Assignment
			a.Take(rec, set)
			now, err := def.Updated(old, &a)
			if err != nil {
				return err
			}
			if !slices.Contains(set, u.stamp.pos) {
				if now, err = u.stamp.on(now); err != nil {
					return err
				}
			}
			change = table.Change{Old: old, New: now}
		}
	}
	u.numbers = numbersAfter(def, u.numbers, change.New)
	u.changes, u.inserted = append(u.changes, change), append(u.inserted, change.Old.IsZero())
	return nil
}

// note refuses two rows of one statement with one key: which of them should the other update?
func (u *upsert) note(key *query.Key, rec index.Record) error {
	if u.seen == nil {
		return nil
	}
	var encoded []byte
	for _, c := range key.Order.Columns() {
		encoded = index.AppendValue(encoded, c.Type, rec.At(c.Pos))
	}
	if first, twice := u.seen[string(encoded)]; twice {
		return &types.Error{Kind: types.ErrUnique, State: "21000", Constraint: key.Name, Columns: slices.Clone(key.Columns), Key: u.t.Def().KeyOf(key.Pos, rec),
			Detail: fmt.Sprintf("it has the %s of row %d: (%s) = (%s)", key.Kind, first, strings.Join(key.Columns, ", "), u.t.Def().ShowKey(key.Pos, rec)),
			Hint:   "give each key once"}
	}
	u.seen[string(encoded)] = len(u.changes) + 1
	return nil
}

// conflictTarget is the key that tells whether a row is there already: the one over columns; without these the primary key, or, of a
// model whose values do not have it, the first unique key that they have, as Sequelize has it.
func (tx *Tx) conflictTarget(d *table.Def, on []string, values []table.Values) (int, error) {
	if len(on) > 0 {
		return KeyOver(d, on)
	}
	info := tx.associations().Table(d.Name())
	if info == nil || info.Base != nil || len(values) == 0 {
		return 0, nil
	}
	for k := range d.Keys() {
		key := &d.Keys()[k]
		if key.Unique() && !key.Prefixed && !slices.ContainsFunc(values, func(row table.Values) bool { return !gives(row, key) }) {
			return k, nil
		}
	}
	return 0, nil
}

// gives tells whether the values of a row have a key.
func gives(row table.Values, key *query.Key) bool {
	for _, name := range key.Columns {
		if row[name] == nil {
			return false
		}
	}
	return true
}

// KeyOver is the primary or unique key over columns, in any order. Errors are of kind [types.ErrUnknownColumn] and
// [types.ErrQuery].
func KeyOver(d *table.Def, columns []string) (int, error) {
	pos := make([]int, len(columns))
	for i, name := range columns {
		p, ok := d.Column(name)
		if !ok {
			return 0, d.UnknownColumn(name)
		}
		pos[i] = p
	}
	if k := d.UniqueKeyOver(pos); k >= 0 {
		return k, nil
	}
	if name := d.DeferrableOver(columns); name != "" {
		return 0, &types.Error{Kind: types.ErrQuery, State: "55000", Constraint: name, Columns: slices.Clone(columns),
			Detail: fmt.Sprintf("unique key %s is deferrable: until it is checked, several rows may have one key", name),
			Hint:   "find rows by a condition, or declare a unique key that is not deferrable"}
	}
	return 0, &types.Error{Kind: types.ErrQuery, State: "42P10", Columns: slices.Clone(columns),
		Detail: fmt.Sprintf("no primary or unique key is over (%s)", strings.Join(columns, ", ")),
		Hint:   "name the columns of a key, or declare a unique key over these"}
}
