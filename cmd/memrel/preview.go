package main

import (
	"fmt"
	"strings"

	"github.com/memrel/memrel"
)

type previewCommand struct {
	Delete previewDelete `cmd:"" help:"What would deleting a row do?"`
	Update previewUpdate `cmd:"" help:"What would changing a row do?"`
}

// previewFlags are those of both.
type previewFlags struct {
	Table string   `arg:"" help:"The table."`
	Key   []string `arg:"" help:"The row's primary key, one value for each of its columns."`
	Dir   string   `default:"." placeholder:"DIR" help:"Directory with the data files, or a saved store (${default})."`
	dataFlags
	JSON bool `help:"Print the plan as JSON."`
}

type previewDelete struct {
	previewFlags
}

// Help is the long help.
func (*previewDelete) Help() string {
	return `Prints every row that would go or change, by which foreign key, how many rows of each table, and what would stop the delete.
Nothing is changed. A record of an ontology is destroyed in all its datastores: what that would do to each is printed, and which
keys in others would refer to nothing.

Exit code 1 if the delete would be refused, or there is no such row.

Examples:

    memrel preview delete Artist 1 --dir ./chinook
    memrel preview delete PlaylistTrack 1 3402 --dir ./chinook --json`
}

// Run previews a delete, and for a model of an ontology a destroy in all its datastores.
func (c *previewDelete) Run(a *app) error {
	if done, err := c.destroy(a); done || err != nil {
		return err
	}
	return c.show(a, func(db *memrel.DB, s *memrel.Schema, key []any) (*memrel.Preview, error) {
		return db.View().PreviewDelete(s.Name, key...)
	})
}

type previewUpdate struct {
	previewFlags
	Set []string `required:"" sep:"none" placeholder:"COLUMN=VALUE" help:"A column to change; may be repeated. An empty value is NULL where the column allows that; two single quotes are the empty text."`
}

// Help is the long help.
func (*previewUpdate) Help() string {
	return `Prints the row as it would be and every row that would follow it, by which foreign key, and what would stop the update.
Nothing is changed. Keys in another datastore of an ontology do not follow.

Exit code 1 if the update would be refused, or there is no such row.

Examples:

    memrel preview update Artist 1 --set ArtistId=1000 --dir ./chinook
    memrel preview update Employee 2 --set ReportsTo= --set Title=Boss --dir ./chinook`
}

// Run previews an update.
func (c *previewUpdate) Run(a *app) error {
	return c.show(a, func(db *memrel.DB, s *memrel.Schema, key []any) (*memrel.Preview, error) {
		set := memrel.Values{}
		for _, assignment := range c.Set {
			name, value, err := cutName(assignment, "=")
			if err != nil {
				return nil, usagef("--set %s: %w", assignment, err)
			}
			value, ok := strings.CutPrefix(value, "=")
			if !ok {
				return nil, usagef("--set %s: write COLUMN=VALUE", assignment)
			}
			col, err := columnNamed(s, name)
			if err != nil {
				return nil, err
			}
			if _, twice := set[col.Name]; twice {
				return nil, usagef("--set gives %s twice", col.Name)
			}
			if value == "''" && col.Type.IsString() {
				set[col.Name] = ""
				continue
			}
			if set[col.Name], err = cell(col, value); err != nil {
				return nil, err
			}
		}
		return db.View().PreviewUpdate(s.Name, set, memrel.Key(key))
	})
}

// show opens the data, makes the preview and prints it.
func (c *previewFlags) show(a *app, make func(*memrel.DB, *memrel.Schema, []any) (*memrel.Preview, error)) error {
	src, name, err := c.from(c.Dir).holding(c.Table)
	if err != nil {
		return err
	}
	_, empty, err := src.schemas()
	if err != nil {
		return err
	}
	s, err := tableNamed(empty, name)
	if err != nil {
		return err
	}
	key, err := keyOf(&s, c.Key)
	if err != nil {
		return err
	}
	db, err := src.open(a)
	if err != nil {
		return err
	}
	p, err := make(db, &s, key)
	if err != nil {
		return err
	}
	return c.print(a, p)
}

// print prints a preview of one store, or of several.
func (c *previewFlags) print(a *app, p interface {
	fmt.Stringer
	Err() error
}) error {
	var err error
	if c.JSON {
		err = writeIndented(a.data(), p)
	} else {
		_, err = fmt.Fprint(a.data(), p.String())
	}
	if err == nil && p.Err() != nil {
		err = errFound
	}
	return err
}

// destroy previews a destroy, if the table is a model's and there is the record.
func (c *previewDelete) destroy(a *app) (done bool, err error) {
	s := c.from(c.Dir)
	all, o, err := s.each()
	if err != nil || o == nil {
		return false, err
	}
	in, table, err := s.holding(c.Table)
	if err != nil {
		return false, err
	}
	identity, err := modelOf(o, in.datastore, table)
	if err != nil || identity == "" {
		return false, err
	}
	schema, err := tableNamed(o.Store(in.datastore), table)
	if err != nil {
		return false, err
	}
	key, err := keyOf(&schema, c.Key)
	if err != nil {
		return false, err
	}
	if o, err = a.opened(all); err != nil {
		return false, err
	}
	p, err := o.Collection(identity).PreviewDestroy(key[0])
	if err != nil || len(p.Statements) == 0 {
		return false, err
	}
	return true, c.print(a, p)
}
