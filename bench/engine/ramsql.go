package engine

import (
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"

	_ "github.com/proullon/ramsql/driver" // driver "ramsql"

	"github.com/memrel/memrel/bench/data"
)

// ramsqlStore is ramsql as far as it goes. It has no foreign keys, so that parents are looked for by hand and there are no
// cascades; its index of a column that is not unique finds one row, so that such columns have none and are scanned; what a
// transaction that is rolled back has inserted stays; it has no subqueries; and a key of two columns takes 1 and 11 for 11 and
// 1, so that junction rows have a key of their own.
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
	for _, q := range []string{
		"CREATE TABLE users (id BIGINT PRIMARY KEY, email TEXT UNIQUE)",
		"CREATE TABLE posts (id BIGINT PRIMARY KEY, author_id BIGINT, slug TEXT UNIQUE, title TEXT)",
		"CREATE INDEX posts_slug ON posts (slug)",
		"CREATE TABLE tags (id BIGINT PRIMARY KEY, name TEXT UNIQUE)",
		"CREATE TABLE post_tags (pair TEXT PRIMARY KEY, post_id BIGINT, tag_id BIGINT)",
	} {
		if _, err := db.Exec(q); err != nil {
			return nil, fmt.Errorf("%s: %w", q, err)
		}
	}
	return &ramsqlStore{sql: newSQLStore(db, dialect{})}, nil
}

// Load takes the tables of a blog: the others are there for their cascades.
func (s *ramsqlStore) Load(d *data.Data) error {
	if len(d.Parents)+len(d.Nodes)+len(d.Owners) > 0 {
		return ErrUnsupported
	}
	for _, u := range d.Users {
		if err := s.sql.exec(insertUserSQL, u.ID, u.Email); err != nil {
			return err
		}
	}
	for _, p := range d.Posts {
		if err := s.InsertPost(p); err != nil {
			return err
		}
	}
	for _, t := range d.Tags {
		if err := s.sql.exec(insertTagSQL, t.ID, t.Name); err != nil {
			return err
		}
	}
	for _, pt := range d.PostTags {
		if err := s.Tag(pt.PostID, pt.TagID); err != nil {
			return err
		}
	}
	return nil
}

func (s *ramsqlStore) exists(table string, id int64) error {
	st, err := s.sql.stmt("SELECT id FROM " + table + " WHERE id = $1")
	if err != nil {
		return err
	}
	if err := st.QueryRow(id).Scan(&id); errors.Is(err, sql.ErrNoRows) {
		return errNoParent
	} else if err != nil {
		return err
	}
	return nil
}

func (s *ramsqlStore) Post(id int64) (data.Post, error) { return s.sql.Post(id) }

func (s *ramsqlStore) PostBySlug(slug string) (data.Post, error) { return s.sql.PostBySlug(slug) }

func (s *ramsqlStore) PostRange(low, high int64, visit func(data.Post)) error {
	return s.sql.query(scanPost(visit), postColumns+"WHERE id >= $1 AND id <= $2 ORDER BY id", low, high)
}

func (s *ramsqlStore) PostsFrom(slug string, limit int, visit func(data.Post)) error {
	return s.sql.query(scanPost(visit), fmt.Sprintf(postColumns+"WHERE slug >= $1 ORDER BY slug LIMIT %d", limit), slug)
}

func (s *ramsqlStore) PostsOf(author int64, visit func(data.Post)) error {
	return s.sql.PostsOf(author, visit)
}

func (s *ramsqlStore) TagsOf(post int64, visit func(data.Tag)) error {
	return s.sql.query(scanTag(visit),
		"SELECT tags.id, tags.name FROM post_tags JOIN tags ON tags.id = post_tags.tag_id WHERE post_tags.post_id = $1 ORDER BY tags.id", post)
}

func (s *ramsqlStore) Include(low, high int64, visit func(data.User, []data.Post)) error {
	return s.sql.include("WHERE id >= $1 AND id <= $2 ORDER BY id", "WHERE author_id >= $1 AND author_id <= $2 ORDER BY id", low, high, visit)
}

func (s *ramsqlStore) InsertPost(p data.Post) error {
	if err := s.exists("users", p.AuthorID); err != nil {
		return err
	}
	return s.sql.InsertPost(p)
}

func (s *ramsqlStore) Retitle(post int64, title string) error { return s.sql.Retitle(post, title) }

func (s *ramsqlStore) Move(post, author int64) error {
	if err := s.exists("users", author); err != nil {
		return err
	}
	return s.sql.Move(post, author)
}

func (s *ramsqlStore) Tag(post, tag int64) error {
	return firstError(
		func() error { return s.exists("posts", post) },
		func() error { return s.exists("tags", tag) },
		func() error {
			return s.sql.exec("INSERT INTO post_tags (pair, post_id, tag_id) VALUES ($1, $2, $3)", pair(post, tag), post, tag)
		},
	)
}

func (s *ramsqlStore) Untag(post, tag int64) error {
	return s.sql.exec("DELETE FROM post_tags WHERE pair = $1", pair(post, tag))
}

func pair(post, tag int64) string { return fmt.Sprintf("%d-%d", post, tag) }

func (s *ramsqlStore) Close() error { return s.sql.Close() }
