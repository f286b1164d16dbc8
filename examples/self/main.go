// Command self: associations of a table with itself. Categories make a tree; people follow one another.
package main

import (
	"fmt"
	"strings"

	"github.com/memrel/memrel"
)

type Category struct {
	ID       int64
	Name     string
	ParentID *int64
}

type Person struct {
	ID   int64
	Name string
}

type Follow struct {
	FollowerID int64 `memrel:",pk"`
	FollowedID int64 `memrel:",pk"`
}

var (
	Categories = memrel.TableOf[Category]("categories")
	Children   = memrel.HasMany(Categories, Categories, memrel.As("children"), memrel.ForeignKey("parentId"), memrel.OnDelete(memrel.Cascade))
	Parent     = memrel.BelongsTo(Categories, Categories, memrel.As("parent"), memrel.OnDelete(memrel.Cascade))

	People    = memrel.TableOf[Person]("people")
	Follows   = memrel.TableOf[Follow]("follows")
	Following = memrel.BelongsToMany(People, People, Follows, memrel.As("following"), memrel.ForeignKey("followerId"), memrel.OtherKey("followedId"))
	Followers = memrel.BelongsToMany(People, People, Follows, memrel.As("followers"), memrel.ForeignKey("followedId"), memrel.OtherKey("followerId"))
)

func main() {
	tree()
	graph()
}

func tree() {
	db := memrel.MustOpen(Categories, Children, Parent)
	food, _ := Categories.Insert(db, Category{Name: "food"})
	fruit, _ := Children.Create(db, food, Category{Name: "fruit"})
	Children.Create(db, fruit, Category{Name: "apples"})
	Children.Create(db, food, Category{Name: "bread"})
	show(db.View(), food, 0)

	up, _ := Parent.Get(db, fruit)
	fmt.Println("fruit is in", up.Name)

	Categories.Delete(db, fruit.ID) // CASCADE takes the whole branch
	show(db.View(), food, 0)
}

func show(view memrel.View, c Category, depth int) {
	fmt.Println(strings.Repeat("  ", depth) + c.Name)
	for child := range Children.Of(view, c) {
		show(view, child, depth+1)
	}
}

func graph() {
	db := memrel.MustOpen(People, Follows, Following, Followers)
	people := []Person{{Name: "Ann"}, {Name: "Bob"}, {Name: "Cy"}}
	People.InsertAll(db, people) // numbers them
	ann, bob, cy := people[0], people[1], people[2]
	Following.Add(db, ann, bob, cy)
	Following.Add(db, bob, cy)

	followers, _ := Followers.Get(db, cy, memrel.Query{})
	fmt.Println("who follows Cy:", followers)
	second, _ := People.Find(db, memrel.Query{Where: memrel.Some("following", memrel.Some("following", memrel.Eq("name", "Cy")))})
	fmt.Println("who follows somebody who does:", second)
}
