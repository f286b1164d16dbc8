package engine

import (
	"reflect"
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Define adds definitions, which may refer to one another and to what there is in any order: all of them or nothing. Errors are
// of kind [types.ErrDefinition].
func (tx *Tx) Define(defs ...table.Definition) (err error) {
	if err := tx.refuses("define"); err != nil {
		return err
	}
	tx.underWay = "define"
	defer tx.endStatement(&err)
	b := tx.batch()
	for _, d := range defs {
		if isSetting(d) {
			if err := d.Define(b); err != nil {
				return err
			}
		}
	}
	for i, d := range defs {
		if isSetting(d) {
			continue
		}
		if r := reflect.ValueOf(d); d == nil || r.Kind() == reflect.Pointer && r.IsNil() {
			return types.Refused("", "42601", "give it a Schema or a handle", "definition %d is nil", i+1)
		}
		if err := d.Define(b); err != nil {
			return err
		}
	}
	return tx.redefine(b, nil)
}

// isSetting tells whether a definition is about the tables that are defined with it, in any order.
func isSetting(d table.Definition) bool {
	switch d.(type) {
	case table.Naming, table.Numbering:
		return true
	}
	return false
}

// Drop removes tables with their rows. A table that a remaining table refers to is not dropped.
func (tx *Tx) Drop(names ...string) (err error) {
	if err := tx.refuses("drop"); err != nil {
		return err
	}
	tx.underWay = "drop"
	defer tx.endStatement(&err)
	b := tx.batch()
	tables := make([]string, len(names))
	for i, name := range names {
		tables[i] = tx.tableName(name)
		if err := b.Drop(tables[i]); err != nil {
			return err
		}
	}
	if err := tx.stillReferred(tables); err != nil {
		return err
	}
	return tx.redefine(b, nil)
}

// tableName is the name of the table that a table or a model is meant by.
func (tx *Tx) tableName(name string) string {
	if t := TableIn(tx.state(), name); t != nil {
		return t.Def().Name()
	}
	return name
}

func (tx *Tx) stillReferred(dropped []string) error {
	for _, name := range dropped {
		for _, r := range tx.graph().Into(name) {
			if !slices.Contains(dropped, r.Child) {
				return &types.Error{Kind: types.ErrDefinition, Op: "drop", Table: name, State: "2BP01", Constraint: r.Name,
					Detail: "table " + r.Child + " refers to it by foreign key " + r.Name,
					Hint:   "drop that foreign key or that table too"}
			}
		}
	}
	return nil
}

// batch is an empty batch on the definitions that there are.
func (tx *Tx) batch() *table.Batch {
	b := table.NewBatch(func(name string) (*table.Def, bool) {
		def := tx.draft.Definitions().Catalog().Def(name)
		return def, def != nil
	})
	b.Over(tx.draft.Definitions().Catalog())
	b.Settings(tx.draft.Definitions().Form)
	return b
}

// redefine carries out a batch of definitions: all of it or nothing. given are tables that come with their rows, and are not to be rebuilt.
func (tx *Tx) redefine(batch *table.Batch, given map[string]*table.Table) error {
	tx.watch()
	before := compiledOf(tx.draft.Definitions())
	hooks := before.hooks.with(batch)
	forms := batch.Take(isForm)
	structs := batch.Take(isStructRule)
	addRelations(batch)
	set, err := before.assoc.Extend(batch)
	if err != nil {
		return err
	}
	for _, rule := range structs {
		if err := rule.(structRule)(set, batch); err != nil {
			return err
		}
	}
	if err := tx.reset(batch); err != nil {
		return err
	}
	changed, err := batch.Compile(set.Clock())
	if err != nil {
		return err
	}
	defs := tx.draft.Definitions().With(batch.Dropped(), changed)
	for _, f := range forms {
		defs.Keep(f.(table.Form))
	}
	graph, err := before.graph.Extend(defs.Catalog(), batch.Dropped(), changed, set.Turns())
	if err != nil {
		return err
	}
	for _, name := range batch.Dropped() {
		if err := tx.mayWrite(name); err != nil {
			return err
		}
	}
	tables, err := tx.rebuild(changed, batch.Renaming(), given)
	if err != nil {
		return err
	}
	if err := checkNewReferences(before.graph, graph, changed, batch.Renaming(), table.Interrupted(overlaid{tx.state(), tables}, tx.interrupt)); err != nil {
		return err
	}
	mark := tx.draft.Mark()
	tx.log = append(tx.log, logged{mark: &mark})
	tx.pending = graph.Redefined(before.graph, tx.pending)
	after := &compiled{graph, set, hooks}
	defs.Complete(after, associated(set), set == before.assoc)
	tx.draft.Redefine(defs, tables)
	if tx.fed {
		tx.log[len(tx.log)-1].redefined = mark.Redefinition(tx.draft.Mark(), batch.Renaming())
	}
	after.tell(before)
	return nil
}

// reset enters the tables that ask the clock where the batch has another.
func (tx *Tx) reset(batch *table.Batch) error {
	if !slices.ContainsFunc(batch.Added(), func(part any) bool { _, is := part.(assoc.Clock); return is }) {
		return nil
	}
	for _, def := range tx.draft.Definitions().Defs() {
		now := slices.ContainsFunc(def.Columns(), func(c types.Column) bool { return c.DefaultNow })
		if _, stays := batch.Peek(def.Name()); !now || !stays {
			continue
		}
		if _, err := batch.Schema(def.Name()); err != nil {
			return err
		}
	}
	return nil
}

func isForm(part any) bool {
	_, is := part.(table.Form)
	return is
}

// associated is what the catalog has of a set: its associations, those that wait, and what they say of references.
func associated(set *assoc.Set) (out snapshot.Associated) {
	for _, a := range set.Associations() {
		out.Associations = append(out.Associations, snapshot.Association{Source: a.SourceTable, Alias: a.As, Resolved: a})
	}
	for _, p := range set.Pending() {
		out.Associations = append(out.Associations, snapshot.Association{Source: p.Source, Alias: p.As, Resolved: p})
	}
	for _, r := range set.References() {
		out.Shared = append(out.Shared, snapshot.Shared{Child: r.Child, Reference: r.Reference, Resolved: r})
	}
	return out
}

// rebuild makes the tables of new and altered definitions, with the rows that they have. Which there are is asked of the catalog: the
// draft would number all of its tables first.
func (tx *Tx) rebuild(changed []*table.Def, was *table.Renaming, given map[string]*table.Table) (map[string]*table.Table, error) {
	tables := make(map[string]*table.Table, len(changed))
	for _, def := range changed {
		if err := tx.mayWrite(def.Name()); err != nil {
			return nil, err
		}
		if t := given[def.Name()]; t != nil {
			with, err := t.Redefined(def)
			if err != nil {
				return nil, err
			}
			with.SetLast(t.Last())
			tables[def.Name()] = with
			continue
		}
		if tx.draft.Definitions().Catalog().Def(was.TableWas(def.Name())) == nil {
			tables[def.Name()] = table.New(def)
			continue
		}
		t, err := table.Rebuild(tx.draft.Table(was.TableWas(def.Name())), def, was, tx.interrupt)
		if err != nil {
			return nil, Attempted("alter", def.Name(), err)
		}
		tables[def.Name()] = t
	}
	return tables, nil
}

// overlaid is a state with some tables replaced.
type overlaid struct {
	table.Reader
	tables map[string]*table.Table
}

func (o overlaid) Table(name string) *table.Table {
	if t, ok := o.tables[name]; ok {
		return t
	}
	return o.Reader.Table(name)
}

// checkNewReferences holds the rows that there are to the references that are new.
func checkNewReferences(before, after *cascade.Graph, changed []*table.Def, was *table.Renaming, state table.Reader) error {
	for _, def := range changed {
		t := state.Table(def.Name())
		if t.Len() == 0 {
			continue
		}
		for _, r := range after.From(def.Name()) {
			if slices.ContainsFunc(before.From(was.TableWas(r.Child)), func(old *cascade.Ref) bool { return r.SameConstraint(old, was) }) {
				continue
			}
			if err := after.CheckRef(state, r, t.Records()); err != nil {
				return Attempted("alter", def.Name(), err)
			}
		}
	}
	return nil
}

// References are the references that have to do with a table: first those that refer to it, in the order in which a delete
// works them, then those to other tables that it declares. Each is there once, whichever sides define it. O(references).
func References(d *snapshot.Definitions, name string) (out []assoc.SharedReference) {
	if _, ok := d.Position(name); !ok {
		if m := AssociationsOf(d).Model(name); m != nil {
			name = m.Table
		}
	}
	for _, r := range GraphOf(d).Into(name) {
		out = append(out, reference(d, r.Child, r.Reference))
	}
	for _, r := range GraphOf(d).From(name) {
		if r.Table != name {
			out = append(out, reference(d, r.Child, r.Reference))
		}
	}
	return out
}

// reference is a reference with what associations say of it. What none of them shares is as the table declares it, by priority of
// the user.
func reference(d *snapshot.Definitions, child string, r table.Reference) assoc.SharedReference {
	if have, ok := d.Catalog().Shared(child, r).(assoc.SharedReference); ok {
		have.Reference = r
		return types.Clone(have)
	}
	return types.Clone(assoc.SharedReference{Reference: r, Child: child, Priority: assoc.ByUser})
}

// Pending are the associations that wait for their target, in the order in which they were defined.
func Pending(d *snapshot.Definitions) (out []assoc.Pending) {
	for _, a := range d.Catalog().Associations() {
		if p, waits := a.Resolved.(assoc.Pending); waits {
			out = append(out, types.Clone(p))
		}
	}
	return out
}

// Diagnostics are the definitions that are allowed but do not do what they seem to say. O(definitions).
func Diagnostics(d *snapshot.Definitions) []types.Diagnostic {
	return types.Clone(compiledOf(d).diagnostics())
}

func (c *compiled) diagnostics() []types.Diagnostic {
	return append(c.graph.Diagnostics(), c.assoc.Conflicts()...)
}

// tell has what is new among the diagnostics told to whoever wants to know.
func (c *compiled) tell(before *compiled) {
	f := c.assoc.DiagnosticFunc()
	if f == nil {
		return
	}
	had := map[string]bool{}
	for _, d := range before.diagnostics() {
		had[d.String()] = true
	}
	for _, d := range c.diagnostics() {
		if !had[d.String()] {
			f(types.Clone(d))
		}
	}
}
