package engine

import "github.com/memrel/memrel/bench/data"

func (s *floor) InsertPost(p data.Post) error { return s.insert(&p) }

// change replaces a post by an altered copy: a fork may still see the old one.
func (s *floor) change(id int64, alter func(p *data.Post)) error {
	old, ok := s.posts.get(id)
	if !ok {
		return errNotFound
	}
	now := *old
	alter(&now)
	if now.AuthorID != old.AuthorID {
		if _, ok := s.users.get(now.AuthorID); !ok {
			return errNoParent
		}
		s.authored.remove(old.AuthorID, id)
	}
	s.posts.set(id, &now)
	s.slugs.set(now.Slug, &now)
	s.authored.add(now.AuthorID, id, &now)
	return nil
}

func (s *floor) Retitle(post int64, title string) error {
	return s.change(post, func(p *data.Post) { p.Title = title })
}

func (s *floor) Move(post, author int64) error {
	return s.change(post, func(p *data.Post) { p.AuthorID = author })
}

// Renumber is ON UPDATE CASCADE by hand.
func (s *floor) Renumber(user, to int64) error {
	old, ok := s.users.get(user)
	if !ok {
		return errNotFound
	}
	now := &data.User{ID: to, Email: old.Email}
	if !s.users.put(to, now) {
		return errTaken
	}
	s.emails.set(now.Email, now)
	var ids []int64
	s.authored.of(user, func(id int64, _ *data.Post) bool {
		ids = append(ids, id)
		return true
	})
	for _, id := range ids {
		if err := s.Move(id, to); err != nil {
			return err
		}
	}
	s.users.remove(user)
	return nil
}

// Delete is ON DELETE CASCADE and SET NULL by hand.
func (s *floor) Delete(table data.Table, id int64) error {
	switch table {
	case data.Parents:
		for _, c := range s.children.under(id) {
			for _, g := range s.grandchildren.under(c.ID) {
				s.grandchildren.remove(g)
			}
			s.children.remove(c)
		}
		s.parents.remove(id)
	case data.Nodes:
		return s.deleteNode(id)
	case data.Owners:
		for _, n := range s.notes.under(id) {
			s.notes.below.remove(id, n.ID)
			s.notes.rows.set(n.ID, &data.Link{ID: n.ID, Name: n.Name})
		}
		s.owners.remove(id)
	default:
		return ErrUnsupported
	}
	return nil
}

func (s *floor) deleteNode(id int64) error {
	first, ok := s.nodes.rows.get(id)
	if !ok {
		return errNotFound
	}
	s.nodes.remove(first)
	for work := []*data.Link{first}; len(work) > 0; {
		l := work[len(work)-1]
		work = work[:len(work)-1]
		for _, b := range s.nodes.under(l.ID) {
			s.nodes.remove(b)
			work = append(work, b)
		}
	}
	return nil
}

func (s *floor) InsertAll(rows []data.Post) error {
	for i, p := range rows {
		if err := s.insert(&p); err != nil {
			for _, done := range rows[:i] {
				s.remove(&done)
			}
			return err
		}
	}
	return nil
}

func (s *floor) Links(table data.Table, visit func(data.Link)) error {
	t := map[data.Table]*linkTable{data.Children: &s.children, data.Grandchildren: &s.grandchildren,
		data.Nodes: &s.nodes, data.Notes: &s.notes}[table]
	if t == nil {
		return ErrUnsupported
	}
	rows := t.rows.from(0)
	if rows == nil {
		return s.probeLinks(t, visit)
	}
	for _, l := range rows {
		visit(*l)
	}
	return nil
}

// probeLinks walks an index without order: the ids of these tables are below a million.
func (s *floor) probeLinks(t *linkTable, visit func(data.Link)) error {
	for id := range int64(1_000_001) {
		if l, ok := t.rows.get(id); ok {
			visit(*l)
		}
	}
	return nil
}

func (s *floor) Fork() (Store, error) {
	f := *s
	f.users, f.emails = s.users.clone(), s.emails.clone()
	f.posts, f.slugs, f.authored = s.posts.clone(), s.slugs.clone(), s.authored.clone()
	f.tags, f.tagNames = s.tags.clone(), s.tagNames.clone()
	f.tagged, f.tagging = s.tagged.clone(), s.tagging.clone()
	f.parents, f.owners = s.parents.clone(), s.owners.clone()
	for _, t := range []*linkTable{&f.children, &f.grandchildren, &f.nodes, &f.notes} {
		t.rows, t.below = t.rows.clone(), t.below.clone()
	}
	if f.posts == nil {
		return nil, ErrUnsupported
	}
	return &f, nil
}

// View copies what Post reads.
func (s *floor) View() (PostReader, error) {
	posts := s.posts.clone()
	if posts == nil {
		return nil, ErrUnsupported
	}
	return &floor{posts: posts}, nil
}

func (s *floor) Tag(post, tag int64) error {
	t, ok := s.tags.get(tag)
	if _, there := s.posts.get(post); !ok || !there {
		return errNoParent
	}
	s.tagged.add(post, tag, t)
	s.tagging.add(tag, post, struct{}{})
	return nil
}

func (s *floor) Untag(post, tag int64) error {
	s.tagged.remove(post, tag)
	s.tagging.remove(tag, post)
	return nil
}
