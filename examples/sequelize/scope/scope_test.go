package scope_test

import (
	"encoding/json"
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	foo      = memrel.ModelOf("foos")
	bar      = memrel.ModelOf("bars")
	fooModel = memrel.ModelSpec{Name: "foo", Columns: []memrel.Attribute{sequelize.Text("name")}}
)

var (
	image, video = memrel.ModelOf("image"), memrel.ModelOf("video")
	comment, tag = memrel.ModelOf("comment"), memrel.ModelOf("tag")

	imageModel   = memrel.ModelSpec{Name: "image", Columns: []memrel.Attribute{sequelize.Text("url")}}
	videoModel   = memrel.ModelSpec{Name: "video", Columns: []memrel.Attribute{sequelize.Text("url")}}
	commentModel = memrel.ModelSpec{Name: "comment", Columns: []memrel.Attribute{sequelize.Text("text"), sequelize.Number("commentableId"), sequelize.Text("commentableType")}}
	tagModel     = memrel.ModelSpec{Name: "tag", Columns: []memrel.Attribute{sequelize.Text("name"), sequelize.Text("type")}}
)

// A scope narrows an association to the rows of its target that have some values, and what it creates gets them.
func Example_hasManyScope() {
	db := memrel.MustOpen(fooModel, memrel.ModelSpec{Name: "bar", Columns: []memrel.Attribute{sequelize.Text("status")}}, foo.HasMany(bar),
		foo.HasMany(bar, memrel.AssociationOptions{As: "openBars", Scope: memrel.Values{"status": "open"}}))
	defer sequelize.Violations(db)
	my, _ := foo.Create(db, memrel.Values{"name": "my"})
	my.Call(db, "createBar", memrel.Values{"status": "closed"})
	my.Call(db, "createOpenBar")
	fmt.Println(my.Call(db, "getOpenBars"))
	fmt.Println(my.Call(db, "countBars"))
	my.Call(db, "addOpenBar", 1) // is opened by it
	fmt.Println(my.Call(db, "getOpenBars"))
	sequelize.Show(foo.Find(db, memrel.Query{Include: []memrel.Include{{As: "openBars", Limit: 1}}}))
	fmt.Println(foo.Count(db, memrel.CountOf("openBars", memrel.Eq("count", 2))))
	// Output:
	// [bars{id: 2, status: "open", fooId: 1}] <nil>
	// 2 <nil>
	// [bars{id: 1, status: "open", fooId: 1} bars{id: 2, status: "open", fooId: 1}] <nil>
	// {"id":1,"name":"my","openBars":[{"id":1,"status":"open","fooId":1}]}
	// 1 <nil>
}

// A polymorphic one-to-many: a comment is on an image or on a video, by one foreign key without a constraint and a column
// that says which of the two. The scopes of the associations keep them apart.
func Example_hasManyPolymorphic() {
	on := func(what string) memrel.AssociationOptions {
		return memrel.AssociationOptions{ForeignKey: "commentableId", Unconstrained: true, Scope: memrel.Values{"commentableType": what}}
	}
	back := memrel.AssociationOptions{ForeignKey: "commentableId", Unconstrained: true}
	db := memrel.MustOpen(imageModel, videoModel, commentModel,
		image.HasMany(comment, on("image")), comment.BelongsTo(image, back),
		video.HasMany(comment, on("video")), comment.BelongsTo(video, back))
	defer sequelize.Violations(db)
	cat, _ := image.Create(db, memrel.Values{"url": "cat.png"})
	dog, _ := video.Create(db, memrel.Values{"url": "dog.mp4"})
	cat.Call(db, "createComment", memrel.Values{"text": "Awesome!"})
	dog.Call(db, "createComment", memrel.Values{"text": "Wow!"})
	fmt.Println(cat.Call(db, "getComments"))
	fmt.Println(dog.Call(db, "getComments"))
	fmt.Println(cat.Call(db, "hasComment", 2))
	cat.Call(db, "removeComment", 2) // is none of its
	fmt.Println(dog.Call(db, "countComments"))
	cat.Call(db, "addComment", 2) // goes over to the image
	fmt.Println(comment.Get(db, 2))

	commentable := func(c memrel.Instance) (any, error) {
		if c.Value("commentableType") == "image" {
			return c.Call(db, "getImage")
		}
		return c.Call(db, "getVideo")
	}
	second, _, _ := comment.FindByPk(db, memrel.Query{}, 2)
	fmt.Println(commentable(second))
	// Output:
	// [comments{id: 1, text: "Awesome!", commentableId: 1, commentableType: "image"}] <nil>
	// [comments{id: 2, text: "Wow!", commentableId: 1, commentableType: "video"}] <nil>
	// false <nil>
	// 1 <nil>
	// comments{id: 2, text: "Wow!", commentableId: 1, commentableType: "image"} true
	// images{id: 1, url: "cat.png"} <nil>
}

