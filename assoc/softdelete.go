package assoc

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// A verb works on the rows that are shown: it leads to no soft-deleted row, and takes none away. A link whose junction row was
// soft-deleted is made again as any link is made. If the junction row has a key that a new one would need it becomes the new one, with
// nothing left of what it was but its primary key.

// former takes out of junction rows that are to be inserted those whose key a soft-deleted one between the same ends has, which
// become links again.
func (ls *links) former(rows []table.Values) (back []linkChange, fresh []table.Values) {
	if !ls.boundAssociation.a.softLinks {
		return nil, rows
	}
	for _, row := range rows {
		rec, err := ls.junction.Def().NewRecord(row, ls.junction.Last())
		old, found := index.Record{}, false
		if err == nil { // else the insert says so
			old, found = ls.formerOf(rec)
		}
		if !found || slices.ContainsFunc(back, func(c linkChange) bool { return c.rows[0] == old }) {
			fresh = append(fresh, row)
			continue
		}
		back = append(back, linkChange{[]index.Record{old}, anew(ls.junction.Def(), rec)})
	}
	return back, fresh
}

// formerOf is the soft-deleted junction row between the ends of a new one that has one of its keys.
func (ls *links) formerOf(rec index.Record) (old index.Record, found bool) {
	def := ls.junction.Def()
	for i := range def.Keys() {
		key := &def.Keys()[i]
		if !key.Unique() || key.Order.NullsDistinct() && key.Order.HasNull(rec) {
			continue
		}
		old, taken := ls.junction.Tree(i).Get(key.Order.Values(nil, rec)...)
		if taken && def.Gone(old) && ls.sameEnds(old, rec) {
			return old, true
		}
	}
	return old, false
}

func (ls *links) sameEnds(a, b index.Record) bool {
	return !slices.ContainsFunc(ls.both, func(p int) bool {
		return !index.Equal(ls.junction.Def().Columns()[p].Type, a.At(p), b.At(p))
	})
}

// anew is what makes a row a new one: all of its values but for the primary key and the number.
func anew(def *table.Def, rec index.Record) table.Values {
	set := table.Values{}
	for p := range def.Columns() {
		if c := &def.Columns()[p]; p != def.Auto() && !slices.Contains(def.Keys()[0].Pos, p) {
			set[c.Name] = types.ToGo(c.Type, rec.At(p))
		}
	}
	return set
}

// restoreLinks makes soft-deleted junction rows links again, one at each step, and refuses one that is not in what their scope asks.
func restoreLinks(v *verb, made []index.Record) (s Step, again bool, err error) {
	if v.restoring {
		err = v.a.linksInScope(v.st, made)
	}
	if v.restoring = len(v.back) > 0; err != nil || !v.restoring {
		return s, false, err
	}
	c := v.back[0]
	v.back = v.back[1:]
	return Step{Table: v.a.Junction, Records: c.rows, Set: c.set}, true, nil
}

// allPresent refuses targets that were soft-deleted.
func (ls *links) allPresent(want []linkTarget) error {
	for _, w := range want {
		if err := ls.present(w.key); err != nil {
			return err
		}
	}
	return nil
}

// present refuses the target with a key that was soft-deleted.
func (ls *links) present(key index.Value) error {
	return presentBy(&ls.second, ls.target, key, ls.otherType())
}

// presentBy refuses the row with a value that was soft-deleted.
func presentBy(by *lookup, in *table.Table, key index.Value, typ index.Type) (err error) {
	if in.Def().SoftDelete() >= 0 {
		by.walk(in, key, typ, false, func(rec index.Record) bool {
			err = in.Def().Present(rec)
			return err == nil
		})
	}
	return err
}

// presentParent refuses the row with a key, which the source is to belong to, if it was soft-deleted. What is no key is left to the
// statement.
func (v *verb) presentParent(key any) error {
	l, err := bind(v.st, v.a)
	if err != nil {
		return err
	}
	val, err := l.first.column.FromGo(key)
	if err != nil {
		return nil
	}
	return presentBy(&l.first, l.target, val, l.first.typ)
}
