package harness

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
	"github.com/memrel/memrel/bench/workload"
)

// Task is what a worker is asked to do.
type Task struct {
	Do       string // "check", "sample" or "memory"
	Workload string
	Size     int
	Slice    time.Duration // about how long a sample of repeated work should take
}

// Answer is what came of a task.
type Answer struct {
	Unsupported bool   // the engine cannot do it
	Error       string // why it failed
	Hash        uint64 // of what was read, and of the state afterwards
	Rows        int
	Units       int
	Time        time.Duration
	Allocs      uint64
	Bytes       int64 // of memory that rows take
}

// worker measures one engine in a process where nothing else lives, so that each pays for its own garbage.
type worker struct {
	engine engine.Engine
	opts   engine.Options
	shared map[int]*sharedStore // by size
	runs   map[runKey]*running
}

// sharedStore is the store that repeated work uses.
type sharedStore struct {
	store engine.Store
	data  *data.Data
}

type runKey struct {
	workload string
	size     int
}

// running is repeated work under way.
type running struct {
	op    workload.Op
	of    *workload.Case
	next  int // turns done
	turns int // in a sample
}

func newWorker(e engine.Engine, opts engine.Options) *worker {
	return &worker{engine: e, opts: opts, shared: map[int]*sharedStore{}, runs: map[runKey]*running{}}
}

func (w *worker) close() {
	for _, s := range w.shared {
		s.store.Close() //nolint:errcheck // thrown away
	}
}

// answer does a task.
func (w *worker) answer(t Task) Answer {
	var a Answer
	var err error
	switch t.Do {
	case "memory":
		if w.engine.MaxRows > 0 && t.Size > w.engine.MaxRows {
			return Answer{Unsupported: true}
		}
		a, err = w.memory(t.Size)
	case "check":
		a, err = w.withWorkload(t, w.check)
	case "sample":
		a, err = w.withWorkload(t, w.sample)
	default:
		err = fmt.Errorf("unknown task %q", t.Do)
	}
	switch {
	case errors.Is(err, engine.ErrUnsupported):
		a.Unsupported = true
	case err != nil:
		a.Error = err.Error()
	}
	return a
}

func (w *worker) withWorkload(t Task, do func(workload.Workload, Task) (Answer, error)) (Answer, error) {
	wl, ok := workload.Find(t.Workload)
	switch {
	case !ok:
		return Answer{}, fmt.Errorf("there is no workload %q", t.Workload)
	case wl.Concurrent && !w.engine.Concurrent, wl.Forks && !w.engine.Forks, wl.Saves && !w.engine.Saves:
		return Answer{}, engine.ErrUnsupported
	case w.engine.MaxRows > 0 && t.Size > w.engine.MaxRows:
		return Answer{}, engine.ErrUnsupported
	case w.engine.Nested > 0 && wl.Nested > w.engine.Nested:
		return Answer{}, engine.ErrUnsupported
	}
	return do(wl, t)
}

// open makes a store that holds d.
func (w *worker) open(d *data.Data) (engine.Store, error) {
	s, err := w.engine.Open(w.opts)
	if err != nil {
		return nil, err
	}
	if err := s.Load(d); err != nil {
		s.Close() //nolint:errcheck // the load's error says more
		return nil, err
	}
	return s, nil
}

// sharedAt is the store for repeated work at a size.
func (w *worker) sharedAt(size int) (*sharedStore, error) {
	if s, ok := w.shared[size]; ok {
		return s, nil
	}
	d := data.Blog(size, workload.Seed)
	store, err := w.open(d)
	if err != nil {
		return nil, err
	}
	s := &sharedStore{store, d}
	w.shared[size] = s
	return s, nil
}

// begin sets work up, on the shared store or a fresh one.
func (w *worker) begin(wl workload.Workload, size int, hashing bool) (*workload.Case, error) {
	c := &workload.Case{Out: &workload.Sink{Hashing: hashing}}
	if wl.Fresh {
		c.Data = wl.Data(size)
		var err error
		c.Store, err = w.open(c.Data)
		return c, err
	}
	s, err := w.sharedAt(size)
	if err != nil {
		return nil, err
	}
	c.Store, c.Data = s.store, s.data
	// Every piece of work, and its check, numbers its rows apart from the others.
	c.Base = int64(size) + 1<<24*(1+2*place(wl.Name))
	if hashing {
		c.Base += 1 << 24
	}
	return c, nil
}

func place(name string) int64 {
	for i, w := range workload.All {
		if w.Name == name {
			return int64(i)
		}
	}
	return -1
}

