package ddl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// reference is a foreign key, with the check that stands for a clause that the database does not know.
func (w *writer) reference(s *memrel.Schema, r memrel.Reference) (lines []string) {
	if r.Unchecked {
		w.note("%s checks every foreign key: %s to %s, which is unchecked, is left out", w.dialect, r.Name, r.Table)
		return nil
	}
	if !w.keyable(s, "foreign key "+r.Name, r.Columns) || !w.sameTypes(s, r) {
		return nil
	}
	text := fmt.Sprintf("CONSTRAINT %s FOREIGN KEY %s REFERENCES %s %s%s", w.constraint(r.Name), w.columnList(s, r.Columns),
		w.tableName(r.Table), w.columnList(w.schemas[r.Table], r.RefColumns), w.clauses(s, r))
	if check := w.matchFull(s, r); check != "" {
		lines = append(lines, check)
	}
	if w.dialect == SQLite || w.made[r.Table] && !w.keyFollows(s, r) {
		return append(lines, text)
	}
	w.later = append(w.later, fmt.Sprintf("ALTER TABLE %s ADD %s;", w.tableName(s.Name), text))
	return lines
}

// keyFollows tells whether a table refers to a key of its own that is made after it.
func (w *writer) keyFollows(s *memrel.Schema, r memrel.Reference) bool {
	return w.dialect == Postgres && r.Table == s.Name && slices.ContainsFunc(s.Unique, func(u memrel.UniqueKey) bool {
		return len(u.Order) > 0 && len(u.Prefix) == 0 && slices.Equal(slices.Sorted(slices.Values(u.Columns)), slices.Sorted(slices.Values(r.RefColumns)))
	})
}

// clauses are what follows the key that is referred to.
func (w *writer) clauses(s *memrel.Schema, r memrel.Reference) string {
	var b strings.Builder
	if r.MatchFull && w.dialect == Postgres {
		b.WriteString(" MATCH FULL")
	}
	if a := w.action(r.OnDelete); a != "" {
		b.WriteString(" ON DELETE " + a + w.setColumns(s, r))
	}
	if a := w.action(r.OnUpdate); a != "" {
		b.WriteString(" ON UPDATE " + a)
	}
	if w.dialect == MySQL && (r.OnDelete == memrel.SetDefault || r.OnUpdate == memrel.SetDefault) {
		w.note("%s has no SET DEFAULT: %s (on delete %s, on update %s)", w.dialect, r.Name, r.OnDelete, r.OnUpdate)
	}
	b.WriteString(w.deferrable(r))
	return b.String()
}

// action is an action; NO ACTION need not be said.
func (w *writer) action(a memrel.Action) string {
	if a.IsZero() || w.dialect == MySQL && a == memrel.SetDefault {
		return ""
	}
	return a.String()
}

// setColumns are the columns that a SET NULL or SET DEFAULT is about, if these are not all.
func (w *writer) setColumns(s *memrel.Schema, r memrel.Reference) string {
	sets := r.OnDelete == memrel.SetNull || r.OnDelete == memrel.SetDefault
	if !sets || len(r.SetColumns) == 0 || len(r.SetColumns) == len(r.Columns) {
		return ""
	}
	if w.dialect == Postgres {
		return " " + w.columnList(s, r.SetColumns)
	}
	w.note("%s sets every column of %s on delete, not only %s", w.dialect, r.Name, strings.Join(r.SetColumns, ", "))
	return ""
}

func (w *writer) deferrable(r memrel.Reference) string {
	return w.deferral(r.Name, r.Deferrable, r.InitiallyDeferred, w.dialect != MySQL)
}

// deferrableKey is [writer.deferrable] of a unique key, which only PostgreSQL puts off.
func (w *writer) deferrableKey(u memrel.UniqueKey) string {
	return w.deferral(u.Name, u.Deferrable, u.InitiallyDeferred, w.dialect == Postgres)
}

// deferral says that a constraint can be deferred, where the database knows it.
func (w *writer) deferral(name string, deferrable, initially, known bool) string {
	switch {
	case !deferrable:
		return ""
	case !known:
		w.note("%s cannot put off the check of %s", w.dialect, name)
		return ""
	case initially:
		return " DEFERRABLE INITIALLY DEFERRED"
	}
	return " DEFERRABLE"
}

// matchFull is the check that a key is NULL as a whole or not at all.
func (w *writer) matchFull(s *memrel.Schema, r memrel.Reference) string {
	if !r.MatchFull || w.dialect == Postgres || len(r.Columns) < 2 {
		return ""
	}
	nulls := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		nulls[i] = w.columnName(s, c) + " IS NULL"
	}
	var same []string
	for _, other := range nulls[1:] {
		same = append(same, "("+nulls[0]+") = ("+other+")")
	}
	for _, c := range r.Columns {
		if !w.canCheck(s, c, "MATCH FULL of "+r.Name) {
			return ""
		}
	}
	return "CONSTRAINT " + w.constraint(r.Name+"_full") + " CHECK (" + strings.Join(same, " AND ") + ")"
}

// sameTypes tells whether the columns may refer to those that they refer to: MySQL wants the same types, and PostgreSQL has a
// number refer to one of a kind that it promotes it to, but not the other way round.
func (w *writer) sameTypes(s *memrel.Schema, r memrel.Reference) bool {
	parent := w.schemas[r.Table]
	if w.dialect == SQLite || parent == nil {
		return true
	}
	for i, name := range r.Columns {
		a, b := column(s, name), column(parent, r.RefColumns[i])
		switch {
		case a == nil || b == nil:
			continue
		case (a.Type != b.Type || a.Type == memrel.Uint && w.dialect == Postgres) && (w.dialect == MySQL || w.numberRank(s, a) > w.numberRank(parent, b)):
			w.note("%s does not compare the two kinds of numbers: %s is left out (%s is %s, %s.%s %s)", w.dialect, r.Name,
				a.Name, a.Type, parent.Name, b.Name, b.Type)
			return false
		case w.dialect != MySQL || a.Type != memrel.Int && a.Type != memrel.Decimal || w.scalar(a, true) == w.scalar(b, true):
			continue
		}
		w.note("%s refers only to numbers of the same size: %s is left out (%s is %s, %s.%s %s)", w.dialect, r.Name,
			a.Name, w.scalar(a, true), parent.Name, b.Name, w.scalar(b, true))
		return false
	}
	return true
}

// numberRank orders the kinds of numbers as PostgreSQL promotes them: those that refer to a kind before them do not.
func (w *writer) numberRank(s *memrel.Schema, c *memrel.Column) int {
	if c.Type == memrel.Uint && w.signed(s, c) {
		return 1
	}
	return map[memrel.Type]int{memrel.Int: 1, memrel.Decimal: 2, memrel.Uint: 2, memrel.Float: 3}[c.Type]
}
