package tests

import (
	"maps"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/table"
)

// The statements of the model. Each works on a state that is thrown away if it is refused.

func (s state) insert(name string, values []memrel.Values) ([]row, refusal) {
	t, ok := s[name]
	if !ok {
		return nil, refusal{memrel.ErrUnknownTable}
	}
	var added []row
	var changes []change
	for _, v := range values {
		r, why := t.newRow(v, t.last)
		if why != nil {
			s[name] = t // for its numbers
			return nil, why
		}
		t.note([]row{r})
		added = append(added, r)
		changes = append(changes, change{name, nil, r})
	}
	t.all = slices.Concat(t.all, added)
	s[name] = t
	if t.duplicates() {
		return nil, refusal{memrel.ErrUnique}
	}
	return added, s.orphans(changes)
}

// upsert inserts rows or, where one has their key already, updates that one, in one statement.
func (s state) upsert(name string, values []memrel.Values, on []string) (after []row, why refusal) {
	t, ok := s[name]
	if !ok {
		return nil, refusal{memrel.ErrUnknownTable}
	}
	if len(on) == 0 {
		on = t.schema.PrimaryKey
	}
	k := slices.IndexFunc(t.uniques(), func(u memrel.UniqueKey) bool { return slices.Equal(u.Columns, on) })
	if k < 0 {
		return nil, refusal{memrel.ErrQuery, memrel.ErrUnknownColumn}
	}
	var changes []change
	seen := map[[4]any]bool{}
	last := t
	defer func() {
		if why != nil {
			s[name] = last // for its numbers
		}
	}()
	for _, v := range values {
		r, why := t.newRow(v, last.last)
		if why != nil {
			return nil, why
		}
		c := change{name, nil, r}
		if key, hasNull := cells(r, on); !hasNull || t.uniques()[k].NullsNotDistinct {
			if seen[key] {
				return nil, refusal{memrel.ErrUnique}
			}
			seen[key] = true
			c = t.overwriting(c, v, on)
		}
		if why := t.judgeRow(c.now); why != nil {
			return nil, why
		}
		last.note([]row{c.now})
		after, changes = append(after, c.now), append(changes, c)
	}
	return after, s.follow(changes)
}

// overwriting turns the insert of a row into the update of the row that has its key, if there is one.
func (t rows) overwriting(insert change, values memrel.Values, on []string) change {
	key, _ := cells(insert.now, on)
	for _, have := range t.all {
		if k, _ := cells(have, on); k == key {
			now := maps.Clone(have)
			maps.Copy(now, values)
			return change{insert.table, have, now}
		}
	}
	return insert
}

// pick is the rows for which a condition is true.
func (s state) pick(name string, where memrel.Cond) (picked []row) {
	for _, r := range s[name].all {
		if truth(where, r) == yes {
			picked = append(picked, r)
		}
	}
	return picked
}

// update changes the rows given and returns them as the statement leaves them.
func (s state) update(name string, picked []row, set func(row) memrel.Values) (after []row, why refusal) {
	t := s[name]
	var changes []change
	for _, r := range picked {
		values := set(r)
		if why := t.misfits(values); why != nil {
			return nil, why
		}
		now := maps.Clone(r)
		maps.Copy(now, values)
		why = append(why, t.judgeRow(now)...)
		after = append(after, now)
		changes = append(changes, change{name, r, now})
	}
	if why != nil {
		return nil, why
	}
	return after, s.follow(changes)
}

func (s state) delete(name string, picked []row) ([]row, refusal) {
	var changes []change
	for _, r := range picked {
		changes = append(changes, change{name, r, nil})
	}
	return picked, s.follow(changes)
}

func (s state) truncate(name string, more memrel.Truncation) refusal {
	gone := map[string]bool{name: true}
	for _, name := range more.With {
		gone[name] = true
	}
	for name := range gone {
		if _, ok := s[name]; !ok {
			return refusal{memrel.ErrUnknownTable}
		}
	}
	for again := true; again; {
		again = false
		for child, c := range s {
			for _, ref := range c.schema.References {
				switch {
				case !gone[ref.Table] || gone[child]:
				case more.Cascade:
					gone[child], again = true, true
				default:
					return refusal{memrel.ErrRestrict}
				}
			}
		}
	}
	for name := range gone {
		t := s[name]
		if t.all = nil; more.Restart {
			t.last, t.given, t.series = 0, 0, new(byte)
		}
		s[name] = t
	}
	return nil
}

// define adds a table.
func (s state) define(schema memrel.Schema) refusal {
	_, exists := s[schema.Name]
	for _, ref := range schema.References {
		_, known := s[ref.Table]
		exists = exists || !known && ref.Table != schema.Name
	}
	if exists {
		return refusal{memrel.ErrDefinition}
	}
	s[schema.Name] = rows{schema: schema, series: new(byte)}
	return nil
}

