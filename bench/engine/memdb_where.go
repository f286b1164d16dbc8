package engine

import (
	"iter"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/memrel/memrel/bench/data"
)

// iterate is the rows of an iterator.
func iterate[T any](it memdb.ResultIterator) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for row := it.Next(); row != nil && yield(row.(*T)); row = it.Next() {
		}
	}
}

func (s *memdbStore) UsersWhere(low, high int64, is Titled, visit func(data.User)) error {
	tx := s.db.Txn(false)
	it, err := tx.LowerBound("users", "id", low)
	if err != nil {
		return err
	}
	for u := range iterate[data.User](it) {
		if u.ID > high {
			break
		}
		of, err := tx.Get("posts", "author", u.ID)
		if err != nil {
			return err
		}
		if is.holds(iterate[data.Post](of)) {
			visit(*u)
		}
	}
	return nil
}

// postsOfTag begins at the tag.
func postsOfTag(tx *memdb.Txn, tag string, visit func(*data.Post)) error {
	t, err := first[data.Tag](tx, "tags", "name", tag)
	if err != nil {
		return err
	}
	it, err := tx.Get("post_tags", "tag", t.ID)
	if err != nil {
		return err
	}
	for pt := range iterate[data.PostTag](it) {
		p, err := first[data.Post](tx, "posts", "id", pt.PostID)
		if err != nil {
			return err
		}
		visit(p)
	}
	return nil
}

func (s *memdbStore) PostsOfTag(tag string, visit func(data.Post)) error {
	return postsOfTag(s.db.Txn(false), tag, func(p *data.Post) { visit(*p) })
}

func (s *memdbStore) UsersOfTag(low, high int64, tag string, visit func(data.User)) error {
	tx := s.db.Txn(false)
	var authors authorSet
	if err := postsOfTag(tx, tag, func(p *data.Post) { authors.add(p, low, high) }); err != nil {
		return err
	}
	for _, id := range authors.sorted() {
		u, err := first[data.User](tx, "users", "id", id)
		if err != nil {
			return err
		}
		visit(*u)
	}
	return nil
}

// authorSet is users that are found by their posts.
type authorSet []int64

func (s *authorSet) add(p *data.Post, low, high int64) {
	if low <= p.AuthorID && p.AuthorID <= high {
		*s = append(*s, p.AuthorID)
	}
}

func (s *authorSet) sorted() []int64 {
	slices.Sort(*s)
	return slices.Compact(*s)
}
