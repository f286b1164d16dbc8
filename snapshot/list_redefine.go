package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// definitions reads definitions, and works out what they make of the tables.
func (p *listParser) definitions() *Redefinition {
	r := &Redefinition{}
	p.forms(r)
	if p.over == nil {
		p.fail(errors.New("it has definitions and does not say so"))
	}
	for range p.count() {
		name := string(p.text())
		t := p.table(name)
		if t == nil {
			p.fail(&types.Error{Kind: types.ErrUnknownTable, Table: name, Detail: "there is no table " + name + " to drop", Hint: "apply lists in the order of their commits"})
			break
		}
		r.Was = append(r.Was, t)
		p.over[name] = nil
	}
	for range p.count() {
		if p.err != nil {
			break
		}
		p.redefined(r)
	}
	return r
}

// forms reads what front ends keep, if that changes.
func (p *listParser) forms(r *Redefinition) {
	if r.FormsChanged = p.flag(); r.FormsChanged {
		p.json(&r.Forms)
	}
	if state, ok := table.StateOf(p.state).(State); ok {
		r.FormsWas = state.Definitions().forms
	}
}

func (p *listParser) json(into any) {
	d := json.NewDecoder(bytes.NewReader(p.text()))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		p.fail(err)
	}
}

// redefined reads a table as it is after definitions.
func (p *listParser) redefined(r *Redefinition) {
	name, before := string(p.text()), string(p.text())
	var schema table.Schema
	p.json(&schema)
	var was *table.Table
	if before != "" {
		if was = p.table(before); was == nil {
			was = named(r.Was, before)
		}
	}
	switch {
	case p.err != nil:
		return
	case schema.Name != name || before != "" && was == nil || before != name && p.table(name) != nil:
		p.fail(fmt.Errorf("table %s has another name, was none, or is there already", name))
		return
	}
	for i := range schema.Columns {
		if err := lendFunctions(&schema.Columns[i], table.Functions(p.bytes(1)[0]), name, was); err != nil {
			p.fail(err)
			return
		}
	}
	def, err := table.Compile(schema)
	if err != nil {
		p.fail(err)
		return
	}
	if now := p.rowsUnder(def, was); p.err == nil {
		if was != nil {
			r.Was, p.over[before] = append(r.Was, was), nil
			if before != name {
				r.RenamedFrom, r.RenamedTo = before, name
			}
		}
		r.Now, p.over[name] = append(r.Now, now), now
	}
}

// lendFunctions gives a column the functions that the list says it has: those that the column of its name has here.
func lendFunctions(c *types.Column, f table.Functions, name string, was *table.Table) error {
	if was != nil {
		if i, ok := was.Def().Column(c.Name); ok {
			have := &was.Def().Columns()[i]
			if f&table.HasDefaultFunc != 0 {
				c.DefaultFunc = have.DefaultFunc
			}
			if f&table.HasCheckFunc != 0 {
				c.CheckFunc = have.CheckFunc
			}
		}
	}
	if table.FunctionsOf(c) == f {
		return nil
	}
	return &types.Error{Kind: types.ErrDefinition, Table: name, Columns: []string{c.Name},
		Detail: fmt.Sprintf("column %s was defined with a function, which no list can hold", c.Name), Hint: "load a file of that store with the program's definitions, and adopt it"}
}

// rowsUnder reads the rows of a table that was defined anew.
func (p *listParser) rowsUnder(def *table.Def, was *table.Table) *table.Table {
	last := p.last()
	if p.flag() {
		if was == nil {
			p.fail(fmt.Errorf("table %s keeps rows that it did not have", def.Name()))
			return nil
		}
		t, err := was.Redefined(def)
		if err == nil {
			err = t.Redo(nil, last)
		}
		if err != nil {
			p.fail(err)
			return nil
		}
		t.SetLast(last)
		return t
	}
	t := table.New(def)
	inserted := make([]table.Change, p.count())
	for i := range inserted {
		inserted[i].New = p.record(def)
	}
	if p.err == nil {
		if err := t.Redo(inserted, last); err != nil {
			p.fail(err)
		}
		t.SetLast(last)
	}
	return t
}
