package engine

import (
	"fmt"
	"iter"

	"github.com/memrel/memrel/bench/data"
)

// Asker is a store that finds rows by what is associated with them. All rows come in the order of the primary key.
type Asker interface {
	// UsersWhere visits the users with a primary key from low to high whose posts are as is says.
	UsersWhere(low, high int64, is Titled, visit func(data.User)) error
	// UsersOfTag visits the users with a primary key from low to high that have some post that has some tag of that name.
	UsersOfTag(low, high int64, tag string, visit func(data.User)) error
	// PostsOfTag visits the posts that have some tag of that name.
	PostsOfTag(tag string, visit func(data.Post)) error
}

// Quantifier says of how many of a user's posts something must be true.
type Quantifier int

// The quantifiers.
const (
	Some Quantifier = iota
	Every
	None
	AtLeast // so many
)

// Titled is a condition on the posts of a user: some, every, none or at least N of them have a title from From to To.
type Titled struct {
	How      Quantifier
	N        int
	From, To string
}

// holds is the condition by hand: it ends with the post that decides it.
func (t Titled) holds(posts iter.Seq[*data.Post]) bool {
	left := max(t.N, 1) // posts that have yet to be found: ones that satisfy, or for Every one that does not
	for p := range posts {
		if titled := t.From <= p.Title && p.Title <= t.To; titled == (t.How != Every) {
			if left--; left == 0 {
				break
			}
		}
	}
	return (left == 0) == (t.How == Some || t.How == AtLeast)
}

// sql is the condition as SQL: what is said of a subquery for the user's posts, what that selects, and its condition on the
// title with from and to for the bounds.
func (t Titled) sql(from, to string) (outer, selected, inner string) {
	titled := fmt.Sprintf("title BETWEEN %s AND %s", from, to)
	switch t.How {
	case Every:
		return "NOT EXISTS (%s)", "1", "NOT (" + titled + ")"
	case None:
		return "NOT EXISTS (%s)", "1", titled
	case AtLeast:
		return fmt.Sprintf("(%%s) >= %d", t.N), "COUNT(*)", titled
	}
	return "EXISTS (%s)", "1", titled
}
