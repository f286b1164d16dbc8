package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// collectionTurn is a step of a collection recording with what there is before it, and how it came out.
type collectionTurn struct {
	*collectionStep
	shared  bool // the step takes away or changes a field whose reference another field shares
	again   bool // the step defines a collection that is there already
	guarded bool // rows of a junction that the step may delete are referred to
	late    bool // the step told the same events, but those after a delete later
	null    bool // a key that references aim at is NULL in some row
}

// collectionDepartures are the rules for collection recordings.
var collectionDepartures = []departureRule[collectionTurn]{
	{
		name:    "cascade cycles end",
		reason:  "a delete that comes back to a row that goes already is done with it; the recorded system never ends",
		applies: func(st collectionTurn, _ error) bool { return st.Expect.Diverges },
	},
	{
		name: "references follow from the fields",
		reason: "a reference is there as long as a field means it, with the action that the remaining fields ask for; in the recorded " +
			"system it goes with the first field, or keeps what a field said that is gone",
		applies: func(st collectionTurn, _ error) bool { return st.shared },
	},
	{
		name: "redefinition replaces",
		reason: "a collection that is defined again leaves nothing behind of what it said before; in the recorded system the action that " +
			"its field gave stays on the reference",
		applies: func(st collectionTurn, _ error) bool { return st.again },
	},
	{
		name: "references always hold",
		reason: "every delete acts on the rows that refer to the deleted ones; in the recorded system one without row hooks, or of junction " +
			"rows through their relation, passes them by",
		applies: func(st collectionTurn, _ error) bool {
			return st.IndividualHooks != nil && !*st.IndividualHooks || st.guarded
		},
	},
	{
		name: "NULL matches nothing",
		reason: "a key that is NULL is referred to by no row; in the recorded system deleting its row acts on all rows whose foreign key " +
			"is NULL",
		applies: func(st collectionTurn, _ error) bool {
			return st.null && strings.Contains(strings.ToLower(st.Op+st.Method), "destroy")
		},
	},
	{
		name:    "instances are deleted as a whole",
		reason:  "a delete is one statement here, all or nothing; the recorded system keeps what it came to where it deletes an instance by itself",
		applies: func(st collectionTurn, _ error) bool { return st.Op == "instanceDestroy" && st.Expect.Error != nil },
	},
	{
		name:   "a row is found once",
		goesOn: true,
		reason: "a filter over an association finds a row once; in the recorded system a row comes once for each row that it joins, where the " +
			"association leads to one by a key that is not unique",
		applies: func(st collectionTurn, _ error) bool {
			return slices.Contains([]string{"find", "findAndCount", "relation"}, st.Op) && repeats(st.Expect.Value)
		},
	},
	{
		name:   "told when it is done",
		goesOn: true,
		reason: "what is told after a delete is told when the whole statement is done; in the recorded system the rows that go by one " +
			"reference are done with before the next reference is worked",
		applies: func(st collectionTurn, _ error) bool { return st.late },
	},
}

// repeats tells whether a list of rows, or one with their number, has a row with an id twice.
func repeats(value any) bool {
	rows, _ := value.([]any)
	if len(rows) == 2 && isList(rows[0]) {
		rows = rows[0].([]any)
	}
	seen := map[string]bool{}
	return slices.ContainsFunc(rows, func(row any) bool {
		values, _ := row.(map[string]any)
		text := jsonText(values)
		had := seen[text] && values["id"] != nil
		seen[text] = true
		return had
	})
}

// turn looks at what there is before a step.
func (p *collectionRun) turn(st *collectionStep) collectionTurn {
	t := collectionTurn{collectionStep: st}
	switch st.Op {
	case "define":
		for i, raw := range st.Collections {
			name := nameOf(raw)
			t.again = t.again || slices.Contains(p.collections().Names(), name) ||
				slices.ContainsFunc(st.Collections[:i], func(r json.RawMessage) bool { return nameOf(r) == name })
		}
	case "setField", "removeField":
		field := st.Collection + "." + nameOf(st.Field)
		t.shared = p.shares(func(owner string) bool { return owner == field })
	case "removeCollection":
		own := func(owner string) bool { return strings.HasPrefix(owner, st.Collection+".") }
		t.shared = p.shares(own) || slices.ContainsFunc(p.into(st.Collection), func(r memrel.SharedReference) bool { return !own(r.Owners[0]) })
	case "relation":
		if a := p.association(st.Path); a != nil && a.Kind == assoc.BelongsToMany {
			writes := []string{"set", "remove", "toggle", "destroy"}
			t.guarded = slices.Contains(writes, st.Method) && len(p.into(a.Through)) > 0
		}
	}
	t.null = p.nullKey()
	return t
}

// nameOf is the name that a definition has or is.
func nameOf(raw json.RawMessage) (name string) {
	if json.Unmarshal(raw, &name) == nil {
		return name
	}
	var definition struct{ Name string }
	must(json.Unmarshal(raw, &definition))
	return definition.Name
}

// shares tells whether some of the fields share a reference with others.
func (p *collectionRun) shares(mine func(owner string) bool) bool {
	others := func(owner string) bool { return !mine(owner) }
	return slices.ContainsFunc(p.set().References(), func(r memrel.SharedReference) bool {
		return slices.ContainsFunc(r.Owners, mine) && slices.ContainsFunc(r.Owners, others)
	})
}

// nullKey tells whether some row has NULL in a key that references aim at.
func (p *collectionRun) nullKey() bool {
	return slices.ContainsFunc(p.set().References(), func(r memrel.SharedReference) bool {
		found, err := memrel.ModelOf(r.Table).Exists(p.reader(), memrel.IsNull(r.RefColumns[0]))
		return err == nil && found
	})
}
