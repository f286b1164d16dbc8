// Package musicstore is a made-up music store: its tables, and rows for them of any number, the same for the same seed.
// Names are put together from lists; a few artists, tracks and customers have most of the albums, sales and invoices, as
// in life.
package musicstore

import (
	"time"

	"github.com/memrel/memrel"
)

// Artist is a band or a singer.
type Artist struct {
	ID   int64
	Name string `memrel:",unique"`
}

// Album belongs to an artist, who cannot be deleted before it.
type Album struct {
	ID       int64
	ArtistID int64 `memrel:",ref=artists,ondelete=restrict"`
	Title    string
	Year     int
}

// Genre is a kind of music.
type Genre struct {
	ID   int64
	Name string `memrel:",unique"`
}

// Track goes with its album. Without its genre it stays, with none.
type Track struct {
	ID       int64
	AlbumID  int64  `memrel:",unique=place,ref=albums,ondelete=cascade"`
	Position int    `memrel:",unique=place"`
	GenreID  *int64 `memrel:",ref=genres,ondelete=set null"`
	Title    string
	Seconds  int
	Price    float64
}

// Playlist is a list of tracks.
type Playlist struct {
	ID   int64
	Name string `memrel:",unique"`
}

// PlaylistTrack puts a track on a playlist, and goes with either.
type PlaylistTrack struct {
	PlaylistID int64 `memrel:",pk,ref=playlists,ondelete=cascade"`
	TrackID    int64 `memrel:",pk,ref=tracks,ondelete=cascade"`
}

// Employee reports to another, but for the first.
type Employee struct {
	ID        int64
	Name      string
	Title     string
	ReportsTo *int64 `memrel:",ref=employees,ondelete=set null"`
}

// Customer is looked after by an employee.
type Customer struct {
	ID           int64
	Name         string
	Email        string `memrel:",unique"`
	City         string
	SupportRepID *int64 `memrel:",ref=employees,ondelete=set null"`
}

// Invoice keeps its customer from being deleted.
type Invoice struct {
	ID         int64
	CustomerID int64 `memrel:",ref=customers,ondelete=restrict"`
	Date       time.Time
	Total      float64
}

// InvoiceLine is a sale. It outlives the track that was sold.
type InvoiceLine struct {
	ID        int64
	InvoiceID int64  `memrel:",ref=invoices,ondelete=cascade"`
	TrackID   *int64 `memrel:",ref=tracks,ondelete=set null"`
	Price     float64
	Quantity  int
}

// Tables are the handles of the store's tables. They are values: the same ones serve every store, fork and view.
type Tables struct {
	Artists        memrel.Table[Artist]
	Albums         memrel.Table[Album]
	Genres         memrel.Table[Genre]
	Tracks         memrel.Table[Track]
	Playlists      memrel.Table[Playlist]
	PlaylistTracks memrel.Table[PlaylistTrack]
	Employees      memrel.Table[Employee]
	Customers      memrel.Table[Customer]
	Invoices       memrel.Table[Invoice]
	InvoiceLines   memrel.Table[InvoiceLine]
}

// NewTables makes the handles.
func NewTables() Tables {
	return Tables{
		Artists:        memrel.TableOf[Artist]("artists"),
		Albums:         memrel.TableOf[Album]("albums"),
		Genres:         memrel.TableOf[Genre]("genres"),
		Tracks:         memrel.TableOf[Track]("tracks"),
		Playlists:      memrel.TableOf[Playlist]("playlists"),
		PlaylistTracks: memrel.TableOf[PlaylistTrack]("playlist_tracks"),
		Employees:      memrel.TableOf[Employee]("employees"),
		Customers:      memrel.TableOf[Customer]("customers"),
		Invoices:       memrel.TableOf[Invoice]("invoices"),
		InvoiceLines:   memrel.TableOf[InvoiceLine]("invoice_lines"),
	}
}

// Open makes an empty store of the tables.
func (t Tables) Open() (*memrel.DB, error) {
	return memrel.Open(t.Artists, t.Albums, t.Genres, t.Tracks, t.Playlists, t.PlaylistTracks, t.Employees, t.Customers,
		t.Invoices, t.InvoiceLines)
}

// chunk is the number of rows inserted by one statement, between two looks at the progress.
const chunk = 5000

// Load inserts all rows in one transaction. progress is told how many rows of how many are in.
func (t Tables) Load(db *memrel.DB, d *Data, progress func(done, total int64)) error {
	done, total := int64(0), int64(d.Rows())
	step := func(n int) {
		done += int64(n)
		progress(done, total)
	}
	return db.Update(func(tx *memrel.Tx) error {
		for _, load := range []func() error{
			func() error { return insert(tx, t.Artists, d.Artists, step) },
			func() error { return insert(tx, t.Albums, d.Albums, step) },
			func() error { return insert(tx, t.Genres, d.Genres, step) },
			func() error { return insert(tx, t.Tracks, d.Tracks, step) },
			func() error { return insert(tx, t.Playlists, d.Playlists, step) },
			func() error { return insert(tx, t.PlaylistTracks, d.PlaylistTracks, step) },
			func() error { return insert(tx, t.Employees, d.Employees, step) },
			func() error { return insert(tx, t.Customers, d.Customers, step) },
			func() error { return insert(tx, t.Invoices, d.Invoices, step) },
			func() error { return insert(tx, t.InvoiceLines, d.InvoiceLines, step) },
		} {
			if err := load(); err != nil {
				return err
			}
		}
		return nil
	})
}

func insert[T any](tx *memrel.Tx, h memrel.Table[T], rows []T, step func(int)) error {
	for len(rows) > 0 {
		n := min(chunk, len(rows))
		if _, err := h.InsertAll(tx, rows[:n]); err != nil {
			return err
		}
		step(n)
		rows = rows[n:]
	}
	return nil
}
