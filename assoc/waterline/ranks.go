package waterline

import (
	"github.com/memrel/memrel"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// ranks find a place by a key. Keys that are integers are not boxed.
type ranks struct {
	typ    memrel.Type
	ints   map[int64]int
	others map[any]int
}

func newRanks(key *attr, n int) *ranks {
	r := &ranks{typ: key.column.Type}
	if r.typ == memrel.Int {
		r.ints = make(map[int64]int, n)
	} else {
		r.others = make(map[any]int, n)
	}
	return r
}

// noPlace is the place of a key that was met, but has none.
const noPlace = -1

// meet notes a key; it tells whether the key is new.
func (r *ranks) meet(key index.Value) bool {
	if r.has(key) {
		return false
	}
	r.put(key, noPlace)
	return true
}

func (r *ranks) has(key index.Value) (ok bool) {
	if r.ints != nil {
		_, ok = r.ints[key.Int()]
		return ok
	}
	_, ok = r.others[types.ToGo(r.typ, key)]
	return ok
}

func (r *ranks) put(key index.Value, at int) {
	if r.ints != nil {
		r.ints[key.Int()] = at
		return
	}
	r.others[types.ToGo(r.typ, key)] = at
}

// of is the place of a key.
func (r *ranks) of(key index.Value) (at int, ok bool) {
	if key.IsNull() {
		return 0, false
	}
	if r.ints != nil {
		at, ok = r.ints[key.Int()]
	} else {
		at, ok = r.others[types.ToGo(r.typ, key)]
	}
	return at, ok && at != noPlace
}

// rank gives each row its place by its primary key.
func (r *ranks) rank(rows []memrel.Row, pk *attr) {
	if len(rows) == 0 {
		return
	}
	at, _ := table.DefOf(rows[0]).Column(pk.column.Name)
	for i, row := range rows {
		r.put(table.RecordOf(row).At(at), i)
	}
}

// rankRecords gives each record its place by its primary key.
func (r *ranks) rankRecords(list []*Record) {
	at := list[0].position(list[0].e.pk)
	for i, one := range list {
		r.put(one.rec.At(at), i)
	}
}
