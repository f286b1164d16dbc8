package main

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/table"
)

// collectionTurn is a step of a collection recording with what there is before it, and how it came out.
type collectionTurn struct {
	*collectionStep
	shared   bool // the step takes away or changes a field whose reference another field shares
	again    bool // the step defines a collection that is there already, with other relations
	guarded  bool // rows of a junction that the step may delete are referred to
	perRow   bool // the step told the same events, and besides of each row
	toldOnce bool // the step told the same events, each row once
	once     bool // the step found the same rows, each once
	eachTime bool // the step found the same rows, but what is loaded with those that come several times is shown each time
	null     bool // a key that references which the step may work aim at is NULL in some row
	unhooked bool // references act on deletes of the collection, and the step asks for no row hooks
	deleted  bool // a step since the one that fell under a rule deleted rows

	unknownAction bool  // a field's onDelete is no action
	holds         bool  // the collection that goes holds foreign keys
	nullsKey      bool  // SET NULL is asked for on a foreign key that is part of a primary key
	linked        bool  // the relation is a belongsToMany
	halfNamed     bool  // a belongsToMany shares its junction with one that names its keys, or names them where that names none
	unnamedKey    bool  // it defines a hasOne or hasMany that names no foreign key
	sortable      bool  // it defines a hasMany that is to be sortable
	madeKeys      bool  // the step shows the same columns, but for foreign keys that relations made in a collection defined again
	err           error // what came of the step
}

// collectionDepartures are the rules for collection recordings.
var collectionDepartures = []departureRule[collectionTurn]{
	{
		name:    "cascade cycles end",
		reason:  "a delete that comes back to a row that goes already is done with it; the recorded system never ends",
		applies: func(st collectionTurn, _ error) bool { return st.Expect.Diverges && st.deletes() && st.err == nil },
	},
	{
		name: "references follow from the fields",
		reason: "a reference is there as long as a field means it, with the action that the remaining fields ask for; in the recorded " +
			"system it goes with the first field, or keeps what a field said that is gone",
		applies: func(st collectionTurn, _ error) bool { return st.shared },
		about:   collectionTurn.showsReferences,
	},
	{
		name: "redefinition replaces",
		reason: "a collection that is defined again leaves nothing behind of what it said before; in the recorded system the action that " +
			"its field gave stays on the reference",
		applies: func(st collectionTurn, _ error) bool { return st.again },
		about:   collectionTurn.showsReferences,
	},
	{
		name:   "a reference has its column",
		goesOn: true,
		reason: "a reference is there as long as a field means it, and so is the column of its key: a relation has its foreign key also in a collection that is defined again, and when the field that declared it, or another relation by " +
			"it, goes; in the recorded system the key is missing, and the relation leads by nothing",
		applies: func(st collectionTurn, _ error) bool { return st.madeKeys },
	},
	{
		name: "sortable is not supported",
		reason: "a hasMany that is sortable is refused, and leaves nothing behind; in the recorded system a hasMany that asks for the sort field of " +
			"another package fails when its reference is there",
		applies: func(st collectionTurn, _ error) bool { return st.sortable && st.Expect.Error != nil && st.err != nil },
		about:   collectionTurn.showsReferences,
	},
	{
		name:   "an action is one",
		reason: "an onDelete that is no action is refused; in the recorded system it is kept and does nothing",
		applies: func(st collectionTurn, _ error) bool {
			return st.unknownAction && st.refusedAs("unknown referential action")
		},
	},
	{
		name:    "references go with their collection",
		reason:  "a reference goes with the collection that holds it; in the recorded system it stays, and deletes fail by it",
		applies: func(st collectionTurn, _ error) bool { return st.Op == "removeCollection" && st.holds },
		about:   collectionTurn.showsReferences,
	},
	{
		name: "a junction's key is never NULL",
		reason: "SET NULL on a foreign key that is part of its junction's primary key is refused when it is to act; in the recorded system the " +
			"links stay and lead nowhere",
		applies: func(st collectionTurn, _ error) bool { return st.nullsKey && st.refusedAs("cannot be NULL") },
	},
	{
		name:   "removals are told per row",
		goesOn: true,
		reason: "every row that goes is told of; in the recorded system links that a relation takes away, and rows of a delete without row " +
			"hooks, are told as a whole only",
		applies: func(st collectionTurn, _ error) bool {
			return st.perRow && (st.withoutRowHooks() || st.linked && st.unlinks())
		},
	},
	{
		name:   "a row goes once",
		goesOn: true,
		reason: "a delete that comes back to a row that goes already is done with it: a row that is named and that a cascade reaches from another one is " +
			"deleted and told of once; in the recorded system it is told of " +
			"each time",
		applies: func(st collectionTurn, _ error) bool { return st.deletes() && st.toldOnce },
	},
	{
		name: "two sides of a belongsToMany have one pair of keys",
		reason: "two fields that lead through one junction, one naming its keys and the other none, have the same keys, and two that name others " +
			"are refused; in the recorded system they end with keys that do not agree, or that are no columns, or fail",
		applies: func(st collectionTurn, _ error) bool { return st.halfNamed },
		about: func(later collectionTurn) bool {
			return slices.Contains([]string{"define", "setField", "associations", "references", "columns", "indexes"}, later.Op)
		},
	},
	{
		name: "kinds of keys are compared",
		reason: "a foreign key has the kind of the key that it refers to, also where a hasOne or hasMany names none; in the recorded system " +
			"other columns are compared then, or none",
		applies: func(st collectionTurn, _ error) bool {
			return st.unnamedKey && st.refusedAs("does not match")
		},
	},
	{
		name: "references always hold",
		reason: "every delete acts on the rows that refer to the deleted ones; in the recorded system one without row hooks, or of junction " +
			"rows through their relation, passes them by",
		applies: func(st collectionTurn, _ error) bool { return st.unhooked || st.guarded },
		about:   collectionTurn.showsReferences,
	},
	{
		name: "NULL matches nothing",
		reason: "a key that is NULL is referred to by no row; in the recorded system deleting its row acts on all rows whose foreign key " +
			"is NULL",
		applies: func(st collectionTurn, _ error) bool {
			return st.null && st.deletes()
		},
		about: collectionTurn.showsReferences,
	},
	{
		name:   "what a row has loaded is shown each time",
		goesOn: true,
		reason: "a row that several others lead to shows what is loaded with it wherever it stands; in the recorded system only one of them has it, and " +
			"the others an empty list",
		applies: func(st collectionTurn, _ error) bool { return st.eachTime },
	},
	{
		name:   "a row is found once",
		goesOn: true,
		reason: "a filter over an association finds a row once; in the recorded system a row comes once for each row that it joins, where the " +
			"association leads to one by a key that is not unique",
		applies: func(st collectionTurn, _ error) bool {
			return slices.Contains([]string{"find", "findAndCount", "relation"}, st.Op) && st.once
		},
	},
}

