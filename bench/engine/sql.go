package engine

import (
	"database/sql"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "github.com/mattn/go-sqlite3"    // driver "sqlite3"
	_ "modernc.org/sqlite"             // driver "sqlite"

	"github.com/memrel/memrel/bench/data"
)

// sqliteDepth is how deep SQLite's cascades go: SQLITE_MAX_TRIGGER_DEPTH.
const sqliteDepth = 1000

// sqlStore is a database behind database/sql: foreign keys on, an index for each of them, every statement prepared.
type sqlStore struct {
	partial
	db      *sql.DB
	dialect dialect
	mu      sync.Mutex // guards stmts
	stmts   map[string]*sql.Stmt
}

// dialect is where the databases differ.
type dialect struct {
	driver, dsn string
	integer     string   // the type of a 64-bit column
	text        string   // the type of a text that sorts by its bytes
	before      []string // statements before the definitions
	after       string   // a statement before the end
	deferred    string   // what a foreign key says that is judged at commit
	deferNow    string   // or the statement that a transaction says it by
	footprint   string   // the query for the bytes that the database takes
}

var (
	sqliteDialect = dialect{
		integer:   "INTEGER",
		text:      "TEXT",
		before:    []string{"PRAGMA foreign_keys = ON"},
		deferNow:  "PRAGMA defer_foreign_keys = ON",
		footprint: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
	}
	postgresDialect = dialect{
		driver:   "pgx",
		integer:  "BIGINT",
		text:     `TEXT COLLATE "C"`,
		deferred: " DEFERRABLE INITIALLY DEFERRED",
	}
)

// tableSQL are the definitions, with %[1]s for the type of a 64-bit column, %[2]s for a deferred reference and %[3]s for
// the type of a text.
var tableSQL = []string{
	"CREATE TABLE users (id %[1]s PRIMARY KEY, email %[3]s NOT NULL UNIQUE)",
	"CREATE TABLE posts (id %[1]s PRIMARY KEY, author_id %[1]s NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE, slug %[3]s NOT NULL UNIQUE, title %[3]s NOT NULL)",
	"CREATE INDEX posts_author ON posts (author_id)",
	"CREATE TABLE tags (id %[1]s PRIMARY KEY, name %[3]s NOT NULL UNIQUE)",
	"CREATE TABLE post_tags (post_id %[1]s NOT NULL REFERENCES posts (id) ON DELETE CASCADE, tag_id %[1]s NOT NULL REFERENCES tags (id) ON DELETE CASCADE, PRIMARY KEY (post_id, tag_id))",
	"CREATE INDEX post_tags_tag ON post_tags (tag_id)",
	"CREATE TABLE parents (id %[1]s PRIMARY KEY, name %[3]s NOT NULL)",
	"CREATE TABLE owners (id %[1]s PRIMARY KEY, name %[3]s NOT NULL)",
	"CREATE TABLE children (id %[1]s PRIMARY KEY, parent_id %[1]s NOT NULL REFERENCES parents (id) ON DELETE CASCADE, name %[3]s NOT NULL)",
	"CREATE TABLE grandchildren (id %[1]s PRIMARY KEY, parent_id %[1]s NOT NULL REFERENCES children (id) ON DELETE CASCADE, name %[3]s NOT NULL)",
	"CREATE TABLE nodes (id %[1]s PRIMARY KEY, parent_id %[1]s REFERENCES nodes (id) ON DELETE CASCADE%[2]s, name %[3]s NOT NULL)",
	"CREATE TABLE notes (id %[1]s PRIMARY KEY, parent_id %[1]s REFERENCES owners (id) ON DELETE SET NULL, name %[3]s NOT NULL)",
	"CREATE INDEX children_parent ON children (parent_id)",
	"CREATE INDEX grandchildren_parent ON grandchildren (parent_id)",
	"CREATE INDEX nodes_parent ON nodes (parent_id)",
	"CREATE INDEX notes_parent ON notes (parent_id)",
}

func openMattn(Options) (Store, error) {
	d := sqliteDialect
	d.driver, d.dsn = "sqlite3", ":memory:"
	return openSQL(d)
}

func openModernc(Options) (Store, error) {
	d := sqliteDialect
	d.driver, d.dsn = "sqlite", ":memory:"
	return openSQL(d)
}

// postgresStores numbers the schemas, of which each store has one.
var postgresStores atomic.Int64

func openPostgres(o Options) (Store, error) {
	if o.DSN == "" {
		return nil, fmt.Errorf("%w: set MEMREL_POSTGRES_DSN or -dsn", ErrUnsupported)
	}
	d := postgresDialect
	d.dsn = o.DSN
	schema := fmt.Sprintf("bench_%d_%d", os.Getpid(), postgresStores.Add(1))
	d.before = []string{"SET client_min_messages = warning", "SET synchronous_commit = off",
		"CREATE SCHEMA " + schema, "SET search_path TO " + schema}
	d.after = "DROP SCHEMA " + schema + " CASCADE"
	return openSQL(d)
}

