package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// validate refuses what this program would not run as it is meant. Without it a word that is spelled in another way
// would be passed over, and the scenario might pass though it was never run.
func (s *scenario) validate() error {
	if len(s.Tables) == 0 || len(s.Steps) == 0 {
		return errors.New("a scenario has tables and steps")
	}
	if s.FailedStatement != "" && s.FailedStatement != "abortsTransaction" {
		return fmt.Errorf("unknown failedStatement %q", s.FailedStatement)
	}
	for i := range s.Tables {
		if err := s.Tables[i].validate(); err != nil {
			return fmt.Errorf("table %s: %w", s.Tables[i].Name, err)
		}
	}
	for i := range s.Steps {
		if err := s.validateStep(&s.Steps[i]); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
	}
	return nil
}

func (t *tableSpec) validate() error {
	if t.Name == "" || len(t.Columns) == 0 || len(t.PrimaryKey) == 0 {
		return errors.New("a table has a name, columns and a primary key")
	}
	for _, c := range t.Columns {
		if _, ok := types[c.Type]; !ok {
			return fmt.Errorf("column %s: unknown type %q", c.Name, c.Type)
		}
	}
	for _, k := range t.ForeignKeys {
		for _, action := range []string{k.OnDelete, k.OnUpdate} {
			if _, ok := actions[action]; !ok {
				return fmt.Errorf("foreign key %s: unknown action %q", k.Name, action)
			}
		}
		if !slices.Contains([]string{"", "simple", "full"}, k.Match) {
			return fmt.Errorf("foreign key %s: unknown match %q", k.Name, k.Match)
		}
	}
	return nil
}

func (s *scenario) validateStep(st *step) error {
	if err := st.validateOutcomes(); err != nil {
		return err
	}
	switch st.Op {
	case "begin", "commit", "rollback", "look":
		return nil
	case "savepoint", "rollbackTo", "release":
		if st.Name == "" {
			return fmt.Errorf("%s has no name", st.Op)
		}
		return nil
	case "setConstraints":
		_, err := st.constraintNames()
		return err
	case "insert", "update", "delete":
		i := slices.IndexFunc(s.Tables, func(t tableSpec) bool { return t.Name == st.Table })
		if i < 0 {
			return fmt.Errorf("there is no table %q", st.Table)
		}
		return st.validateWrite(&s.Tables[i])
	}
	return fmt.Errorf("unknown operation %q", st.Op)
}

func (st *step) validateWrite(t *tableSpec) error {
	switch {
	case st.Op == "insert" && len(st.Rows) == 0:
		return errors.New("an insert has rows")
	case st.Op == "update" && len(st.Set)+len(st.Add)+len(st.Map) == 0:
		return errors.New("an update says what to set")
	}
	for _, row := range st.Rows {
		if len(row) != len(st.Columns) {
			return fmt.Errorf("%d values for %d columns", len(row), len(st.Columns))
		}
	}
	for column, n := range st.Add {
		i := slices.IndexFunc(t.Columns, func(c columnSpec) bool { return c.Name == column })
		number, ok := n.(json.Number)
		if !ok || i < 0 {
			return fmt.Errorf("%v cannot be added to column %q", n, column)
		}
		_, err := number.Int64()
		if kind := t.Columns[i].Type; kind != "double" && (err != nil || kind != "int" && kind != "bigint") {
			return fmt.Errorf("%v cannot be added to the %s column %s", n, kind, column)
		}
	}
	for column, pairs := range st.Map {
		for _, pair := range pairs {
			if len(pair) != 2 {
				return fmt.Errorf("map of %s: %v is not a pair", column, pair)
			}
		}
	}
	return nil
}

// classes are the classes of errors that a recording may name.
var classes = []string{"parentMissing", "childExists", "matchFull", "unique", "notNull", "transactionAborted", "other"}

func (st *step) validateOutcomes() error {
	var all []*outcome
	if st.Outcome != nil {
		all = append(all, st.Outcome)
	}
	for _, a := range slices.Concat(st.Outcomes, st.Otherwise) {
		if a.Outcome == nil {
			return errors.New("an alternative has no outcome")
		}
		all = append(all, a.Outcome)
	}
	for _, o := range all {
		if o.Error == nil {
			continue
		}
		for _, class := range append([]string{o.Error.Class}, o.Error.OrClass...) {
			if !slices.Contains(classes, class) {
				return fmt.Errorf("unknown class of error %q", class)
			}
		}
	}
	return nil
}

// constraintNames are the references that a setConstraints names; none for all.
func (st *step) constraintNames() ([]string, error) {
	if st.Mode != "deferred" && st.Mode != "immediate" {
		return nil, fmt.Errorf("unknown mode %q", st.Mode)
	}
	switch c := st.Constraints.(type) {
	case string:
		if c == "all" {
			return nil, nil
		}
		return []string{c}, nil
	case []any:
		var names []string
		for _, n := range c {
			name, ok := n.(string)
			if !ok {
				return nil, fmt.Errorf("%v is not the name of a constraint", n)
			}
			names = append(names, name)
		}
		if len(names) > 0 {
			return names, nil
		}
	}
	return nil, fmt.Errorf("constraints are names or \"all\", not %v", st.Constraints)
}
