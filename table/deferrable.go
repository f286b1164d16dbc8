package table

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
)

// DeferrableKey is a deferrable unique key as it is compiled. Its tree takes rows that share it: who writes looks for them when the key
// is checked.
type DeferrableKey struct {
	Name              string
	Tree              int // its position in [Def.Keys]
	InitiallyDeferred bool
	nullsDistinct     bool
	order             *index.Key
}

// Deferrable are the deferrable unique keys. The slice must not be changed.
func (d *Def) Deferrable() []DeferrableKey { return d.puts }

func (d *Def) addDeferrable(u *UniqueKey, pos []int) {
	d.addKey(query.Key{Name: u.Name, Kind: query.Deferrable, Columns: u.Columns, Pos: pos}, nil, nil, index.KeyOptions{})
	at := len(d.Keys()) - 1
	d.puts = append(d.puts, DeferrableKey{u.Name, at, u.InitiallyDeferred, !u.NullsNotDistinct, d.Keys()[at].Order})
}

// DeferrableNamed is the deferrable unique key of that name.
func (d *Def) DeferrableNamed(name string) (k DeferrableKey, ok bool) {
	for _, k := range d.puts {
		if k.Name == name {
			return k, true
		}
	}
	return k, false
}

// DeferrableOver is the name of the deferrable unique key over exactly these columns, in any order; empty if there is none.
func (d *Def) DeferrableOver(columns []string) string {
	want := slices.Sorted(slices.Values(columns))
	for _, k := range d.puts {
		if slices.Equal(want, slices.Sorted(slices.Values(d.Keys()[k.Tree].Columns))) {
			return k.Name
		}
	}
	return ""
}

// covers tells whether rows that were held to another key are held to this one.
func (k *DeferrableKey) covers(had DeferrableKey) bool {
	return had.order.Equal(k.order) && (k.nullsDistinct || !had.nullsDistinct)
}

// Binds tells whether a record's key has to be its own: not one with NULL, unless NULLs are not distinct.
func (k *DeferrableKey) Binds(r index.Record) bool { return !k.nullsDistinct || !k.order.HasNull(r) }

// Taken tells whether a change gives a row a key that another one may have.
func (k *DeferrableKey) Taken(c Change) bool {
	return !c.New.IsZero() && k.Binds(c.New) && (c.Old.IsZero() || !k.order.Same(c.Old, c.New))
}

// Values appends the key of a record.
func (k *DeferrableKey) Values(dst []index.Value, r index.Record) []index.Value {
	return k.order.Values(dst, r)
}

// Sharing are the first two rows that share a key which has to be one row's own; of all keys if key is nil. O(log n), of all O(n).
func (t *Table) Sharing(k DeferrableKey, key []index.Value) (a, b index.Record, shared bool) {
	t.trees[k.Tree].Scan(index.Range{Low: key, High: key}, func(r index.Record) bool {
		shared = !a.IsZero() && k.order.Same(a, r) && k.Binds(r)
		if shared {
			b = r
			return false
		}
		a = r
		return true
	})
	return a, b, shared
}

// CheckDeferrable is the error, of kind [types.ErrUnique], of the first deferrable key that rows share, among those that is tells; nil is all
// of them. O(rows) for each.
func (t *Table) CheckDeferrable(is func(*DeferrableKey) bool) error {
	for _, k := range t.def.puts {
		if is != nil && !is(&k) {
			continue
		}
		if a, b, shared := t.Sharing(k, nil); shared {
			return t.def.twice(k.Tree, b, a)
		}
	}
	return nil
}
