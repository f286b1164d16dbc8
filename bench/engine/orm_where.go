package engine

import (
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memrel/memrel/bench/data"
)

func (s *gormStore) UsersWhere(low, high int64, is Titled, visit func(data.User)) error {
	outer, selected, inner := is.sql("?", "?")
	of := s.g.Model(&data.Post{}).Select(selected).Where("author_id = users.id").Where(inner, is.From, is.To)
	return s.visitUsers(low, high, fmt.Sprintf(outer, "?"), of, visit)
}

// visitUsers is the users of a range that a subquery is asked of.
func (s *gormStore) visitUsers(low, high int64, where string, subquery any, visit func(data.User)) error {
	var users []data.User
	err := s.g.Where("id BETWEEN ? AND ?", low, high).Where(where, subquery).Order("id").Find(&users).Error
	return each(users, err, visit)
}

func (s *gormStore) UsersOfTag(low, high int64, tag string, visit func(data.User)) error {
	authors := s.g.Model(&data.Post{}).Select("author_id").Where("id IN (?)", s.g.Raw(postsOfTagSQL+"?", tag))
	return s.visitUsers(low, high, "id IN (?)", authors, visit)
}

func (s *gormStore) PostsOfTag(tag string, visit func(data.Post)) error {
	return s.visitPosts(s.g.Where("id IN (?)", s.g.Raw(postsOfTagSQL+"?", tag)).Order("id"), visit)
}

func (s *bunStore) UsersWhere(low, high int64, is Titled, visit func(data.User)) error {
	outer, selected, inner := is.sql("?", "?")
	of := s.b.NewSelect().Model((*bunPost)(nil)).ColumnExpr(selected).Where("author_id = bun_user.id").Where(inner, is.From, is.To)
	return s.visitUsers(low, high, fmt.Sprintf(outer, "?"), of, visit)
}

// visitUsers is the users of a range that a subquery is asked of.
func (s *bunStore) visitUsers(low, high int64, where string, subquery any, visit func(data.User)) error {
	var users []bunUser
	err := s.b.NewSelect().Model(&users).Where("id BETWEEN ? AND ?", low, high).Where(where, subquery).Order("id").Scan(background)
	for _, u := range users {
		visit(data.User{ID: u.ID, Email: u.Email})
	}
	return err
}

func (s *bunStore) UsersOfTag(low, high int64, tag string, visit func(data.User)) error {
	authors := s.b.NewSelect().Model((*bunPost)(nil)).Column("author_id").Where("id IN (?)", s.b.NewRaw(postsOfTagSQL+"?", tag))
	return s.visitUsers(low, high, "id IN (?)", authors, visit)
}

func (s *bunStore) PostsOfTag(tag string, visit func(data.Post)) error {
	return s.visitPosts(visit, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("id IN (?)", s.b.NewRaw(postsOfTagSQL+"?", tag)).Order("id")
	})
}
