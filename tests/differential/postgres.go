package differential

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/memrel/memrel"
)

// postgresRun runs programs on PostgreSQL, each in a schema of its own. A statement inside a transaction has a savepoint
// around it, so that one that fails does not abort the transaction.
type postgresRun struct {
	program *Program
	db      *pgconn.PgConn
	inTx    bool
}

// openPostgres ends the transaction of the run before, if one is open, empties the schema called name and makes the tables
// of the program there, declared in its order.
func openPostgres(db *pgconn.PgConn, name string, p *Program) (*postgresRun, error) {
	return startPostgres(db, name, p, append(p.creates(), p.adds()...))
}

// startPostgres runs statements in the emptied schema.
func startPostgres(db *pgconn.PgConn, name string, p *Program, statements []string) (*postgresRun, error) {
	empty := []string{"ROLLBACK", "DROP SCHEMA IF EXISTS " + name + " CASCADE", "CREATE SCHEMA " + name, "SET search_path = " + name + ", public"}
	empty = append(empty, domains()...)
	s := &postgresRun{program: p, db: db}
	_, err := s.exec(append(empty, statements...)...)
	return s, err
}

// exec runs statements in one round trip and returns how many rows the middle one of them changed.
func (s *postgresRun) exec(statements ...string) (int, error) {
	results, err := s.db.Exec(background, strings.Join(statements, ";")).ReadAll()
	if err != nil {
		return 0, err
	}
	return int(results[len(results)/2].CommandTag.RowsAffected()), nil
}

func (s *postgresRun) do(st Statement) Outcome {
	var rows int
	var err error
	switch {
	case st.Stores() && s.inTx:
		if rows, err = s.exec("SAVEPOINT statement", st.String(), "RELEASE statement"); err != nil {
			must(s.exec("ROLLBACK TO statement", "RELEASE statement"))
		}
	case st.Stores():
		rows, err = s.exec(st.String())
	case st.Op == "BEGIN":
		_, err = s.exec("BEGIN")
		s.inTx = true
	case !s.inTx:
	case st.Op == "IMMEDIATE":
		// The savepoint stays: PostgreSQL would not undo SET CONSTRAINTS with a savepoint further out once it is released.
		if _, err = s.exec("SAVEPOINT statement", st.String()); err != nil {
			must(s.exec("ROLLBACK TO statement"))
		}
	default:
		_, err = s.exec(st.String())
		s.inTx = st.Op != "COMMIT" && st.Op != "ROLLBACK"
	}
	return postgresOutcome(rows, err)
}

func postgresOutcome(rows int, err error) Outcome {
	if err == nil {
		return Outcome{Rows: rows}
	}
	o := Outcome{Class: other, Text: err.Error()}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return o
	}
	o.Constraint = primaryAs(e.ConstraintName)
	o.Text += " " + e.Detail
	switch e.Code {
	case "23502":
		o.Class, o.Constraint = notNull, "column "+e.ColumnName
	case "23505":
		o.Class = unique
	case "22003", "22P02":
		o.Class = outOfRange
	case "23514":
		if strings.EqualFold(e.ConstraintName, uintType+"_check") { // of the domain
			o.Class, o.Constraint = outOfRange, ""
		}
	case "0A000":
		o.Class = childExists // of a truncate
	case "23503", "23001":
		switch {
		case strings.HasPrefix(e.Message, "update or delete"):
			o.Class = childExists
		case strings.Contains(e.Detail, "MATCH FULL"):
			o.Class = matchFull
		default:
			o.Class = parentMissing
		}
	}
	return o
}

func (s *postgresRun) read() State {
	var queries []string
	for _, t := range s.program.Tables {
		queries = append(queries, "SELECT * FROM "+t.Name+" ORDER BY "+strings.Join(t.PrimaryKey, ", "))
	}
	results, err := s.db.Exec(background, strings.Join(queries, ";")).ReadAll()
	if err != nil {
		panic(err)
	}
	out := State{}
	for i := range s.program.Tables {
		t := &s.program.Tables[i]
		rows := [][]any{}
		for _, texts := range results[i].Rows {
			row := make([]any, len(t.Columns))
			for j, text := range texts {
				row[j] = fromText(&t.Columns[j], text)
			}
			rows = append(rows, row)
		}
		out[t.Name] = rows
	}
	return out
}

func fromText(c *memrel.Column, text []byte) any {
	if text == nil {
		return nil
	}
	var v any
	var err error
	switch c.Type {
	case memrel.Int:
		v, err = strconv.ParseInt(string(text), 10, 64)
	case memrel.Uint:
		v, err = strconv.ParseUint(string(text), 10, 64)
	case memrel.Float:
		v, err = strconv.ParseFloat(string(text), 64)
	case memrel.Bool:
		v = string(text) == "t"
	default:
		v = string(text)
	}
	if err != nil {
		panic(err)
	}
	return v
}

// rearrange writes all rows anew, so that they are visited by ascending or descending primary key.
func (s *postgresRun) rearrange(descending bool) error {
	direction := " ASC"
	if descending {
		direction = " DESC"
	}
	statements := []string{"BEGIN", "SET LOCAL session_replication_role = replica"}
	var names []string
	for _, t := range s.program.Tables {
		names = append(names, t.Name)
		statements = append(statements, fmt.Sprintf("CREATE TEMP TABLE kept_%s ON COMMIT DROP AS SELECT * FROM %s", t.Name, t.Name))
	}
	statements = append(statements, "TRUNCATE "+strings.Join(names, ", "))
	for _, t := range s.program.Tables {
		statements = append(statements, fmt.Sprintf("INSERT INTO %s SELECT * FROM kept_%s ORDER BY %s", t.Name, t.Name,
			strings.Join(t.PrimaryKey, direction+", ")+direction))
	}
	_, err := s.exec(append(statements, "COMMIT")...)
	return err
}
