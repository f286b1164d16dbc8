package tests

import (
	"testing"

	"github.com/memrel/memrel"
)

// The rows of the blog, for handles of both kinds.

type blogUser struct {
	ID   int32  `json:"id"`
	Name string `json:"name" memrel:",unique"`
}

type blogTag struct {
	ID   int32  `json:"id"`
	Word string `json:"word" memrel:",unique"`
}

// tagTree is a tag with the row that led to it.
type tagTree[L any] struct {
	blogTag
	Link L `json:"post_tags"`
}

// The blog as structs whose tags have the references.

type taggedPost struct {
	ID       int32  `json:"id"`
	Title    string `json:"title"`
	AuthorID int32  `json:"authorId" memrel:",ref=users.id,ondelete=cascade,onupdate=restrict"`
}

type taggedComment struct {
	ID     int32  `json:"id"`
	Text   string `json:"text"`
	PostID int32  `json:"postId" memrel:",ref=posts.id,ondelete=cascade,onupdate=restrict"`
	UserID *int32 `json:"userId" memrel:",ref=users.id,ondelete=set null,onupdate=cascade"`
}

type taggedLink struct {
	PostID int32 `json:"postId" memrel:",pk,ref=posts.id,ondelete=cascade,onupdate=cascade"`
	TagID  int32 `json:"tagId" memrel:",pk,ref=tags.id,ondelete=cascade,onupdate=cascade"`
}

var (
	blogUsers      = memrel.TableOf[blogUser]("users")
	blogTags       = memrel.TableOf[blogTag]("tags")
	taggedPosts    = memrel.TableOf[taggedPost]("posts")
	taggedComments = memrel.TableOf[taggedComment]("comments")
	taggedLinks    = memrel.TableOf[taggedLink]("post_tags")
)

// tagBlog is the blog whose code follows the keys by itself.
type tagBlog struct{ db *memrel.DB }

func openBlogTags(t *testing.T) blogStore {
	t.Helper()
	return tagBlog{open(t, blogUsers, blogTags, taggedPosts, taggedComments, taggedLinks)}
}

func (b tagBlog) store() *memrel.DB { return b.db }

// first is the first row for which a column has a value.
func first[T any](r memrel.Reader, t memrel.Table[T], column string, value any) (row T, ok bool) {
	rows, err := t.Find(r, memrel.Query{Where: memrel.Eq(column, value), Limit: 1})
	if err != nil {
		panic(err)
	}
	if len(rows) > 0 {
		return rows[0], true
	}
	return row, false
}

func signUp(w memrel.Writer, names []string) error {
	rows := make([]blogUser, len(names))
	for i, name := range names {
		rows[i].Name = name
	}
	_, err := blogUsers.InsertAll(w, rows)
	return err
}

// wordTag is the tag of a word, inserted if need be.
func wordTag(tx *memrel.Tx, word string) (blogTag, error) {
	if tag, ok := first(tx, blogTags, "word", word); ok {
		return tag, nil
	}
	return blogTags.Insert(tx, blogTag{Word: word})
}

func (b tagBlog) signUp(names ...string) error { return signUp(b.db, names) }

func (b tagBlog) publish(author, title string) error {
	user, _ := first(b.db, blogUsers, "name", author)
	_, err := taggedPosts.Insert(b.db, taggedPost{Title: title, AuthorID: user.ID})
	return err
}

func (b tagBlog) comment(title, by, text string) error {
	post, _ := first(b.db, taggedPosts, "title", title)
	user, _ := first(b.db, blogUsers, "name", by)
	_, err := taggedComments.Insert(b.db, taggedComment{Text: text, PostID: post.ID, UserID: &user.ID})
	return err
}

func (b tagBlog) tag(title string, words ...string) error {
	return b.db.Update(func(tx *memrel.Tx) error {
		post, _ := first(tx, taggedPosts, "title", title)
		if _, err := taggedLinks.DeleteWhere(tx, memrel.Eq("postId", post.ID)); err != nil {
			return err
		}
		for _, word := range words {
			tag, err := wordTag(tx, word)
			if err != nil {
				return err
			}
			if _, err := taggedLinks.Insert(tx, taggedLink{post.ID, tag.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b tagBlog) untag(title, word string) error {
	post, _ := first(b.db, taggedPosts, "title", title)
	tag, _ := first(b.db, blogTags, "word", word)
	_, err := taggedLinks.DeleteWhere(b.db, memrel.And(memrel.Eq("postId", post.ID), memrel.Eq("tagId", tag.ID)))
	return err
}

func (b tagBlog) hide(title string) error {
	_, err := taggedPosts.DeleteWhere(b.db, memrel.Eq("title", title))
	return err
}

func (b tagBlog) leave(name string) error {
	_, err := blogUsers.DeleteWhere(b.db, memrel.Eq("name", name))
	return err
}

type taggedPostTree struct {
	taggedPost
	Comments []taggedComment       `json:"comments"`
	Tags     []tagTree[taggedLink] `json:"tags"`
}

func (b tagBlog) tree(v memrel.View) (any, error) {
	type userTree struct {
		blogUser
		Posts []taggedPostTree `json:"posts"`
	}
	users := []userTree{}
	for u := range blogUsers.All(v) {
		user := userTree{u, []taggedPostTree{}}
		posts, err := taggedPosts.Find(v, memrel.Query{Where: memrel.Eq("authorId", u.ID)})
		if err != nil {
			return nil, err
		}
		for _, p := range posts {
			post, err := b.postTree(v, p)
			if err != nil {
				return nil, err
			}
			user.Posts = append(user.Posts, post)
		}
		users = append(users, user)
	}
	return users, nil
}

func (b tagBlog) postTree(v memrel.View, p taggedPost) (taggedPostTree, error) {
	post := taggedPostTree{p, []taggedComment{}, []tagTree[taggedLink]{}}
	comments, err := taggedComments.Find(v, memrel.Query{Where: memrel.Eq("postId", p.ID)})
	if err != nil {
		return post, err
	}
	links, err := taggedLinks.Find(v, memrel.Query{Where: memrel.Eq("postId", p.ID)})
	for _, l := range links {
		tag, _ := blogTags.Get(v, l.TagID)
		post.Tags = append(post.Tags, tagTree[taggedLink]{tag, l})
	}
	post.Comments = append(post.Comments, comments...)
	return post, err
}
