package assoc

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// links is what the verbs of a belongsToMany work on: the junction rows of one source.
type links struct {
	Verbs
	*link
	st   table.Statements
	from index.Value
}

// wanted is a target by the value that a junction row holds for it.
type wanted struct {
	Linked
	key index.Value
}

func (v Verbs) links(st table.Statements) (*links, error) {
	l, err := bind(st, v.a)
	if err != nil {
		return nil, err
	}
	from, _, err := v.key(l)
	return &links{Verbs: v, link: l, st: st, from: from}, err
}

// all are the junction rows of the source that lead somewhere, as far as the scope goes.
func (ls *links) all() (out []index.Record) {
	ls.eachJunction(ls.from, func(j index.Record) bool {
		if key := j.At(ls.other); !key.IsNull() && ls.mayLeadTo(key) {
			out = append(out, j)
		}
		return true
	})
	return out
}

// mayLeadTo tells whether the target with a key is in the scope.
func (ls *links) mayLeadTo(key index.Value) bool {
	found := ls.scope == nil
	if !found {
		ls.second.walk(ls.target, key, ls.otherType(), false, func(t index.Record) bool {
			found = ls.scope.has(t)
			return !found
		})
	}
	return found
}

// of are the junction rows that lead to a target, in the scope or not.
func (ls *links) of(key index.Value) (out []index.Record) {
	ls.eachPair(ls.from, key, func(j index.Record) bool {
		out = append(out, j)
		return true
	})
	return out
}

// want converts targets: a row by its target key in hand, a bare primary key by the row that has it.
func (ls *links) want(targets []Linked) ([]wanted, error) {
	out := make([]wanted, len(targets))
	c := &ls.junction.Def().Columns()[ls.other]
	for i, t := range targets {
		key := t.Target
		if node := nodeOf(key); node != nil {
			if err := ls.sameTable(node); err != nil {
				return nil, err
			}
			key = node.Get(ls.link.a.TargetKey)
		} else if def := ls.target.Def(); !slices.Equal(def.Keys()[0].Columns, []string{ls.link.a.TargetKey}) {
			rec, err := ls.stored(ls.target, key)
			if err != nil {
				return nil, err
			}
			key = table.RowOf(def, rec, nil).Get(ls.link.a.TargetKey)
		}
		val, err := c.FromGo(key)
		if err != nil {
			return nil, err
		}
		out[i] = wanted{t, val}
	}
	return out, nil
}

// text is a target's value as the key of a map.
func (ls *links) text(key index.Value) string {
	return string(index.AppendValue(nil, ls.otherType(), key))
}

// put inserts the junction rows that are missing, and writes the values given into those that are there.
func (ls *links) put(want []wanted) error {
	var rows []table.Values
	type change struct {
		rows []index.Record
		set  table.Values
	}
	var changes []change
	scope := ls.link.a.Spec.Options.ThroughScope
	for _, w := range want {
		had := ls.of(w.key)
		switch {
		case len(had) > 0 && len(w.Values) > 0:
			changes = append(changes, change{had, merged(w.Values, scope)})
		case len(had) == 0:
			row := merged(w.Fresh, w.Values, scope)
			row[ls.link.a.ForeignKey], row[ls.link.a.OtherKey] = ls.source.Get(ls.link.a.SourceKey), table.ToGo(ls.otherType(), w.key)
			rows = append(rows, row)
		}
	}
	for _, c := range changes {
		if _, err := ls.st.Update(ls.link.a.Junction, c.rows, c.set); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := ls.st.Insert(ls.link.a.Junction, rows)
	return err
}

// wanted are the junction rows of the source, and the targets as these hold them.
func (v Verbs) wanted(st table.Statements, targets []Linked) (*links, []wanted, error) {
	ls, err := v.links(st)
	if err != nil {
		return nil, nil, err
	}
	want, err := ls.want(targets)
	return ls, want, err
}

func (v Verbs) addLinks(st table.Statements, targets []Linked) error {
	ls, want, err := v.wanted(st, targets)
	if err != nil {
		return err
	}
	return ls.put(want)
}

func (v Verbs) setLinks(st table.Statements, targets []Linked) error {
	ls, want, err := v.wanted(st, targets)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, w := range want {
		keep[ls.text(w.key)] = true
	}
	obsolete := slices.DeleteFunc(ls.all(), func(j index.Record) bool { return keep[ls.text(j.At(ls.other))] })
	if len(obsolete) > 0 {
		if err := st.Delete(v.a.Junction, obsolete); err != nil {
			return err
		}
	}
	return ls.put(want)
}

func (v Verbs) removeLinks(st table.Statements, targets []Linked) error {
	ls, want, err := v.wanted(st, targets)
	if err != nil {
		return err
	}
	var gone []index.Record
	seen := map[string]bool{}
	for _, w := range want {
		if key := ls.text(w.key); !seen[key] && ls.mayLeadTo(w.key) {
			seen[key] = true
			gone = append(gone, ls.of(w.key)...)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return st.Delete(v.a.Junction, gone)
}
