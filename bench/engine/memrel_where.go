package engine

import (
	"github.com/memrel/memrel"
	"github.com/memrel/memrel/bench/data"
)

// memrelUsers is the query for users by their posts.
func memrelUsers(low, high int64, is memrel.Cond) memrel.Query {
	return memrel.Query{Where: memrel.And(memrel.Between("id", low, high), is)}
}

func memrelTitled(is Titled) memrel.Cond {
	titled := memrel.Between("title", is.From, is.To)
	switch is.How {
	case Every:
		return memrel.Every("posts", titled)
	case None:
		return memrel.None("posts", titled)
	case AtLeast:
		return memrel.CountOf("posts", memrel.Gte("count", is.N), titled)
	}
	return memrel.Some("posts", titled)
}

func memrelTagged(tag string) memrel.Cond { return memrel.Some("tags", memrel.Eq("name", tag)) }

func (s *typed) UsersWhere(low, high int64, is Titled, visit func(data.User)) error {
	rows, err := users.Find(s.db, memrelUsers(low, high, memrelTitled(is)))
	return each(rows, err, visit)
}

func (s *typed) UsersOfTag(low, high int64, tag string, visit func(data.User)) error {
	rows, err := users.Find(s.db, memrelUsers(low, high, memrel.Some("posts", memrelTagged(tag))))
	return each(rows, err, visit)
}

func (s *typed) PostsOfTag(tag string, visit func(data.Post)) error {
	rows, err := posts.Find(s.db, memrel.Query{Where: memrelTagged(tag)})
	return each(rows, err, visit)
}

func (s *runtime) UsersWhere(low, high int64, is Titled, visit func(data.User)) error {
	rows, err := userRows.Find(s.db, memrelUsers(low, high, memrelTitled(is)))
	return eachRow(rows, err, userOf, visit)
}

func (s *runtime) UsersOfTag(low, high int64, tag string, visit func(data.User)) error {
	rows, err := userRows.Find(s.db, memrelUsers(low, high, memrel.Some("posts", memrelTagged(tag))))
	return eachRow(rows, err, userOf, visit)
}

func (s *runtime) PostsOfTag(tag string, visit func(data.Post)) error {
	rows, err := postRows.Find(s.db, memrel.Query{Where: memrelTagged(tag)})
	return eachRow(rows, err, postOf, visit)
}
