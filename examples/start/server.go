package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/memrel/memrel"
)

// server answers requests from the rows of a store.
func server(db *memrel.DB, now func() time.Time) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /people", func(w http.ResponseWriter, r *http.Request) {
		p, err := People.Insert(db, Person{Name: r.FormValue("name")})
		answer(w, p, err)
	})
	mux.HandleFunc("POST /people/{id}/notes", func(w http.ResponseWriter, r *http.Request) {
		var note Note
		err := db.Update(func(tx *memrel.Tx) error {
			p, ok := People.Get(tx, r.PathValue("id")) // the text of a key finds its row
			if !ok {
				return memrel.ErrNotFound
			}
			var err error
			note, err = PersonNotes.Create(tx, p, Note{Title: r.FormValue("title"), Written: now()})
			return err
		})
		answer(w, note, err)
	})
	mux.HandleFunc("GET /people/{id}/notes", func(w http.ResponseWriter, r *http.Request) {
		view := db.View() // one state, whatever is written meanwhile
		p, ok := People.Get(view, r.PathValue("id"))
		if !ok {
			answer(w, nil, memrel.ErrNotFound)
			return
		}
		notes, err := PersonNotes.Get(view, p, memrel.Query{Order: []memrel.Order{{Column: "written", Desc: true}}, Limit: 20})
		answer(w, notes, err)
	})
	mux.HandleFunc("DELETE /people/{id}", func(w http.ResponseWriter, r *http.Request) {
		p, err := People.Delete(db, r.PathValue("id"))
		answer(w, p, err)
	})
	return mux
}

// answer writes a value as JSON, or an error with the status that its kind has.
func answer(w http.ResponseWriter, value any, err error) {
	status := http.StatusOK
	switch {
	case err == nil:
	case errors.Is(err, memrel.ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, memrel.ErrUnique), errors.Is(err, memrel.ErrRestrict):
		status = http.StatusConflict
	case errors.Is(err, memrel.ErrCheck), errors.Is(err, memrel.ErrType):
		status = http.StatusUnprocessableEntity
	default:
		status = http.StatusInternalServerError
	}
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		panic(http.ErrAbortHandler) // the client has gone
	}
}
