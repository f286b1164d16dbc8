package engine

import (
	"github.com/hashicorp/go-memdb"

	"github.com/memrel/memrel/bench/data"
)

func (s *memdbStore) InsertPost(p data.Post) error {
	return s.write(func(tx *memdb.Txn) error { return insertMemdb(tx, &p) })
}

// change replaces a post by an altered copy: readers may still see the old one.
func (s *memdbStore) change(id int64, alter func(tx *memdb.Txn, p *data.Post) error) error {
	return s.write(func(tx *memdb.Txn) error {
		old, err := first[data.Post](tx, "posts", "id", id)
		if err != nil {
			return err
		}
		now := *old
		if err := alter(tx, &now); err != nil {
			return err
		}
		return tx.Insert("posts", &now)
	})
}

func (s *memdbStore) Retitle(post int64, title string) error {
	return s.change(post, func(_ *memdb.Txn, p *data.Post) error {
		p.Title = title
		return nil
	})
}

func (s *memdbStore) Move(post, author int64) error {
	return s.change(post, func(tx *memdb.Txn, p *data.Post) error {
		p.AuthorID = author
		return exists(tx, "users", author)
	})
}

// Renumber is ON UPDATE CASCADE by hand.
func (s *memdbStore) Renumber(user, to int64) error {
	return s.write(func(tx *memdb.Txn) error {
		old, err := first[data.User](tx, "users", "id", user)
		if err != nil {
			return err
		}
		if err := free(tx, "users", "id", to); err != nil {
			return err
		}
		of, err := rows[data.Post](tx, "posts", "author", user)
		if err != nil {
			return err
		}
		if err := tx.Delete("users", old); err != nil {
			return err
		}
		if err := tx.Insert("users", &data.User{ID: to, Email: old.Email}); err != nil {
			return err
		}
		for _, p := range of {
			now := *p
			now.AuthorID = to
			if err := tx.Insert("posts", &now); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *memdbStore) Tag(post, tag int64) error {
	return s.write(func(tx *memdb.Txn) error { return memdbPostTag(tx, &data.PostTag{PostID: post, TagID: tag}) })
}

func (s *memdbStore) Untag(post, tag int64) error {
	return s.write(func(tx *memdb.Txn) error { return tx.Delete("post_tags", &data.PostTag{PostID: post, TagID: tag}) })
}

// Delete is ON DELETE CASCADE and SET NULL by hand.
func (s *memdbStore) Delete(table data.Table, id int64) error {
	return s.write(func(tx *memdb.Txn) error {
		switch table {
		case data.Parents:
			return deleteParent(tx, id)
		case data.Nodes:
			return deleteNode(tx, id)
		case data.Owners:
			return deleteOwner(tx, id)
		}
		return ErrUnsupported
	})
}

func deleteParent(tx *memdb.Txn, id int64) error {
	p, err := first[data.Root](tx, "parents", "id", id)
	if err != nil {
		return err
	}
	below, err := rows[data.Link](tx, "children", "parent", id)
	if err != nil {
		return err
	}
	for _, c := range below {
		if err := deleteAll(tx, data.Grandchildren, c.ID); err != nil {
			return err
		}
		if err := tx.Delete("children", c); err != nil {
			return err
		}
	}
	return tx.Delete("parents", p)
}

// deleteAll deletes the rows below a row.
func deleteAll(tx *memdb.Txn, table data.Table, parent int64) error {
	below, err := rows[data.Link](tx, string(table), "parent", parent)
	for _, l := range below {
		if err := tx.Delete(string(table), l); err != nil {
			return err
		}
	}
	return err
}

func deleteNode(tx *memdb.Txn, id int64) error {
	n, err := first[data.Link](tx, "nodes", "id", id)
	if err != nil {
		return err
	}
	if err := tx.Delete("nodes", n); err != nil {
		return err
	}
	for work := []*data.Link{n}; len(work) > 0; {
		l := work[len(work)-1]
		work = work[:len(work)-1]
		below, err := rows[data.Link](tx, "nodes", "parent", l.ID)
		if err != nil {
			return err
		}
		for _, b := range below {
			if err := tx.Delete("nodes", b); err != nil {
				return err
			}
		}
		work = append(work, below...)
	}
	return nil
}

func deleteOwner(tx *memdb.Txn, id int64) error {
	o, err := first[data.Root](tx, "owners", "id", id)
	if err != nil {
		return err
	}
	of, err := rows[data.Link](tx, "notes", "parent", id)
	if err != nil {
		return err
	}
	for _, n := range of {
		if err := tx.Insert("notes", &data.Link{ID: n.ID, Name: n.Name}); err != nil {
			return err
		}
	}
	return tx.Delete("owners", o)
}

func (s *memdbStore) InsertAll(posts []data.Post) error {
	return s.write(func(tx *memdb.Txn) error {
		for _, p := range posts {
			if err := insertMemdb(tx, &p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *memdbStore) Links(table data.Table, visit func(data.Link)) error {
	it, err := s.db.Txn(false).LowerBound(string(table), "id", int64(0))
	return walk(it, err, func(l *data.Link) bool {
		visit(*l)
		return true
	})
}

// Fork is a snapshot, which go-memdb allows to be written.
func (s *memdbStore) Fork() (Store, error) { return &memdbStore{db: s.db.Snapshot()}, nil }

func (s *memdbStore) View() (PostReader, error) { return memdbView{s.db.Txn(false)}, nil }

type memdbView struct{ tx *memdb.Txn }

func (v memdbView) Post(id int64) (data.Post, error) {
	return value(first[data.Post](v.tx, "posts", "id", id))
}
