package engine

import (
	"encoding/binary"

	"github.com/hashicorp/go-memdb"

	"github.com/memrel/memrel/bench/data"
)

// memdbStore is go-memdb with its checks written by hand: it has no foreign keys, and it does not enforce that a
// secondary index is unique, so every write looks first.
type memdbStore struct {
	partial
	db *memdb.MemDB
}

func openMemdb(Options) (Store, error) {
	db, err := memdb.NewMemDB(memdbSchema())
	return &memdbStore{db: db}, err
}

func memdbSchema() *memdb.DBSchema {
	s := &memdb.DBSchema{Tables: map[string]*memdb.TableSchema{}}
	table := func(name string, indexes ...*memdb.IndexSchema) {
		t := &memdb.TableSchema{Name: name, Indexes: map[string]*memdb.IndexSchema{}}
		for _, x := range indexes {
			t.Indexes[x.Name] = x
		}
		s.Tables[name] = t
	}
	id := &memdb.IndexSchema{Name: "id", Unique: true, Indexer: &memdb.IntFieldIndex{Field: "ID"}}
	text := func(name, field string) *memdb.IndexSchema {
		return &memdb.IndexSchema{Name: name, Unique: true, Indexer: &memdb.StringFieldIndex{Field: field}}
	}
	number := func(name, field string) *memdb.IndexSchema {
		return &memdb.IndexSchema{Name: name, Indexer: &memdb.IntFieldIndex{Field: field}}
	}
	parent := &memdb.IndexSchema{Name: "parent", AllowMissing: true, Indexer: parentIndex{}}
	both := &memdb.IndexSchema{Name: "id", Unique: true, Indexer: &memdb.CompoundIndex{Indexes: []memdb.Indexer{
		&memdb.IntFieldIndex{Field: "PostID"}, &memdb.IntFieldIndex{Field: "TagID"}}}}
	table("users", id, text("email", "Email"))
	table("posts", id, text("slug", "Slug"), number("author", "AuthorID"))
	table("tags", id, text("name", "Name"))
	table("post_tags", both, number("post", "PostID"), number("tag", "TagID"))
	for _, name := range []data.Table{data.Parents, data.Owners} {
		table(string(name), id)
	}
	for _, name := range []data.Table{data.Children, data.Grandchildren, data.Nodes, data.Notes} {
		table(string(name), id, parent)
	}
	return s
}

// parentIndex indexes links by their parent, if they have one. Ids are positive, so the order of bytes is theirs.
type parentIndex struct{}

// FromObject is the key of a row.
func (parentIndex) FromObject(row any) (bool, []byte, error) {
	id := row.(*data.Link).ParentID
	return id != 0, binary.BigEndian.AppendUint64(nil, uint64(id)), nil
}

// FromArgs is the key to look for.
func (parentIndex) FromArgs(args ...any) ([]byte, error) {
	return binary.BigEndian.AppendUint64(nil, uint64(args[0].(int64))), nil
}

// write runs fn in a transaction.
func (s *memdbStore) write(fn func(tx *memdb.Txn) error) error {
	tx := s.db.Txn(true)
	defer tx.Abort()
	if err := fn(tx); err != nil {
		return err
	}
	tx.Commit()
	return nil
}

// first is the row with a key.
func first[T any](tx *memdb.Txn, table, index string, args ...any) (*T, error) {
	row, err := tx.First(table, index, args...)
	if err != nil {
		return nil, err
	}
	if row == nil {
		return nil, errNotFound
	}
	return row.(*T), nil
}

// rows collects the rows with a key: an iterator must not be walked while its index changes.
func rows[T any](tx *memdb.Txn, table, index string, args ...any) ([]*T, error) {
	it, err := tx.Get(table, index, args...)
	if err != nil {
		return nil, err
	}
	var out []*T
	for row := it.Next(); row != nil; row = it.Next() {
		out = append(out, row.(*T))
	}
	return out, nil
}

func free(tx *memdb.Txn, table, index string, args ...any) error {
	row, err := tx.First(table, index, args...)
	if err == nil && row != nil {
		return errTaken
	}
	return err
}

func exists(tx *memdb.Txn, table string, id int64) error {
	row, err := tx.First(table, "id", id)
	if err == nil && row == nil {
		return errNoParent
	}
	return err
}

func (s *memdbStore) Load(d *data.Data) error {
	return s.write(func(tx *memdb.Txn) error {
		return firstError(
			func() error { return loadMemdb(tx, d.Users, memdbUser) },
			func() error { return loadMemdb(tx, d.Posts, insertMemdb) },
			func() error { return loadMemdb(tx, d.Tags, put[data.Tag]("tags")) },
			func() error { return loadMemdb(tx, d.PostTags, memdbPostTag) },
			func() error { return loadMemdb(tx, d.Parents, put[data.Root]("parents")) },
			func() error { return loadMemdb(tx, d.Owners, put[data.Root]("owners")) },
			func() error { return loadLinks(tx, data.Children, data.Parents, d.Children) },
			func() error { return loadLinks(tx, data.Grandchildren, data.Children, d.Grandchildren) },
			func() error { return loadLinks(tx, data.Nodes, data.Nodes, d.Nodes) },
			func() error { return loadLinks(tx, data.Notes, data.Owners, d.Notes) },
		)
	})
}

