package differential

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"

	"github.com/memrel/memrel"
)

// sqliteRun runs a program on SQLite in memory. A statement inside a transaction has a savepoint around it: without one,
// SQLite goes on counting the deferred violations of a statement that it undid.
type sqliteRun struct {
	program *Program
	pool    *sql.DB
	db      *sql.Conn
	inTx    bool
}

var background = context.Background()

// openSQLite makes the tables, declared in the order of the program. Backwards visits rows in the other direction.
func openSQLite(p *Program, backwards bool) (*sqliteRun, error) {
	statements := []string{"PRAGMA foreign_keys = ON"}
	if backwards {
		statements = append(statements, "PRAGMA reverse_unordered_selects = ON")
	}
	for i := range p.Tables {
		statements = append(statements, create(&p.Tables[i], p.Tables[i].References))
	}
	return startSQLite(p, statements)
}

// startSQLite runs statements in a new database.
func startSQLite(p *Program, statements []string) (*sqliteRun, error) {
	pool, err := sql.Open("sqlite3", ":memory:?_foreign_keys=on")
	if err != nil {
		return nil, err
	}
	db, err := pool.Conn(background)
	if err != nil {
		return nil, err
	}
	s := &sqliteRun{program: p, pool: pool, db: db}
	for _, text := range statements {
		if _, err := s.exec(text); err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

func (s *sqliteRun) turn(to *Program) { s.program = to }

func (s *sqliteRun) close() {
	_ = s.db.Close()
	_ = s.pool.Close()
}

func (s *sqliteRun) exec(text string) (int, error) {
	result, err := s.db.ExecContext(background, text)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

func (s *sqliteRun) do(st Statement) Outcome {
	var rows int
	var err error
	switch {
	case st.Stores() && s.inTx:
		must(s.exec("SAVEPOINT statement"))
		if rows, err = s.exec(st.String()); err != nil {
			must(s.exec("ROLLBACK TO statement"))
		}
		must(s.exec("RELEASE statement"))
	case st.Stores():
		rows, err = s.exec(st.String())
	case st.Op == "BEGIN":
		_, err = s.exec("BEGIN")
		s.inTx = true
	case !s.inTx:
	default:
		if _, err = s.exec(st.String()); err != nil && st.Op == "COMMIT" {
			must(s.exec("ROLLBACK")) // it would stay open
		}
		s.inTx = s.inTx && st.Op != "COMMIT" && st.Op != "ROLLBACK"
	}
	if !st.Writes() { // the driver tells those of the statement before
		rows = 0
	}
	return sqliteOutcome(rows, err)
}

func must(_ int, err error) {
	if err != nil {
		panic(err)
	}
}

func sqliteOutcome(rows int, err error) Outcome {
	if err == nil {
		return Outcome{Rows: rows}
	}
	o := Outcome{Class: other, Text: err.Error()}
	var e sqlite3.Error
	if errors.As(err, &e) {
		switch e.ExtendedCode {
		case sqlite3.ErrConstraintForeignKey, sqlite3.ErrConstraintTrigger:
			o.Class = foreignKey
		case sqlite3.ErrConstraintNotNull:
			o.Class = notNull
		case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
			o.Class = unique
		}
	}
	return o
}

func (s *sqliteRun) read() State {
	out := State{}
	for i := range s.program.Tables {
		t := &s.program.Tables[i]
		rows, err := s.table(t)
		if err != nil {
			panic(err)
		}
		out[t.Name] = rows
	}
	return out
}

func (s *sqliteRun) table(t *memrel.Schema) ([][]any, error) {
	rows, err := s.db.QueryContext(background, "SELECT * FROM "+t.Name+" ORDER BY "+strings.Join(t.PrimaryKey, ", "))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // what went wrong, Err tells
	out := [][]any{}
	for rows.Next() {
		row := make([]any, len(t.Columns))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i := range row {
			row[i] = fromSQLite(&t.Columns[i], row[i])
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// fromSQLite is a value of a column as memrel has it: SQLite has no decimals, and its driver makes times of days.
func fromSQLite(c *memrel.Column, v any) any {
	switch x := v.(type) {
	case time.Time:
		return x.Format(time.DateOnly)
	case int64:
		switch c.Type {
		case memrel.Decimal:
			return fromSQLite(c, float64(x))
		case memrel.Uint:
			return uint64(x)
		}
	case float64:
		if c.Type == memrel.Decimal {
			return strconv.FormatFloat(x, 'f', c.Scale, 64)
		}
	}
	return v
}
