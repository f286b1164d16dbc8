package snapshot

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheWriterIsWaitedFor for as long as a context or a time allows, and synctest sees who waits as blocked: in its bubble time
// goes on only then.
func TestTheWriterIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStore(t)
		holder := &Holder{Stack: []byte("main")}
		d, err := s.Begin(Wait{Holder: holder})
		require.NoError(t, err)

		_, err = s.Begin(Wait{Timeout: time.Minute})
		var busy *Busy
		require.ErrorAs(t, err, &busy)
		assert.Equal(t, time.Minute, busy.Waited)
		assert.Same(t, holder, busy.Holder)

		ctx, cancel := context.WithTimeoutCause(context.Background(), time.Second, errors.New("enough"))
		defer cancel()
		_, err = s.Statement(Wait{Context: ctx})
		require.ErrorContains(t, errors.Unwrap(err), "enough")

		served := make(chan int, 3)
		for i := range 3 {
			go func() {
				d := begin(s)
				served <- i
				d.Drop()
			}()
			synctest.Wait() // it waits, behind those before it
		}
		d.Commit(true)
		assert.Equal(t, []int{0, 1, 2}, []int{<-served, <-served, <-served}, "in turn")
		begin(s).Drop()
	})
}

// TestTheWriterIsOne: goroutines that wait with short and without bounds, and give up or not; nobody is beside another, nobody
// is forgotten, and the lock is free in the end.
func TestTheWriterIsOne(t *testing.T) {
	s := newStore(t)
	var all sync.WaitGroup
	inside, taken := 0, 0
	for i := range 8 {
		all.Go(func() {
			for j := range 500 {
				w := Wait{}
				if (i+j)%3 == 0 {
					w.Timeout = time.Duration(1+j%50) * time.Microsecond
				}
				st, err := s.Statement(w)
				if err != nil {
					continue
				}
				inside++
				assert.Equal(t, 1, inside)
				taken++
				inside--
				st.End()
			}
		})
	}
	all.Wait()
	assert.Greater(t, taken, 8*500/2)
	assert.Zero(t, s.writer.state.Load())
	begin(s).Drop()
}