func loadMemdb[T any](tx *memdb.Txn, rows []T, insert func(tx *memdb.Txn, row *T) error) error {
	for _, r := range rows {
		if err := insert(tx, &r); err != nil {
			return err
		}
	}
	return nil
}

// put adds a row of tables whose keys the data are known not to repeat.
func put[T any](table string) func(*memdb.Txn, *T) error {
	return func(tx *memdb.Txn, row *T) error { return tx.Insert(table, row) }
}

func memdbUser(tx *memdb.Txn, u *data.User) error {
	return firstError(
		func() error { return free(tx, "users", "id", u.ID) },
		func() error { return free(tx, "users", "email", u.Email) },
		func() error { return tx.Insert("users", u) },
	)
}

func memdbPostTag(tx *memdb.Txn, pt *data.PostTag) error {
	return firstError(
		func() error { return exists(tx, "posts", pt.PostID) },
		func() error { return exists(tx, "tags", pt.TagID) },
		func() error { return tx.Insert("post_tags", pt) },
	)
}

func loadLinks(tx *memdb.Txn, table, parent data.Table, links []data.Link) error {
	for _, l := range links {
		if err := tx.Insert(string(table), &l); err != nil {
			return err
		}
	}
	for _, l := range links {
		if l.ParentID != 0 {
			if err := exists(tx, string(parent), l.ParentID); err != nil {
				return err
			}
		}
	}
	return nil
}

// insertMemdb is an insert with its three checks.
func insertMemdb(tx *memdb.Txn, p *data.Post) error {
	if err := free(tx, "posts", "id", p.ID); err != nil {
		return err
	}
	if err := free(tx, "posts", "slug", p.Slug); err != nil {
		return err
	}
	if err := exists(tx, "users", p.AuthorID); err != nil {
		return err
	}
	return tx.Insert("posts", p)
}

func value[T any](row *T, err error) (T, error) {
	if err != nil {
		var zero T
		return zero, err
	}
	return *row, nil
}

func (s *memdbStore) Post(id int64) (data.Post, error) {
	return value(first[data.Post](s.db.Txn(false), "posts", "id", id))
}

func (s *memdbStore) PostBySlug(slug string) (data.Post, error) {
	return value(first[data.Post](s.db.Txn(false), "posts", "slug", slug))
}

// walk visits rows while keep says so.
func walk[T any](it memdb.ResultIterator, err error, visit func(*T) bool) error {
	if err != nil {
		return err
	}
	for row := it.Next(); row != nil; row = it.Next() {
		if !visit(row.(*T)) {
			break
		}
	}
	return nil
}

func (s *memdbStore) PostRange(low, high int64, visit func(data.Post)) error {
	it, err := s.db.Txn(false).LowerBound("posts", "id", low)
	return walk(it, err, func(p *data.Post) bool {
		if p.ID > high {
			return false
		}
		visit(*p)
		return true
	})
}

func (s *memdbStore) PostsFrom(slug string, limit int, visit func(data.Post)) error {
	it, err := s.db.Txn(false).LowerBound("posts", "slug", slug)
	return walk(it, err, func(p *data.Post) bool {
		visit(*p)
		limit--
		return limit > 0
	})
}

func (s *memdbStore) PostsOf(author int64, visit func(data.Post)) error {
	it, err := s.db.Txn(false).Get("posts", "author", author)
	return walk(it, err, func(p *data.Post) bool {
		visit(*p)
		return true
	})
}

func (s *memdbStore) TagsOf(post int64, visit func(data.Tag)) error {
	tx := s.db.Txn(false)
	it, err := tx.Get("post_tags", "post", post)
	var failed error
	err = walk(it, err, func(pt *data.PostTag) bool {
		t, err := first[data.Tag](tx, "tags", "id", pt.TagID)
		if failed = err; err == nil {
			visit(*t)
		}
		return err == nil
	})
	if err == nil {
		err = failed
	}
	return err
}

func (s *memdbStore) Include(low, high int64, visit func(data.User, []data.Post)) error {
	tx := s.db.Txn(false)
	it, err := tx.LowerBound("users", "id", low)
	return walk(it, err, func(u *data.User) bool {
		if u.ID > high {
			return false
		}
		of, _ := memdbValues[data.Post](tx, "posts", "author", u.ID)
		visit(*u, of)
		return true
	})
}

func memdbValues[T any](tx *memdb.Txn, table, index string, args ...any) ([]T, error) {
	var out []T
	it, err := tx.Get(table, index, args...)
	return out, walk(it, err, func(row *T) bool {
		out = append(out, *row)
		return true
	})
}

func (s *memdbStore) IncludeTree(visit func(data.Root, []Branch)) error {
	tx := s.db.Txn(false)
	of := func(table data.Table, parent int64) ([]data.Link, error) {
		it, err := tx.Get(string(table), "parent", parent)
		var out []data.Link
		err = walk(it, err, func(l *data.Link) bool {
			out = append(out, *l)
			return true
		})
		return out, err
	}
	all, err := rows[data.Root](tx, "parents", "id")
	for _, p := range all {
		branches, err := branchesOf(of, p.ID)
		if err != nil {
			return err
		}
		visit(*p, branches)
	}
	return err
}