func (s state) drop(name string) refusal {
	if _, ok := s[name]; !ok {
		return refusal{memrel.ErrUnknownTable}
	}
	for child, c := range s {
		refers := func(ref memrel.Reference) bool { return ref.Table == name && child != name }
		if slices.ContainsFunc(c.schema.References, refers) {
			return refusal{memrel.ErrDefinition}
		}
	}
	delete(s, name)
	return nil
}

// alter gives a table a part or takes one away. The names of parts do not clash in the model's programs unless they are
// the same part.
func (s state) alter(name string, part memrel.Part) refusal {
	t, ok := s[name]
	if !ok {
		return refusal{memrel.ErrUnknownTable}
	}
	var why refusal
	switch part := part.(type) {
	case memrel.Column:
		why = t.addColumn(part)
	case memrel.UniqueKey:
		t.schema.Unique = slices.Concat(t.schema.Unique, []memrel.UniqueKey{part})
		if why = t.nameable(part.Name, part.Columns); why == nil && t.duplicates() {
			why = refusal{memrel.ErrUnique}
		}
	case memrel.Index:
		t.schema.Indexes = slices.Concat(t.schema.Indexes, []memrel.Index{part})
		why = t.nameable(part.Name, part.Columns)
	case memrel.Reference:
		t.schema.References = slices.Concat(t.schema.References, []memrel.Reference{part})
		why = s.referable(t, part)
	case table.DropColumn:
		why = t.dropColumn(string(part))
	case table.DropConstraint:
		why = t.dropConstraint(string(part))
	}
	s[name] = t
	return why
}

func (t *rows) addColumn(c memrel.Column) refusal {
	if _, exists := t.column(c.Name); exists {
		return refusal{memrel.ErrDefinition}
	}
	t.schema.Columns = slices.Concat(t.schema.Columns, []memrel.Column{c})
	all := make([]row, len(t.all))
	for i, r := range t.all {
		all[i] = maps.Clone(r)
		all[i][c.Name] = c.Default
		if why := t.judgeRow(all[i]); why != nil {
			return why
		}
	}
	t.all = all
	return nil
}

func (t *rows) dropColumn(name string) refusal {
	if _, exists := t.column(name); !exists {
		return refusal{memrel.ErrUnknownColumn}
	}
	used := t.schema.PrimaryKey
	for _, u := range t.schema.Unique {
		used = slices.Concat(used, u.Columns)
	}
	for _, x := range t.schema.Indexes {
		used = slices.Concat(used, x.Columns)
	}
	for _, c := range t.schema.Checks {
		used = slices.Concat(used, []string{c.Where.Column})
	}
	for _, r := range t.schema.References {
		used = slices.Concat(used, r.Columns)
	}
	if slices.Contains(used, name) {
		return refusal{memrel.ErrDefinition}
	}
	is := func(c memrel.Column) bool { return c.Name == name }
	t.schema.Columns = slices.DeleteFunc(slices.Clone(t.schema.Columns), is)
	all := make([]row, len(t.all))
	for i, r := range t.all {
		all[i] = maps.Clone(r)
		delete(all[i], name)
	}
	t.all = all
	return nil
}

// nameable tells whether a key can be had: its columns exist, and its name is its own.
func (t *rows) nameable(name string, columns []string) refusal {
	count := 0
	for _, u := range t.schema.Unique {
		count += number(u.Name == name)
	}
	for _, x := range t.schema.Indexes {
		count += number(x.Name == name)
	}
	for _, c := range columns {
		if _, ok := t.column(c); !ok {
			count++
		}
	}
	if count > 1 {
		return refusal{memrel.ErrDefinition}
	}
	return nil
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// referable tells whether a reference can be had, the table having it already.
func (s state) referable(t rows, ref memrel.Reference) refusal {
	count := 0
	for _, r := range t.schema.References {
		count += number(r.Name == ref.Name)
	}
	for _, c := range ref.Columns {
		if _, ok := t.column(c); !ok {
			count = 2
		}
	}
	if _, ok := s[ref.Table]; !ok || count > 1 {
		return refusal{memrel.ErrDefinition}
	}
	if slices.ContainsFunc(t.all, func(r row) bool { return s.orphan(ref, r) }) {
		return refusal{memrel.ErrForeignKey}
	}
	return nil
}

func (t *rows) dropConstraint(name string) refusal {
	s := &t.schema
	before := len(s.Unique) + len(s.Indexes) + len(s.References)
	s.Unique = slices.DeleteFunc(slices.Clone(s.Unique), func(u memrel.UniqueKey) bool { return u.Name == name })
	s.Indexes = slices.DeleteFunc(slices.Clone(s.Indexes), func(x memrel.Index) bool { return x.Name == name })
	s.References = slices.DeleteFunc(slices.Clone(s.References), func(r memrel.Reference) bool { return r.Name == name })
	if before == len(s.Unique)+len(s.Indexes)+len(s.References) {
		return refusal{memrel.ErrDefinition}
	}
	return nil
}
