package engine

import (
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/bench/data"
)

// runtime is memrel through models: rows are maps in, and values read by column name out.
type runtime struct {
	partial
	db *memrel.DB
}

func openRuntime(Options) (Store, error) {
	db, err := openMemrel()
	return &runtime{db: db}, err
}

// model is the same table as a typed handle's.
func model(name data.Table) memrel.Rows { return memrel.RowsOf(string(name)) }

var (
	userRows    = memrel.RowsOf("users")
	postRows    = memrel.RowsOf("posts")
	postTagRows = memrel.RowsOf("post_tags")
)

func postValues(p data.Post) memrel.Values {
	return memrel.Values{"id": p.ID, "authorId": p.AuthorID, "slug": p.Slug, "title": p.Title}
}

func postOf(r memrel.Row) data.Post {
	return data.Post{ID: r.Get("id").(int64), AuthorID: r.Get("authorId").(int64), Slug: r.Get("slug").(string), Title: r.Get("title").(string)}
}

func userOf(r memrel.Row) data.User {
	return data.User{ID: r.Get("id").(int64), Email: r.Get("email").(string)}
}

func tagOf(t memrel.Instance) data.Tag {
	return data.Tag{ID: t.Value("id").(int64), Name: t.Value("name").(string)}
}

func linkOf(r memrel.Row) data.Link {
	parent, _ := r.Get("parentId").(int64)
	return data.Link{ID: r.Get("id").(int64), ParentID: parent, Name: r.Get("name").(string)}
}

func values[T any](rows []T, value func(T) memrel.Values) []memrel.Values {
	out := make([]memrel.Values, len(rows))
	for i, r := range rows {
		out[i] = value(r)
	}
	return out
}

// Load is a statement for each table. All but posts are loaded as typed rows: the time of a load is that of posts alone.
func (s *runtime) Load(d *data.Data) error {
	if len(d.Posts) == 0 {
		return s.db.Update(func(tx *memrel.Tx) error { return loadMemrel(tx, d) })
	}
	first, rest := data.Data{Users: d.Users}, *d
	rest.Users, rest.Posts = nil, nil
	return firstError(
		func() error { return s.db.Update(func(tx *memrel.Tx) error { return loadMemrel(tx, &first) }) },
		func() error { _, err := postRows.InsertAll(s.db, values(d.Posts, postValues)); return err },
		func() error { return s.db.Update(func(tx *memrel.Tx) error { return loadMemrel(tx, &rest) }) },
	)
}

func eachRow[T any](rows []memrel.Row, err error, of func(memrel.Row) T, visit func(T)) error {
	for _, r := range rows {
		visit(of(r))
	}
	return err
}

func (s *runtime) Post(id int64) (data.Post, error) {
	r, ok := postRows.Get(s.db, id)
	if !ok {
		return data.Post{}, errNotFound
	}
	return postOf(r), nil
}

func (s *runtime) PostBySlug(slug string) (data.Post, error) {
	r, ok, err := postRows.First(s.db, memrel.Query{Where: memrel.Eq("slug", slug)})
	if err != nil || !ok {
		return data.Post{}, errNotFound
	}
	return postOf(r), nil
}

func (s *runtime) PostRange(low, high int64, visit func(data.Post)) error {
	rows, err := postRows.Find(s.db, memrel.Query{Where: memrel.Between("id", low, high)})
	return eachRow(rows, err, postOf, visit)
}

func (s *runtime) PostsFrom(slug string, limit int, visit func(data.Post)) error {
	rows, err := postRows.Find(s.db, memrel.Query{Where: memrel.Gte("slug", slug), Order: []memrel.Order{{Column: "slug"}}, Limit: limit})
	return eachRow(rows, err, postOf, visit)
}

func (s *runtime) PostsOf(author int64, visit func(data.Post)) error {
	rows, err := postRows.Find(s.db, memrel.Query{Where: memrel.Eq("authorId", author)})
	return eachRow(rows, err, postOf, visit)
}

func (s *runtime) TagsOf(post int64, visit func(data.Tag)) error {
	p, _, err := postRows.Model().FindByPk(s.db, includeTags, post)
	return each(includedIn(p, "tags", tagOf), err, visit)
}

// What queries include.
var (
	includeTags  = memrel.Query{Include: []memrel.Include{{As: "tags", Through: memrel.Through{Columns: []string{}}}}}
	includePosts = []memrel.Include{{As: "posts"}}
	includeTree  = memrel.Query{Include: []memrel.Include{{As: "children", Include: []memrel.Include{{As: "grandchildren"}}}}}
)

// includedIn is what was included in a row.
func includedIn[T any](in memrel.Instance, as string, of func(memrel.Instance) T) []T {
	rows, _ := in.Included(as)
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = of(r)
	}
	return out
}

func (s *runtime) Include(low, high int64, visit func(data.User, []data.Post)) error {
	rows, err := userRows.Model().Find(s.db, memrel.Query{Where: memrel.Between("id", low, high), Include: includePosts})
	for _, u := range rows {
		visit(userOf(u.Row()), includedIn(u, "posts", func(p memrel.Instance) data.Post { return postOf(p.Row()) }))
	}
	return err
}

func (s *runtime) IncludeTree(visit func(data.Root, []Branch)) error {
	rows, err := model(data.Parents).Model().Find(s.db, includeTree)
	for _, p := range rows {
		visit(data.Root{ID: p.Value("id").(int64), Name: p.Value("name").(string)}, includedIn(p, "children", branchOf))
	}
	return err
}

func branchOf(child memrel.Instance) Branch {
	return Branch{linkOf(child.Row()), includedIn(child, "grandchildren", func(g memrel.Instance) data.Link { return linkOf(g.Row()) })}
}

func (s *runtime) Tag(post, tag int64) error {
	_, err := postTagRows.Insert(s.db, memrel.Values{"postId": post, "tagId": tag})
	return err
}

func (s *runtime) Untag(post, tag int64) error {
	_, err := postTagRows.Delete(s.db, post, tag)
	return err
}

func (s *runtime) InsertPost(p data.Post) error {
	_, err := postRows.Insert(s.db, postValues(p))
	return err
}

func (s *runtime) Retitle(post int64, title string) error {
	_, err := postRows.Update(s.db, memrel.Values{"title": title}, post)
	return err
}

func (s *runtime) Move(post, author int64) error {
	_, err := postRows.Update(s.db, memrel.Values{"authorId": author}, post)
	return err
}

func (s *runtime) Renumber(user, to int64) error {
	_, err := userRows.Update(s.db, memrel.Values{"id": to}, user)
	return err
}

func (s *runtime) Delete(table data.Table, id int64) error {
	_, err := model(table).Delete(s.db, id)
	return err
}

func (s *runtime) InsertAll(rows []data.Post) error {
	return s.db.Update(func(tx *memrel.Tx) error {
		for _, p := range rows {
			if _, err := postRows.Insert(tx, postValues(p)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *runtime) Links(table data.Table, visit func(data.Link)) error {
	rows := slices.Collect(model(table).All(s.db.View()))
	return eachRow(rows, nil, linkOf, visit)
}

func (s *runtime) Fork() (Store, error) { return &runtime{db: s.db.Fork()}, nil }

func (s *runtime) View() (PostReader, error) { return runtimeView{s.db.View()}, nil }

type runtimeView struct{ v memrel.View }

func (v runtimeView) Post(id int64) (data.Post, error) {
	r, ok := postRows.Get(v.v, id)
	if !ok {
		return data.Post{}, errNotFound
	}
	return postOf(r), nil
}
