// Command quickstart is the example of the README.
package main

import (
	"fmt"

	"github.com/memrel/memrel"
)

type User struct {
	ID    int64  // the primary key, numbered by the store
	Email string `memrel:",unique"`
}

type Post struct {
	ID       int64
	AuthorID int64 `memrel:",ref=users,ondelete=cascade"`
	Title    string
}

var (
	Users = memrel.TableOf[User]("users")
	Posts = memrel.TableOf[Post]("posts")
)

func main() {
	db := memrel.MustOpen(Users, Posts)
	ann, _ := Users.Insert(db, User{Email: "ann@example.com"})
	Posts.Insert(db, Post{AuthorID: ann.ID, Title: "Hello"})

	before := db.View()                                          // frozen, lock-free, nothing to close
	_, err := Posts.Insert(db, Post{AuthorID: 7, Title: "Who?"}) // a parent must exist
	fmt.Println(err)                                             // memrel: insert posts: users 7 does not exist (posts.authorId -> users.id)
	Users.Delete(db, ann.ID)                                     // and her posts go with her
	left, _ := Posts.Count(db, memrel.Cond{})
	were, _ := Posts.Count(before, memrel.Cond{})
	fmt.Println(left, were) // 0 1
}