// check does the work a few times and hashes what it reads and what it leaves.
func (w *worker) check(wl workload.Workload, t Task) (a Answer, err error) {
	if wl.CheckSize > 0 {
		t.Size = min(t.Size, wl.CheckSize)
	}
	c, err := w.begin(wl, t.Size, true)
	if err != nil {
		return a, err
	}
	if wl.Fresh {
		defer c.Close()
	}
	op := wl.Setup(c)
	for i := range wl.Checks {
		if _, err := op(i); err != nil {
			return a, err
		}
	}
	if wl.State != nil {
		if err := wl.State(c); err != nil {
			return a, err
		}
	}
	a.Hash, a.Rows = c.Out.Result()
	return a, nil
}

func (w *worker) sample(wl workload.Workload, t Task) (Answer, error) {
	if wl.Fresh {
		return w.sampleFresh(wl, t)
	}
	r, err := w.running(wl, t)
	if err != nil {
		return Answer{}, err
	}
	return r.measure(r.turns)
}

// sampleFresh does the work once, on a store of its own.
func (w *worker) sampleFresh(wl workload.Workload, t Task) (Answer, error) {
	c, err := w.begin(wl, t.Size, false)
	if err != nil {
		return Answer{}, err
	}
	defer c.Close()
	r := &running{op: wl.Setup(c), of: c}
	mapMemory(t.Size * bytesPerRow)
	ballast := make([]byte, ballastBytes)
	a, err := r.measure(1)
	runtime.KeepAlive(ballast)
	return a, err
}

// ballastBytes is what the heap has beside a fresh store, as in a process that does other things as well. Without it the
// garbage collector begins in the middle of the work in a process that was asked for this workload alone, and not in one
// that keeps the stores of others: a factor of two for whoever is written in Go. It is never touched, and costs nothing.
const ballastBytes = 64 << 20

// bytesPerRow is more than any engine but go-memdb needs to add or to delete a row.
const bytesPerRow = 700

// mapMemory leaves the process with so much free memory that the kernel has already given out: on a virtual machine the
// first touch of a page can cost as much as the work on ten rows, or nothing.
func mapMemory(bytes int) {
	const block = 32 << 10
	blocks := make([][]byte, bytes/block)
	for i := range blocks {
		blocks[i] = make([]byte, block)
		for at := 0; at < block; at += 4 << 10 {
			blocks[i][at] = 1
		}
	}
	runtime.KeepAlive(blocks)
}

// running is the work, warmed up: after it turns are as many as fill a slice.
func (w *worker) running(wl workload.Workload, t Task) (*running, error) {
	k := runKey{wl.Name, t.Size}
	if r, ok := w.runs[k]; ok {
		return r, nil
	}
	c, err := w.begin(wl, t.Size, false)
	if err != nil {
		return nil, err
	}
	r := &running{op: wl.Setup(c), of: c}
	if err := r.warm(t.Slice); err != nil {
		return nil, err
	}
	w.runs[k] = r
	return r, nil
}

// warm finds out how many turns fill a slice, in growing steps. Work that undoes every second turn ends on an even one.
func (r *running) warm(slice time.Duration) error {
	for turns := 2; ; turns *= 4 {
		start := time.Now()
		if _, err := r.do(turns); err != nil {
			return err
		}
		if took := time.Since(start); took >= slice/4 {
			r.turns = max(int(float64(turns)*float64(slice)/float64(took)), 1)
			r.turns += r.turns % 2
			return nil
		}
	}
}

// do does some turns.
func (r *running) do(turns int) (units int, err error) {
	for range turns {
		n, err := r.op(r.next)
		if err != nil {
			return units, err
		}
		units += n
		r.next++
	}
	return units, nil
}

// measure times some turns. Garbage that was there before is not theirs to collect.
func (r *running) measure(turns int) (a Answer, err error) {
	var before, after runtime.MemStats
	if r.of.Ready != nil {
		r.of.Ready(r.next, turns)
	}
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	a.Units, err = r.do(turns)
	a.Time = time.Since(start)
	runtime.ReadMemStats(&after)
	a.Allocs = after.Mallocs - before.Mallocs
	return a, err
}

// memory loads posts with their three indexes and says what they take, Go's heap and what the engine says it has beside.
// The rows that were loaded from are gone by then.
func (w *worker) memory(size int) (a Answer, err error) {
	s, err := w.open(data.Writers(size, workload.Seed))
	if err != nil {
		return a, err
	}
	defer s.Close() //nolint:errcheck // thrown away
	before, err := inUse(s)
	if err != nil {
		return a, err
	}
	posts := &data.Data{Posts: data.Posts(size, workload.Seed)}
	a.Units = len(posts.Posts)
	if err := s.Load(posts); err != nil {
		return a, err
	}
	posts = nil
	after, err := inUse(s)
	runtime.KeepAlive(s)
	a.Bytes = after - before
	return a, err
}

func inUse(s engine.Store) (int64, error) {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	outside, err := s.Footprint()
	return int64(m.HeapAlloc) + outside, err
}
