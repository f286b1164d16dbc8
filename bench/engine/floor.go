package engine

import (
	"iter"

	"github.com/memrel/memrel/bench/data"
)

// floor is tables written by hand over bare indexes: what one gets without a store. It has the same checks and actions,
// each coded where it is needed, no transactions but a list of what to undo, and no locks.
type floor struct {
	partial
	open     func(Options) (Store, error) // another of the kind
	users    map1[int64, *data.User]
	emails   map1[string, *data.User]
	posts    map1[int64, *data.Post]
	slugs    map1[string, *data.Post]
	authored group[*data.Post]
	tags     map1[int64, *data.Tag]
	tagNames map1[string, *data.Tag]
	tagged   group[*data.Tag] // the tags of a post
	tagging  group[struct{}]  // the posts of a tag

	parents, owners map1[int64, *data.Root]
	children        linkTable
	grandchildren   linkTable
	nodes           linkTable
	notes           linkTable
}

// map1 is an index with one row a key. Trees are ordered, Go maps are not: from is nil there.
type map1[K comparable, R any] interface {
	get(key K) (R, bool)
	// put adds a row unless the key is taken.
	put(key K, row R) bool
	// set replaces the row of a key.
	set(key K, row R)
	remove(key K)
	// from visits the rows from a key on, in order; nil if there is no order.
	from(key K) iter.Seq2[K, R]
	clone() map1[K, R]
}

// group is an index with many rows a key, in the order of their ids.
type group[R any] interface {
	add(parent, id int64, row R)
	remove(parent, id int64)
	of(parent int64, visit func(id int64, row R) bool)
	clone() group[R]
}

// linkTable is the rows that refer to another table or to their own.
type linkTable struct {
	rows  map1[int64, *data.Link]
	below group[*data.Link]
}

func (t *linkTable) load(links []data.Link, parent func(id int64) bool) error {
	for _, l := range links {
		row := &l
		if !t.rows.put(l.ID, row) {
			return errTaken
		}
		if l.ParentID != 0 {
			t.below.add(l.ParentID, l.ID, row)
		}
	}
	for _, l := range links {
		if l.ParentID != 0 && !parent(l.ParentID) {
			return errNoParent
		}
	}
	return nil
}

func (t *linkTable) remove(l *data.Link) {
	t.rows.remove(l.ID)
	if l.ParentID != 0 {
		t.below.remove(l.ParentID, l.ID)
	}
}

// under collects the rows below a row: what is visited must not change meanwhile.
func (t *linkTable) under(parent int64) []*data.Link {
	var out []*data.Link
	t.below.of(parent, func(_ int64, l *data.Link) bool {
		out = append(out, l)
		return true
	})
	return out
}

func has[K comparable, R any](m map1[K, R]) func(K) bool {
	return func(key K) bool {
		_, ok := m.get(key)
		return ok
	}
}

// Load adds the rows of each table in turn.
func (s *floor) Load(d *data.Data) error {
	for _, u := range d.Users {
		row := &u
		if !s.users.put(u.ID, row) || !s.emails.put(u.Email, row) {
			return errTaken
		}
	}
	for _, p := range d.Posts {
		if err := s.insert(&p); err != nil {
			return err
		}
	}
	for _, t := range d.Tags {
		if !s.tags.put(t.ID, &t) || !s.tagNames.put(t.Name, &t) {
			return errTaken
		}
	}
	for _, pt := range d.PostTags {
		if err := s.Tag(pt.PostID, pt.TagID); err != nil {
			return err
		}
	}
	return s.loadTrees(d)
}

func (s *floor) loadTrees(d *data.Data) error {
	for _, p := range d.Parents {
		s.parents.put(p.ID, &p)
	}
	for _, o := range d.Owners {
		s.owners.put(o.ID, &o)
	}
	return firstError(
		func() error { return s.children.load(d.Children, has(s.parents)) },
		func() error { return s.grandchildren.load(d.Grandchildren, has(s.children.rows)) },
		func() error { return s.nodes.load(d.Nodes, has(s.nodes.rows)) },
		func() error { return s.notes.load(d.Notes, has(s.owners)) },
	)
}

