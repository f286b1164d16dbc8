package memrel_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/memrel/memrel"
)

type stockItem struct {
	ID    int64
	Name  string
	Count int
}

var stock = memrel.TableOf[stockItem]("stock")

// Whoever watches is told of each commit once, in order, from a number on, and waits for the next in a goroutine of its own.
func ExampleDB_Feed() {
	db := memrel.MustOpen(stock)
	from := db.View().ID()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	low := memrel.Watched{Table: "stock", Where: memrel.Lt("count", 3)}
	commits := db.Feed().Watch(ctx, from, low) // from here on nothing is missed

	_ = db.Update(func(tx *memrel.Tx) error {
		_, err := stock.InsertAll(tx, []stockItem{{Name: "nuts", Count: 9}, {Name: "bolts", Count: 4}})
		return err
	})
	_, _ = stock.Update(db, memrel.Values{"count": 2}, 2)
	for c, err := range commits {
		if err != nil {
			fmt.Println(err) // of kind ErrTooOld: begin again from the ID of a view
			return
		}
		for change := range c.Changes() {
			fmt.Println(c.ID-from, change, change.Before.Get("count"), "->", change.After.Get("count"))
		}
		stop() // else it waits for the next
	}
	// Output:
	// 2 stock[2]: update 4 -> 2
}

// A sequencer is told of every commit before it is done: it has its bytes, from which another store comes to the same state.
func ExampleFeed() {
	db := memrel.MustOpen(stock)
	kept := &keptLists{}
	if err := db.Feed().Attach(kept, memrel.SeenWhenKept); err != nil {
		fmt.Println(err)
	}
	other := db.Fork() // or one that was loaded from a file
	_, _ = stock.Insert(db, stockItem{Name: "nuts", Count: 9})
	_, _ = stock.Update(db, memrel.Values{"count": 8}, 1)

	for _, list := range kept.lists {
		c, err := other.Feed().Apply(list)
		fmt.Println(c.ID == other.View().ID(), err)
	}
	row, _ := stock.Get(other, 1)
	fmt.Println(row)
	_, err := other.Feed().Apply(kept.lists[1])
	fmt.Println(errors.Is(err, memrel.ErrNotFound), other.View().ID() == db.View().ID())
	// Output:
	// true <nil>
	// true <nil>
	// {1 nuts 8}
	// true true
}

// keptLists keeps lists in memory; a log would give a function that waits for the disk.
type keptLists struct{ lists [][]byte }

func (k *keptLists) Append(c memrel.Commit) (wait func() error, err error) {
	k.lists = append(k.lists, c.Append(nil, false))
	return nil, nil
}

// What is watched is data: tables, rows by their keys, rows for which a condition is true, and what an association of a row leads to.
func ExampleWatched() {
	db := memrel.MustOpen(
		memrel.ModelSpec{Name: "Author", Columns: []memrel.Attribute{{Column: memrel.Column{Name: "name", Type: memrel.String}}}},
		memrel.ModelSpec{Name: "Book", Columns: []memrel.Attribute{{Column: memrel.Column{Name: "title", Type: memrel.String}}}},
		memrel.ModelOf("Author").HasMany(memrel.ModelOf("Book"), memrel.AssociationOptions{As: "books", ForeignKey: "authorId"}))
	authors, books := memrel.RowsOf("Author"), memrel.RowsOf("Book")
	_, _ = authors.InsertAll(db, []memrel.Values{{"name": "Ann"}, {"name": "Bob"}})
	commits := db.Feed().Watch(context.Background(), db.View().ID(),
		memrel.Watched{Table: "Author", Key: []any{1}}, memrel.Watched{Table: "Author", Key: []any{1}, Association: "books"})

	_, _ = books.InsertAll(db, []memrel.Values{{"title": "One", "authorId": 1}, {"title": "Two", "authorId": 2}})
	_, _ = authors.Delete(db, 2)
	_, _ = authors.Delete(db, 1)
	for c := range commits {
		for change := range c.Changes() {
			fmt.Println(change)
		}
		if c.ID == db.View().ID() {
			break
		}
	}
	// Output:
	// Books[1]: insert
	// Authors[1]: delete
	// Books[1]: set null by Books_authorId_fkey
}

// A store that falls too far behind another takes over a whole state of it, in place: handles, and who holds the store, go on.
func ExampleDB_Adopt() {
	leader := memrel.MustOpen(stock)
	replica := leader.Fork()
	for i := range 3 {
		_, _ = stock.Insert(leader, stockItem{Count: i})
	}
	fmt.Println(replica.View().ID(), leader.View().ID())
	fmt.Println(replica.Adopt(leader.View())) // or one of a store that was loaded from a file
	n, _ := stock.Count(replica, memrel.Cond{})
	fmt.Println(replica.View().ID(), n)
	// Output:
	// 1 4
	// <nil>
	// 4 3
}

// Commits have numbers without gaps; a view knows that of the last one it sees.
func ExampleView_ID() {
	db := memrel.MustOpen(stock)
	before := db.View()
	_, _ = stock.Insert(db, stockItem{Name: "nuts"})
	_, err := stock.Insert(db, stockItem{ID: 1}) // refused: no commit
	fmt.Println(before.ID(), db.View().ID(), db.Fork().View().ID(), err != nil)
	// Output:
	// 1 2 2 true
}
