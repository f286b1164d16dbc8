package repository

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
)

// Find asks for rows of a collection, as JSON has it too. The zero Find is every row.
type Find struct {
	Filter Filter `json:"filter,omitempty"`
	// FilterByTk are the rows meant by their key, one or a list of them: the collection's filterTargetKey, or else its primary key. An
	// object is a filter. An empty list is none, so that it asks for every row; among the rows that a hasMany or a list of keys leads to it
	// finds none.
	FilterByTk any `json:"filterByTk,omitempty"`
	// Fields are the columns wanted, all if nil, and one at least; a path loads the relation with the column at its end, or with all.
	Fields []string `json:"fields,omitempty"`
	// Appends are relations to load, as paths: "author", "comments.author". A row on the way shows its own columns only if it is named
	// too. "(sort[]=-id)" after the path orders the rows of a relation to many, "(recursively=true)" follows a belongsTo from a
	// collection to itself all the way. What is no relation is passed over.
	Appends nocobase.Names `json:"appends,omitempty"`
	// Except are columns to leave out, of the rows or of what is loaded: "age", "author.age".
	Except []string `json:"except,omitempty"`
	Sort   Sort     `json:"sort,omitempty"`
	// Limit is how many rows there may be, 0 for any number; Offset how many are left out first. Page counts from 1 and leaves out the
	// pages before it.
	Limit  Limit `json:"limit,omitempty"`
	Offset int   `json:"offset,omitempty"`
	Page   int   `json:"page,omitempty"`
}

// Limit is a number of rows: 0 for any number, less for none.
type Limit int

// UnmarshalJSON reads a number of rows; 0 says that there may be none.
func (l *Limit) UnmarshalJSON(text []byte) error {
	var n *int
	if err := json.Unmarshal(text, &n); err != nil || n == nil {
		return err
	}
	if *l = Limit(*n); *n == 0 {
		*l = -1
	}
	return nil
}

// Sort is an order: columns, each with - before it for descending. NULL comes last, and the primary key decides what is left open.
type Sort []string

// UnmarshalJSON reads a list of columns, or a text with commas.
func (s *Sort) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*s = strings.Split(one, ",")
		return nil
	}
	return json.Unmarshal(text, (*[]string)(s))
}

// order is the order of a sort.
func (c *place) order(s Sort) (out []memrel.Order, err error) {
	for _, name := range append(slices.Clone(s), c.info.Schema.PrimaryKey...) {
		column, desc := strings.CutPrefix(name, "-")
		if strings.Contains(column, ".") && !c.has(column) {
			return nil, c.refused("sort by columns of the collection", "rows are not sorted by a path: %s", name)
		}
		out = append(out, memrel.Order{Column: column, Desc: desc, Nulls: memrel.NullsLast})
	}
	return out, nil
}

// search is what a Find comes to.
type search struct {
	q     memrel.Query
	shown *shown
	none  bool // no row is wanted
}

// search compiles a Find; target is the column that FilterByTk means rows by.
func (c *place) search(o *Find, target string) (s search, err error) {
	f, err := c.asked(o, target)
	if err != nil {
		return s, err
	}
	if s.q.Where, err = c.compile(f); err != nil {
		return s, err
	}
	if s.q.Order, err = c.order(o.Sort); err != nil {
		return s, err
	}
	s.q.Limit, s.q.Offset, s.none = max(0, int(o.Limit)), o.Offset, o.Limit < 0
	if o.Page > 1 {
		s.q.Offset += (o.Page - 1) * s.q.Limit
	}
	if s.shown, err = c.show(o, f); err == nil {
		s.q.Include, err = s.shown.includes()
	}
	return s, err
}

// asked is what a Find asks of rows.
func (c *place) asked(o *Find, target string) (*formula, error) {
	f, err := c.formula(o.Filter)
	if err != nil {
		return nil, err
	}
	byKey, err := c.byKey(o.FilterByTk, target)
	switch {
	case err != nil || byKey == nil:
		return f, err
	case len(o.Filter) == 0:
		return byKey, nil
	}
	return and(f, byKey), nil
}

// byKey is the condition that rows have a key, or one of a list; nil if none is named.
func (c *place) byKey(tk any, target string) (*formula, error) {
	if f, ok := object(tk); ok {
		return c.formula(f)
	}
	if list, many := tk.([]any); many && len(list) == 0 || !truthy(tk) {
		return nil, nil
	}
	if target == "" {
		return nil, c.refused("name the rows by a filter", "filterByTk is not supported for composite primary key")
	}
	return c.onColumn(operand{in: c, column: target}, nil, tk)
}

