package engine

import (
	"database/sql"

	"github.com/memrel/memrel/bench/data"
)

const (
	insertUserSQL  = "INSERT INTO users (id, email) VALUES ($1, $2)"
	insertTagSQL   = "INSERT INTO tags (id, name) VALUES ($1, $2)"
	insertPostSQL  = "INSERT INTO posts (id, author_id, slug, title) VALUES ($1, $2, $3, $4)"
	retitleSQL     = "UPDATE posts SET title = $1 WHERE id = $2"
	moveSQL        = "UPDATE posts SET author_id = $1 WHERE id = $2"
	renumberSQL    = "UPDATE users SET id = $1 WHERE id = $2"
	insertSQL      = "INSERT INTO "
	linkColumnsSQL = " (id, parent_id, name) VALUES ($1, $2, $3)"
)

// tx runs fn in a transaction.
func (s *sqlStore) tx(fn func(tx *sql.Tx) error) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // it has ended unless fn failed, whose error counts
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Load is one transaction of prepared inserts.
func (s *sqlStore) Load(d *data.Data) error {
	return s.tx(func(tx *sql.Tx) error {
		if len(d.Nodes) > 0 && s.dialect.deferNow != "" {
			if _, err := tx.Exec(s.dialect.deferNow); err != nil {
				return err
			}
		}
		return loadSQL(tx, d)
	})
}

func loadSQL(tx *sql.Tx, d *data.Data) error {
	root := func(r data.Root) []any { return []any{r.ID, r.Name} }
	link := func(l data.Link) []any {
		return []any{l.ID, sql.NullInt64{Int64: l.ParentID, Valid: l.ParentID != 0}, l.Name}
	}
	return firstError(
		func() error {
			return insertEach(tx, insertUserSQL, d.Users, func(u data.User) []any { return []any{u.ID, u.Email} })
		},
		func() error { return insertEach(tx, insertPostSQL, d.Posts, postArgs) },
		func() error {
			return insertEach(tx, insertTagSQL, d.Tags, func(t data.Tag) []any { return []any{t.ID, t.Name} })
		},
		func() error {
			return insertEach(tx, insertSQL+"post_tags (post_id, tag_id) VALUES ($1, $2)", d.PostTags,
				func(pt data.PostTag) []any { return []any{pt.PostID, pt.TagID} })
		},
		func() error { return insertEach(tx, insertSQL+"parents (id, name) VALUES ($1, $2)", d.Parents, root) },
		func() error { return insertEach(tx, insertSQL+"owners (id, name) VALUES ($1, $2)", d.Owners, root) },
		func() error { return insertEach(tx, insertSQL+"children"+linkColumnsSQL, d.Children, link) },
		func() error { return insertEach(tx, insertSQL+"grandchildren"+linkColumnsSQL, d.Grandchildren, link) },
		func() error { return insertEach(tx, insertSQL+"nodes"+linkColumnsSQL, d.Nodes, link) },
		func() error { return insertEach(tx, insertSQL+"notes"+linkColumnsSQL, d.Notes, link) },
	)
}

func postArgs(p data.Post) []any { return []any{p.ID, p.AuthorID, p.Slug, p.Title} }

func insertEach[T any](tx *sql.Tx, query string, rows []T, args func(T) []any) error {
	if len(rows) == 0 {
		return nil
	}
	st, err := tx.Prepare(query)
	if err != nil {
		return err
	}
	defer st.Close() //nolint:errcheck // the transaction ends next
	for _, r := range rows {
		if _, err := st.Exec(args(r)...); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqlStore) InsertPost(p data.Post) error { return s.exec(insertPostSQL, postArgs(p)...) }

func (s *sqlStore) Retitle(post int64, title string) error { return s.exec(retitleSQL, title, post) }

func (s *sqlStore) Move(post, author int64) error { return s.exec(moveSQL, author, post) }

func (s *sqlStore) Renumber(user, to int64) error { return s.exec(renumberSQL, to, user) }

func (s *sqlStore) Tag(post, tag int64) error {
	return s.exec("INSERT INTO post_tags (post_id, tag_id) VALUES ($1, $2)", post, tag)
}

func (s *sqlStore) Untag(post, tag int64) error {
	return s.exec("DELETE FROM post_tags WHERE post_id = $1 AND tag_id = $2", post, tag)
}

func (s *sqlStore) Delete(table data.Table, id int64) error {
	return s.exec("DELETE FROM "+string(table)+" WHERE id = $1", id)
}

func (s *sqlStore) InsertAll(posts []data.Post) error {
	st, err := s.stmt(insertPostSQL)
	if err != nil {
		return err
	}
	return s.tx(func(tx *sql.Tx) error {
		st := tx.Stmt(st)
		for _, p := range posts {
			if _, err := st.Exec(postArgs(p)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Footprint is the pages of the database.
func (s *sqlStore) Footprint() (n int64, err error) {
	if s.dialect.footprint == "" {
		return 0, ErrUnsupported
	}
	err = s.db.QueryRow(s.dialect.footprint).Scan(&n)
	return n, err
}

func (s *sqlStore) Close() error {
	if s.dialect.after != "" {
		if _, err := s.db.Exec(s.dialect.after); err != nil {
			return err
		}
	}
	return s.db.Close()
}
