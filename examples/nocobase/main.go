// Command nocobase is a small content management system whose collections are NocoBase's own JSON: users, posts, tags by name, comments
// as a tree, attachments by a list of keys.
//
//	go run ./examples/nocobase
package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"log"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/assoc/nocobase/repository"
)

//go:embed collections.json
var collections []byte

var (
	users    = repository.Of("users")
	posts    = repository.Of("posts")
	tags     = repository.Of("tags")
	comments = repository.Of("comments")
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

// open is a store with the collections of collections.json.
func open() (*memrel.DB, error) {
	list, err := nocobase.Parse(bytes.NewReader(collections))
	if err != nil {
		return nil, err
	}
	var defs []memrel.Definition
	for _, c := range list {
		defs = append(defs, c)
	}
	return memrel.Open(defs...)
}

// object is a row among values, as JSON would have it.
type object = map[string]any

// publish writes two users, and posts with all that belongs to them, each in one call.
func publish(db *memrel.DB) error {
	for _, name := range []string{"ann", "bob"} {
		if _, err := users.Create(db, memrel.Values{"name": name, "password": "secret of " + name}, repository.Write{}); err != nil {
			return err
		}
	}
	_, err := posts.CreateMany(db, []memrel.Values{
		{
			"title": "Go in memory", "published": true, "publishedAt": "2024-01-02T10:00:00Z", "author": 1,
			"tags":        []any{object{"name": "go"}, object{"name": "databases"}},
			"attachments": []any{object{"key": "fig-2", "filename": "two.png", "size": 20}, object{"key": "fig-1", "filename": "one.png", "size": 10}},
			"comments":    []any{object{"text": "First!", "user": 2, "children": []any{object{"text": "Welcome.", "user": 1}}}},
		},
		{"title": "Trees", "published": true, "publishedAt": "2024-02-10T10:00:00Z", "author": object{"name": "cy"}, "tags": []any{"databases"}},
		{"title": "A draft", "author": 1, "tags": []any{"go"}, "attachments": []any{"fig-1"}},
	}, repository.Write{})
	return err
}

// frontPage are the posts that are published and have a tag, the newest first, as JSON for a page.
func frontPage(r memrel.Reader, tag string, limit repository.Limit) ([]repository.Record, int, error) {
	return posts.FindAndCount(r, repository.Find{
		Filter:  object{"published.$isTruly": true, "tags.name.$eq": tag},
		Fields:  []string{"title", "author.name", "attachments.filename"},
		Sort:    repository.Sort{"-publishedAt"},
		Limit:   limit,
		Appends: []string{"comments.user.name"},
	})
}

// thread is a comment with what it answers, all the way up.
func thread(r memrel.Reader, id any) (repository.Record, error) {
	c, _, err := comments.FindOne(r, repository.Find{FilterByTk: id, Fields: []string{"text"}, Appends: []string{"parent(recursively=true)"}})
	return c, err
}

func run() error {
	db, err := open()
	if err != nil {
		return err
	}
	if err := publish(db); err != nil {
		return err
	}
	page, n, err := frontPage(db, "databases", 10)
	if err != nil {
		return err
	}
	fmt.Println(n, "posts on databases")
	for _, post := range page {
		fmt.Println(post)
	}
	answer, err := thread(db, 2)
	if err != nil {
		return err
	}
	above, _ := answer.Row("parent")
	fmt.Printf("%s (to: %s)\n", answer.Value("text"), above.Value("text"))
	return edit(db)
}

// edit changes relations of one post, and deletes a user with what is his.
func edit(db *memrel.DB) error {
	of := posts.Relation("tags").Of(2)
	if err := of.Add(db, "go"); err != nil {
		return err
	}
	if _, created, err := of.FirstOrCreate(db, []string{"name"}, memrel.Values{"name": "trees"}, repository.Write{}); err != nil || !created {
		return err
	}
	quarter, err := posts.Count(db, repository.Find{Filter: object{"publishedAt.$dateOn": "2024Q1", "tags.name": "trees"}})
	if err != nil {
		return err
	}
	gone, err := users.Destroy(db, repository.Find{Filter: object{"name": "ann"}})
	if err != nil {
		return err
	}
	left, err := posts.Find(db, repository.Find{Fields: []string{"title"}})
	fmt.Println(quarter, "of them in the first quarter;", gone, "user deleted; left:", left)
	return err
}