// truthy tells whether a value says something: not nil, false, 0 or empty text. A list does, whatever is in it.
func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case json.Number:
		f, err := v.Float64()
		return err != nil || f != 0
	case int:
		return v != 0
	case int64:
		return v != 0
	case float64:
		return v != 0
	}
	return true
}

// key is the column by which rows of the collection are meant.
func (c *place) key() string { return c.s.all.RowKey(c.name) }

// find are the rows that a search asks for.
func (c *place) find(s search) ([]Record, error) {
	rows, err := c.rows(s)
	if err != nil {
		return nil, err
	}
	return s.shown.records(rows)
}

// instances are the rows that a Find asks for, with nothing beside.
func (c *place) instances(o *Find, target string) ([]memrel.Instance, error) {
	s, err := c.search(&Find{Filter: o.Filter, FilterByTk: o.FilterByTk, Sort: o.Sort, Limit: o.Limit, Offset: o.Offset, Page: o.Page}, target)
	if err != nil {
		return nil, err
	}
	return c.rows(s)
}

// rows are those that a search asks for, as they are stored.
func (c *place) rows(s search) ([]memrel.Instance, error) {
	if s.none {
		return nil, nil
	}
	return c.model().Find(c.s.r, s.q)
}

// Repository is a collection to be read and written. It is a value.
type Repository struct{ collection string }

// Of is the repository of a collection, by its name.
func Of(collection string) Repository { return Repository{collection} }

// Find collects the rows that are asked for, with what is appended. Cost: that of [memrel.Handle.Find] of the same conditions and
// includes. Errors are of kind [memrel.ErrUnknownTable], [memrel.ErrUnknownColumn], [memrel.ErrType] and [memrel.ErrQuery].
func (p Repository) Find(r memrel.Reader, o Find) ([]Record, error) {
	c, asked, err := p.asked("find", r, o)
	if err != nil {
		return nil, err
	}
	return c.find(asked)
}

// asked compiles a Find for a call that reads.
func (p Repository) asked(op string, r memrel.Reader, o Find) (c *place, s search, err error) {
	if c, err = reading(op, r).at(p.collection); err == nil {
		s, err = c.search(&o, c.key())
	}
	return c, s, err
}

// FindOne is the first row that is asked for; ok is false if there is none. Errors as [Repository.Find].
func (p Repository) FindOne(r memrel.Reader, o Find) (found Record, ok bool, err error) {
	o.Limit = 1
	rows, err := p.Find(r, o)
	if len(rows) == 0 {
		return Record{}, false, err
	}
	return rows[0], true, err
}

// FindByID is the row with a primary key, whatever key rows of the collection are meant by. Errors as [Repository.Find].
func (p Repository) FindByID(r memrel.Reader, id any) (found Record, ok bool, err error) {
	c, err := reading("find", r).at(p.collection)
	if err != nil {
		return Record{}, false, err
	}
	i, ok, err := c.rowBy(c.pk(), id)
	return c.whole(i), ok, err
}

// FindAndCount is [Repository.Find] and the number of rows that there are without Limit and Offset, of one state. Errors as there.
func (p Repository) FindAndCount(r memrel.Reader, o Find) (rows []Record, n int, err error) {
	c, asked, err := p.asked("find", r, o)
	if err != nil {
		return nil, 0, err
	}
	if rows, err = c.find(asked); err != nil {
		return nil, 0, err
	}
	if o.Limit == 0 && asked.q.Offset == 0 {
		return rows, len(rows), nil
	}
	n, err = c.model().Count(c.s.r, asked.q.Where)
	return rows, n, err
}

// Count is the number of rows that Filter and FilterByTk ask for. Errors as [Repository.Find].
func (p Repository) Count(r memrel.Reader, o Find) (int, error) {
	c, asked, err := p.asked("count", r, Find{Filter: o.Filter, FilterByTk: o.FilterByTk})
	if err != nil {
		return 0, err
	}
	return c.model().Count(c.s.r, asked.q.Where)
}

// Explain tells which way [Repository.Find] takes to its rows. Errors as there.
func (p Repository) Explain(r memrel.Reader, o Find) (memrel.Explain, error) {
	c, asked, err := p.asked("explain", r, o)
	if err != nil {
		return memrel.Explain{}, err
	}
	asked.q.Include = nil
	return c.model().Explain(c.s.r, asked.q)
}

// belongsTo tells whether a step is a belongsTo.
func belongsTo(st step) bool { return st.a != nil && st.a.Kind == assoc.BelongsTo }
