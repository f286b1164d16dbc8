package engine

import (
	"fmt"

	"github.com/memrel/memrel/bench/data"
)

const (
	userRangeSQL = userColumns + "WHERE id BETWEEN $1 AND $2 "
	// postsOfTagSQL are the keys of the posts that have a tag. IN lets a database begin at the tag.
	postsOfTagSQL = "SELECT pt.post_id FROM post_tags pt JOIN tags t ON t.id = pt.tag_id WHERE t.name = "
)

func (s *sqlStore) UsersWhere(low, high int64, is Titled, visit func(data.User)) error {
	outer, selected, inner := is.sql("$3", "$4")
	posts := "SELECT " + selected + " FROM posts WHERE author_id = users.id AND " + inner
	return s.query(scanUser(visit), userRangeSQL+"AND "+fmt.Sprintf(outer, posts)+" ORDER BY id", low, high, is.From, is.To)
}

func (s *sqlStore) UsersOfTag(low, high int64, tag string, visit func(data.User)) error {
	return s.query(scanUser(visit),
		userRangeSQL+"AND id IN (SELECT author_id FROM posts WHERE id IN ("+postsOfTagSQL+"$3)) ORDER BY id", low, high, tag)
}

func (s *sqlStore) PostsOfTag(tag string, visit func(data.Post)) error {
	return s.query(scanPost(visit), postColumns+"WHERE id IN ("+postsOfTagSQL+"$1) ORDER BY id", tag)
}
