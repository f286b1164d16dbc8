package differential

import (
	"slices"

	"github.com/memrel/memrel"
)

// Shrink makes a program that fails smaller as long as it fails: fewer statements, rows, tables, references, keys,
// columns. It tries at most budget programs.
func Shrink(p *Program, budget int, fails func(*Program) bool) *Program {
	s := &shrinker{best: p, budget: budget, fails: fails}
	for before := -1; before != s.best.size() && s.budget > 0; {
		before = s.best.size()
		s.statements()
		s.tables()
		s.parts()
		s.details()
	}
	return s.best
}

type shrinker struct {
	best   *Program
	budget int
	fails  func(*Program) bool
}

// size counts what a reader has to read.
func (p *Program) size() int {
	n := 0
	for _, t := range p.Tables {
		n += 1 + len(t.Columns) + len(t.Unique) + len(t.References)
	}
	for _, s := range p.Statements {
		n += 1 + len(s.Rows) + len(s.Set)
		for _, m := range s.Where {
			n += len(m.Values)
		}
	}
	return n
}

// try keeps a program if it makes sense and fails.
func (s *shrinker) try(p *Program) bool {
	if s.budget <= 0 || !p.nested() {
		return false
	}
	s.budget--
	if s.fails(p) {
		s.best = p
		return true
	}
	return false
}

// nested tells whether transactions and savepoints begin before they end.
func (p *Program) nested() bool {
	open, marks := false, []string{}
	for _, s := range p.Statements {
		switch s.Op {
		case "BEGIN", "COMMIT", "ROLLBACK":
			if open == (s.Op == "BEGIN") {
				return false
			}
			open, marks = !open, nil
		case "SAVEPOINT":
			marks = append(marks, s.Name)
		case "ROLLBACK TO", "RELEASE":
			i := slices.Index(marks, s.Name)
			if i < 0 {
				return false
			}
			marks = marks[:i]
			if s.Op == "ROLLBACK TO" {
				marks = append(marks, s.Name)
			}
		case "DEFERRED", "IMMEDIATE":
			if !open {
				return false
			}
		}
		if !open && len(marks) > 0 {
			return false
		}
	}
	return true
}

// statements leaves out runs of statements, long ones first, and pairs that belong together.
func (s *shrinker) statements() {
	for n := max(1, len(s.best.Statements)/2); n > 0; n /= 2 {
		for i := 0; i+n <= len(s.best.Statements); {
			if !s.try(s.best.without(i, i+n)) {
				i++
			}
		}
	}
	for i := range s.best.Statements {
		for j := i + 1; j < len(s.best.Statements); j++ {
			q := s.best.without(j, j+1)
			q.Statements = slices.Delete(slices.Clone(q.Statements), i, i+1)
			if slices.Contains([]string{"BEGIN", "SAVEPOINT"}, s.best.Statements[i].Op) && s.try(q) {
				break
			}
		}
		if i >= len(s.best.Statements)-1 {
			break
		}
	}
}

func (p *Program) without(from, to int) *Program {
	return &Program{Tables: p.Tables, Statements: slices.Concat(p.Statements[:from], p.Statements[to:])}
}

// tables leaves out tables, with their statements and what refers to them.
func (s *shrinker) tables() {
	for i := len(s.best.Tables) - 1; i >= 0; i-- {
		name := s.best.Tables[i].Name
		q := &Program{Tables: slices.Delete(slices.Clone(s.best.Tables), i, i+1)}
		for _, st := range s.best.Statements {
			if st.With = slices.DeleteFunc(slices.Clone(st.With), func(t string) bool { return t == name }); st.Table != name {
				q.Statements = append(q.Statements, st)
			}
		}
		s.try(q.withReferences(func(_ string, r memrel.Reference) bool { return r.Table != name }))
	}
}

