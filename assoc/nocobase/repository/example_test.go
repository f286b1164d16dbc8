package repository_test

import (
	"fmt"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/assoc/nocobase/repository"
)

var (
	users = repository.Of("users")
	posts = repository.Of("posts")
	tags  = repository.Of("tags")
)

// blog is a store with three collections and some rows.
func blog() *memrel.DB {
	list, err := nocobase.Parse(strings.NewReader(`[
		{"name": "users", "timestamps": false, "fields": [{"type": "string", "name": "name", "unique": true}, {"type": "string", "name": "secret", "hidden": true},
			{"type": "hasMany", "name": "posts"}]},
		{"name": "posts", "timestamps": false, "fields": [{"type": "string", "name": "title"}, {"type": "integer", "name": "score"},
			{"type": "belongsTo", "name": "user"}, {"type": "belongsToMany", "name": "tags", "through": "links"}]},
		{"name": "tags", "timestamps": false, "fields": [{"type": "string", "name": "name"}, {"type": "belongsToMany", "name": "posts", "through": "links"}]},
		{"name": "links", "timestamps": false, "fields": [{"type": "string", "name": "note"}]}]`))
	must(err)
	db := memrel.MustOpen()
	for _, c := range list {
		must(db.Define(c))
	}
	_, err = posts.CreateMany(db, []memrel.Values{
		{"title": "one", "score": 3, "user": map[string]any{"name": "ann", "secret": "s"}, "tags": []any{map[string]any{"name": "go"}, map[string]any{"name": "sql"}}},
		{"title": "two", "score": 1, "user": 1, "tags": []any{2}},
		{"title": "three"},
	}, repository.Write{})
	must(err)
	return db
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func ExampleRepository_Find() {
	db := blog()
	found, err := posts.Find(db, repository.Find{
		Filter:  map[string]any{"user.name.$eq": "ann", "score.$gt": 0},
		Fields:  []string{"title", "user"},
		Appends: []string{"tags(sort[]=-name)"},
		Sort:    repository.Sort{"-score"},
	})
	must(err)
	for _, post := range found {
		author, _ := post.Row("user")
		labels, _ := post.Rows("tags")
		fmt.Println(post.Value("title"), author.Value("name"), len(labels))
	}
	fmt.Println(found[1])
	// Output:
	// one ann 2
	// two ann 1
	// {"title":"two","user":{"id":1,"name":"ann"},"tags":[{"id":2,"name":"sql","links":{"note":null,"tagId":2,"postId":2}}]}
}

func ExampleRepository_FindOne() {
	db := blog()
	user, ok, err := users.FindOne(db, repository.Find{FilterByTk: 1, Appends: []string{"posts.tags"}, Except: []string{"name"}})
	must(err)
	fmt.Println(ok, user) // secret is hidden
	_, ok, _ = users.FindByID(db, 2)
	fmt.Println(ok)
	// Output:
	// true {"id":1,"posts":[{"tags":[{"id":1,"name":"go","links":{"note":null,"tagId":1,"postId":1}},{"id":2,"name":"sql","links":{"note":null,"tagId":2,"postId":1}}]},{"tags":[{"id":2,"name":"sql","links":{"note":null,"tagId":2,"postId":2}}]}]}
	// false
}

func ExampleRepository_FindAndCount() {
	db := blog()
	page, n, err := posts.FindAndCount(db, repository.Find{Fields: []string{"title"}, Limit: 2, Page: 2})
	must(err)
	fmt.Println(page, n)
	n, _ = posts.Count(db, repository.Find{Filter: map[string]any{"user.name.$empty": true}})
	sum, _ := posts.Aggregate(db, "sum", "score", repository.Find{})
	fmt.Println(n, sum)
	// Output:
	// [{"title":"three"}] 3
	// 1 4
}

func ExampleRepository_Explain() {
	db := blog()
	e, err := posts.Explain(db, repository.Find{Filter: map[string]any{"title.$includes": "O"}})
	must(err)
	fmt.Println(e)
	// Output:
	// posts: index order on posts_pkey, filter SOME $includes title (TRUE), order by key
}

func ExampleRepository_Create() {
	db := blog()
	made, err := posts.Create(db, memrel.Values{"title": "four", "user": 1, "tags": []any{1, map[string]any{"name": "new", "links": map[string]any{"note": "n"}}}},
		repository.Write{Blacklist: []string{"score"}})
	must(err)
	again, _, _ := posts.FindOne(db, repository.Find{FilterByTk: made.Value("id"), Appends: []string{"tags"}})
	fmt.Println(made)
	rows, _ := again.Rows("tags")
	fmt.Println(rows[1].Value("name"), rows[1].Junction().Get("note"), rows[1].Instance().Row().Table(), rows[1].IsZero())
	// Output:
	// {"id":4,"title":"four","score":null,"userId":1}
	// new n tags false
}

func ExampleRepository_Update() {
	db := blog()
	_, err := users.Update(db, repository.Find{FilterByTk: 1}, memrel.Values{"posts": []any{map[string]any{"id": 2, "title": "changed"}}},
		repository.Write{UpdateAssociationValues: []string{"posts"}})
	must(err)
	fmt.Println(posts.Find(db, repository.Find{Fields: []string{"title", "userId"}}))
	_, err = users.Update(db, repository.Find{}, memrel.Values{"name": "x"}, repository.Write{})
	fmt.Println(err)
	lists, err := tags.UpdateMany(db, []memrel.Values{{"id": 1, "name": "Go"}, {"id": 2, "name": "SQL"}})
	fmt.Println(lists, err)
	// Output:
	// [{"title":"one","userId":null} {"title":"changed","userId":1} {"title":"three","userId":null}] <nil>
	// memrel: update users: must provide filter or filterByTk for update call, or set forceUpdate to true; name the rows, or say ForceUpdate
	// [[{"id":1,"name":"Go"}] [{"id":2,"name":"SQL"}]] <nil>
}

func ExampleRepository_FirstOrCreate() {
	db := blog()
	row, created, err := tags.FirstOrCreate(db, []string{"name"}, memrel.Values{"name": "go"}, repository.Write{})
	fmt.Println(row, created, err)
	row, created, err = tags.UpdateOrCreate(db, []string{"posts.title"}, memrel.Values{"name": "best", "posts": []any{map[string]any{"title": "one"}}}, repository.Write{})
	fmt.Println(row, created, err)
	// Output:
	// {"id":1,"name":"go"} false <nil>
	// {"id":1,"name":"best"} false <nil>
}

func ExampleRepository_Destroy() {
	db := blog()
	n, err := posts.Destroy(db, repository.Find{Filter: map[string]any{"tags.name": "go"}})
	fmt.Println(n, err)
	n, err = posts.Destroy(db, repository.Find{}) // names nothing
	fmt.Println(n, err)
	_, err = posts.Truncate(db, repository.Find{})
	left, _ := posts.Count(db, repository.Find{})
	fmt.Println(left, err)
	// Output:
	// 1 <nil>
	// 0 <nil>
	// 0 <nil>
}

func ExampleRelation_Of() {
	db := blog()
	related := posts.Relation("tags").Of(3)
	must(related.Add(db, "1,2"))
	must(related.Remove(db, 1))
	must(related.Toggle(db, 1))
	must(related.Set(db, []any{2, []any{1, map[string]any{"note": "first"}}}))
	fmt.Println(related.Find(db, repository.Find{Sort: repository.Sort{"name"}}))
	fmt.Println(related.Count(db, repository.Find{}))
	made, err := related.Create(db, memrel.Values{"name": "new"}, repository.Write{})
	fmt.Println(made, err)
	// Output:
	// [{"id":1,"name":"go","links":{"note":"first","tagId":1,"postId":3}} {"id":2,"name":"sql","links":{"note":null,"tagId":2,"postId":3}}] <nil>
	// 2 <nil>
	// {"id":3,"name":"new"} <nil>
}

func ExampleRelated_Update() {
	db := blog()
	by := users.Relation("posts").Of(1)
	changed, err := by.Update(db, repository.Find{Filter: map[string]any{"score.$lt": 2}}, memrel.Values{"score": 9}, repository.Write{})
	fmt.Println(changed, err)
	row, created, err := by.FirstOrCreate(db, []string{"title"}, memrel.Values{"title": "three"}, repository.Write{})
	fmt.Println(row, created, err)
	row, created, err = by.UpdateOrCreate(db, []string{"title"}, memrel.Values{"title": "three", "score": 5}, repository.Write{})
	fmt.Println(row, created, err)
	best, err := by.Aggregate(db, "max", "score", repository.Find{})
	fmt.Println(best, err)
	many, err := by.CreateMany(db, []memrel.Values{{"title": "five"}, {"title": "six"}}, repository.Write{})
	fmt.Println(len(many), err)
	must(by.Destroy(db, repository.Find{Filter: map[string]any{"title": "one"}}))
	rows, n, err := by.FindAndCount(db, repository.Find{Fields: []string{"title"}, Limit: 1})
	fmt.Println(rows, n, err)
	first, ok, err := by.FindOne(db, repository.Find{FilterByTk: 4})
	fmt.Println(first, ok, err)
	// Output:
	// [{"id":2,"title":"two","score":9,"userId":1}] <nil>
	// {"id":4,"title":"three","score":null,"userId":1} true <nil>
	// {"id":4,"title":"three","score":5,"userId":1} false <nil>
	// 9 <nil>
	// 2 <nil>
	// [{"title":"two"}] 4 <nil>
	// {"id":4,"title":"three","score":5,"userId":1} true <nil>
}

func ExampleRelation_ListOf() {
	db := memrel.MustOpen(nocobase.Collection{Name: "users", Fields: []nocobase.Field{{Type: "array", Name: "labels"}}})
	_, err := users.Create(db, memrel.Values{"labels": []any{"b", "a"}}, repository.Write{})
	must(err)
	labels := users.Relation("labels").ListOf(1)
	must(labels.Add(db, "c", 7))
	must(labels.Remove(db, "b"))
	must(labels.Toggle(db, "d"))
	fmt.Println(labels.Get(db))
	must(labels.Set(db))
	fmt.Println(labels.Get(db))
	// Output:
	// [7 a c d] <nil>
	// [] <nil>
}
