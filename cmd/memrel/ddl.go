package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/ddl"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

type ddlCommand struct {
	definitions
	Dialect string `enum:"postgres,mysql,sqlite" default:"postgres" placeholder:"NAME" help:"The database: postgres, mysql or sqlite (${default})."`
}

// Help is the long help.
func (*ddlCommand) Help() string {
	return `Prints CREATE TABLE and CREATE INDEX for what the schema means: types, NOT NULL, defaults, keys, checks, and foreign keys with their
actions. Each table comes after those that it refers to; where tables refer to one another in circles, foreign keys follow at the
end.

Names are in quotes where they need them. Names that the database does not take, or takes for one (by their first 63 bytes, or
whatever their case), are changed so that they differ; a comment tells.

What the database has no type or clause for becomes a check, and what it cannot say at all stands in a comment before the
table. Numbered columns go on from the rows that the database has numbered itself.

For PostgreSQL 15, MySQL 8.0.16 with InnoDB, SQLite 3.37, or later.

Examples:

    memrel ddl ./chinook | psql music
    memrel ddl ./chinook --dialect sqlite | sqlite3 music.db
    memrel ddl models.json --dialect mysql`
}

// dialects are the databases by what --dialect calls them.
var dialects = map[string]ddl.Dialect{"postgres": ddl.Postgres, "mysql": ddl.MySQL, "sqlite": ddl.SQLite}

// Run prints.
func (c *ddlCommand) Run(a *app) error {
	return c.each(a, func(datastore string, schemas []memrel.Schema) error {
		if datastore != "" {
			_, _ = fmt.Fprintf(a.out, "-- datastore %s\n", strings.Join(strings.Fields(term.Safe(datastore)), " "))
		}
		_, err := io.WriteString(a.data(), ddl.Write(dialects[c.Dialect], schemas))
		return err
	})
}
