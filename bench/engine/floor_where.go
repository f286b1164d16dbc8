package engine

import "github.com/memrel/memrel/bench/data"

func (s *floor) UsersWhere(low, high int64, is Titled, visit func(data.User)) error {
	for id := low; id <= high; id++ {
		u, ok := s.users.get(id)
		if !ok {
			continue
		}
		of := func(yield func(*data.Post) bool) {
			s.authored.of(id, func(_ int64, p *data.Post) bool { return yield(p) })
		}
		if is.holds(of) {
			visit(*u)
		}
	}
	return nil
}

// eachOfTag begins at the tag.
func (s *floor) eachOfTag(tag string, visit func(*data.Post)) error {
	t, ok := s.tagNames.get(tag)
	if !ok {
		return errNotFound
	}
	s.tagging.of(t.ID, func(post int64, _ struct{}) bool {
		if p, ok := s.posts.get(post); ok {
			visit(p)
		}
		return true
	})
	return nil
}

func (s *floor) PostsOfTag(tag string, visit func(data.Post)) error {
	return s.eachOfTag(tag, func(p *data.Post) { visit(*p) })
}

func (s *floor) UsersOfTag(low, high int64, tag string, visit func(data.User)) error {
	var authors authorSet
	if err := s.eachOfTag(tag, func(p *data.Post) { authors.add(p, low, high) }); err != nil {
		return err
	}
	for _, id := range authors.sorted() {
		if u, ok := s.users.get(id); ok {
			visit(*u)
		}
	}
	return nil
}
