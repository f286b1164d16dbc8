package tests

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/memrel/memrel"
)

// alter adds something to a table, or takes something away.
func (x *exactRun) alter(name string) {
	if memrel.Associations(x.db).Table(name) != nil {
		return // what front ends and associations brought stays
	}
	switch x.d.n(8) {
	case 0, 1:
		x.addColumn(name)
	case 2:
		x.dropColumn(name)
	case 3:
		i := memrel.Index{Columns: []string{drawOf(x.d, x.m.schemas[name].Columns...).Name}}
		i.Order = x.d.order(i.Columns)
		x.plainPart(name, i)
	case 4:
		x.addCheck(name)
	case 5, 6:
		x.addReference(name)
	default:
		x.dropConstraint(name)
	}
}

// next is the model with a definition of its own, which may be changed.
func (x *exactRun) next(name string) (*exactModel, memrel.Schema) {
	next := x.m.clone()
	next.schemas = maps.Clone(x.m.schemas)
	s := next.schemas[name]
	s.Columns, s.References = slices.Clone(s.Columns), slices.Clone(s.References)
	return next, s
}

func (x *exactRun) addColumn(name string) {
	next, s := x.next(name)
	c := x.d.column(fmt.Sprintf("n%d", len(x.log)))
	if v, now := x.d.value(&c), exactNowIn(&c); now != nil && x.d.once(4) {
		c.DefaultNow, next.defaults[name+"."+c.Name] = true, now
	} else if v.ok && v.given != nil {
		c.Default, next.defaults[name+"."+c.Name] = v.given, v.want
	}
	s.Columns = append(s.Columns, c)
	next.schemas[name] = s
	for _, r := range next.rows[name] {
		r[c.Name] = next.defaults[name+"."+c.Name]
	}
	x.altered("add column", name, c, next)
}

func (x *exactRun) dropColumn(name string) {
	next, s := x.next(name)
	c := drawOf(x.d, s.Columns...)
	if inUse(s, c.Name) || c.AutoIncrement {
		return
	}
	s.Columns = slices.DeleteFunc(s.Columns, func(have memrel.Column) bool { return have.Name == c.Name })
	next.schemas[name] = s
	for _, r := range next.rows[name] {
		delete(r, c.Name)
	}
	x.altered("drop column", name, memrel.DropColumn(c.Name), next)
}

// addReference has a column refer to the key of a table, which the rows that there are must fit.
func (x *exactRun) addReference(name string) {
	next, s := x.next(name)
	to := next.schemas[drawOf(x.d, x.m.tables()...)]
	if len(to.PrimaryKey) != 1 {
		return
	}
	c := drawOf(x.d, s.Columns...)
	taken := slices.ContainsFunc(s.References, func(r memrel.Reference) bool { return slices.Contains(r.Columns, c.Name) })
	if c.Type != exactColumn(to, to.PrimaryKey[0]).Type || c.AutoIncrement || taken {
		return // which of two actions on one column comes first is the levels' to say
	}
	ref := x.reference(c.Name, to.Name)
	ref.Name = fmt.Sprintf("r%d", len(x.log))
	given := ref
	ref.RefColumns = to.PrimaryKey
	s.References = append(s.References, ref)
	next.schemas[name] = s
	x.altered("add reference", name, given, next)
}

// addCheck adds a check that the model does not know: what it refuses is refused by that name, and what it lets pass it finds to hold.
func (x *exactRun) addCheck(name string) {
	next, s := x.next(name)
	c := drawOf(x.d, s.Columns...)
	if v := x.d.value(&c); v.ok {
		x.altered("add check", name, memrel.CheckConstraint{Name: fmt.Sprintf("k%d", len(x.log)), Where: memrel.Ne(c.Name, v.given)}, next)
	}
}

func (x *exactRun) dropConstraint(name string) {
	next, s := x.next(name)
	switch {
	case len(s.References) > 0 && x.d.once(2):
		ref := drawOf(x.d, s.References...)
		s.References = slices.DeleteFunc(s.References, func(have memrel.Reference) bool { return have.Name == ref.Name })
		next.schemas[name] = s
		x.altered("drop reference", name, memrel.DropConstraint(ref.Name), next)
	case len(s.Checks) > 0:
		x.altered("drop check", name, memrel.DropConstraint(drawOf(x.d, s.Checks...).Name), next)
	case len(s.Indexes) > 0:
		x.altered("drop index", name, memrel.DropConstraint(drawOf(x.d, s.Indexes...).Name), next)
	}
}

