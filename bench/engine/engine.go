// Package engine has the stores that are compared, each behind the same verbs.
//
// Every engine enforces the same rules: primary and unique keys, parents that must exist, and the actions of the foreign
// keys. Those that have no such rules have them written by hand here, as their users would have to. What an engine cannot
// do returns [ErrUnsupported].
package engine

import (
	"errors"

	"github.com/memrel/memrel/bench/data"
)

// ErrUnsupported says that an engine has no way to do what was asked.
var ErrUnsupported = errors.New("not supported by this engine")

// Errors of the engines written by hand.
var (
	errNotFound = errors.New("no such row")
	errTaken    = errors.New("key is taken")
	errNoParent = errors.New("parent does not exist")
)

// PostReader reads posts by key.
type PostReader interface {
	Post(id int64) (data.Post, error)
}

// Store is one store with the tables of package data.
type Store interface {
	PostReader
	// Load adds rows with all checks, as one transaction.
	Load(d *data.Data) error

	PostBySlug(slug string) (data.Post, error)
	// PostRange visits the posts with a primary key from low to high, in its order.
	PostRange(low, high int64, visit func(data.Post)) error
	// PostsFrom visits the first limit posts with at least that slug, in the order of the slug.
	PostsFrom(slug string, limit int, visit func(data.Post)) error
	// PostsOf visits the posts of an author in the order of the primary key.
	PostsOf(author int64, visit func(data.Post)) error
	// TagsOf visits the tags of a post in the order of their primary key.
	TagsOf(post int64, visit func(data.Tag)) error
	// Include visits the users with a primary key from low to high with their posts.
	Include(low, high int64, visit func(data.User, []data.Post)) error
	// IncludeTree visits every parent with its children, and for each child its grandchildren.
	IncludeTree(visit func(data.Root, []Branch)) error

	// Each of these is a transaction of its own.
	InsertPost(p data.Post) error
	Retitle(post int64, title string) error
	Move(post, author int64) error
	Renumber(user, to int64) error
	// Tag adds a junction row, which is not there, and Untag removes it.
	Tag(post, tag int64) error
	Untag(post, tag int64) error
	Delete(table data.Table, id int64) error
	// InsertAll adds posts one statement each, in one transaction, and rolls it back if one fails.
	InsertAll(posts []data.Post) error

	// Links visits the rows of a table that refers to another, in the order of the primary key.
	Links(table data.Table, visit func(data.Link)) error

	// Fork is a writable copy.
	Fork() (Store, error)
	// View is a state that does not change while the store is written.
	View() (PostReader, error)
	// Footprint is the memory that rows take outside Go's heap.
	Footprint() (int64, error)
	Close() error
}

// Branch is a child with its grandchildren.
type Branch struct {
	Child         data.Link
	Grandchildren []data.Link
}

// Engine is a kind of store.
type Engine struct {
	Name string
	Open func(Options) (Store, error)
	// Concurrent stores may be read while they are written.
	Concurrent bool
	// Forks tells that a store has writable copies.
	Forks bool
	// Saves tells that a store can leave the process as bytes, as [Saver] says.
	Saves bool
	// Extra engines are left out of a quick run: another of their kind stands for them.
	Extra bool
	// Slow engines are left out where a store has a million rows.
	Slow bool
	// MaxRows is how many rows a store can be filled with in a time that one would wait; 0 is any number.
	MaxRows int
	// Nested is how deep a cascade may go; 0 is as deep as it wants to.
	Nested int
}

// Options are what an engine may need to open a store.
type Options struct {
	DSN string // of PostgreSQL
}

// All are the engines, in the order in which they are shown.
var All = []Engine{
	{Name: "memrel-typed", Open: openTyped, Saves: true, Forks: true, Concurrent: true},
	{Name: "memrel-runtime", Open: openRuntime, Saves: true, Forks: true, Concurrent: true},
	{Name: "sqlite-mattn", Open: openMattn, Saves: true, Concurrent: true, Nested: sqliteDepth},
	{Name: "sqlite-modernc", Open: openModernc, Saves: true, Extra: true, Concurrent: true, Nested: sqliteDepth},
	{Name: "gorm-sqlite", Open: openGorm, Concurrent: true, Slow: true, Nested: sqliteDepth},
	{Name: "bun-sqlite", Open: openBun, Extra: true, Concurrent: true, Slow: true, Nested: sqliteDepth},
	{Name: "memdb", Open: openMemdb, Forks: true, Concurrent: true, Slow: true},
	{Name: "tree-tidwall", Open: openTidwall, Saves: true, Forks: true},
	{Name: "tree-google", Open: openGoogle, Saves: true, Extra: true, Forks: true},
	{Name: "gomap", Open: openGomap, Saves: true},
	{Name: "ramsql", Open: openRamsql, Extra: true, Concurrent: true, Slow: true, MaxRows: 10_000},
	{Name: "postgres", Open: openPostgres, Extra: true, Concurrent: true, Slow: true},
}

// Find is the engine of that name.
func Find(name string) (Engine, bool) {
	for _, e := range All {
		if e.Name == name {
			return e, true
		}
	}
	return Engine{}, false
}

// partial is a store that can do nothing: what an engine cannot do it takes from here.
type partial struct{}

func (partial) Load(*data.Data) error                                    { return ErrUnsupported }
func (partial) Post(int64) (data.Post, error)                            { return data.Post{}, ErrUnsupported }
func (partial) PostBySlug(string) (data.Post, error)                     { return data.Post{}, ErrUnsupported }
func (partial) PostRange(int64, int64, func(data.Post)) error            { return ErrUnsupported }
func (partial) PostsFrom(string, int, func(data.Post)) error             { return ErrUnsupported }
func (partial) PostsOf(int64, func(data.Post)) error                     { return ErrUnsupported }
func (partial) TagsOf(int64, func(data.Tag)) error                       { return ErrUnsupported }
func (partial) Include(int64, int64, func(data.User, []data.Post)) error { return ErrUnsupported }
func (partial) IncludeTree(func(data.Root, []Branch)) error              { return ErrUnsupported }
func (partial) InsertPost(data.Post) error                               { return ErrUnsupported }
func (partial) Retitle(int64, string) error                              { return ErrUnsupported }
func (partial) Move(int64, int64) error                                  { return ErrUnsupported }
func (partial) Renumber(int64, int64) error                              { return ErrUnsupported }
func (partial) Tag(int64, int64) error                                   { return ErrUnsupported }
func (partial) Untag(int64, int64) error                                 { return ErrUnsupported }
func (partial) Delete(data.Table, int64) error                           { return ErrUnsupported }
func (partial) InsertAll([]data.Post) error                              { return ErrUnsupported }
func (partial) Links(data.Table, func(data.Link)) error                  { return ErrUnsupported }
func (partial) Fork() (Store, error)                                     { return nil, ErrUnsupported }
func (partial) View() (PostReader, error)                                { return nil, ErrUnsupported }
func (partial) Footprint() (int64, error)                                { return 0, nil }
func (partial) Close() error                                             { return nil }
