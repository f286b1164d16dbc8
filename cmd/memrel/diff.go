package main

import (
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

type diffCommand struct {
	Before string `arg:"" help:"Directory with the data files, or a saved store."`
	After  string `arg:"" help:"Another one."`
	dataFlags
	JSON bool `help:"Print the difference as JSON."`
}

// Help is the long help.
func (*diffCommand) Help() string {
	return `Prints what is different in the second of two directories or saved stores, by table and primary key, a line each:

    memrel diff yesterday.memrel today.memrel

    + column users.age int                    a table or column that came, or - went
    - users{id: 3, name: "Cid"}               a row that is gone
    ~ users[1]: name: "Ann" -> "Anna"         one that changed, with the columns that did
    + users{id: 4, name: "Dee"}               a new one

Exit code 1 if there is any difference, as diff has it.

Examples:

    memrel diff yesterday.memrel today.memrel
    memrel diff ./chinook chinook.memrel --json`
}

// Run compares.
func (c *diffCommand) Run(a *app) error {
	before, err := c.side(a, c.Before)
	if err != nil {
		return err
	}
	after, err := c.side(a, c.After)
	if err != nil {
		return err
	}
	d, err := memrel.Diff(before, after)
	if err != nil {
		return err
	}
	if err := c.print(a, d); err != nil {
		return err
	}
	if d.IsZero() {
		a.message("no difference")
		return nil
	}
	return errFound
}

// side opens one of the two: a directory by its own definitions unless others are named.
func (c *diffCommand) side(a *app, name string) (*memrel.DB, error) {
	return c.from(name).open(a)
}

func (c *diffCommand) print(a *app, d memrel.Difference) error {
	if c.JSON {
		return writeIndented(a.data(), d)
	}
	for _, line := range d.Definitions() {
		if _, err := fmt.Fprintln(a.out, term.Safe(line)); err != nil {
			return err
		}
	}
	for row := range d.Rows() {
		if _, err := fmt.Fprintln(a.out, term.Safe(row.String())); err != nil {
			return err
		}
	}
	return nil
}
