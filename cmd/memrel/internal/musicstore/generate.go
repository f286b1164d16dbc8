package musicstore

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// Data are the rows of a music store, with their keys.
type Data struct {
	Artists        []Artist
	Albums         []Album
	Genres         []Genre
	Tracks         []Track
	Playlists      []Playlist
	PlaylistTracks []PlaylistTrack
	Employees      []Employee
	Customers      []Customer
	Invoices       []Invoice
	InvoiceLines   []InvoiceLine
}

// Rows is the number of all rows.
func (d *Data) Rows() int {
	return len(d.Artists) + len(d.Albums) + len(d.Genres) + len(d.Tracks) + len(d.Playlists) + len(d.PlaylistTracks) +
		len(d.Employees) + len(d.Customers) + len(d.Invoices) + len(d.InvoiceLines)
}

// Generate makes the rows of a store with so many tracks (one at least), and of everything else in proportion: about three
// rows for each track in all. Equal arguments make equal rows. O(tracks).
func Generate(tracks int, seed uint64) *Data {
	g := generator{rand: rand.New(rand.NewPCG(seed, 0x6d656d72656c)), data: &Data{}}
	g.music(max(tracks, 1))
	g.playlists()
	g.staff()
	g.sales()
	return g.data
}

type generator struct {
	rand   *rand.Rand
	data   *Data
	ranked []int // tracks, the best known first: they are spread over the albums
}

// skewed draws numbers below n, small ones far more often.
func (g *generator) skewed(n int, s float64) func() int {
	z := rand.NewZipf(g.rand, s, 8, uint64(max(n, 1)-1))
	return func() int { return int(z.Uint64()) }
}

// distinct makes names, and numbers those that come again.
func distinct(make func() string) func() string {
	seen := map[string]int{}
	return func() string {
		name := make()
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s %d", name, seen[name])
		}
		return name
	}
}

// music makes albums of some tracks each until there are enough, and artists for them.
func (g *generator) music(tracks int) {
	d := g.data
	name := distinct(func() string { return artistName(g.rand) })
	for i := range max(tracks/40, 1) {
		d.Artists = append(d.Artists, Artist{ID: int64(i + 1), Name: name()})
	}
	for i, name := range genres {
		d.Genres = append(d.Genres, Genre{ID: int64(i + 1), Name: name})
	}
	artist, genre := g.skewed(len(d.Artists), 1.4), g.skewed(len(genres), 1.6)
	for len(d.Tracks) < tracks {
		a := Album{ID: int64(len(d.Albums) + 1), ArtistID: int64(artist() + 1), Title: albumTitle(g.rand), Year: 1962 + g.rand.IntN(64)}
		d.Albums = append(d.Albums, a)
		kind := int64(genre() + 1)
		for position := range min(6+g.rand.IntN(9), tracks-len(d.Tracks)) {
			t := Track{ID: int64(len(d.Tracks) + 1), AlbumID: a.ID, Position: position + 1, Title: trackTitle(g.rand),
				Seconds: 110 + g.rand.IntN(260), Price: 0.99}
			if g.rand.IntN(20) > 0 {
				t.GenreID = &kind
			}
			if g.rand.IntN(8) == 0 {
				t.Price = 1.29
			}
			d.Tracks = append(d.Tracks, t)
		}
	}
}

// playlists puts well-known tracks on lists.
func (g *generator) playlists() {
	d := g.data
	g.ranked = g.rand.Perm(len(d.Tracks))
	name := distinct(func() string { return pick(g.rand, moods) + " " + pick(g.rand, kinds) })
	track := g.skewed(len(d.Tracks), 1.05)
	for i := range max(len(d.Tracks)/60, 1) {
		p := Playlist{ID: int64(i + 1), Name: name()}
		d.Playlists = append(d.Playlists, p)
		on := map[int]bool{}
		for range min(20+g.rand.IntN(60), len(d.Tracks)) {
			t := g.ranked[track()]
			if !on[t] {
				on[t] = true
				d.PlaylistTracks = append(d.PlaylistTracks, PlaylistTrack{p.ID, int64(t + 1)})
			}
		}
	}
}

// staff is a tree of people: a manager, heads, and those who look after customers.
func (g *generator) staff() {
	d := g.data
	n := 4 + len(d.Tracks)/1500
	for i := range n {
		e := Employee{ID: int64(i + 1), Name: pick(g.rand, firsts) + " " + pick(g.rand, lasts), Title: "Support"}
		switch {
		case i == 0:
			e.Title = "Manager"
		case i <= 1+n/8:
			e.Title = "Head of Support"
			e.ReportsTo = new(int64(1))
		default:
			e.ReportsTo = new(int64(2 + g.rand.IntN(1+n/8)))
		}
		d.Employees = append(d.Employees, e)
	}
}

// sales makes customers and what they bought, over four years.
func (g *generator) sales() {
	d := g.data
	for i := range max(len(d.Tracks)/25, 2) {
		c := Customer{ID: int64(i + 1), Name: pick(g.rand, firsts) + " " + pick(g.rand, lasts), City: pick(g.rand, cities)}
		c.Email = fmt.Sprintf("%s%d@example.com", strings.ToLower(strings.Fields(c.Name)[1]), c.ID)
		if g.rand.IntN(10) > 0 {
			c.SupportRepID = new(d.Employees[g.rand.IntN(len(d.Employees))].ID)
		}
		d.Customers = append(d.Customers, c)
	}
	customer, track := g.skewed(len(d.Customers), 1.3), g.skewed(len(d.Tracks), 1.1)
	day := time.Date(2022, 1, 1, 9, 0, 0, 0, time.UTC)
	invoices := max(len(d.Tracks)/4, 4)
	for i := range invoices {
		inv := Invoice{ID: int64(i + 1), CustomerID: int64(customer() + 1), Date: day.AddDate(0, 0, i*4*365/invoices)}
		for range 1 + g.rand.IntN(5) {
			t := &d.Tracks[g.ranked[track()]]
			d.InvoiceLines = append(d.InvoiceLines, InvoiceLine{ID: int64(len(d.InvoiceLines) + 1), InvoiceID: inv.ID, TrackID: new(t.ID),
				Price: t.Price, Quantity: 1})
			inv.Total += t.Price
		}
		inv.Total = math.Round(inv.Total*100) / 100
		d.Invoices = append(d.Invoices, inv)
	}
}
