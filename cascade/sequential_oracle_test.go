package cascade

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/memrel/memrel/table"
)

// The oracle deletes in turn as it is told in words: a routine for each row, all of them on one connection, whose steps
// take turns. It is written as the recorded system is, with functions that call one another and wait, and shares nothing
// with the planner.

// routines run one at a time, until they wait.
type routines struct {
	queue []*routine // waiting for their turn on the connection
	ready []*routine // whose rows are all done
	err   error
	ended chan struct{}
}

type routine struct{ resume, parked chan struct{} }

// start runs a routine until it waits for the first time.
func (rs *routines) start(do func(*routine)) {
	r := &routine{make(chan struct{}), make(chan struct{})}
	go func() {
		defer close(r.parked)
		<-r.resume
		do(r)
	}()
	rs.run(r)
}

func (rs *routines) run(r *routine) {
	r.resume <- struct{}{}
	<-r.parked
}

// park waits to be run again; once something has failed that is never.
func (rs *routines) park(r *routine) {
	r.parked <- struct{}{}
	select {
	case <-r.resume:
	case <-rs.ended:
		runtime.Goexit()
	}
}

// turn waits for the connection.
func (rs *routines) turn(r *routine) {
	rs.queue = append(rs.queue, r)
	rs.park(r)
}

// each does something for n rows side by side, and waits for all of them.
func (rs *routines) each(r *routine, n int, do func(r *routine, i int)) {
	open := n
	for i := range n {
		rs.start(func(row *routine) {
			do(row, i)
			if open--; open == 0 {
				rs.ready = append(rs.ready, r)
			}
		})
	}
	if n > 0 {
		rs.park(r)
	}
}

// loop runs routines until all are done or one has failed.
func (rs *routines) loop(first func(*routine)) {
	rs.ended = make(chan struct{})
	defer close(rs.ended)
	rs.start(first)
	for rs.err == nil && len(rs.ready)+len(rs.queue) > 0 {
		from := &rs.ready
		if len(rs.ready) == 0 {
			from = &rs.queue
		}
		next := (*from)[0]
		*from = (*from)[1:]
		rs.run(next)
	}
}

// fail ends everything.
func (rs *routines) fail(err error) {
	rs.err = err
	runtime.Goexit()
}

// oracleRow is a row: its cells by column, and what is the matter with it.
type oracleRow struct {
	cells map[string]int // null for NULL
	going bool           // being deleted
	gone  bool           // soft-deleted
}

type oracleRef struct {
	name, child, column, parent, to string
	onDelete                        table.Action
	unchecked, notNull              bool
	fallback                        int
}

type oracle struct {
	routines
	rows      map[string]map[int]*oracleRow
	soft      map[string]bool
	composite map[string]bool // tables whose primary key has two columns
	refs      []oracleRef     // by turn
	events    []string

	written []func() error // what has to hold in the end
}

var (
	errOracleRestrict = errors.New("RESTRICT")
	errOracleNotNull  = errors.New("NOT NULL")
	errOracleEnd      = errors.New("a key leads nowhere in the end")
)

// delete deletes rows by name, and returns what stood against it.
func (o *oracle) delete(name string, ids []int) error {
	o.loop(func(r *routine) {
		o.events = append(o.events, "before rows "+name)
		o.deleteRows(r, name, ids)
	})
	if o.err != nil {
		return o.err
	}
	for _, check := range o.written {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (o *oracle) deleteRows(r *routine, name string, ids []int) {
	for _, id := range ids {
		o.rows[name][id].going = true
		o.events = append(o.events, "before row "+o.label(name, id))
	}
	o.each(r, len(ids), func(r *routine, i int) { o.workReferences(r, name, o.rows[name][ids[i]].cells) })
	o.turn(r)
	for _, id := range ids {
		o.events = append(o.events, "after row "+o.label(name, id))
		if o.soft[name] {
			o.rows[name][id].going, o.rows[name][id].gone = false, true
		} else {
			delete(o.rows[name], id)
		}
	}
}

func (o *oracle) label(name string, id int) string {
	if o.composite[name] {
		return fmt.Sprintf("%s[%d, %d]", name, id, o.rows[name][id].cells["k"])
	}
	return fmt.Sprintf("%s[%d]", name, id)
}

func (o *oracle) workReferences(r *routine, name string, row map[string]int) {
	for _, ref := range o.refs {
		key := row[ref.to]
		if ref.parent != name || key == null {
			continue
		}
		if ref.onDelete == table.NoAction || ref.onDelete == table.SetDefault {
			o.holdAtTheEnd(ref, key)
		}
		if ref.onDelete != table.NoAction {
			o.workReference(r, ref, key)
		}
	}
}

func (o *oracle) workReference(r *routine, ref oracleRef, key int) {
	o.turn(r)
	switch ref.onDelete {
	case table.Restrict:
		if len(o.holders(ref, key, true)) > 0 {
			o.fail(errOracleRestrict)
		}
	case table.Cascade:
		if len(o.holders(ref, key, false)) == 0 {
			return
		}
		if !o.composite[ref.child] {
			o.turn(r) // the keys of the rows are read
		}
		o.events = append(o.events, "before rows "+ref.child)
		o.turn(r)
		o.deleteRows(r, ref.child, o.holders(ref, key, false))
	default:
		if len(o.holders(ref, key, false)) == 0 {
			return
		}
		o.turn(r)
		o.turn(r)
		ids := o.holders(ref, key, false)
		o.rewrite(ref, ids)
		for range max(len(ids)-1, 0) {
			o.turn(r) // they are written one after another
		}
	}
}

// holders are the rows that hold a key, in the order of their ids.
func (o *oracle) holders(ref oracleRef, key int, goingToo bool) (ids []int) {
	for id, row := range o.rows[ref.child] {
		if row.cells[ref.column] == key && !row.gone && (goingToo || !row.going) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, cmp.Compare)
	return ids
}

func (o *oracle) rewrite(ref oracleRef, ids []int) {
	to := null
	if ref.onDelete == table.SetDefault {
		to = ref.fallback
	}
	if to == null && ref.notNull && len(ids) > 0 {
		o.fail(errOracleNotNull)
	}
	for _, id := range ids {
		o.rows[ref.child][id].cells[ref.column] = to
	}
	if to != null {
		o.holdAtTheEnd(ref, to)
	}
}

// holdAtTheEnd notes a key of a checked reference that rows may still hold when its row is gone.
func (o *oracle) holdAtTheEnd(ref oracleRef, key int) {
	if ref.unchecked {
		return
	}
	o.written = append(o.written, func() error {
		_, there := o.rows[ref.parent][key]
		if !there && len(o.holders(ref, key, true)) > 0 {
			return errOracleEnd
		}
		return nil
	})
}
