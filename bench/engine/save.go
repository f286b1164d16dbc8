package engine

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"iter"
	"maps"

	"github.com/mattn/go-sqlite3"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/bench/data"
)

// Saver is a store whose state can leave the process.
type Saver interface {
	// Save is the state as bytes.
	Save() ([]byte, error)
	// Restore makes a store of the same kind of what Save wrote.
	Restore(saved []byte) (Store, error)
}

func saveMemrel(db *memrel.DB) ([]byte, error) {
	var b bytes.Buffer
	err := db.View().Save(&b)
	return b.Bytes(), err
}

// loadMemrelFile holds every row to every rule again.
func loadMemrelFile(saved []byte) (*memrel.DB, error) {
	return memrel.Load(bytes.NewReader(saved), memrelDefinitions...)
}

func (s *typed) Save() ([]byte, error) { return saveMemrel(s.db) }

func (s *typed) Restore(saved []byte) (Store, error) {
	db, err := loadMemrelFile(saved)
	return &typed{db: db}, err
}

func (s *runtime) Save() ([]byte, error) { return saveMemrel(s.db) }

func (s *runtime) Restore(saved []byte) (Store, error) {
	db, err := loadMemrelFile(saved)
	return &runtime{db: db}, err
}

// moderncConn is what modernc.org/sqlite's connections have for it.
type moderncConn interface {
	Serialize() ([]byte, error)
	Deserialize([]byte) error
}

// Save copies SQLite's pages as they are.
func (s *sqlStore) Save() (saved []byte, err error) {
	err = s.raw(func(conn any) error {
		switch conn := conn.(type) {
		case *sqlite3.SQLiteConn:
			saved, err = conn.Serialize("main")
		case moderncConn:
			saved, err = conn.Serialize()
		default:
			err = ErrUnsupported
		}
		return err
	})
	return saved, err
}

// Restore takes the pages as they are.
func (s *sqlStore) Restore(saved []byte) (Store, error) {
	db, err := connect(s.dialect)
	if err != nil {
		return nil, err
	}
	copied := newSQLStore(db, s.dialect)
	err = copied.raw(func(conn any) error {
		switch conn := conn.(type) {
		case *sqlite3.SQLiteConn:
			return conn.Deserialize(saved, "main")
		case moderncConn:
			return conn.Deserialize(saved)
		}
		return ErrUnsupported
	})
	if err != nil {
		copied.Close() //nolint:errcheck // this error says more
	}
	return copied, err
}

// raw runs fn on the driver's connection.
func (s *sqlStore) raw(fn func(conn any) error) error {
	conn, err := s.db.Conn(context.Background())
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	return conn.Raw(fn)
}

// Save writes the tables of a blog by encoding/gob.
func (s *floor) Save() ([]byte, error) {
	var d data.Data
	for _, u := range all(s.users) {
		d.Users = append(d.Users, *u)
	}
	for _, p := range all(s.posts) {
		d.Posts = append(d.Posts, *p)
		s.tagged.of(p.ID, func(tag int64, _ *data.Tag) bool {
			d.PostTags = append(d.PostTags, data.PostTag{PostID: p.ID, TagID: tag})
			return true
		})
	}
	for _, t := range all(s.tags) {
		d.Tags = append(d.Tags, *t)
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(d)
	return b.Bytes(), err
}

// all visits the rows of an index, in no order if it has none.
func all[K comparable, R any](m map1[K, R]) iter.Seq2[K, R] {
	if unordered, ok := m.(goMap[K, R]); ok {
		return maps.All(unordered)
	}
	var lowest K
	return m.from(lowest)
}

// Restore adds the rows with all checks.
func (s *floor) Restore(saved []byte) (Store, error) {
	var d data.Data
	if err := gob.NewDecoder(bytes.NewReader(saved)).Decode(&d); err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	f, err := s.open(Options{})
	if err != nil {
		return nil, err
	}
	return f, f.Load(&d)
}
