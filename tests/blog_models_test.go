package tests

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// modelBlog is the blog at run time.
type modelBlog struct {
	db                           *memrel.DB
	users, posts, comments, tags memrel.Model
}

func blogModel(name, column string, unique bool) memrel.ModelSpec {
	return memrel.ModelSpec{Name: name, Columns: []memrel.Attribute{
		{Column: memrel.Column{Name: column, Type: memrel.String, NotNull: true}, Unique: unique}}}
}

func openBlogModels(t *testing.T) blogStore {
	t.Helper()
	db := open(t, blogModel("user", "name", true), blogModel("post", "title", false), blogModel("comment", "text", false), blogModel("tag", "word", true))
	b := modelBlog{db: db}
	for name, m := range map[string]*memrel.Model{"user": &b.users, "post": &b.posts, "comment": &b.comments, "tag": &b.tags} {
		*m, _ = db.Model(name)
	}
	key := func(name string) *memrel.Attribute {
		return &memrel.Attribute{Column: memrel.Column{Name: name, NotNull: true}}
	}
	type o = memrel.AssociationOptions
	require.NoError(t, db.Define(
		b.users.HasMany(b.posts, o{ForeignColumn: key("authorId"), OnDelete: memrel.Cascade}),
		b.posts.BelongsTo(b.users, o{As: "author", ForeignKey: "authorId"}),
		b.posts.HasMany(b.comments, o{ForeignColumn: key("postId"), OnDelete: memrel.Cascade}),
		b.comments.BelongsTo(b.users, o{ForeignKey: "userId"}),
		b.users.HasMany(b.comments, o{ForeignKey: "userId"}),
		b.posts.BelongsToMany(b.tags, o{Through: "post_tags", ForeignKey: "postId", OtherKey: "tagId"}),
		b.tags.BelongsToMany(b.posts, o{Through: "post_tags", ForeignKey: "tagId", OtherKey: "postId"}),
	))
	return b
}

func (b modelBlog) store() *memrel.DB { return b.db }

func one(r memrel.Reader, m memrel.Model, column, value string) memrel.Instance {
	i, _, err := m.First(r, memrel.Query{Where: memrel.Eq(column, value)})
	if err != nil {
		panic(err)
	}
	return i
}

func (b modelBlog) signUp(names ...string) error {
	var rows []memrel.Values
	for _, name := range names {
		rows = append(rows, memrel.Values{"name": name})
	}
	_, err := b.users.InsertAll(b.db, rows)
	return err
}

func (b modelBlog) publish(author, title string) error {
	_, err := one(b.db, b.users, "name", author).Create(b.db, "posts", memrel.Values{"title": title})
	return err
}

func (b modelBlog) comment(title, by, text string) error {
	_, err := one(b.db, b.posts, "title", title).Create(b.db, "comments",
		memrel.Values{"text": text, "userId": one(b.db, b.users, "name", by).Value("id")})
	return err
}

func (b modelBlog) tag(title string, words ...string) error {
	return b.db.Update(func(tx *memrel.Tx) error {
		var tags []any
		for _, word := range words {
			tag := one(tx, b.tags, "word", word)
			if tag.IsZero() {
				var err error
				if tag, err = b.tags.Create(tx, memrel.Values{"word": word}); err != nil {
					return err
				}
			}
			tags = append(tags, tag)
		}
		return one(tx, b.posts, "title", title).Set(tx, "tags", tags...)
	})
}

func (b modelBlog) untag(title, word string) error {
	return one(b.db, b.posts, "title", title).Remove(b.db, "tags", one(b.db, b.tags, "word", word))
}

func (b modelBlog) hide(title string) error { return one(b.db, b.posts, "title", title).Delete(b.db) }

func (b modelBlog) leave(name string) error { return one(b.db, b.users, "name", name).Delete(b.db) }

func (b modelBlog) tree(v memrel.View) (any, error) {
	return b.users.Find(v, memrel.Query{Include: []memrel.Include{
		{As: "posts", Include: []memrel.Include{{As: "comments"}, {As: "tags"}}}}})
}