func (x *exactRun) plainPart(name string, part memrel.Part) {
	next, _ := x.next(name)
	x.altered("add", name, part, next)
}

// altered alters the table, and holds what the store says to the model of after. A definition that can only fail may be refused as such.
func (x *exactRun) altered(what, name string, part memrel.Part, next *exactModel) {
	err := x.db.Alter(name, part)
	why := next.broken()
	x.agree(fmt.Sprintf("%s %s %v", what, name, part), err, why, next, errors.Is(err, memrel.ErrDefinition))
	x.learn()
}

// drop drops a table, which nothing refers to.
func (x *exactRun) drop(name string) {
	if len(x.m.schemas) < 2 || memrel.Associations(x.db).Table(name) != nil {
		return
	}
	next, _ := x.next(name)
	delete(next.schemas, name)
	delete(next.rows, name)
	why := ""
	for _, s := range next.schemas {
		if slices.ContainsFunc(s.References, func(r memrel.Reference) bool { return r.Table == name }) {
			why = "referred to"
		}
	}
	x.agree("drop "+name, x.db.Drop(name), why, next, false)
	x.learn()
}

var errExactRollback = errors.New("rolled back")

// rolledBack does something of everything in a transaction that comes to nothing. What its statements say is not asked.
func (x *exactRun) rolledBack() {
	x.log = append(x.log, "rolled back")
	err := x.db.Update(func(tx *memrel.Tx) error {
		_ = tx.Savepoint("a")
		for range 1 + x.d.n(4) {
			name := drawOf(x.d, x.m.tables()...)
			model := memrel.RowsOf(name)
			given, _, _ := x.drawRow(x.m, name, 3)
			switch x.d.n(6) {
			case 0:
				_, _ = model.Insert(tx, given)
			case 1:
				_, _ = model.DeleteWhere(tx, memrel.Cond{})
			case 2:
				_, _ = model.UpdateWhere(tx, memrel.Cond{}, given)
			case 3:
				_ = tx.RollbackTo("a")
			case 4:
				_, _, _ = model.Upsert(tx, given)
			default:
				_ = tx.Alter(name, memrel.Column{Name: "rolledback", Type: memrel.Int})
			}
		}
		return errExactRollback
	})
	if !errors.Is(err, errExactRollback) {
		x.failf("rolled back: %v", err)
	}
}

// several updates columns that no key uses, or deletes, rows of a table that nothing refers to, in one statement.
func (x *exactRun) several(name string) {
	next, s := x.next(name)
	for _, other := range next.schemas {
		if slices.ContainsFunc(other.References, func(r memrel.Reference) bool { return r.Table == name }) {
			return
		}
	}
	c := drawOf(x.d, s.Columns...)
	v := x.valueFor(next, name, &c, nil)
	if !v.ok || c.Name == s.SoftDelete {
		return
	}
	if x.d.once(3) && s.SoftDelete == "" && v.given != nil {
		_, err := memrel.RowsOf(name).DeleteWhere(x.db, memrel.Eq(c.Name, v.given))
		next.rows[name] = slices.DeleteFunc(next.rows[name], func(r exactRow) bool { return equally(c.Type, r[c.Name]) == v.compared(&c) })
		x.agree(fmt.Sprintf("delete %s where %s is %v", name, c.Name, v.want), err, "", next, false)
		return
	}
	set := drawOf(x.d, s.Columns...)
	w := x.valueFor(next, name, &set, nil)
	if set.Name == s.SoftDelete || stamped(&set) || inUse(s, set.Name) || !w.ok {
		return
	}
	_, err := memrel.RowsOf(name).UpdateWhere(x.db, memrel.Eq(c.Name, v.given), memrel.Values{set.Name: w.given})
	for _, r := range next.rows[name] {
		if same := equally(c.Type, r[c.Name]) == v.compared(&c); same && !softGone(s, r) {
			r[set.Name] = w.want
			next.note(name, r)
		}
	}
	x.agree(fmt.Sprintf("update %s where %s is %v: %s = %v", name, c.Name, v.want, set.Name, w.want), err, next.broken(), next, false)
}
