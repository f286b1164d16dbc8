package main

import (
	"bytes"
	"errors"
	"io/fs"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/memrel/memrel"
)

const file = "notes.memrel"

func main() {
	db, err := open()
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(http.ListenAndServe("localhost:8080", server(db, time.Now))) }()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	<-stop
	if err := save(db.View()); err != nil {
		log.Fatal(err)
	}
}

// open is the store that was saved, or an empty one.
func open() (*memrel.DB, error) {
	saved, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return memrel.Open(tables...)
	}
	if err != nil {
		return nil, err
	}
	return memrel.Load(bytes.NewReader(saved), tables...) // holds every row to every rule again
}

// save writes a view to a file beside the old one, and puts it in its place once it is whole.
func save(view memrel.View) error {
	f, err := os.Create(file + ".new")
	if err != nil {
		return err
	}
	if err := errors.Join(view.Save(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