// withReferences keeps the references for which keep is true; SET CONSTRAINTS of others goes, too.
func (p *Program) withReferences(keep func(table string, r memrel.Reference) bool) *Program {
	q := &Program{Tables: slices.Clone(p.Tables)}
	gone := map[string]bool{}
	for i, t := range q.Tables {
		q.Tables[i].References = slices.DeleteFunc(slices.Clone(t.References), func(r memrel.Reference) bool {
			gone[r.Name] = gone[r.Name] || !keep(t.Name, r)
			return !keep(t.Name, r)
		})
	}
	for _, st := range p.Statements {
		if !((st.Op == "DEFERRED" || st.Op == "IMMEDIATE") && gone[st.Name]) {
			q.Statements = append(q.Statements, st)
		}
	}
	return q
}

// parts leaves out references, unique keys and columns.
func (s *shrinker) parts() {
	for _, l := range s.best.links() {
		s.try(s.best.withReferences(func(_ string, r memrel.Reference) bool { return r.Name != l.Name }))
	}
	for i := range s.best.Tables {
		for j := len(s.best.Tables[i].Unique) - 1; j >= 0; j-- {
			q := &Program{Tables: slices.Clone(s.best.Tables), Statements: s.best.Statements}
			q.Tables[i].Unique = slices.Delete(slices.Clone(q.Tables[i].Unique), j, j+1)
			s.try(q)
		}
		for _, c := range s.best.Tables[i].Columns {
			if q := s.best.withoutColumn(i, c.Name); q != nil {
				s.try(q)
			}
		}
	}
}

// withoutColumn is nil if a key or reference needs the column.
func (p *Program) withoutColumn(table int, column string) *Program {
	t := p.Tables[table]
	needed := slices.Contains(t.PrimaryKey, column)
	for _, u := range t.Unique {
		needed = needed || slices.Contains(u.Columns, column)
	}
	for _, r := range t.References {
		needed = needed || slices.Contains(r.Columns, column)
	}
	if needed {
		return nil
	}
	q := &Program{Tables: slices.Clone(p.Tables)}
	q.Tables[table].Columns = slices.DeleteFunc(slices.Clone(t.Columns), func(c memrel.Column) bool { return c.Name == column })
	for _, st := range p.Statements {
		if st.Table == t.Name {
			st = st.withoutColumn(column)
		}
		if st.Op != "UPDATE" || len(st.Set) > 0 {
			q.Statements = append(q.Statements, st)
		}
	}
	return q
}

func (s Statement) withoutColumn(column string) Statement {
	if i := slices.Index(s.Columns, column); i >= 0 {
		s.Columns = slices.Delete(slices.Clone(s.Columns), i, i+1)
		rows := make([][]any, len(s.Rows))
		for j, r := range s.Rows {
			rows[j] = slices.Delete(slices.Clone(r), i, i+1)
		}
		s.Rows = rows
	}
	s.Set = slices.DeleteFunc(slices.Clone(s.Set), func(a Assign) bool { return a.Column == column })
	s.Where = slices.DeleteFunc(slices.Clone(s.Where), func(m Match) bool { return m.Column == column })
	return s
}

// details leaves out rows of inserts, columns of updates and values of conditions.
func (s *shrinker) details() {
	for i := range s.best.Statements {
		s.cut(i, func(st *Statement) int { return len(st.Rows) }, func(st *Statement, j int) {
			st.Rows = slices.Delete(slices.Clone(st.Rows), j, j+1)
		})
		s.cut(i, func(st *Statement) int { return len(st.Set) }, func(st *Statement, j int) {
			st.Set = slices.Delete(slices.Clone(st.Set), j, j+1)
		})
		if len(s.best.Statements[i].Where) > 0 {
			s.cut(i, func(st *Statement) int { return len(st.Where[0].Values) }, func(st *Statement, j int) {
				st.Where = slices.Clone(st.Where)
				st.Where[0].Values = slices.Delete(slices.Clone(st.Where[0].Values), j, j+1)
			})
		}
	}
}

// cut removes, one by one, elements of a list in statement i; one stays.
func (s *shrinker) cut(i int, length func(*Statement) int, remove func(*Statement, int)) {
	for j := length(&s.best.Statements[i]) - 1; j >= 0 && length(&s.best.Statements[i]) > 1; j-- {
		q := &Program{Tables: s.best.Tables, Statements: slices.Clone(s.best.Statements)}
		remove(&q.Statements[i], j)
		s.try(q)
	}
}