// Image, Video and Comment are the rows of the typed polymorphic examples.
type Image struct {
	ID  int64
	URL string
}

// Video can be commented on and tagged like an Image.
type Video struct {
	ID  int64
	URL string
}

// Comment is on an image or on a video.
type Comment struct {
	ID              int64
	Text            string
	CommentableID   *int64
	CommentableType *string
}

// Tag is on images and videos.
type Tag struct {
	ID   int64
	Name string
}

// Tagging is the junction between tags and what they are on.
type Tagging struct {
	ID           int64
	TagID        int64
	TaggableID   int64
	TaggableType string
	Weight       int64
}

var (
	Images   = memrel.TableOf[Image]("images")
	Videos   = memrel.TableOf[Video]("videos")
	Comments = memrel.TableOf[Comment]("comments")
	Tags     = memrel.TableOf[Tag]("tags")
	Taggings = memrel.TableOf[Tagging]("taggings", memrel.UniqueKey{Columns: []string{"tagId", "taggableId", "taggableType"}})
)

// The same typed.
func Example_scopeTyped() {
	key, loose := memrel.ForeignKey("commentableId"), memrel.Unconstrained()
	imageComments := memrel.HasMany(Images, Comments, key, loose, memrel.Scope(memrel.Values{"commentableType": "image"}))
	videoComments := memrel.HasMany(Videos, Comments, key, loose, memrel.Scope(memrel.Values{"commentableType": "video"}))
	commentImage := memrel.BelongsTo(Comments, Images, key, loose)
	db := memrel.MustOpen(Images, Videos, Comments, imageComments, videoComments, commentImage)
	defer sequelize.Violations(db)
	cat, _ := Images.Insert(db, Image{URL: "cat.png"})
	dog, _ := Videos.Insert(db, Video{URL: "dog.mp4"})
	imageComments.Create(db, cat, Comment{Text: "Awesome!"})
	wow, _ := videoComments.Create(db, dog, Comment{Text: "Wow!"})
	fmt.Println(wow.Text, *wow.CommentableID, *wow.CommentableType)
	fmt.Println(imageComments.Has(db, cat, wow))
	imageComments.Add(db, cat, wow)
	for c := range imageComments.Of(db.View(), cat) {
		on, _ := commentImage.Get(db, c)
		fmt.Println(c.Text, *c.CommentableType, on.URL)
	}
	// Output:
	// Wow! 1 video
	// false <nil>
	// Awesome! image cat.png
	// Wow! image cat.png
}

// A polymorphic many-to-many: the junction says beside the key of what a tag is on which kind of thing that is. Its scope
// stands on both sides.
func Example_belongsToManyPolymorphic() {
	id := memrel.Attribute{Column: memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}, PrimaryKey: true}
	shared := func(a memrel.Attribute) memrel.Attribute {
		a.UniqueKey = "tag_taggable"
		return a
	}
	tagging := memrel.ModelSpec{Name: "tagging", Columns: []memrel.Attribute{id, shared(sequelize.Number("tagId")), shared(sequelize.Number("taggableId")), shared(sequelize.Text("taggableType"))}}
	through := func(key, other, what string) memrel.AssociationOptions {
		return memrel.AssociationOptions{Through: "tagging", NotUnique: true, Unconstrained: true, ForeignKey: key, OtherKey: other,
			ThroughScope: memrel.Values{"taggableType": what}}
	}
	db := memrel.MustOpen(imageModel, videoModel, tagModel, tagging,
		image.BelongsToMany(tag, through("taggableId", "tagId", "image")), tag.BelongsToMany(image, through("tagId", "taggableId", "image")),
		video.BelongsToMany(tag, through("taggableId", "tagId", "video")), tag.BelongsToMany(video, through("tagId", "taggableId", "video")))
	defer sequelize.Violations(db)
	cat, _ := image.Create(db, memrel.Values{"url": "cat.png"})
	dog, _ := video.Create(db, memrel.Values{"url": "dog.mp4"})
	fun, _ := tag.Create(db, memrel.Values{"name": "fun"})
	cat.Call(db, "addTag", fun)
	dog.Call(db, "setTags", fun)
	dog.Call(db, "createTag", memrel.Values{"name": "loud"})
	noType := memrel.Query{Columns: []string{"id", "name"}, Through: memrel.Through{Columns: []string{"id", "taggableType"}}}
	sequelize.Show(cat.Get(db, "tags", noType))
	sequelize.Show(dog.Get(db, "tags", noType))
	fmt.Println(fun.Call(db, "getImages"))
	cat.Call(db, "removeTag", fun) // the video keeps it
	fmt.Println(fun.Call(db, "countImages"))
	fmt.Println(fun.Call(db, "countVideos"))
	// Output:
	// {"id":1,"name":"fun","tagging":{"id":1,"taggableType":"image"}}
	// {"id":1,"name":"fun","tagging":{"id":2,"taggableType":"video"}}
	// {"id":2,"name":"loud","tagging":{"id":3,"taggableType":"video"}}
	// [images{id: 1, url: "cat.png"}] <nil>
	// 0 <nil>
	// 1 <nil>
}

