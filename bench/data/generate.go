package data

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Fanout is how many posts an author of [Blog] has.
const Fanout = 100

func source(seed uint64, salt string) *rand.Rand {
	h := seed
	for _, c := range []byte(salt) {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	return rand.New(rand.NewPCG(h, seed))
}

// Blog is size posts by size/100 authors, a hundred each, in no order; a tenth as many idle users; and ten tags, drawn
// by Zipf's law as people choose them, for the first posts.
func Blog(size int, seed uint64) *Data {
	d := Writers(size, seed)
	d.Posts = Posts(size, seed)
	d.tag(seed)
	return d
}

// Writers is the users of [Blog] without their posts.
func Writers(size int, seed uint64) *Data {
	r := source(seed, "users")
	authors := max(size/Fanout, 1)
	d := &Data{Shape: Shape{Authors: authors, Idle: authors/10 + 1}}
	d.Users = make([]User, authors+d.Shape.Idle)
	for i := range d.Users {
		d.Users[i] = User{int64(i + 1), fmt.Sprintf("%s.%s%d@example.com", pick(r, adjectives), pick(r, nouns), i+1)}
	}
	return d
}

// Posts is the posts of [Blog].
func Posts(size int, seed uint64) []Post {
	r := source(seed, "posts")
	authors := max(size/Fanout, 1)
	order := r.Perm(size)
	posts := make([]Post, size)
	for i := range posts {
		a, n := pick(r, adjectives), pick(r, nouns)
		posts[i] = Post{
			ID:       int64(i + 1),
			AuthorID: int64(order[i]%authors + 1),
			Slug:     fmt.Sprintf("%s-%s-%d", a, n, order[i]),
			Title:    "The " + a + " " + n,
		}
	}
	return posts
}

func (d *Data) tag(seed uint64) {
	r := source(seed, "tags")
	d.Shape.Tagged = min(max(len(d.Posts)/10, 1), 10_000)
	d.Tags = make([]Tag, min(max(len(d.Posts)/10, 20), 1000))
	for i := range d.Tags {
		d.Tags[i] = Tag{int64(i + 1), fmt.Sprintf("%s-%d", pick(r, nouns), i+1)}
	}
	d.Shape.TagsEach = 10
	zipf := rand.NewZipf(r, 1.2, 4, uint64(len(d.Tags)-1))
	for post := 1; post <= d.Shape.Tagged; post++ {
		have := map[int64]bool{}
		for len(have) < d.Shape.TagsEach {
			tag := int64(zipf.Uint64() + 1)
			if !have[tag] {
				have[tag] = true
				d.PostTags = append(d.PostTags, PostTag{int64(post), tag})
			}
		}
	}
}

// Uniform draws n keys from 1 to last, all alike.
func Uniform(n, last int, seed uint64) []int64 {
	r := source(seed, "uniform")
	keys := make([]int64, n)
	for i := range keys {
		keys[i] = r.Int64N(int64(last)) + 1
	}
	return keys
}

// Zipf draws n keys from 1 to last, a few of them very often, scattered over the range.
func Zipf(n, last int, seed uint64) []int64 {
	r := source(seed, "zipf")
	zipf := rand.NewZipf(r, 1.1, 8, uint64(last-1))
	scatter := r.Perm(last)
	keys := make([]int64, n)
	for i := range keys {
		keys[i] = int64(scatter[zipf.Uint64()] + 1)
	}
	return keys
}

// Tree is parents with width children each and width grandchildren below each child. All parents are victims.
func Tree(parents, width int) *Data {
	d := &Data{}
	for p := range parents {
		id := int64(p + 1)
		d.Parents = append(d.Parents, Root{id, fmt.Sprintf("parent %d", id)})
		d.Shape.Victims = append(d.Shape.Victims, id)
	}
	d.Children = below(parents, width, "child")
	d.Grandchildren = below(len(d.Children), width, "grandchild")
	d.Shape.Reachable = len(d.Parents) + len(d.Children) + len(d.Grandchildren)
	return d
}

// below is width links to each of the rows 1 to parents, dealt out as to so many hands.
func below(parents, width int, name string) []Link {
	links := make([]Link, parents*width)
	for i := range links {
		links[i] = Link{int64(i + 1), int64(i%parents + 1), fmt.Sprintf("%s %d", name, i+1)}
	}
	return links
}

// Chain is nodes of which each hangs from the one before.
func Chain(n int) *Data {
	d := &Data{Shape: Shape{Victims: []int64{1}, Reachable: n}}
	for i := range n {
		d.Nodes = append(d.Nodes, Link{int64(i + 1), int64(i), fmt.Sprintf("link %d", i+1)})
	}
	return d
}

// Cycle is nodes that hang from one another in a circle.
func Cycle(n int) *Data {
	d := Chain(n)
	d.Nodes[0].ParentID = int64(n)
	return d
}

// Star is one node with all others below it.
func Star(n int) *Data {
	d := &Data{Nodes: []Link{{ID: 1, Name: "hub"}}, Shape: Shape{Victims: []int64{1}, Reachable: n}}
	for i := 1; i < n; i++ {
		d.Nodes = append(d.Nodes, Link{int64(i + 1), 1, fmt.Sprintf("ray %d", i)})
	}
	return d
}

// Forest is about n nodes in stars whose size follows a power law: most hubs have one or two rays, a few have hundreds.
func Forest(n int, seed uint64) *Data {
	r := source(seed, "forest")
	d := &Data{}
	for len(d.Nodes) < n {
		hub := int64(len(d.Nodes) + 1)
		d.Shape.Victims = append(d.Shape.Victims, hub)
		d.Nodes = append(d.Nodes, Link{ID: hub, Name: "hub"})
		rays := min(int(math.Pow(1-r.Float64(), -1/1.5)), n/10+1)
		for range rays {
			d.Nodes = append(d.Nodes, Link{int64(len(d.Nodes) + 1), hub, "ray"})
		}
	}
	r.Shuffle(len(d.Shape.Victims), func(i, j int) {
		v := d.Shape.Victims
		v[i], v[j] = v[j], v[i]
	})
	d.Shape.Reachable = len(d.Nodes)
	return d
}

// Notebook is one owner of n notes.
func Notebook(n int) *Data {
	d := &Data{Owners: []Root{{1, "owner"}, {2, "other"}}, Shape: Shape{Victims: []int64{1}, Reachable: n + 1}}
	for i := range n {
		d.Notes = append(d.Notes, Link{int64(i + 1), 1, fmt.Sprintf("note %d", i+1)})
	}
	return d
}

func pick(r *rand.Rand, words []string) string { return words[r.IntN(len(words))] }

var adjectives = []string{"amber", "ancient", "autumn", "bitter", "bold", "broken", "calm", "careful", "clever", "cold",
	"crimson", "curious", "damp", "dark", "distant", "dry", "early", "empty", "fading", "falling", "fancy", "foggy",
	"gentle", "golden", "green", "hidden", "hollow", "icy", "late", "lingering", "little", "lively", "lonely", "long",
	"lucky", "misty", "muddy", "nameless", "noisy", "old", "patient", "polished", "proud", "quiet", "rapid", "restless",
	"rough", "round", "shiny", "shy", "silent", "small", "snowy", "solitary", "sparkling", "still", "summer", "twilight",
	"wandering", "weathered", "white", "wild", "winter", "young"}

var nouns = []string{"band", "bird", "boat", "brook", "bush", "butterfly", "cake", "cloud", "darkness", "dawn", "dew",
	"dream", "dust", "feather", "field", "fire", "flower", "forest", "frog", "frost", "glade", "glitter", "grass", "hall",
	"haze", "hill", "king", "lake", "leaf", "limit", "meadow", "moon", "morning", "mountain", "mouse", "night", "paper",
	"pine", "poetry", "pond", "queen", "rain", "recipe", "resonance", "rice", "river", "salad", "scene", "sea", "shadow",
	"shape", "silence", "sky", "smoke", "snow", "snowflake", "sound", "star", "sun", "sunset", "surf", "term", "thunder",
	"voice"}

// Growing is one parent with n/101 children and 100 grandchildren below each: about n rows.
func Growing(n int) *Data {
	d := &Data{Parents: []Root{{1, "parent"}}}
	d.Children = below(1, max(n/101, 1), "child")
	d.Grandchildren = below(len(d.Children), 100, "grandchild")
	d.Shape.Victims = []int64{1}
	d.Shape.Reachable = 1 + len(d.Children) + len(d.Grandchildren)
	return d
}

// Scattered is n nodes without any link between them, of which up to 20,000 are victims, in no order.
func Scattered(n int) *Data {
	d := &Data{Nodes: make([]Link, n)}
	for i := range d.Nodes {
		d.Nodes[i] = Link{ID: int64(i + 1), Name: "node"}
	}
	for _, i := range source(1, "scattered").Perm(n)[:min(n/2, 20_000)] {
		d.Shape.Victims = append(d.Shape.Victims, int64(i+1))
	}
	d.Shape.Reachable = len(d.Shape.Victims)
	return d
}
