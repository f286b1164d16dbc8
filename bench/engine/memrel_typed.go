package engine

import (
	"github.com/memrel/memrel"
	"github.com/memrel/memrel/bench/data"
)

type (
	treeParent struct {
		ID   int64
		Name string
	}
	treeChild struct {
		ID       int64
		ParentID int64 `memrel:",ref=parents,ondelete=cascade"`
		Name     string
	}
	treeGrandchild struct {
		ID       int64
		ParentID int64 `memrel:",ref=children,ondelete=cascade"`
		Name     string
	}
	treeNode struct {
		ID       int64
		ParentID *int64 `memrel:",ref=nodes,ondelete=cascade"`
		Name     string
	}
	noteRow struct {
		ID       int64
		ParentID *int64 `memrel:",ref=owners,ondelete=set null"`
		Name     string
	}
)

// The tables of memrel.
var (
	users         = memrel.TableOf[data.User]("users")
	posts         = memrel.TableOf[data.Post]("posts")
	tags          = memrel.TableOf[data.Tag]("tags")
	postTags      = memrel.TableOf[data.PostTag]("post_tags")
	parents       = memrel.TableOf[treeParent]("parents")
	children      = memrel.TableOf[treeChild]("children")
	grandchildren = memrel.TableOf[treeGrandchild]("grandchildren")
	nodes         = memrel.TableOf[treeNode]("nodes")
	owners        = memrel.TableOf[treeParent]("owners")
	notes         = memrel.TableOf[noteRow]("notes")
)

// The associations of memrel, over the references that the tables declare.
var (
	userPosts          = memrel.HasMany(users, posts, memrel.ForeignKey("authorId"), memrel.Unconstrained())
	postsTags          = memrel.BelongsToMany(posts, tags, postTags, memrel.ForeignKey("postId"), memrel.OtherKey("tagId"), memrel.Unconstrained())
	parentChildren     = memrel.HasMany(parents, children, memrel.ForeignKey("parentId"), memrel.Unconstrained())
	childGrandchildren = memrel.HasMany(children, grandchildren, memrel.ForeignKey("parentId"), memrel.Unconstrained())
	postsBySlug        = posts.By("slug")
)

var memrelDefinitions = []memrel.Definition{users, posts, tags, postTags, parents, children, grandchildren, nodes, owners, notes,
	userPosts, postsTags, parentChildren, childGrandchildren}

func openMemrel() (*memrel.DB, error) { return memrel.Open(memrelDefinitions...) }

// typed is memrel through handles of Go structs.
type typed struct {
	partial
	db *memrel.DB
}

func openTyped(Options) (Store, error) {
	db, err := openMemrel()
	return &typed{db: db}, err
}

// Load is a statement for each table.
func (s *typed) Load(d *data.Data) error {
	if one, rows := d.OnlyPosts(); one {
		_, err := posts.InsertAll(s.db, rows)
		return err
	}
	return s.db.Update(func(tx *memrel.Tx) error { return loadMemrel(tx, d) })
}

func loadMemrel(tx *memrel.Tx, d *data.Data) error {
	return firstError(
		func() error { return load(tx, users, d.Users, same) },
		func() error { return load(tx, posts, d.Posts, same) },
		func() error { return load(tx, tags, d.Tags, same) },
		func() error { return load(tx, postTags, d.PostTags, same) },
		func() error { return load(tx, parents, d.Parents, rootRow) },
		func() error { return load(tx, owners, d.Owners, rootRow) },
		func() error {
			return load(tx, children, d.Children, func(l data.Link) treeChild { return treeChild(l) })
		},
		func() error {
			return load(tx, grandchildren, d.Grandchildren, func(l data.Link) treeGrandchild { return treeGrandchild(l) })
		},
		func() error {
			return load(tx, nodes, d.Nodes, func(l data.Link) treeNode { return treeNode{l.ID, orNull(l.ParentID), l.Name} })
		},
		func() error {
			return load(tx, notes, d.Notes, func(l data.Link) noteRow { return noteRow{l.ID, orNull(l.ParentID), l.Name} })
		},
	)
}

func same[T any](row T) T            { return row }
func rootRow(r data.Root) treeParent { return treeParent(r) }
func orNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func orZero(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

func load[R, T any](w memrel.Writer, h memrel.Table[T], rows []R, row func(R) T) error {
	if len(rows) == 0 {
		return nil
	}
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = row(r)
	}
	_, err := h.InsertAll(w, out)
	return err
}

func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func found[T any](row T, ok bool) (T, error) {
	if !ok {
		return row, errNotFound
	}
	return row, nil
}

func each[T any](rows []T, err error, visit func(T)) error {
	for i := range rows {
		visit(rows[i])
	}
	return err
}

func (s *typed) Post(id int64) (data.Post, error) { return found(posts.Get(s.db, id)) }

