package main

import (
	"time"

	"github.com/memrel/memrel"
)

type Person struct {
	ID   int64  // the primary key, numbered by the store
	Name string `memrel:",unique,size=40"`
}

type Note struct {
	ID       int64
	PersonID int64 // no pointer: a note is somebody's
	Title    string
	Written  time.Time `memrel:",index"`
}

var (
	People      = memrel.TableOf[Person]("people")
	Notes       = memrel.TableOf[Note]("notes", memrel.CheckConstraint{Name: "title", Where: memrel.Ne("title", "")})
	PersonNotes = memrel.HasMany(People, Notes, memrel.OnDelete(memrel.Cascade))
)

// tables are all that the store is defined by, in any order.
var tables = []memrel.Definition{People, Notes, PersonNotes}