// withoutRowHooks tells whether the step is a delete that asks for no row hooks.
func (t collectionTurn) withoutRowHooks() bool {
	return t.IndividualHooks != nil && !*t.IndividualHooks
}

// deletes tells whether the step is a delete of rows, or of rows by a relation.
func (t collectionTurn) deletes() bool {
	return strings.Contains(strings.ToLower(t.Op+t.Method), "destroy")
}

// unlinks tells whether the step is a method of a relation that may take links away.
func (t collectionTurn) unlinks() bool {
	return slices.Contains([]string{"set", "remove", "toggle", "destroy"}, t.Method)
}

// refusedAs tells whether the step was refused here alone, and why.
func (t collectionTurn) refusedAs(why string) bool {
	return t.Expect.Error == nil && t.err != nil && strings.Contains(t.err.Error(), why)
}

// showsReferences tells whether a step shows which references there are or what they do: it lists them, defines what they may be in
// conflict with, deletes rows, or reads rows after a delete.
func (t collectionTurn) showsReferences() bool {
	switch t.Op {
	case "references", "define", "setField":
		return true
	}
	return t.readsRows() && t.deleted || t.deletes() || t.guarded
}

// readsRows tells whether a step reads rows and does nothing else.
func (t collectionTurn) readsRows() bool {
	return slices.Contains([]string{"dump", "count", "find", "findOne", "findAndCount", "aggregate"}, t.Op)
}

// foundOnce is a list of rows, or one with their number, without the rows that an id shows to be there before.
func foundOnce(value any) any {
	rows, _ := value.([]any)
	if len(rows) == 2 && isList(rows[0]) {
		return []any{foundOnce(rows[0]), rows[1]}
	}
	out, seen := []any{}, map[string]bool{}
	for _, row := range rows {
		values, _ := row.(map[string]any)
		if text := jsonText(values); values["id"] == nil || !seen[text] {
			seen[text] = true
			out = append(out, row)
		}
	}
	return out
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

// eachOnce are events in which no row is told of twice: before it goes the first time, after it has gone the last time. What is told of rows
// together stays if one of them does.
func eachOnce(events []string) (out []string) {
	for i, e := range events {
		switch next := events[i+1:]; {
		case strings.HasSuffix(e, "#* beforeBulkDestroy"):
			if len(next) > 0 && slices.Contains(out, next[0]) {
				continue
			}
		case strings.HasSuffix(e, " beforeDestroy") && slices.Contains(out, e), strings.HasSuffix(e, " afterDestroy") && slices.Contains(next, e):
			continue
		}
		out = append(out, e)
	}
	return out
}

// withoutRows are events without those of single rows of a collection.
func withoutRows(events []string, collection string) []string {
	return slices.DeleteFunc(slices.Clone(events), func(e string) bool {
		return strings.HasPrefix(e, collection+"#") && !strings.HasPrefix(e, collection+"#* ")
	})
}

// withoutMade are columns of a collection without the foreign keys that a hasOne or hasMany of another has made in it.
func (p *collectionRun) withoutMade(collection string, columns any) any {
	out := maps.Clone(columns.(map[string]any))
	for _, a := range p.set().Associations() {
		if (a.Kind == assoc.HasOne || a.Kind == assoc.HasMany) && a.Target == collection && a.Source != collection {
			delete(out, a.ForeignKey)
		}
	}
	return out
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

// shownEachTime are recorded rows with what got shows where they show an empty list, if the whole of them shows that list elsewhere.
func shownEachTime(whole string, recorded, got any) any {
	switch v := recorded.(type) {
	case []any:
		list, _ := got.([]any)
		switch {
		case len(list) > 0 && len(v) == 0 && strings.Contains(whole, jsonText(list)):
			return list
		case len(list) != len(v):
			return v
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = shownEachTime(whole, v[i], list[i])
		}
		return out
	case map[string]any:
		row, _ := got.(map[string]any)
		out := map[string]any{}
		for name := range v {
			out[name] = shownEachTime(whole, v[name], row[name])
		}
		return out
	}
	return recorded
}
