package tests

import (
	"testing"

	"github.com/memrel/memrel"
)

// The blog as structs with typed associations, which have the references.

type handlePost struct {
	ID       int32  `json:"id"`
	Title    string `json:"title"`
	AuthorID int32  `json:"authorId"`
}

type handleComment struct {
	ID     int32  `json:"id"`
	Text   string `json:"text"`
	PostID int32  `json:"postId"`
	UserID *int32 `json:"userId"`
}

type handleLink struct {
	PostID int32 `json:"postId" memrel:",pk"`
	TagID  int32 `json:"tagId" memrel:",pk"`
}

var (
	handlePosts    = memrel.TableOf[handlePost]("posts")
	handleComments = memrel.TableOf[handleComment]("comments")
	handleLinks    = memrel.TableOf[handleLink]("post_tags")

	userPosts    = memrel.HasMany(blogUsers, handlePosts, memrel.ForeignKey("authorId"), memrel.OnDelete(memrel.Cascade))
	postAuthor   = memrel.BelongsTo(handlePosts, blogUsers, memrel.As("author"), memrel.ForeignKey("authorId"))
	postComments = memrel.HasMany(handlePosts, handleComments, memrel.ForeignKey("postId"), memrel.OnDelete(memrel.Cascade))
	commentUser  = memrel.BelongsTo(handleComments, blogUsers, memrel.ForeignKey("userId"))
	userComments = memrel.HasMany(blogUsers, handleComments, memrel.ForeignKey("userId"))
	postTags     = memrel.BelongsToMany(handlePosts, blogTags, handleLinks, memrel.ForeignKey("postId"), memrel.OtherKey("tagId"))
	tagPosts     = memrel.BelongsToMany(blogTags, handlePosts, handleLinks, memrel.ForeignKey("tagId"), memrel.OtherKey("postId"))
)

// handleBlog is the blog whose code names associations.
type handleBlog struct{ db *memrel.DB }

func openBlogHandles(t *testing.T) blogStore {
	t.Helper()
	return handleBlog{open(t, blogUsers, blogTags, handlePosts, handleComments, handleLinks,
		userPosts, postAuthor, postComments, commentUser, userComments, postTags, tagPosts)}
}

func (b handleBlog) store() *memrel.DB { return b.db }

func (b handleBlog) signUp(names ...string) error { return signUp(b.db, names) }

func (b handleBlog) publish(author, title string) error {
	user, _ := first(b.db, blogUsers, "name", author)
	_, err := userPosts.Create(b.db, user, handlePost{Title: title})
	return err
}

func (b handleBlog) comment(title, by, text string) error {
	post, _ := first(b.db, handlePosts, "title", title)
	user, _ := first(b.db, blogUsers, "name", by)
	_, err := postComments.Create(b.db, post, handleComment{Text: text, UserID: &user.ID})
	return err
}

func (b handleBlog) tag(title string, words ...string) error {
	return b.db.Update(func(tx *memrel.Tx) error {
		post, _ := first(tx, handlePosts, "title", title)
		var tags []blogTag
		for _, word := range words {
			tag, err := wordTag(tx, word)
			if err != nil {
				return err
			}
			tags = append(tags, tag)
		}
		return postTags.Set(tx, post, tags...)
	})
}

func (b handleBlog) untag(title, word string) error {
	post, _ := first(b.db, handlePosts, "title", title)
	tag, _ := first(b.db, blogTags, "word", word)
	return postTags.Remove(b.db, post, tag)
}

func (b handleBlog) hide(title string) error {
	post, _ := first(b.db, handlePosts, "title", title)
	_, err := handlePosts.Delete(b.db, post.ID)
	return err
}

func (b handleBlog) leave(name string) error {
	user, _ := first(b.db, blogUsers, "name", name)
	_, err := blogUsers.Delete(b.db, user.ID)
	return err
}

type handlePostTree struct {
	handlePost
	Comments []handleComment       `json:"comments"`
	Tags     []tagTree[handleLink] `json:"tags"`
}

func (b handleBlog) tree(v memrel.View) (any, error) {
	type userTree struct {
		blogUser
		Posts []handlePostTree `json:"posts"`
	}
	users := []userTree{}
	for u := range blogUsers.All(v) {
		user := userTree{u, []handlePostTree{}}
		for p := range userPosts.Of(v, u) {
			post := handlePostTree{p, []handleComment{}, []tagTree[handleLink]{}}
			for c := range postComments.Of(v, p) {
				post.Comments = append(post.Comments, c)
			}
			for tag, link := range postTags.With(v, p) {
				post.Tags = append(post.Tags, tagTree[handleLink]{tag, link})
			}
			user.Posts = append(user.Posts, post)
		}
		users = append(users, user)
	}
	return users, nil
}
