package memrel_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// BenchmarkFeed is what commits cost with somebody to tell of them, their lists as bytes, and applying these.
func BenchmarkFeed(b *testing.B) {
	open := func(b *testing.B) *memrel.DB {
		db := memrel.MustOpen(stock)
		rows := make([]stockItem, 10_000)
		for i := range rows {
			rows[i] = stockItem{Name: "some name of it", Count: i}
		}
		_, err := stock.InsertAll(db, rows)
		require.NoError(b, err)
		return db
	}
	update := func(b *testing.B, db *memrel.DB) {
		b.ResetTimer()
		for i := range b.N {
			if _, err := stock.Update(db, memrel.Values{"count": i}, int64(i%10_000+1)); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("update/nobody", func(b *testing.B) { update(b, open(b)) })
	b.Run("update/fed", func(b *testing.B) {
		db := open(b)
		db.Feed().Watch(nil, 0) //nolint:staticcheck // which begins the feed
		update(b, db)
	})
	for _, watchers := range []struct {
		name string
		what func(i int) memrel.Watched
	}{
		{"update/10000 rows", func(i int) memrel.Watched { return memrel.Watched{Table: "stock", Key: []any{-1 - i}} }},
		{"update/10000 conditions", func(i int) memrel.Watched { return memrel.Watched{Table: "stock", Where: memrel.Eq("count", -1-i)} }},
	} {
		b.Run(watchers.name, func(b *testing.B) {
			db := open(b)
			ctx, stop := context.WithCancel(context.Background())
			var wg sync.WaitGroup
			for i := range 10_000 {
				seq := db.Feed().Watch(ctx, db.View().ID(), watchers.what(i))
				wg.Go(func() {
					for _, err := range seq { // those who do not keep up are told so
						if !errors.Is(err, memrel.ErrTooOld) {
							b.Error(err)
						}
					}
				})
			}
			time.Sleep(200 * time.Millisecond) // until they are asleep
			update(b, db)
			b.StopTimer()
			stop()
			wg.Wait()
		})
	}
	b.Run("apply", func(b *testing.B) {
		db, kept := open(b), &keptLists{}
		begin := db.View()
		from := begin.Fork()
		require.NoError(b, db.Feed().Attach(kept, memrel.SeenAtOnce))
		for i := range 10_000 {
			_, err := stock.Update(db, memrel.Values{"count": -i}, int64(i+1))
			require.NoError(b, err)
		}
		b.ResetTimer()
		for i := range b.N {
			if i%10_000 == 0 {
				b.StopTimer()
				from = begin.Fork()
				b.StartTimer()
			}
			if _, err := from.Feed().Apply(kept.lists[i%10_000]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("append", func(b *testing.B) {
		db, last := open(b), &lastOne{}
		require.NoError(b, db.Feed().Attach(last, memrel.SeenAtOnce))
		_, err := stock.UpdateWhere(db, memrel.Cond{}, memrel.Values{"count": -1})
		require.NoError(b, err)
		b.ResetTimer()
		var dst []byte
		for range b.N {
			dst = last.bytes(dst[:0])
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/row")
		b.ReportMetric(float64(len(dst))/10_000, "B/row")
	})
}

type lastOne struct{ c memrel.Commit }

func (l *lastOne) Append(c memrel.Commit) (func() error, error) {
	l.c = c
	return nil, nil
}

func (l *lastOne) bytes(dst []byte) []byte { return l.c.Append(dst, false) }
