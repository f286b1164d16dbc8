package workload

import (
	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
)

// Sink takes what work reads. When results are compared it hashes every column, otherwise it adds up the keys, so that no
// engine can leave a row out.
type Sink struct {
	Hashing bool
	hash    uint64
	sum     int64
	rows    int
}

const (
	offset = 0xcbf29ce484222325
	prime  = 0x100000001b3
)

// Result is the hash and the number of rows so far.
func (s *Sink) Result() (hash uint64, rows int) { return s.hash, s.rows }

func (s *Sink) number(n int64) {
	h := s.hash ^ offset
	for range 8 {
		h = (h ^ uint64(n&0xff)) * prime
		n >>= 8
	}
	s.hash = h
}

func (s *Sink) text(t string) {
	h := s.hash ^ offset
	for i := range len(t) {
		h = (h ^ uint64(t[i])) * prime
	}
	s.hash = h
	s.number(int64(len(t)))
}

// Post takes a post.
func (s *Sink) Post(p data.Post) {
	s.sum += p.ID
	s.rows++
	if s.Hashing {
		s.number(p.ID)
		s.number(p.AuthorID)
		s.text(p.Slug)
		s.text(p.Title)
	}
}

// Tag takes a tag.
func (s *Sink) Tag(t data.Tag) {
	s.sum += t.ID
	s.rows++
	if s.Hashing {
		s.number(t.ID)
		s.text(t.Name)
	}
}

// User takes a user.
func (s *Sink) User(u data.User) {
	s.sum += u.ID
	s.rows++
	if s.Hashing {
		s.number(u.ID)
		s.text(u.Email)
	}
}

// UserWithPosts takes a user and what is included.
func (s *Sink) UserWithPosts(u data.User, posts []data.Post) {
	s.User(u)
	for i := range posts {
		s.Post(posts[i])
	}
}

// Link takes a row of a tree.
func (s *Sink) Link(l data.Link) {
	s.sum += l.ID
	s.rows++
	if s.Hashing {
		s.number(l.ID)
		s.number(l.ParentID)
		s.text(l.Name)
	}
}

// Tree takes a parent with two levels below it.
func (s *Sink) Tree(r data.Root, branches []engine.Branch) {
	s.Link(data.Link{ID: r.ID, Name: r.Name})
	for _, b := range branches {
		s.Link(b.Child)
		for _, g := range b.Grandchildren {
			s.Link(g)
		}
	}
}
