package main

import (
	"fmt"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/musicstore"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

// How often each thing is done: enough for a mean that is steady, few enough for a short wait.
const (
	timedReads   = 200_000
	timedWalks   = 20_000
	timedInserts = 20_000
	timedForks   = 2_000
	timedDeletes = 200
)

// often is how often something is timed: less where nobody looks at the times.
func (d *demo) often(usual int) int { return max(usual/d.lessOften, 1) }

// time measures what people ask about first, on a fork, so that the store stays as it is.
func (d *demo) time() error {
	d.section("Time", "means on this machine, one goroutine, no warming up; bench/ compares with others.")
	t := term.Table{Header: []string{"what", "times", "each"}, Right: []bool{false, true, true}}
	for _, measure := range []func(*memrel.DB) (what string, do func() (n int, err error)){
		d.timeReads, d.timeWalks, d.timeInserts, d.timeForks, d.timeDeletes,
	} {
		n := 0
		what, do := measure(d.db.Fork())
		took, err := d.took(func() (err error) {
			n, err = do()
			return err
		})
		if err != nil {
			return err
		}
		t.Add(what, term.Number(n), term.Duration(took/time.Duration(max(1, n))))
	}
	return t.Write(d.out, "  ", d.style)
}

func (d *demo) timeReads(db *memrel.DB) (string, func() (int, error)) {
	v := db.View()
	keys := d.trackKeys(v)
	return "read a track by its key, as a struct", func() (int, error) {
		for i := range d.often(timedReads) {
			if _, ok := d.tables.Tracks.Get(v, keys[i*7919%len(keys)]); !ok {
				return i, fmt.Errorf("track %d is gone", keys[i*7919%len(keys)])
			}
		}
		return d.often(timedReads), nil
	}
}

func (d *demo) trackKeys(v memrel.View) []int64 {
	var keys []int64
	for t := range d.tables.Tracks.All(v) {
		keys = append(keys, t.ID)
	}
	return keys
}

func (d *demo) timeWalks(db *memrel.DB) (string, func() (int, error)) {
	v := db.View()
	var albums []int64
	for a := range d.tables.Albums.All(v) {
		albums = append(albums, a.ID)
	}
	return "find the tracks of an album, in order", func() (int, error) {
		for i := range d.often(timedWalks) {
			q := memrel.Query{Where: memrel.Eq("albumId", albums[i*7919%len(albums)]), Order: []memrel.Order{{Column: "position"}}}
			if _, err := d.tables.Tracks.Find(v, q); err != nil {
				return i, err
			}
		}
		return d.often(timedWalks), nil
	}
}

func (d *demo) timeInserts(db *memrel.DB) (string, func() (int, error)) {
	album, _, _ := d.tables.Albums.First(db, memrel.Query{})
	return "insert a track, a transaction each", func() (int, error) {
		for i := range d.often(timedInserts) {
			if _, err := d.tables.Tracks.Insert(db, musicstore.Track{AlbumID: album.ID, Position: 1000 + i, Title: "New", Price: 0.99}); err != nil {
				return i, err
			}
		}
		return d.often(timedInserts), nil
	}
}

func (d *demo) timeForks(db *memrel.DB) (string, func() (int, error)) {
	album, _, _ := d.tables.Albums.First(db, memrel.Query{})
	return "fork the store and write to the fork", func() (int, error) {
		for i := range d.often(timedForks) {
			if _, err := d.tables.Albums.Update(db.Fork(), memrel.Values{"year": i}, album.ID); err != nil {
				return i, err
			}
		}
		return d.often(timedForks), nil
	}
}

// timeDeletes counts the rows that the cascades touch.
func (d *demo) timeDeletes(db *memrel.DB) (string, func() (int, error)) {
	var albums []int64
	for a := range d.tables.Albums.All(db) {
		if len(albums) == d.often(timedDeletes) {
			break
		}
		albums = append(albums, a.ID)
	}
	return "delete albums with all that follows, each row", func() (n int, err error) {
		err = db.Update(func(tx *memrel.Tx) error {
			for _, id := range albums {
				if _, err := d.tables.Albums.Delete(tx, id); err != nil {
					return err
				}
			}
			n = len(tx.Changes())
			return nil
		})
		return n, err
	}
}
