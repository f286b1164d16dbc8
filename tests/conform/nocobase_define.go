package main

import (
	"bytes"
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

// define carries out a step that sets a field or takes away.
func (p *collectionRun) define(st *collectionStep) (any, error) {
	switch st.Op {
	case "removeCollection":
		return nil, p.tx.Define(nocobase.RemoveCollection(st.Collection))
	case "removeField":
		return nil, p.tx.Define(nocobase.RemoveField(st.Collection, st.Field.name))
	}
	return nil, p.tx.Define(nocobase.SetField(st.Collection, st.Field.is))
}

// defineEach defines the collections of a step one after another: those before one that is refused are there.
func (p *collectionRun) defineEach(st *collectionStep) (any, error) {
	for _, c := range st.Collections {
		parsed, err := nocobase.Parse(bytes.NewReader(c.text))
		if err != nil {
			return nil, err
		}
		if err := p.atomic(func() error { return p.tx.Define(parsed[0]) }); err != nil {
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
	list := p.into(st.Collection)
	if len(list) == 0 && !p.referenced[st.Collection] {
		return nil, nil
	}
	out := []any{}
	for _, r := range list {
		if r.Constraint != nil && r.Constraint.Alone {
			r.OnDelete = memrel.NoAction // what the database's constraint does is not in the recorded list
		}
		out = append(out, map[string]any{"source": p.named(r.Child), "sourceField": r.Columns[0], "target": st.Collection,
			"targetField": r.RefColumns[0], "onDelete": r.OnDelete.String(), "priority": r.Priority.String()})
	}
	return out, nil
}

// named is the collection of a table.
func (p *collectionRun) named(table string) string {
	if info := p.set().Table(table); info != nil {
		return info.Name
	}
	return table
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

// columns tells of NULL only outside the primary key, where it is never allowed whether the recording says so or not.
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

// conflicts are the diagnostics that came with the step, as the recordings write them.
func (p *collectionRun) conflicts() []recordedWarning {
	out := []recordedWarning{}
	for _, d := range p.told {
		if d.Kept == nil || d.Refused == nil {
			continue
		}
		w := recordedWarning{Kind: onDeleteConflict, Kept: d.Kept.OnDelete, Refused: d.Refused.OnDelete}
		from, to, _ := strings.Cut(d.Reference, " -> ")
		w.Source, w.SourceField = splitLast(from)
		w.Target, w.TargetField = splitLast(to)
		w.Source, w.Target = p.named(w.Source), p.named(w.Target)
		out = append(out, w)
	}
	return out
}

const onDeleteConflict = "onDelete conflict"

func splitLast(s string) (before, after string) {
	i := strings.LastIndexByte(s, '.')
	return s[:i], s[i+1:]
}

// deletes are the events of the step, as the recordings write them.
func (p *collectionRun) deletes() []string {
	out := []string{}
	for _, e := range p.events {
		key := "*"
		if e.When != memrel.BeforeRows {
			key = p.label(p.named(e.Table), e.Row)
		}
		out = append(out, fmt.Sprintf("%s#%s %s", p.named(e.Table), key, moments[e.When]))
	}
	return out
}

// label is the key of a row: the filterTargetKey where there is no primary key.
func (p *collectionRun) label(collection string, row memrel.Row) string {
	if c, _ := p.collections().Collection(collection); c.FilterTargetKey != "" && row.Has(nocobase.RowNumber) {
		return fmt.Sprint(row.Get(c.FilterTargetKey))
	}
	var key []string
	for _, part := range row.Key() {
		key = append(key, fmt.Sprint(part))
	}
	return strings.Join(key, "/")
}

var moments = map[cascade.Moment]string{
	memrel.BeforeRows: "beforeBulkDestroy", memrel.BeforeRow: "beforeDestroy", memrel.AfterRow: "afterDestroy",
}
