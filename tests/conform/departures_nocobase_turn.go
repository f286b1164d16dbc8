package main

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/table"
)

// departing is what a run of a collection recording keeps of its steps to tell which of them depart.
type departing struct {
	redefined map[string]bool // the collections that were defined again

	rule      *departureRule[collectionTurn] // that a step before fell under
	at        int                            // that step
	deleted   bool                           // a step since then deleted rows
	departure string                         // why the recording departs
	ended     bool                           // the rest of it may differ
}

// turn looks at what there is before a step.
func (p *collectionRun) turn(st *collectionStep) *collectionTurn {
	t := &collectionTurn{collectionStep: st, deleted: p.deleted}
	switch st.Op {
	case "define":
		for i, c := range st.Collections {
			t.again = p.redefines(c.is, st.Collections[:i]) || t.again
		}
	case "setField", "removeField":
		field := st.Collection + "." + st.Field.name
		t.shared = p.shares(func(owner string) bool { return owner == field })
		if st.Op == "removeField" && t.shared {
			p.leavesKey(field)
		}
		if st.Op == "removeField" && p.isForeignKey(p.collections().Table(st.Collection), st.Field.name) {
			p.redefined[st.Collection] = true
		}
	case "removeCollection":
		own := func(owner string) bool { return strings.HasPrefix(owner, st.Collection+".") }
		t.shared = p.shares(own) || slices.ContainsFunc(p.into(st.Collection), func(r memrel.SharedReference) bool { return !own(r.Owners[0]) })
	case "relation":
		a := p.association(st.Path)
		if t.linked = a != nil && a.Kind == assoc.BelongsToMany; t.linked {
			t.guarded = t.unlinks() && slices.ContainsFunc(p.into(a.Through), acts)
		}
	case "destroy":
		t.unhooked = t.withoutRowHooks() && slices.ContainsFunc(p.into(st.Collection), acts)
	}
	if t.deletes() {
		t.null = p.nullKey(p.deletedTable(st))
	}
	p.look(t)
	return t
}

// leavesKey notes the collection whose foreign key the relation of a field shares with others.
func (p *collectionRun) leavesKey(field string) {
	if a := p.association(field); a != nil && (a.Kind == assoc.HasOne || a.Kind == assoc.HasMany) {
		p.redefined[a.Target] = true
	}
}

// redefines tells whether a definition replaces one in which a relation is there no more, or says something else. It notes which
// collections are defined again.
func (p *collectionRun) redefines(next nocobase.Collection, before []defined[nocobase.Collection]) bool {
	had, again := p.collections().Collection(next.Name)
	for _, b := range before {
		if b.name == next.Name {
			had, again = b.is, true
		}
	}
	p.redefined[next.Name] = p.redefined[next.Name] || again
	return again && slices.ContainsFunc(had.Fields, func(f nocobase.Field) bool {
		_, relation := f.Relation()
		return relation && !slices.ContainsFunc(next.Fields, func(n nocobase.Field) bool { return reflect.DeepEqual(f, n) })
	})
}

// look tells of the fields that a step defines, and of what is there.
func (p *collectionRun) look(t *collectionTurn) {
	for _, f := range t.fields() {
		if _, err := table.ParseAction(f.OnDelete); f.OnDelete != "" && err != nil {
			t.unknownAction = true
		}
		t.halfNamed = t.halfNamed || f.Type == "belongsToMany" && p.halfNamed(t.collectionStep, f)
		t.sortable = t.sortable || f.Type == "hasMany" && f.Sortable != nil && f.Sortable != false
		t.unnamedKey = t.unnamedKey || (f.Type == "hasOne" || f.Type == "hasMany") && f.ForeignKey == ""
	}
	table := p.collections().Table(t.Collection)
	t.holds = slices.ContainsFunc(p.db.References(table), func(r memrel.SharedReference) bool { return r.Child == table })
	t.nullsKey = t.deletes() && slices.ContainsFunc(p.set().References(), func(r memrel.SharedReference) bool {
		return r.OnDelete == memrel.SetNull && p.isJunction(r.Child) && slices.Contains(p.set().Table(r.Child).Schema.PrimaryKey, r.Columns[0])
	})
}

// isJunction tells whether a belongsToMany leads through a table.
func (p *collectionRun) isJunction(table string) bool {
	return slices.ContainsFunc(p.set().Associations(), func(a *assoc.Association) bool { return a.Junction == table })
}