func (s *typed) PostBySlug(slug string) (data.Post, error) {
	return found(postsBySlug.Get(s.db, slug))
}

func (s *typed) PostRange(low, high int64, visit func(data.Post)) error {
	rows, err := posts.Find(s.db, memrel.Query{Where: memrel.Between("id", low, high)})
	return each(rows, err, visit)
}

func (s *typed) PostsFrom(slug string, limit int, visit func(data.Post)) error {
	rows, err := posts.Find(s.db, memrel.Query{Where: memrel.Gte("slug", slug), Order: []memrel.Order{{Column: "slug"}}, Limit: limit})
	return each(rows, err, visit)
}

func (s *typed) PostsOf(author int64, visit func(data.Post)) error {
	for p := range userPosts.Of(s.db, data.User{ID: author}) {
		visit(p)
	}
	return nil
}

func (s *typed) TagsOf(post int64, visit func(data.Tag)) error {
	for t := range postsTags.Of(s.db, data.Post{ID: post}) {
		visit(t)
	}
	return nil
}

func (s *typed) Include(low, high int64, visit func(data.User, []data.Post)) error {
	v := s.db.View()
	rows, err := users.Find(v, memrel.Query{Where: memrel.Between("id", low, high)})
	if err != nil {
		return err
	}
	most := 0 // posts of a user so far: mostly enough for the next one
	for _, u := range rows {
		of := make([]data.Post, 0, most)
		for p := range userPosts.Of(v, u) {
			of = append(of, p)
		}
		most = max(most, len(of))
		visit(u, of)
	}
	return nil
}

func (s *typed) IncludeTree(visit func(data.Root, []Branch)) error {
	v := s.db.View()
	for p := range parents.All(v) {
		var branches []Branch
		for c := range parentChildren.Of(v, p) {
			branch := Branch{Child: data.Link(c)}
			for g := range childGrandchildren.Of(v, c) {
				branch.Grandchildren = append(branch.Grandchildren, data.Link(g))
			}
			branches = append(branches, branch)
		}
		visit(data.Root(p), branches)
	}
	return nil
}

func links[T any](rows []T, link func(T) data.Link) []data.Link {
	out := make([]data.Link, len(rows))
	for i, r := range rows {
		out[i] = link(r)
	}
	return out
}

func (s *typed) InsertPost(p data.Post) error {
	_, err := posts.Insert(s.db, p)
	return err
}

func (s *typed) Retitle(post int64, title string) error {
	_, err := posts.Update(s.db, memrel.Values{"title": title}, post)
	return err
}

func (s *typed) Move(post, author int64) error {
	_, err := posts.Update(s.db, memrel.Values{"authorId": author}, post)
	return err
}

func (s *typed) Renumber(user, to int64) error {
	_, err := users.Update(s.db, memrel.Values{"id": to}, user)
	return err
}

func (s *typed) Tag(post, tag int64) error {
	return postsTags.Add(s.db, data.Post{ID: post}, data.Tag{ID: tag})
}

func (s *typed) Untag(post, tag int64) error {
	return postsTags.Remove(s.db, data.Post{ID: post}, data.Tag{ID: tag})
}

func (s *typed) Delete(table data.Table, id int64) (err error) {
	switch table {
	case data.Parents:
		_, err = parents.Delete(s.db, id)
	case data.Nodes:
		_, err = nodes.Delete(s.db, id)
	case data.Owners:
		_, err = owners.Delete(s.db, id)
	default:
		return ErrUnsupported
	}
	return err
}

func (s *typed) InsertAll(rows []data.Post) error {
	return s.db.Update(func(tx *memrel.Tx) error {
		for _, p := range rows {
			if _, err := posts.Insert(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *typed) Links(table data.Table, visit func(data.Link)) error {
	v := s.db.View()
	switch table {
	case data.Children:
		visitAll(children.All(v), func(r treeChild) { visit(data.Link(r)) })
	case data.Grandchildren:
		visitAll(grandchildren.All(v), func(r treeGrandchild) { visit(data.Link(r)) })
	case data.Nodes:
		visitAll(nodes.All(v), func(r treeNode) { visit(data.Link{ID: r.ID, ParentID: orZero(r.ParentID), Name: r.Name}) })
	case data.Notes:
		visitAll(notes.All(v), func(r noteRow) { visit(data.Link{ID: r.ID, ParentID: orZero(r.ParentID), Name: r.Name}) })
	default:
		return ErrUnsupported
	}
	return nil
}

func visitAll[T any](rows func(func(T) bool), visit func(T)) {
	for r := range rows {
		visit(r)
	}
}

func (s *typed) Fork() (Store, error) { return &typed{db: s.db.Fork()}, nil }

func (s *typed) View() (PostReader, error) { return typedView{s.db.View()}, nil }

type typedView struct{ v memrel.View }

func (r typedView) Post(id int64) (data.Post, error) { return found(posts.Get(r.v, id)) }
