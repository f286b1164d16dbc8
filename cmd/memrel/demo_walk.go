package main

import (
	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/musicstore"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

// walk follows references in both directions.
func (d *demo) walk() error {
	d.section("Walk", "from a row to those that refer to it and back; keys lead there, nothing is scanned.")
	v := d.db.View()
	artist, n, err := d.busiestArtist(v)
	if err != nil {
		return err
	}
	d.item("artist", "%s, with %s", artist.Name, term.Count(n, "album"))
	q := memrel.Query{Where: memrel.Eq("artistId", artist.ID), Order: []memrel.Order{{Column: "id"}}, Limit: 3}
	albums, err := d.tables.Albums.Find(v, q)
	if err != nil {
		return err
	}
	for _, a := range albums {
		if err := d.album(v, a); err != nil {
			return err
		}
	}
	if err := d.explain(v, d.tables.Albums.Rows(), q); err != nil {
		return err
	}
	return d.purchases(v)
}

// busiestArtist is the one with the most albums, the first of equals.
func (d *demo) busiestArtist(v memrel.View) (artist musicstore.Artist, albums int, err error) {
	counts := map[int64]int{}
	for a := range d.tables.Albums.All(v) {
		counts[a.ArtistID]++
	}
	for a := range d.tables.Artists.All(v) {
		if counts[a.ID] > albums {
			artist, albums = a, counts[a.ID]
		}
	}
	return artist, albums, nil
}

func (d *demo) album(v memrel.View, a musicstore.Album) error {
	tracks, err := d.tables.Tracks.Find(v, memrel.Query{Where: memrel.Eq("albumId", a.ID), Order: []memrel.Order{{Column: "position"}}})
	if err != nil {
		return err
	}
	line := ""
	for i, t := range tracks[:min(3, len(tracks))] {
		if i > 0 {
			line += ", "
		}
		line += t.Title
	}
	if len(tracks) > 3 {
		line += ", ..."
	}
	d.item("  album", "%s (%d), %s: %s", a.Title, a.Year, term.Count(len(tracks), "track"), line)
	return nil
}

// purchases shows the last invoices of a customer with what was bought, from line to track to album to artist.
func (d *demo) purchases(v memrel.View) error {
	customer, _ := d.tables.Customers.Get(v, 1)
	q := memrel.Query{Where: memrel.Eq("customerId", customer.ID), Order: []memrel.Order{{Column: "id", Desc: true}}, Limit: 2}
	invoices, err := d.tables.Invoices.Find(v, q)
	if err != nil {
		return err
	}
	d.item("customer", "%s of %s%s", customer.Name, customer.City, d.supportedBy(v, customer))
	for _, inv := range invoices {
		d.item("  invoice", "%d of %s, %.2f", inv.ID, inv.Date.Format("2 January 2006"), inv.Total)
		lines, err := d.tables.InvoiceLines.Find(v, memrel.Query{Where: memrel.Eq("invoiceId", inv.ID)})
		if err != nil {
			return err
		}
		for _, l := range lines {
			if l.TrackID == nil {
				continue
			}
			track, _ := d.tables.Tracks.Get(v, *l.TrackID)
			album, _ := d.tables.Albums.Get(v, track.AlbumID)
			artist, _ := d.tables.Artists.Get(v, album.ArtistID)
			d.item("", "%s — %s, on %s", track.Title, artist.Name, album.Title)
		}
	}
	return d.explain(v, d.tables.Invoices.Rows(), q)
}

// supportedBy names who looks after a customer, and whom that one reports to.
func (d *demo) supportedBy(v memrel.View, c musicstore.Customer) string {
	if c.SupportRepID == nil {
		return ""
	}
	rep, _ := d.tables.Employees.Get(v, *c.SupportRepID)
	s := ", looked after by " + rep.Name
	if rep.ReportsTo != nil {
		boss, _ := d.tables.Employees.Get(v, *rep.ReportsTo)
		s += ", who reports to " + boss.Name
	}
	return s
}

func (d *demo) explain(v memrel.View, m memrel.Rows, q memrel.Query) error {
	e, err := m.Explain(v, q)
	if err == nil {
		d.aside("%s", e)
	}
	return err
}
