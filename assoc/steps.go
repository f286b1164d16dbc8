package assoc

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Step is one statement of a verb: rows of one table are inserted (from values, or from their cells at Pos, those of one row after
// the other), updated or deleted. The zero Step is none.
type Step struct {
	Table   string
	Values  []table.Values
	Pos     []int
	Cells   []index.Value
	Records []index.Record // to be updated or deleted, as they are stored
	Set     table.Values   // what an update writes
	Delete  bool

	Each   func(table.Row) table.Values // what an update writes into each row, instead of Set
	Upsert bool                         // the one row of Values is updated if it is there, by the key over On if that names columns
	On     []string
}

// stage works out a step of a verb from the state that the steps before have left. made are the rows that the one before inserted
// or updated, as they are then. again has the stage asked once more after its step.
type stage func(v *verb, made []index.Record) (s Step, again bool, err error)

// stages are those of each verb: each is worked out when the one before is done, since a step may change what the next one finds.
var stages = map[Action][4][]stage{
	DoSet: {
		BelongsTo: {setParent, noteParent}, HasOne: {leaveChild, addChildren, noteChild},
		HasMany: {leaveChildren, takeChildren, inScope}, BelongsToMany: {leaveLinks, updateLinks, restoreLinks, insertLinks, linksInScope},
	},
	DoAdd:          {HasMany: {addChildren, inScope}, BelongsToMany: {updateLinks, restoreLinks, insertLinks, linksInScope}},
	DoRemove:       {HasMany: {removeChildren}, BelongsToMany: {removeLinks}},
	DoCreate:       created(),
	DoFindOrCreate: created(findTarget),
	DoUpsert: {
		BelongsTo: {upsertTarget, noteCreated, setParent, noteParent}, HasOne: {upsertTarget, noteCreated},
		HasMany: {upsertTarget, noteCreated}, BelongsToMany: {upsertTarget, noteCreated, updateLinks, restoreLinks, insertLinks, linksInScope},
	},
	DoIncrement: {BelongsTo: {incrementTargets}, HasOne: {incrementTargets}, HasMany: {incrementTargets}, BelongsToMany: {incrementTargets}},
}

// created are the stages of a create, after others.
func created(before ...stage) [4][]stage {
	return [4][]stage{
		BelongsTo: append(slices.Clone(before), createTarget, noteCreated, setParent, noteParent),
		HasOne:    append(slices.Clone(before), createChild, noteCreated), HasMany: append(slices.Clone(before), createChild, noteCreated),
		BelongsToMany: append(slices.Clone(before), createTarget, noteCreated, updateLinks, restoreLinks, insertLinks, linksInScope),
	}
}

// verb is a call under way.
type verb struct {
	Verbs
	*Call
	st      table.Reader
	changes []linkChange   // updates of junction rows that are to come
	back    []linkChange   // soft-deleted junction rows that become links again
	rows    []table.Values // junction rows to be inserted
	pos     []int          // the columns of cells
	cells   []index.Value  // those of which nothing is given but their keys
	planned bool           // changes and rows are worked out
	created [1]Target      // what was created, as the target of what follows

	restoring bool // the step before made a link again
}

// linkChange is what a verb writes into junction rows that are there.
type linkChange struct {
	rows []index.Record
	set  table.Values
}

// Next is the next step of the call in the state that the steps before have left; ok is false when there is none any more. made
// are the rows of the step before. Errors as the verbs of [Verbs], and [types.ErrUnknownMethod] for what an association that
// leads to one row does not have.
func (s *Set) Next(a *Association, c *Call, st table.Reader, made []index.Record) (step Step, ok bool, err error) {
	v := &c.run
	if !c.started {
		if err := a.permits(c); err != nil {
			return step, false, err
		}
		if a.Kind != BelongsTo && c.gives() && c.Source.held(a.SourceKey) == nil {
			return step, false, a.noKey(a.SourceTable, a.SourceKey)
		}
		c.started = true
		v.Verbs, v.Call = s.On(a, c.Source), c
	}
	v.st = st
	todo := stages[c.Do][a.Kind]
	for c.stage < len(todo) && !c.Found {
		step, again, err := todo[c.stage](v, made)
		if err != nil {
			return step, false, err
		}
		if !again {
			c.stage++
		}
		if step.Table != "" {
			return step, true, nil
		}
		made = nil
	}
	return step, false, nil
}

// update is a statement on rows of the target; none if there are no rows.
func (v *verb) update(rows []index.Record, set table.Values) Step {
	if len(rows) == 0 {
		return Step{}
	}
	return Step{Table: v.a.TargetTable, Records: rows, Set: set}
}

// own makes target rows the source's; disown takes the key away from them again.
func (v *verb) own(rows []index.Record) Step { return v.update(rows, v.owned()) }

func (v *verb) disown(rows []index.Record) Step {
	return v.update(rows, table.Values{v.a.ForeignKey: nil})
}

func createTarget(v *verb, _ []index.Record) (Step, bool, error) {
	return v.create(merged(v.Values, v.a.target.written)), false, nil
}

func createChild(v *verb, _ []index.Record) (Step, bool, error) {
	return v.create(v.childValues()), false, nil
}

// create inserts a row of the target by the rules of its model.
func (v *verb) create(values table.Values) Step {
	return Step{Table: v.a.TargetTable, Values: []table.Values{v.set.Values(v.a.TargetTable, values, Created)}}
}

// childValues are the values of a row that keeps the foreign key itself.
func (v *verb) childValues() table.Values {
	values := merged(v.Values, v.a.target.written)
	values[v.a.ForeignKey] = v.source.held(v.a.SourceKey)
	return values
}

// noteCreated keeps the row that was created, which is the target of what follows.
func noteCreated(v *verb, made []index.Record) (s Step, again bool, err error) {
	v.Created = Detach(table.RowOf(v.st.Table(v.a.TargetTable).Def(), made[0], nil))
	v.created[0] = v.Through
	v.created[0].Row = v.Created
	v.Call.Targets = v.created[:]
	return inScope(v, made)
}

// inScope refuses rows of the target that were written and are not in what the scope asks.
func inScope(v *verb, made []index.Record) (Step, bool, error) {
	return Step{}, false, v.a.targetsInScope(v.st, made)
}

// findTarget ends the verb if there is a row with the values asked for; else it is to be created.
func findTarget(v *verb, _ []index.Record) (s Step, again bool, err error) {
	found, err := v.Get(v.st, query.Query{Where: *v.Where, Limit: 1})
	if err == nil && len(found) > 0 {
		v.Created, v.Found = found[0], true
	}
	return s, false, err
}

// upsertTarget inserts a row of the target, or updates the one that has its key.
func upsertTarget(v *verb, _ []index.Record) (Step, bool, error) {
	values := merged(v.Values, v.a.target.written)
	if v.a.Kind == HasOne || v.a.Kind == HasMany {
		values = v.childValues()
	}
	return Step{Table: v.a.TargetTable, Values: []table.Values{values}, Upsert: true, On: v.On}, false, nil
}

// incrementTargets adds to columns of the rows that the association leads to and for which the condition is true.
func incrementTargets(v *verb, _ []index.Record) (s Step, again bool, err error) {
	l, f, err := v.walker(v.st, *v.Where)
	if err != nil {
		return s, false, err
	}
	sums, err := l.target.Def().Sums(v.By)
	if err != nil {
		return s, false, err
	}
	key, ok, err := v.key(l)
	if err != nil || !ok {
		return s, false, err
	}
	seen := map[index.Record]bool{}
	l.eachFrom(key, func(t, _ index.Record) bool {
		if f.is(t) && !seen[t] {
			seen[t] = true
			s.Records = append(s.Records, t)
		}
		return true
	})
	if v.Call.Count = len(s.Records); v.Call.Count == 0 {
		return Step{}, false, nil
	}
	s.Table, s.Each = v.a.TargetTable, sums
	return s, false, nil
}

// setParent writes the foreign key of the source.
func setParent(v *verb, _ []index.Record) (s Step, again bool, err error) {
	var key any
	if len(v.Call.Targets) > 0 {
		if key, err = v.targetKey(v.st.Table(v.a.TargetTable), v.Call.Targets[0].Row); err != nil {
			return s, false, err
		}
		if key == nil {
			return s, false, v.a.noKey(v.a.TargetTable, v.a.TargetKey)
		}
		if err := v.presentParent(key); err != nil {
			return s, false, err
		}
	}
	t := v.st.Table(v.a.SourceTable)
	rec, err := storedRow(t, v.source)
	if err == nil {
		err = t.Def().Present(rec)
	}
	if err != nil {
		return s, false, err
	}
	return Step{Table: v.a.SourceTable, Records: []index.Record{rec}, Set: table.Values{v.a.ForeignKey: key}}, false, nil
}

// noteParent writes the foreign key of the detached source too.
func noteParent(v *verb, made []index.Record) (Step, bool, error) {
	v.source.note(v.st.Table(v.a.SourceTable).Def(), made[0], v.a.ForeignKey)
	return Step{}, false, nil
}

// hadAndWanted are the rows that the source has, at most limit unless that is 0, and those of the targets.
func (v *verb) hadAndWanted(limit int) (had, want []index.Record, err error) {
	if had, err = v.Verbs.targets(v.st, limit); err == nil {
		want, err = v.storedAll(v.st, v.Call.Targets)
	}
	return had, want, err
}

// leaveChild takes the key away from the row that the source has, unless that is the target.
func leaveChild(v *verb, _ []index.Record) (s Step, again bool, err error) {
	had, want, err := v.hadAndWanted(1)
	if err != nil {
		return s, false, err
	}
	if len(had) > 0 && len(want) > 0 && had[0] == want[0] {
		v.Call.Targets = nil // nothing is left to do
		return s, false, nil
	}
	return v.disown(had), false, nil
}

// noteChild writes the foreign key of the detached target too.
func noteChild(v *verb, made []index.Record) (Step, bool, error) {
	if len(made) > 0 && len(v.Call.Targets) > 0 {
		if node, ok := v.Call.Targets[0].Row.(*DetachedRow); ok {
			node.note(v.st.Table(v.a.TargetTable).Def(), made[0], sortedKeys(v.owned())...)
		}
	}
	return inScope(v, made)
}

// leaveChildren takes the key away from the rows that are not among the targets.
func leaveChildren(v *verb, _ []index.Record) (s Step, again bool, err error) {
	had, want, err := v.hadAndWanted(0)
	if err != nil {
		return s, false, err
	}
	keep := setOfRecords(want)
	return v.disown(slices.DeleteFunc(had, func(r index.Record) bool { return keep[r] })), false, nil
}

// takeChildren makes those of the targets the source's that are not so yet. They are looked for again: the step before may have
// rewritten rows of the target's table by its cascades.
func takeChildren(v *verb, _ []index.Record) (s Step, again bool, err error) {
	had, want, err := v.hadAndWanted(0)
	if err != nil {
		return s, false, err
	}
	old := setOfRecords(had)
	return v.own(slices.DeleteFunc(want, func(r index.Record) bool { return old[r] })), false, nil
}

// addChildren makes the targets the source's. Their rows are looked for here: a step before may have rewritten them.
func addChildren(v *verb, _ []index.Record) (s Step, again bool, err error) {
	rows, err := v.storedAll(v.st, v.Call.Targets)
	return v.own(rows), false, err
}

// removeChildren takes the key away from the targets that the source has. One that is no such row, or no row at all, is passed
// over.
func removeChildren(v *verb, _ []index.Record) (s Step, again bool, err error) {
	if v.set.ChecksFirst(v.a.TargetTable) {
		if err := v.st.Table(v.a.TargetTable).Def().TakesNull(v.a.ForeignKey); err != nil {
			return s, false, err
		}
	}
	rows, err := v.storedThere(v.st, v.Call.Targets)
	if err != nil {
		return s, false, err
	}
	l, err := bind(v.st, v.a)
	if err != nil {
		return s, false, err
	}
	key, ok, err := v.key(l)
	if err != nil || !ok {
		return s, false, err
	}
	return v.disown(slices.DeleteFunc(rows, func(r index.Record) bool { return !l.leads(key, r, nil) })), false, nil
}
