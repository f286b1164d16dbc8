package memrel

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// upsert inserts values, or updates the row that has their key.
func (tx *Tx) upsert(t *table.Table, values Values, on []string) (rec index.Record, inserted bool, err error) {
	def := t.Def()
	k, err := deciding(def, on)
	if err != nil {
		return rec, false, err
	}
	rec, err = def.NewRecord(values, t.Last())
	if err != nil {
		return rec, false, err
	}
	key := &def.Keys()[k]
	old, found := index.Record{}, false
	if !key.Order.NullsDistinct() || !key.Order.HasNull(rec) {
		old, found = t.Tree(k).Get(key.Order.Values(nil, rec)...)
	}
	if !found {
		return rec, true, tx.insert(def.Name(), []index.Record{rec})
	}
	set := maps.Clone(values)
	maps.DeleteFunc(set, func(name string, _ any) bool { return slices.Contains(key.Columns, name) })
	a, err := def.CompileSet(set)
	if err != nil {
		return rec, false, err
	}
	now, err := def.Updated(old, a)
	if err != nil {
		return rec, false, err
	}
	after, err := tx.carryOut("upsert", def.Name(), []table.Change{{Old: old, New: now}})
	if err != nil {
		return rec, false, err
	}
	return after[0], false, nil
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

// truncate removes every row of a table.
func truncate(w Writer, name string) error {
	return w.write("truncate", func(tx *Tx) error {
		state := tx.state()
		t := state.Table(name)
		if t == nil {
			return unknownTable("truncate", name)
		}
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
		_, err := tx.carryOut("truncate", name, changes)
		return err
	})
}