// halfNamed tells whether a belongsToMany names its keys where another field through the same junction names none, or the other way
// round, or other ones where the other is of its target.
func (p *collectionRun) halfNamed(st *collectionStep, f nocobase.Field) bool {
	names := func(f nocobase.Field) bool { return f.ForeignKey != "" || f.OtherKey != "" }
	differ := func(key, other string) bool { return key != "" && other != "" && key != other }
	others := st.fields()
	for _, name := range p.collections().Names() {
		c, _ := p.collections().Collection(name)
		others = append(others, c.Fields...)
	}
	return slices.ContainsFunc(others, func(o nocobase.Field) bool {
		return o.Type == "belongsToMany" && f.Through != "" && o.Through == f.Through &&
			(names(o) != names(f) || cmp.Or(o.Target, o.Name) != cmp.Or(f.Target, f.Name) && differ(f.ForeignKey, o.OtherKey) && differ(f.OtherKey, o.ForeignKey))
	})
}

// shares tells whether some of the fields share a reference with others.
func (p *collectionRun) shares(mine func(owner string) bool) bool {
	others := func(owner string) bool { return !mine(owner) }
	return slices.ContainsFunc(p.set().References(), func(r memrel.SharedReference) bool {
		return slices.ContainsFunc(r.Owners, mine) && slices.ContainsFunc(r.Owners, others)
	})
}

// acts tells whether a reference does something on delete.
func acts(r memrel.SharedReference) bool { return r.OnDelete != memrel.NoAction }

// fields are the fields that the step defines.
func (st *collectionStep) fields() (out []nocobase.Field) {
	if st.Op == "setField" {
		return []nocobase.Field{st.Field.is}
	}
	for _, c := range st.Collections {
		out = append(out, c.is.Fields...)
	}
	return out
}

// deletedTable is the table whose rows a step deletes.
func (p *collectionRun) deletedTable(st *collectionStep) string {
	if a := p.association(st.Path); st.Op == "relation" && a != nil {
		return a.TargetTable
	}
	return p.collections().Table(st.Collection)
}

// nullKey tells whether some row of a table, or of one that a delete of its rows leads to, has NULL in a key that references aim at.
func (p *collectionRun) nullKey(from string) bool {
	reached := []string{from}
	for i := 0; i < len(reached); i++ {
		for _, r := range p.set().References() {
			if r.Table != reached[i] || !acts(r) {
				continue
			}
			found, err := memrel.RowsOf(r.Table).Exists(p.reader(), memrel.IsNull(r.RefColumns[0]))
			if err == nil && found {
				return true
			}
			if !slices.Contains(reached, r.Child) {
				reached = append(reached, r.Child)
			}
		}
	}
	return false
}

// isForeignKey tells whether an association keeps its key in a column.
func (p *collectionRun) isForeignKey(table, column string) bool {
	return slices.ContainsFunc(p.set().Associations(), func(a *assoc.Association) bool {
		holder, keys := a.TargetTable, []string{a.ForeignKey}
		switch a.Kind {
		case assoc.BelongsTo:
			holder = a.SourceTable
		case assoc.BelongsToMany:
			holder, keys = a.Junction, []string{a.ForeignKey, a.OtherKey}
		}
		return holder == table && slices.Contains(keys, column)
	})
}

// judge tells whether what came of a step departs: by a rule that the step falls under, or one before it, and whether the rest of the
// recording may differ.
func (p *collectionRun) judge(at int, turn *collectionTurn, difference string) (departs, ends bool) {
	r := departureOf(collectionDepartures, *turn, nil)
	here := r != nil && !r.goesOn
	if here && p.rule == nil {
		p.rule, p.at = r, at
	}
	p.deleted = p.deleted || p.rule != nil && (turn.deletes() || turn.guarded)
	switch {
	case p.ended:
		return true, true
	case difference == "":
		return false, false
	case p.rule != nil && (here || p.rule.about == nil || p.rule.about(*turn)):
		p.departure, p.ended = fmt.Sprintf("%s at step %d: %s", p.rule.name, p.at, difference), true
		return true, true
	case r == nil || !r.goesOn:
		return false, false
	}
	p.departure = cmp.Or(p.departure, fmt.Sprintf("%s: %s", r.name, difference))
	return true, false
}
