package waterline

import (
	"fmt"
	"iter"
	"slices"

	"github.com/memrel/memrel"
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
		if err := c.known("stream"); err != nil {
			yield(nil, err)
			return
		}
		crit, err := c.e.criteria(criteria)
		if err != nil {
			yield(nil, err)
			return
		}
		w := c.o.reading()
		for left := crit.Limit; ; {
			batch := crit
			batch.Limit = new(streamed)
			if left != nil {
				batch.Limit = new(min(streamed, *left))
			}
			found, err := w.find(c.e, batch, populate)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range found {
				if !yield(r, nil) {
					return
				}
			}
			if len(found) < streamed {
				return
			}
			crit.Skip += streamed
			if left != nil {
				left = new(*left - streamed)
			}
		}
	}
}

// find collects records.
func (w *work) find(e *entity, criteria any, populate []Populate) ([]*Record, error) {
	crit, err := e.criteria(criteria)
	if err != nil {
		return nil, err
	}
	q, err := e.compile(crit)
	if err != nil {
		return nil, err
	}
	pops, err := e.population(populate)
	if err != nil {
		return nil, err
	}
	tables := []string{e.table}
	for _, p := range pops {
		if p.beside() && !slices.Contains(tables, p.rel.junction.table) {
			tables = append(tables, p.rel.junction.table)
		}
	}
	if q.limit == 0 {
		return nil, nil
	}
	if err := w.call("find", e.store, tables...); err != nil {
		return nil, err
	}
	rows, err := e.handle.Find(w.reader(e), memrel.Query{Where: q.where, Order: q.order, Offset: q.skip, Limit: max(q.limit, 0)})
	if err != nil {
		return nil, err
	}
	found := records(w.o, e, rows, q.fields)
	for _, p := range pops {
		if err := w.populate(p, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// records makes records of rows.
func records(o *Ontology, e *entity, rows []memrel.Row, fields []*attr) []*Record {
	slab, out := make([]Record, len(rows)), make([]*Record, len(rows))
	for i, row := range rows {
		slab[i] = Record{o: o, e: e, row: row}
		if fields != nil {
			slab[i].more = &more{fields: fields}
		}
		out[i] = &slab[i]
	}
	return out
}
