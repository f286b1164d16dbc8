package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/cascade"
)

func (p *collectionRun) reader() memrel.Reader {
	switch {
	case p.tx != nil:
		return p.tx
	case p.outer != nil:
		return p.outer
	}
	return p.db
}

func (p *collectionRun) set() *assoc.Set { return memrel.Associations(p.reader()) }

func (p *collectionRun) collections() *nocobase.Collections { return nocobase.Of(p.set()) }

// info is a collection as it came out.
func (p *collectionRun) info(collection string) *assoc.Info {
	info := p.set().Table(p.collections().Table(collection))
	if info == nil {
		panic(errUnknown{"collection " + collection})
	}
	return info
}

// named is the collection of a table.
func (p *collectionRun) named(table string) string {
	return cmp.Or(p.collections().Named(table), table)
}

// define defines the collections of a step one after another.
func (p *collectionRun) define(st *collectionStep) (any, error) {
	for _, c := range st.Collections {
		parsed, err := nocobase.Parse(bytes.NewReader(c.text))
		if err == nil {
			err = p.atomic(func() error { return p.tx.Define(parsed[0]) })
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// into are the references that aim at a collection, in the order in which a delete works them.
func (p *collectionRun) into(collection string) []memrel.SharedReference {
	table := p.collections().Table(collection)
	return slices.DeleteFunc(slices.Clone(p.db.References(table)), func(r memrel.SharedReference) bool { return r.Table != table })
}

func (p *collectionRun) references(st *collectionStep) (any, error) {
	if !p.referenced[st.Collection] && len(p.into(st.Collection)) == 0 {
		return nil, nil
	}
	out := []any{}
	for _, r := range p.into(st.Collection) {
		if r.Constraint != nil && r.Constraint.Alone {
			r.OnDelete = memrel.NoAction // what the database's constraint does is not in the recorded list
		}
		out = append(out, map[string]any{"source": p.named(r.Child), "sourceField": r.Columns[0], "target": st.Collection,
			"targetField": r.RefColumns[0], "onDelete": r.OnDelete.String(), "priority": r.Priority.String()})
	}
	return out, nil
}

func (p *collectionRun) associations(st *collectionStep) (any, error) {
	out := map[string]any{}
	for _, b := range p.collections().Bindings(st.Collection) {
		b.Pending, b.RowKey = b.Pending && b.ForeignKey == "", "" // one that was bound once is not told of as waiting
		out[b.Name] = told(b, b.Kind.String(), b.Pending)
	}
	for _, a := range p.collections().Arrays(st.Collection) {
		a.Sorted = false
		out[a.Name] = told(a, "belongsToArray", a.Pending)
	}
	return out, nil
}

// told is a binding as the recordings write it.
func told(binding any, kind string, pending bool) map[string]any {
	if pending {
		return map[string]any{"type": kind, "pending": true}
	}
	one := plain(binding).(map[string]any)
	delete(one, "name")
	one["type"] = kind
	return one
}

func (p *collectionRun) columns(st *collectionStep) (any, error) {
	out := map[string]any{}
	for _, c := range p.collections().Columns(st.Collection) {
		one := map[string]any{"type": c.Type}
		if c.PrimaryKey {
			one["primaryKey"] = true
		} else if !c.AllowNull {
			one["allowNull"] = false
		}
		if c.Unique {
			one["unique"] = true
		}
		if c.UniqueKey != "" {
			one["unique"] = c.UniqueKey
		}
		out[c.Name] = one
	}
	dropStamps(out)
	return out, nil
}

func (p *collectionRun) indexes(st *collectionStep) (any, error) {
	list := []any{}
	for _, x := range p.collections().IndexesOf(st.Collection) {
		list = append(list, map[string]any{"fields": x.Fields, "unique": x.Unique})
	}
	sortAny(list)
	return list, nil
}

// conflicts are the diagnostics of two actions for one reference that came with the step.
func (p *collectionRun) conflicts() (out []string) {
	for _, d := range p.told {
		if d.Kept != nil && d.Refused != nil {
			out = append(out, fmt.Sprintf("%s: %s kept, %s refused", d.Reference, d.Kept.OnDelete, d.Refused.OnDelete))
		}
	}
	return out
}

// recordedConflicts are those that were recorded, in the same words.
func (p *collectionRun) recordedConflicts(warnings []map[string]string) (out []string) {
	table := func(collection string) string { return cmp.Or(p.collections().Table(collection), collection) }
	for _, w := range warnings {
		if w["kind"] == "onDelete conflict" {
			out = append(out, fmt.Sprintf("%s.%s -> %s.%s: %s kept, %s refused",
				table(w["source"]), w["sourceField"], table(w["target"]), w["targetField"], w["kept"], w["refused"]))
		}
	}
	return out
}

var moments = map[cascade.Moment]string{
	memrel.BeforeRows: "beforeBulkDestroy", memrel.BeforeRow: "beforeDestroy", memrel.AfterRow: "afterDestroy",
}

// deletes are the events of the step, as the recordings write them. Where there is no primary key a row is told of by its filterTargetKey.
func (p *collectionRun) deletes() (out []string) {
	for _, e := range p.events {
		name, key := p.named(e.Table), []any{"*"}
		if c, _ := p.collections().Collection(name); e.Row.Has(nocobase.RowNumber) && c.FilterTargetKey != "" {
			key = []any{e.Row.Get(c.FilterTargetKey)}
		} else if e.When != memrel.BeforeRows {
			key = e.Row.Key()
		}
		out = append(out, fmt.Sprintf("%s#%s %s", name, fmt.Sprintf(strings.Repeat("/%v", len(key)), key...)[1:], moments[e.When]))
	}
	return out
}