// The same typed.
func Example_throughScopeTyped() {
	key, other := memrel.ForeignKey("taggableId"), memrel.OtherKey("tagId")
	imageTags := memrel.BelongsToMany(Images, Tags, Taggings, key, other, memrel.Unconstrained(),
		memrel.AssociationOptions{NotUnique: true, ThroughScope: memrel.Values{"taggableType": "image"}})
	videoTags := memrel.BelongsToMany(Videos, Tags, Taggings, key, other, memrel.Unconstrained(),
		memrel.AssociationOptions{NotUnique: true, ThroughScope: memrel.Values{"taggableType": "video"}})
	db := memrel.MustOpen(Images, Videos, Tags, Taggings, imageTags, videoTags)
	defer sequelize.Violations(db)
	cat, _ := Images.Insert(db, Image{URL: "cat.png"})
	dog, _ := Videos.Insert(db, Video{URL: "dog.mp4"})
	fun, _ := Tags.Insert(db, Tag{Name: "fun"})
	imageTags.Add(db, cat, fun)
	videoTags.AddWith(db, dog, Tagging{Weight: 3}, fun)
	videoTags.Create(db, dog, Tag{Name: "loud"})
	for t, link := range imageTags.With(db, cat) {
		fmt.Println(t.Name, link.TaggableType, link.Weight)
	}
	for t, link := range videoTags.With(db, dog) {
		fmt.Println(t.Name, link.TaggableType, link.Weight)
	}
	imageTags.Remove(db, cat, fun)
	fmt.Println(videoTags.Count(db, dog, memrel.Cond{}))
	// Output:
	// fun image 0
	// fun video 3
	// loud video 0
	// 2 <nil>
}

// A belongsToMany may have a scope on its target as well: here two kinds of tags share one junction. A tag that is added
// keeps its kind; it shows under the association that it is in the scope of.
func Example_belongsToManyScope() {
	post := memrel.ModelOf("post")
	as := func(plural, kind string) memrel.AssociationOptions {
		return memrel.AssociationOptions{As: plural, Through: "postTag", Scope: memrel.Values{"type": kind}}
	}
	db := memrel.MustOpen(memrel.ModelSpec{Name: "post"}, tagModel,
		post.BelongsToMany(tag, as("categories", "category")), post.BelongsToMany(tag, as("labels", "label")))
	defer sequelize.Violations(db)
	p, _ := post.Create(db, nil)
	p.Call(db, "createCategory", memrel.Values{"name": "food"})
	p.Call(db, "createLabel", memrel.Values{"name": "sweet"})
	fmt.Println(p.Call(db, "getCategories"))
	p.Call(db, "setCategories", []memrel.Instance{}) // leaves the labels
	fmt.Println(p.Call(db, "getCategories"))
	fmt.Println(p.Call(db, "getLabels"))
	// Output:
	// [tags{id: 1, name: "food", type: "category"}] <nil>
	// [] <nil>
	// [tags{id: 2, name: "sweet", type: "label"}] <nil>
}

// Associations are data, scopes included: what is written as JSON reads back as it was.
func Example_associationSpecJson() {
	written, _ := json.Marshal(image.HasMany(comment, memrel.AssociationOptions{ForeignKey: "commentableId", Unconstrained: true,
		Scope: memrel.Values{"commentableType": "image"}}))
	fmt.Println(string(written))
	var read memrel.AssociationSpec
	fmt.Println(json.Unmarshal(written, &read))
	db := memrel.MustOpen(imageModel, commentModel, read)
	defer sequelize.Violations(db)
	cat, _ := image.Create(db, memrel.Values{"url": "cat.png"})
	fmt.Println(cat.Create(db, "comments", memrel.Values{"text": "Awesome!"}))
	// Output:
	// {"source":"image","kind":"hasMany","target":"comment","options":{"foreignKey":"commentableId","scope":{"commentableType":"image"},"unconstrained":true}}
	// <nil>
	// comments{id: 1, text: "Awesome!", commentableId: 1, commentableType: "image"} <nil>
}
