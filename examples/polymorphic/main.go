// Command polymorphic: comments on posts and on videos, by one key that refers to either and a column that says to which.
// A scope on each association keeps the two apart; no constraint can watch over such a key.
package main

import (
	"fmt"

	"github.com/memrel/memrel"
)

type Post struct {
	ID    int64
	Title string
}

type Video struct {
	ID  int64
	URL string
}

type Comment struct {
	ID              int64
	Text            string
	CommentableID   *int64 `memrel:",index"` // of a post or of a video
	CommentableType string
}

var (
	Posts    = memrel.TableOf[Post]("posts")
	Videos   = memrel.TableOf[Video]("videos")
	Comments = memrel.TableOf[Comment]("comments")

	PostComments  = memrel.HasMany(Posts, Comments, key, memrel.Unconstrained(), on("post"))
	VideoComments = memrel.HasMany(Videos, Comments, key, memrel.Unconstrained(), on("video"))

	key = memrel.ForeignKey("commentableId")
)

// on is the scope of the comments on one kind of thing: reading asks for it, and creating and adding write it.
func on(kind string) memrel.AssociationOptions {
	return memrel.Scope(memrel.Values{"commentableType": kind})
}

func main() {
	db := memrel.MustOpen(Posts, Videos, Comments, PostComments, VideoComments)
	post, _ := Posts.Insert(db, Post{Title: "Trees"})
	video, _ := Videos.Insert(db, Video{URL: "trees.mp4"}) // has the number 1, as the post has
	onPost, _ := PostComments.Create(db, post, Comment{Text: "Well put."})
	VideoComments.Create(db, video, Comment{Text: "Well filmed."})

	for c := range PostComments.Of(db.View(), post) {
		fmt.Println("post:", c.Text, c.CommentableType)
	}
	for c := range VideoComments.Of(db.View(), video) {
		fmt.Println("video:", c.Text, c.CommentableType)
	}

	VideoComments.Add(db, video, onPost) // moves it: key and kind
	n, _ := VideoComments.Count(db, video, memrel.Cond{})
	fmt.Println("on the video:", n)

	// Nothing watches over the key: comments stay when what they are on goes.
	Videos.Delete(db, video.ID)
	left, _ := Comments.Count(db, memrel.Cond{})
	fmt.Println("comments left:", left)
}