// connect opens a database. It has one connection: a :memory: database belongs to its connection.
func connect(d dialect) (*sql.DB, error) {
	db, err := sql.Open(d.driver, d.dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	for _, q := range d.before {
		if _, err := db.Exec(q); err != nil {
			return nil, err
		}
	}
	return db, nil
}

func openSQL(d dialect) (Store, error) {
	db, err := connect(d)
	if err != nil {
		return nil, err
	}
	for _, q := range tableSQL {
		if _, err := db.Exec(fmt.Sprintf(q+"%[4]s", d.integer, d.deferred, d.text, "")); err != nil {
			return nil, fmt.Errorf("%s: %w", q, err)
		}
	}
	return newSQLStore(db, d), nil
}

func newSQLStore(db *sql.DB, d dialect) *sqlStore {
	return &sqlStore{db: db, dialect: d, stmts: map[string]*sql.Stmt{}}
}

// stmt prepares a statement once.
func (s *sqlStore) stmt(query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st, ok := s.stmts[query]; ok {
		return st, nil
	}
	st, err := s.db.Prepare(query)
	if err == nil {
		s.stmts[query] = st
	}
	return st, err
}

func (s *sqlStore) exec(query string, args ...any) error {
	st, err := s.stmt(query)
	if err != nil {
		return err
	}
	res, err := st.Exec(args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return errNotFound
	}
	return err
}

// query calls scan for each row of a result.
func (s *sqlStore) query(scan func(*sql.Rows) error, query string, args ...any) error {
	st, err := s.stmt(query)
	if err != nil {
		return err
	}
	rows, err := st.Query(args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

const (
	userColumns = "SELECT id, email FROM users "
	postColumns = "SELECT id, author_id, slug, title FROM posts "
)

func (s *sqlStore) onePost(query string, arg any) (p data.Post, err error) {
	st, err := s.stmt(query)
	if err != nil {
		return p, err
	}
	err = st.QueryRow(arg).Scan(&p.ID, &p.AuthorID, &p.Slug, &p.Title)
	return p, err
}

func scanPost(visit func(data.Post)) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var p data.Post
		if err := rows.Scan(&p.ID, &p.AuthorID, &p.Slug, &p.Title); err != nil {
			return err
		}
		visit(p)
		return nil
	}
}

func scanUser(visit func(data.User)) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var u data.User
		if err := rows.Scan(&u.ID, &u.Email); err != nil {
			return err
		}
		visit(u)
		return nil
	}
}

func (s *sqlStore) Post(id int64) (data.Post, error) {
	return s.onePost(postColumns+"WHERE id = $1", id)
}

func (s *sqlStore) PostBySlug(slug string) (data.Post, error) {
	return s.onePost(postColumns+"WHERE slug = $1", slug)
}

func (s *sqlStore) PostRange(low, high int64, visit func(data.Post)) error {
	return s.query(scanPost(visit), postColumns+"WHERE id BETWEEN $1 AND $2 ORDER BY id", low, high)
}

func (s *sqlStore) PostsFrom(slug string, limit int, visit func(data.Post)) error {
	return s.query(scanPost(visit), postColumns+"WHERE slug >= $1 ORDER BY slug LIMIT $2", slug, limit)
}

func (s *sqlStore) PostsOf(author int64, visit func(data.Post)) error {
	return s.query(scanPost(visit), postColumns+"WHERE author_id = $1 ORDER BY id", author)
}

func scanTag(visit func(data.Tag)) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var t data.Tag
		if err := rows.Scan(&t.ID, &t.Name); err != nil {
			return err
		}
		visit(t)
		return nil
	}
}

func (s *sqlStore) TagsOf(post int64, visit func(data.Tag)) error {
	return s.query(scanTag(visit), "SELECT t.id, t.name FROM post_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.post_id = $1 ORDER BY t.id", post)
}

// Include is one query for the users and one for their posts, in the order of the index on author_id.
func (s *sqlStore) Include(low, high int64, visit func(data.User, []data.Post)) error {
	return s.include("WHERE id BETWEEN $1 AND $2 ORDER BY id", "WHERE author_id BETWEEN $1 AND $2 ORDER BY author_id, id", low, high, visit)
}

// include puts users and their posts together out of the ends of two queries.
func (s *sqlStore) include(ofUsers, ofPosts string, low, high int64, visit func(data.User, []data.Post)) error {
	var users []data.User
	err := s.query(scanUser(func(u data.User) { users = append(users, u) }), userColumns+ofUsers, low, high)
	if err != nil {
		return err
	}
	of := map[int64][]data.Post{}
	err = s.query(scanPost(func(p data.Post) { of[p.AuthorID] = append(of[p.AuthorID], p) }),
		postColumns+ofPosts, low, high)
	for _, u := range users {
		visit(u, of[u.ID])
	}
	return err
}

func (s *sqlStore) IncludeTree(visit func(data.Root, []Branch)) error {
	all := func(table data.Table) (map[int64][]data.Link, error) {
		of := map[int64][]data.Link{}
		return of, s.links(string(table), "ORDER BY parent_id, id", func(l data.Link) { of[l.ParentID] = append(of[l.ParentID], l) })
	}
	var parents []data.Root
	err := s.query(func(rows *sql.Rows) error {
		var r data.Root
		err := rows.Scan(&r.ID, &r.Name)
		parents = append(parents, r)
		return err
	}, "SELECT id, name FROM parents ORDER BY id")
	if err != nil {
		return err
	}
	children, err := all(data.Children)
	if err != nil {
		return err
	}
	grandchildren, err := all(data.Grandchildren)
	for _, p := range parents {
		visit(p, joinBranches(children[p.ID], grandchildren))
	}
	return err
}

func joinBranches(children []data.Link, grandchildren map[int64][]data.Link) []Branch {
	branches := make([]Branch, len(children))
	for i, c := range children {
		branches[i] = Branch{c, grandchildren[c.ID]}
	}
	return branches
}

func (s *sqlStore) links(table, order string, visit func(data.Link)) error {
	return s.query(func(rows *sql.Rows) error {
		var l data.Link
		var parent sql.NullInt64
		if err := rows.Scan(&l.ID, &parent, &l.Name); err != nil {
			return err
		}
		l.ParentID = parent.Int64
		visit(l)
		return nil
	}, "SELECT id, parent_id, name FROM "+table+" "+order)
}

func (s *sqlStore) Links(table data.Table, visit func(data.Link)) error {
	return s.links(string(table), "ORDER BY id", visit)
}
