package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/musicstore"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

// shownSteps is how many lines of a plan are shown.
const shownSteps = 12

// cascade shows what deleting an album would do, and deletes it.
func (d *demo) cascade() error {
	d.section("Cascade", "a preview is the plan itself; the delete then does exactly that.")
	plan, key, err := d.showyDelete()
	if err != nil {
		return err
	}
	d.item("preview", "delete albums[%d]: its tracks go along, from the playlists too; what was sold stays sold", key)
	tree := strings.Split(strings.TrimSuffix(plan.String(), "\n"), "\n")
	for i, line := range tree {
		if i == shownSteps && len(plan.Steps) > shownSteps {
			d.item("", "%s", d.style.Dim(fmt.Sprintf("... %s more", term.Number(len(plan.Steps)-shownSteps))))
		}
		if i < shownSteps || i >= len(plan.Steps) {
			d.item("", "%s", line)
		}
	}
	var changes []memrel.Change
	took, err := d.took(func() error {
		return d.db.Update(func(tx *memrel.Tx) error {
			_, err := d.tables.Albums.Delete(tx, key)
			changes = tx.Changes()
			return err
		})
	})
	if err != nil {
		return err
	}
	d.item("done", "%s changed in %s, as foretold: %s", term.Count(len(changes), "row"), term.Duration(took), d.agrees(plan, changes))
	d.aside("the last change knows its cause: %s", changes[len(changes)-1])
	return nil
}

// showyDelete finds an album whose delete is worth watching: it deletes and sets to NULL, and is not too long.
func (d *demo) showyDelete() (best *memrel.Preview, key int64, err error) {
	const enough, most, looked = 20, 60, 500
	v := d.db.View()
	n := 0
	for a := range d.tables.Albums.All(v) {
		p, err := v.PreviewDelete("albums", a.ID)
		if err != nil {
			return nil, 0, err
		}
		showy := len(p.Counts) == 4 && len(p.Steps) >= enough && len(p.Steps) <= most
		if best == nil || showy || len(p.Counts) > len(best.Counts) {
			best, key = p, a.ID
		}
		if n++; n == looked || showy {
			break
		}
	}
	return best, key, nil
}

// agrees compares what a plan foretold with what happened.
func (d *demo) agrees(plan *memrel.Preview, changes []memrel.Change) string {
	foretold := 0
	for _, c := range plan.Counts {
		foretold += c.Inserted + c.Updated + c.Deleted
	}
	if foretold != len(changes) {
		return d.style.Red(fmt.Sprintf("no, %d", foretold))
	}
	return d.style.Green("yes")
}

// rollBack empties most of the store in a transaction, looks around, and changes its mind.
func (d *demo) rollBack() error {
	d.section("Roll back", "a transaction sees what it did, nobody else does, and it can change its mind.")
	before := d.db.View()
	mind := errors.New("changed its mind")
	err := d.db.Update(func(tx *memrel.Tx) error {
		genre, _, err := d.tables.Genres.First(tx, memrel.Query{})
		if err != nil {
			return err
		}
		gone, err := d.tables.Tracks.DeleteWhere(tx, memrel.Eq("genreId", genre.ID))
		if err != nil {
			return err
		}
		d.item("inside", "delete all %s of %s: %s changed, %s left", term.Count(len(gone), "track"), genre.Name,
			term.Count(len(tx.Changes()), "row"), d.count(tx))
		d.item("outside", "a view sees %s meanwhile", d.count(d.db.View()))
		return mind
	})
	if !errors.Is(err, mind) {
		return err
	}
	d.item("rolled back", "%s again: %s", d.count(d.db), d.yes(d.count(d.db) == d.count(before)))
	return nil
}

func (d *demo) count(r memrel.Reader) string {
	n, err := d.tables.Tracks.Count(r, memrel.Cond{})
	if err != nil {
		return err.Error()
	}
	return term.Count(n, "track")
}

func (d *demo) yes(ok bool) string {
	if ok {
		return d.style.Green("yes")
	}
	return d.style.Red("no")
}

// fork writes to a copy.
func (d *demo) fork() error {
	d.section("Fork", "a writable copy of everything, at once; what either writes the other never sees.")
	var copied *memrel.DB
	took, _ := d.took(func() error {
		copied = d.db.Fork()
		return nil
	})
	d.item("forked", "in %s, whatever the size", term.Duration(took))
	var rows []musicstore.Track
	took, err := d.took(func() (err error) {
		rows, err = d.tables.Tracks.UpdateWhere(copied, memrel.Eq("price", 0.99), memrel.Values{"price": 1.09})
		return err
	})
	if err != nil {
		return err
	}
	d.item("in the fork", "%s become dearer, in %s", term.Count(len(rows), "track"), term.Duration(took))
	dear, err := d.tables.Tracks.Count(d.db, memrel.Eq("price", 1.09))
	if err != nil {
		return err
	}
	d.item("in the store", "%s of the new price: %s", term.Count(dear, "track"), d.yes(dear == 0))
	return nil
}
