package memrel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// upsert inserts n rows, or updates the rows that have their keys, in one statement. build makes row i from the last number
// given out, and tells which columns it was given. It returns the rows as the statement leaves them, and which of them
// are new.
func upsert(w Writer, name string, n int, on []string,
	build func(t *table.Table, i int, last int64) (rec index.Record, given []int, err error)) (recs []index.Record, inserted []bool, err error) {
	err = write(w, "upsert", false, func(tx *Tx) error {
		t := tableIn(tx.state(), name)
		if t == nil {
			return unknownTable("upsert", name)
		}
		name := t.Def().Name()
		k, err := deciding(t.Def(), on)
		if err != nil {
			return attempted("upsert", name, err)
		}
		u := upserting{t: t, key: k, last: t.Last(), seen: map[string]int{}, touch: tx.toucher(t.Def())}
		for i := range n {
			rec, given, err := build(t, i, u.last)
			if err == nil {
				err = u.add(rec, given)
			}
			if err != nil {
				return numbered(attempted("upsert", name, err), i, n)
			}
		}
		inserted = u.inserted
		recs, err = tx.carryOut("upsert", name, u.changes)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return recs, inserted, nil
}

// upserting collects what an upsert does to each row.
type upserting struct {
	t        *table.Table
	key      int // the key that tells whether a row is there already
	last     int64
	changes  []table.Change
	inserted []bool
	seen     map[string]int // encoded key -> which row of the statement has it, from 1
	touch    func(old, now index.Record) index.Record
}

func (u *upserting) add(rec index.Record, given []int) error {
	def := u.t.Def()
	key := &def.Keys()[u.key]
	change := table.Change{New: rec}
	if !key.Order.NullsDistinct() || !key.Order.HasNull(rec) {
		if err := u.note(key, rec); err != nil {
			return err
		}
		if old, found := u.t.Tree(u.key).Get(key.Order.Values(nil, rec)...); found {
			set := slices.DeleteFunc(given, func(p int) bool { return slices.Contains(key.Pos, p) })
			now, err := def.Updated(old, table.Take(rec, set))
			if err != nil {
				return err
			}
			change = table.Change{Old: old, New: u.touch(old, now)}
		}
	}
	if auto := def.Auto(); auto >= 0 {
		u.last = max(u.last, change.New.At(auto).Int())
	}
	u.changes, u.inserted = append(u.changes, change), append(u.inserted, change.Old.IsZero())
	return nil
}

// note refuses two rows of one statement with one key: which of them should the other update?
func (u *upserting) note(key *query.Key, rec index.Record) error {
	var encoded []byte
	for _, c := range key.Order.Columns() {
		encoded = index.AppendValue(encoded, c.Type, rec.At(c.Pos))
	}
	if first, twice := u.seen[string(encoded)]; twice {
		return &Error{Kind: ErrUnique, State: "21000", Constraint: key.Name, Columns: key.Columns, Key: u.t.Def().KeyOf(key.Pos, rec),
			Detail: fmt.Sprintf("it has the %s of row %d: (%s) = (%s)", key.Kind, first, strings.Join(key.Columns, ", "), u.t.Def().ShowKey(key.Pos, rec)),
			Hint:   "give each key once"}
	}
	u.seen[string(encoded)] = len(u.changes) + 1
	return nil
}

// deciding is the key that tells whether a row is there already.
func deciding(d *table.Def, on []string) (int, error) {
	if len(on) == 0 {
		return 0, nil
	}
	pos := make([]int, len(on))
	for i, name := range on {
		p, ok := d.Column(name)
		if !ok {
			return 0, d.UnknownColumn(name)
		}
		pos[i] = p
	}
	if k := d.UniqueKeyOver(pos); k >= 0 {
		return k, nil
	}
	return 0, &Error{Kind: ErrQuery, State: "42P10", Columns: on,
		Detail: fmt.Sprintf("no primary or unique key is over (%s)", strings.Join(on, ", ")),
		Hint:   "name the columns of a key, or declare a unique key over these"}
}

const opTruncate = "truncate"

// truncate removes every row of a table, soft-deleted ones too.
func truncate(w Writer, name string) error {
	return write(w, opTruncate, false, func(tx *Tx) error {
		state := tx.state()
		t := tableIn(state, name)
		if t == nil {
			return unknownTable(opTruncate, name)
		}
		name := t.Def().Name()
		if err := tx.graph().CheckTruncate(state, name); err != nil {
			return err
		}
		// Outside a transaction nothing has to be undone, so nothing has to be listed.
		if tx.draft == nil {
			return tx.mutate(0, func(w table.Writer) error {
				w.Writable(name).Clear()
				return nil
			})
		}
		changes := make([]table.Change, 0, t.Len())
		for rec := range t.Records() {
			changes = append(changes, table.Change{Old: rec})
		}
		_, err := tx.carryOut(opTruncate, name, changes)
		return err
	})
}
