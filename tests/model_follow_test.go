package tests

import (
	"maps"
	"slices"

	"github.com/memrel/memrel"
)

func (s state) names() []string { return slices.Sorted(maps.Keys(s)) }

// apply carries out changes, all at once, and tells whether the tables changed still have unique keys.
func (s state) apply(changes []change) (unique bool) {
	unique = true
	for _, name := range s.names() {
		t := s[name]
		becomes := map[[4]any]row{}
		var added []row
		for _, c := range changes {
			switch key, _ := cells(c.old, t.schema.PrimaryKey); {
			case c.table != name:
			case c.old == nil:
				added = append(added, c.now)
			default:
				becomes[key] = c.now
			}
		}
		if len(becomes)+len(added) > 0 {
			s[name] = t.with(becomes, added)
			unique = unique && !s[name].duplicates()
		}
	}
	return unique
}

// with is the table with other rows for those with these keys, where no row makes them go, and with rows added.
func (t rows) with(becomes map[[4]any]row, added []row) rows {
	var all, written []row
	for _, r := range t.all {
		key, _ := cells(r, t.schema.PrimaryKey)
		now, touched := becomes[key]
		switch {
		case !touched:
			all = append(all, r)
		case now != nil:
			all, written = append(all, now), append(written, now)
		}
	}
	t.all = append(all, added...)
	t.note(append(written, added...))
	return t
}

// follow carries out changes to the rows that a statement names, and what they do to the rows that refer to these,
// level by level.
func (s state) follow(changes []change) refusal {
	if !s.apply(changes) {
		return refusal{memrel.ErrUnique}
	}
	for len(changes) > 0 {
		next := s.children(changes)
		unique := s.apply(next)
		for _, c := range next {
			if c.now != nil {
				if why := s[c.table].judgeRow(c.now); why != nil {
					return why
				}
			}
		}
		if !unique {
			return refusal{memrel.ErrUnique}
		}
		if why := append(s.stillReferenced(changes), s.orphans(changes)...); why != nil {
			return why
		}
		changes = next
	}
	return nil
}

// gone calls visit for each key that changes take away from a reference, with what has become of the row.
func (s state) gone(changes []change, visit func(child string, ref memrel.Reference, c change)) {
	for _, child := range s.names() {
		for _, ref := range s[child].schema.References {
			columns := s.refColumns(ref)
			for _, c := range changes {
				if c.table != ref.Table {
					continue
				}
				old, hasNull := cells(c.old, columns)
				now, _ := cells(c.now, columns)
				if !hasNull && (c.now == nil || old != now) {
					visit(child, ref, c)
				}
			}
		}
	}
}

// children is what the actions of references make of the rows that refer to changed ones.
func (s state) children(changes []change) (next []change) {
	s.gone(changes, func(child string, ref memrel.Reference, c change) {
		action := ref.OnUpdate
		if c.now == nil {
			action = ref.OnDelete
		}
		columns := s.refColumns(ref)
		old, _ := cells(c.old, columns)
		for _, r := range s[child].all {
			if key, _ := cells(r, ref.Columns); key != old {
				continue
			}
			switch {
			case action == memrel.Cascade && c.now == nil:
				next = append(next, change{child, r, nil})
			case action == memrel.Cascade:
				next = append(next, change{child, r, rewritten(r, ref.Columns, c.now, columns)})
			case action == memrel.SetNull:
				next = append(next, change{child, r, rewritten(r, ref.Columns, nil, columns)})
			}
		}
	})
	return next
}

// rewritten is a row with columns set to those of another; to NULL if there is none.
func rewritten(r row, columns []string, to row, from []string) row {
	out := maps.Clone(r)
	for i, name := range columns {
		out[name] = to[from[i]]
	}
	return out
}

// stillReferenced: RESTRICT and NO ACTION.
func (s state) stillReferenced(changes []change) (why refusal) {
	s.gone(changes, func(child string, ref memrel.Reference, c change) {
		action := ref.OnUpdate
		if c.now == nil {
			action = ref.OnDelete
		}
		old, _ := cells(c.old, s.refColumns(ref))
		refuses := action == memrel.Restrict || action.IsZero() && !s.has(ref.Table, s.refColumns(ref), old)
		if refuses && s.has(child, ref.Columns, old) {
			why = append(why, memrel.ErrRestrict)
		}
	})
	return why
}

// orphans: rows whose reference changed must have their parents.
func (s state) orphans(changes []change) (why refusal) {
	for _, c := range changes {
		if c.now == nil {
			continue
		}
		for _, ref := range s[c.table].schema.References {
			old, _ := cells(c.old, ref.Columns)
			now, _ := cells(c.now, ref.Columns)
			if (c.old == nil || old != now) && s.orphan(ref, c.now) {
				why = append(why, memrel.ErrForeignKey)
			}
		}
	}
	return why
}

// truthValue is one of SQL's three.
type truthValue int

const (
	no truthValue = iota
	unknown
	yes
)

func truthOf(b bool) truthValue {
	if b {
		return yes
	}
	return no
}

// truth is what a condition is for a row. It knows the operators that the model's programs use.
func truth(c memrel.Cond, r row) truthValue {
	v := r[c.Column]
	switch c.Op.String() {
	case "":
		return yes
	case "isNull":
		return truthOf(v == nil)
	case "notNull":
		return truthOf(v != nil)
	case "and":
		return min(truth(c.Conds[0], r), truth(c.Conds[1], r))
	case "or":
		return max(truth(c.Conds[0], r), truth(c.Conds[1], r))
	case "not":
		return yes - truth(c.Conds[0], r)
	}
	if v == nil || c.Value == nil && c.Values == nil {
		return unknown
	}
	switch c.Op.String() {
	case "eq":
		return truthOf(v == c.Value)
	case "ne":
		return truthOf(v != c.Value)
	case "lt":
		return truthOf(less(v, c.Value))
	case "gte":
		return truthOf(!less(v, c.Value))
	case "in":
		return truthOf(slices.Contains(c.Values, v))
	}
	panic("the model does not know " + c.Op.String())
}

func less(a, b any) bool {
	if n, ok := a.(int64); ok {
		return n < b.(int64)
	}
	return a.(string) < b.(string)
}
