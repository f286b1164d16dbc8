package engine

import (
	"database/sql"
	"fmt"
	"sync/atomic"

	_ "github.com/proullon/ramsql/driver" // driver "ramsql"

	"github.com/memrel/memrel/bench/data"
)

// ramsqlStore is ramsql as far as it goes: it reads by key. It has no foreign keys, so it cannot do what must check them,
// and its index of a column that is not unique finds one row.
type ramsqlStore struct {
	partial
	sql *sqlStore
}

// ramsqlStores numbers databases, which go by name.
var ramsqlStores atomic.Int64

func openRamsql(Options) (Store, error) {
	db, err := sql.Open("ramsql", fmt.Sprint("bench", ramsqlStores.Add(1)))
	if err != nil {
		return nil, err
	}
	s := &ramsqlStore{sql: &sqlStore{db: db, stmts: map[string]*sql.Stmt{}}}
	for _, q := range []string{
		"CREATE TABLE posts (id BIGINT PRIMARY KEY, author_id BIGINT, slug TEXT UNIQUE, title TEXT)",
		"CREATE INDEX posts_slug ON posts (slug)",
	} {
		if _, err := db.Exec(q); err != nil {
			return nil, fmt.Errorf("%s: %w", q, err)
		}
	}
	return s, nil
}

// Load takes posts beside others, to be read; a load of posts alone is timed, with checks that are not to be had here.
func (s *ramsqlStore) Load(d *data.Data) error {
	if one, _ := d.OnlyPosts(); one || len(d.Posts) == 0 {
		return ErrUnsupported
	}
	for _, p := range d.Posts {
		if err := s.sql.exec(insertPostSQL, postArgs(p)...); err != nil {
			return err
		}
	}
	return nil
}

func (s *ramsqlStore) Post(id int64) (data.Post, error) { return s.sql.Post(id) }

func (s *ramsqlStore) PostBySlug(slug string) (data.Post, error) { return s.sql.PostBySlug(slug) }

func (s *ramsqlStore) Close() error { return s.sql.Close() }
