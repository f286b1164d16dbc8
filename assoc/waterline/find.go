package waterline

import (
	"fmt"
	"iter"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/table"
)

// Find collects the records that criteria mean, with what is populated; see [Criteria] for what may stand for them. Without
// a sort they come in the order of the primary key. Populating costs one call for a to-one association or a one-to-many, and
// two for a many-to-many, or one if its junction lies beside the records, however many records there are. Errors are of kind
// [memrel.ErrUnknownTable], [memrel.ErrUnknownColumn], [memrel.ErrType] and [memrel.ErrQuery].
func (c Collection) Find(criteria any, populate ...Populate) ([]*Record, error) {
	if err := c.known("find"); err != nil {
		return nil, err
	}
	return c.o.reading().find(c.e, criteria, populate)
}

// FindOne is the record that criteria mean, nil if there is none. Criteria that mean more than one are refused. Errors as
// [Collection.Find].
func (c Collection) FindOne(criteria any, populate ...Populate) (*Record, error) {
	found, err := c.Find(criteria, populate...)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, nil
	case len(found) > 1:
		return nil, refused(memrel.ErrQuery, "findOne", c.e, "use Find with a limit, or narrower criteria",
			fmt.Sprintf("the criteria mean %d records", len(found)))
	}
	return found[0], nil
}

// Count is the number of records that criteria mean. Errors as [Collection.Find].
func (c Collection) Count(criteria any) (int, error) {
	if err := c.known("count"); err != nil {
		return 0, err
	}
	crit, err := c.e.criteria(criteria)
	if err != nil {
		return 0, err
	}
	q, err := c.e.compile(crit)
	if err != nil {
		return 0, err
	}
	w := c.o.reading()
	if err := w.call("find", c.e.store, c.e.table); err != nil {
		return 0, err
	}
	n, err := c.e.handle.Count(w.reader(c.e), q.where)
	n = max(n-q.skip, 0)
	if q.limit >= 0 {
		n = min(n, q.limit)
	}
	return n, err
}

// streamed is how many records [Collection.Stream] has in hand at once.
const streamed = 256

// Stream walks the records that criteria mean, populated a few hundred at a time, as they are when it begins. After an error
// it ends. Errors as [Collection.Find].
func (c Collection) Stream(criteria any, populate ...Populate) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		if err := c.stream(criteria, populate, yield); err != nil {
			yield(nil, err)
		}
	}
}

func (c Collection) stream(criteria any, populate []Populate, yield func(*Record, error) bool) error {
	if err := c.known("stream"); err != nil {
		return err
	}
	s, err := c.e.search(criteria, populate)
	if err != nil || s.limit == 0 {
		return err
	}
	w := c.o.reading()
	if err := w.call("find", c.e.store, s.tables...); err != nil {
		return err
	}
	rows, err := c.e.handle.Stream(w.reader(c.e), s.query())
	if err != nil {
		return err
	}
	batch := make([]memrel.Row, 0, streamed)
	going := true
	flush := func() (err error) {
		found, err := w.populated(s, batch)
		for _, r := range found {
			if going = going && yield(r, nil); !going {
				break
			}
		}
		batch = batch[:0]
		return err
	}
	for row := range rows {
		if batch = append(batch, row); len(batch) == streamed {
			if err := flush(); err != nil || !going {
				return err
			}
		}
	}
	return flush()
}

// search is compiled criteria with what is to be populated.
type search struct {
	question
	e      *entity
	pops   []population
	tables []string // that are asked together
}

func (e *entity) search(criteria any, populate []Populate) (s search, err error) {
	crit, err := e.criteria(criteria)
	if err != nil {
		return s, err
	}
	s.e, s.tables = e, []string{e.table}
	if s.question, err = e.compile(crit); err != nil {
		return s, err
	}
	s.pops, err = e.population(populate)
	for _, p := range s.pops {
		if p.beside() && !slices.Contains(s.tables, p.rel.junction.table) {
			s.tables = append(s.tables, p.rel.junction.table)
		}
	}
	return s, err
}

func (q question) query() memrel.Query {
	return memrel.Query{Where: q.where, Order: q.order, Offset: q.skip, Limit: max(q.limit, 0)}
}

// find collects records.
func (w *work) find(e *entity, criteria any, populate []Populate) ([]*Record, error) {
	s, err := e.search(criteria, populate)
	if err != nil || s.limit == 0 {
		return []*Record{}, err
	}
	if err := w.call("find", e.store, s.tables...); err != nil {
		return nil, err
	}
	rows, err := e.handle.Find(w.reader(e), s.query())
	if err != nil {
		return nil, err
	}
	return w.populated(s, rows)
}

// populated makes records of rows, and populates them.
func (w *work) populated(s search, rows []memrel.Row) ([]*Record, error) {
	found := records(w.o, s.e, rows, s.fields)
	for _, p := range s.pops {
		if err := w.populate(p, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// records makes records of rows of one table.
func records(o *Ontology, e *entity, rows []memrel.Row, fields []*attr) []*Record {
	if len(rows) == 0 {
		return []*Record{}
	}
	shared := &found{o, e, table.DefOf(rows[0])}
	slab, out := make([]Record, len(rows)), make([]*Record, len(rows))
	for i, row := range rows {
		slab[i] = Record{found: shared, rec: table.RecordOf(row)}
		if fields != nil {
			slab[i].more = &more{fields: fields}
		}
		out[i] = &slab[i]
	}
	return out
}

// piece is how many records are allocated at once while it is not known how many come.
const piece = 512

// stream asks a datastore for rows of one table and makes records of them as they come.
func (w *work) stream(e *entity, q memrel.Query, fields []*attr) ([]*Record, error) {
	if err := w.call("find", e.store, e.table); err != nil {
		return nil, err
	}
	rows, err := e.handle.Stream(w.reader(e), q)
	if err != nil {
		return nil, err
	}
	var pieces [][]Record
	var last []Record
	shared, n := &found{o: w.o, e: e}, 0
	for row := range rows {
		if len(last) == cap(last) {
			last = make([]Record, 0, piece)
			pieces = append(pieces, last)
		}
		r := Record{found: shared, rec: table.RecordOf(row)}
		if fields != nil {
			r.more = &more{fields: fields}
		}
		shared.def = table.DefOf(row)
		last = append(last, r)
		n++
	}
	out := make([]*Record, 0, n)
	for _, records := range pieces {
		for i := range min(piece, n-len(out)) {
			out = append(out, &records[:piece][i])
		}
	}
	return out, nil
}