// insert checks and adds a post, all or nothing.
func (s *floor) insert(p *data.Post) error {
	if _, ok := s.users.get(p.AuthorID); !ok {
		return errNoParent
	}
	if !s.posts.put(p.ID, p) {
		return errTaken
	}
	if !s.slugs.put(p.Slug, p) {
		s.posts.remove(p.ID)
		return errTaken
	}
	s.authored.add(p.AuthorID, p.ID, p)
	return nil
}

func (s *floor) remove(p *data.Post) {
	s.posts.remove(p.ID)
	s.slugs.remove(p.Slug)
	s.authored.remove(p.AuthorID, p.ID)
}

func (s *floor) Post(id int64) (data.Post, error)          { return deref(s.posts.get(id)) }
func (s *floor) PostBySlug(slug string) (data.Post, error) { return deref(s.slugs.get(slug)) }

func deref(p *data.Post, ok bool) (data.Post, error) {
	if !ok {
		return data.Post{}, errNotFound
	}
	return *p, nil
}

func (s *floor) PostRange(low, high int64, visit func(data.Post)) error {
	rows := s.posts.from(low)
	if rows == nil {
		return s.probe(low, high, visit)
	}
	for id, p := range rows {
		if id > high {
			break
		}
		visit(*p)
	}
	return nil
}

// probe is a range over an index without order: every id is looked up.
func (s *floor) probe(low, high int64, visit func(data.Post)) error {
	for id := low; id <= high; id++ {
		if p, ok := s.posts.get(id); ok {
			visit(*p)
		}
	}
	return nil
}

func (s *floor) PostsFrom(slug string, limit int, visit func(data.Post)) error {
	rows := s.slugs.from(slug)
	if rows == nil {
		return ErrUnsupported
	}
	n := 0
	for _, p := range rows {
		if n++; n > limit {
			break
		}
		visit(*p)
	}
	return nil
}

func (s *floor) PostsOf(author int64, visit func(data.Post)) error {
	s.authored.of(author, func(_ int64, p *data.Post) bool {
		visit(*p)
		return true
	})
	return nil
}

func (s *floor) TagsOf(post int64, visit func(data.Tag)) error {
	s.tagged.of(post, func(_ int64, t *data.Tag) bool {
		visit(*t)
		return true
	})
	return nil
}

func (s *floor) Include(low, high int64, visit func(data.User, []data.Post)) error {
	for id := low; id <= high; id++ {
		u, ok := s.users.get(id)
		if !ok {
			continue
		}
		var of []data.Post
		s.authored.of(id, func(_ int64, p *data.Post) bool {
			of = append(of, *p)
			return true
		})
		visit(*u, of)
	}
	return nil
}

func (s *floor) IncludeTree(visit func(data.Root, []Branch)) error {
	rows := s.parents.from(0)
	if rows == nil {
		return ErrUnsupported
	}
	of := func(table data.Table, parent int64) ([]data.Link, error) {
		t := &s.children
		if table == data.Grandchildren {
			t = &s.grandchildren
		}
		var out []data.Link
		t.below.of(parent, func(_ int64, l *data.Link) bool {
			out = append(out, *l)
			return true
		})
		return out, nil
	}
	for _, p := range rows {
		branches, err := branchesOf(of, p.ID)
		if err != nil {
			return err
		}
		visit(*p, branches)
	}
	return nil
}

// branchesOf puts a tree's two lower levels together out of reads of the rows below a row.
func branchesOf(of func(table data.Table, parent int64) ([]data.Link, error), parent int64) ([]Branch, error) {
	below, err := of(data.Children, parent)
	if err != nil {
		return nil, err
	}
	branches := make([]Branch, len(below))
	for i, c := range below {
		rows, err := of(data.Grandchildren, c.ID)
		if err != nil {
			return nil, err
		}
		branches[i] = Branch{c, rows}
	}
	return branches, nil
}
