package main

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memrel/memrel"
)

// base has the rows that most tests want. It is made once, and every test gets a fork of it.
var base = sync.OnceValue(func() *memrel.DB {
	db := memrel.MustOpen(tables...)
	ann, err := People.Insert(db, Person{Name: "Ann"})
	if err == nil {
		_, err = PersonNotes.Create(db, ann, Note{Title: "Trees", Written: noon})
	}
	if err != nil {
		panic(err)
	}
	return db
})

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func TestServer(t *testing.T) {
	for _, c := range []struct {
		name, method, target string
		status               int
		body                 string // what the answer begins with
		notes                int    // how many there are afterwards
	}{
		{"a person", "POST", "/people?name=Bob", 200, `{"ID":2,"Name":"Bob"}`, 1},
		{"twice", "POST", "/people?name=Ann", 409, "memrel: insert people: unique key (name) = (\"Ann\") is taken", 1},
		{"a note", "POST", "/people/1/notes?title=Leaves", 200, `{"ID":2,"PersonID":1,"Title":"Leaves"`, 2},
		{"without a title", "POST", "/people/1/notes", 422, "memrel: create notes: row notes[2] is refused by check title", 1},
		{"of nobody", "POST", "/people/7/notes?title=x", 404, "", 1},
		{"of what is no number", "POST", "/people/x/notes?title=x", 404, "", 1},
		{"notes", "GET", "/people/1/notes", 200, `[{"ID":1,"PersonID":1,"Title":"Trees"`, 1},
		{"a delete takes the notes along", "DELETE", "/people/1", 200, `{"ID":1,"Name":"Ann"}`, 0},
		{"of nobody", "DELETE", "/people/7", 404, "", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := base().Fork() // microseconds, and nobody else's
			w := httptest.NewRecorder()
			server(db, func() time.Time { return noon }).ServeHTTP(w, httptest.NewRequest(c.method, c.target, nil))
			if w.Code != c.status || !strings.HasPrefix(w.Body.String(), c.body) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if n, err := Notes.Count(db, memrel.Cond{}); err != nil || n != c.notes {
				t.Errorf("%d notes, %v", n, err)
			}
			for violation := range db.Check() {
				t.Error(violation)
			}
		})
	}
}
