package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/musicstore"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

type demoCommand struct {
	Size int    `default:"10000" placeholder:"N" help:"How many tracks the store has (${default}); everything else grows with them."`
	Seed uint64 `default:"1" placeholder:"N" help:"Another number makes another store (${default})."`
}

// Help is the long help.
func (*demoCommand) Help() string {
	return `Makes up a music store, loads it, and shows on it what memrel does: tables and keys, walking relations, what is refused and how it is
said, cascades before and after they happen, transactions, forks, and how long things take here. But for the times, equal
arguments print equal text.

Examples:

    memrel demo
    memrel demo --size 1000000
    memrel demo --seed 7 | less`
}

const (
	leastTracks = 10
	mostTracks  = 10_000_000
)

// Run shows everything.
func (c *demoCommand) Run(a *app) error {
	if c.Size < leastTracks || c.Size > mostTracks {
		return usagef("--size %d: a store has %s to %s tracks", c.Size, term.Number(leastTracks), term.Number(mostTracks))
	}
	return newDemo(a, time.Now).run(c.Size, c.Seed)
}

// demo is one showing. Its clock is a parameter, so that a test sees the same times each time.
type demo struct {
	*app
	now    func() time.Time
	tables musicstore.Tables
	db     *memrel.DB
	step   int
	// lessOften divides how often things are timed: 1 for people, more for tests.
	lessOften int
}

func newDemo(a *app, now func() time.Time) *demo {
	return &demo{app: a, now: now, tables: musicstore.NewTables(), lessOften: 1}
}

func (d *demo) run(size int, seed uint64) error {
	d.say("%s  a music store of %s tracks, made up from seed %d, kept in memory", d.style.Bold("memrel"), term.Number(size), seed)
	if err := d.load(size, seed); err != nil {
		return err
	}
	for _, show := range []func() error{d.showTables, d.walk, d.violate, d.cascade, d.rollBack, d.fork, d.time, d.check} {
		if err := show(); err != nil {
			return err
		}
		// What is shown is seen before the next part is worked out.
		if err := d.out.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// say writes a line. Its error is that of the flush, which every part ends with.
func (d *demo) say(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format+"\n", args...) }

// section begins a part with what it shows.
func (d *demo) section(title, what string) {
	d.step++
	d.say("\n%s %s", d.style.Bold(d.style.Cyan(fmt.Sprintf("%d. %s", d.step, title))), d.style.Dim("— "+what))
}

// item is a line with a label before it.
func (d *demo) item(label, format string, args ...any) {
	d.say("  %s%s", d.style.Cyan(fmt.Sprintf("%-14s", label)), fmt.Sprintf(format, args...))
}

// aside is a line that explains the one above.
func (d *demo) aside(format string, args ...any) {
	d.say("  %s%s", strings.Repeat(" ", 14), d.style.Dim(fmt.Sprintf(format, args...)))
}

// took measures fn.
func (d *demo) took(fn func() error) (time.Duration, error) {
	began := d.now()
	err := fn()
	return d.now().Sub(began), err
}

func (d *demo) load(size int, seed uint64) error {
	d.section("Load", "ten tables in one transaction, every key and reference checked.")
	bar := term.NewBar(d.stderr, "loading")
	defer bar.Done()
	data := musicstore.Generate(size, seed)
	db, err := d.tables.Open()
	if err != nil {
		return err
	}
	d.db = db
	took, err := d.took(func() error { return d.tables.Load(db, data, bar.Set) })
	if err != nil {
		return err
	}
	d.item("loaded", "%s in %s: %s rows a second", term.Count(data.Rows(), "row"), term.Duration(took), rate(data.Rows(), took))
	return d.out.Flush()
}

func (d *demo) showTables() error {
	d.section("Tables", "defined from Go structs with tags; a reference is indexed by itself.")
	v := d.db.View()
	t := term.Table{Header: []string{"table", "rows", "columns", "primary key", "unique", "references"}, Right: []bool{false, true, true}}
	for _, name := range v.Tables() {
		s, _ := v.Schema(name)
		n, err := memrel.RowsOf(name).Count(v, memrel.Cond{})
		if err != nil {
			return err
		}
		var unique, refs []string
		for _, u := range s.Unique {
			unique = append(unique, strings.Join(u.Columns, "+"))
		}
		for _, r := range s.References {
			refs = append(refs, fmt.Sprintf("%s (%s)", r.Table, strings.ToLower(r.OnDelete.String())))
		}
		t.Add(name, term.Number(n), fmt.Sprint(len(s.Columns)), strings.Join(s.PrimaryKey, ", "), strings.Join(unique, ", "), strings.Join(refs, ", "))
	}
	return t.Write(d.out, "  ", d.style)
}

// violate tries what must not happen.
func (d *demo) violate() error {
	d.section("Refused", "what breaks a rule changes nothing, and the error names the rule and the rows.")
	artist, _, err := d.busiestArtist(d.db.View())
	if err != nil {
		return err
	}
	customer, _ := d.tables.Customers.Get(d.db, 1)
	for _, try := range []struct {
		what string
		do   func() error
		kind error
		name string
	}{
		{"a track on an album that is not there", func() error {
			_, err := d.tables.Tracks.Insert(d.db, musicstore.Track{AlbumID: 999_999_999, Position: 1, Title: "Lost"})
			return err
		}, memrel.ErrForeignKey, "ErrForeignKey"},
		{"delete an artist who has albums (RESTRICT)", func() error {
			_, err := d.tables.Artists.Delete(d.db, artist.ID)
			return err
		}, memrel.ErrRestrict, "ErrRestrict"},
		{"a second customer with the same email address", func() error {
			_, err := d.tables.Customers.Insert(d.db, musicstore.Customer{Name: "Copy", Email: customer.Email})
			return err
		}, memrel.ErrUnique, "ErrUnique"},
	} {
		err := try.do()
		if !errors.Is(err, try.kind) {
			return fmt.Errorf("%s: refused as %w, not as %s", try.what, err, try.name)
		}
		var e *memrel.Error
		errors.As(err, &e)
		d.item("try", "%s", try.what)
		d.item("", "%s", d.style.Red(err.Error()))
		d.aside("errors.Is(err, memrel.%s), SQLSTATE %s", try.name, e.SQLState())
	}
	return nil
}

func (d *demo) check() error {
	d.section("Check", "walks every index and every reference, as the tests of the store do.")
	var found []error
	took, _ := d.took(func() error {
		for err := range d.db.Check() {
			found = append(found, err)
		}
		return nil
	})
	for _, err := range found {
		d.item("found", "%s", d.style.Red(err.Error()))
	}
	if len(found) > 0 {
		return errFound
	}
	d.item("sound", "%s in %s", d.style.Green("nothing found"), term.Duration(took))
	return nil
}
