package query

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
)

// Query asks for rows of one table, as data. The zero Query is every row in the order of the primary key.
type Query struct {
	Where Cond    `json:"where,omitzero"`
	Order []Order `json:"order,omitempty"` // what it leaves undecided is decided by the primary key, ascending
	Limit int     `json:"limit,omitempty"` // at most so many rows; 0 is no limit
	// Offset leaves out so many rows: the first ones, the first ones after After, or the last ones before Before.
	Offset int `json:"offset,omitempty"`
	// After asks for the rows after the row of a cursor, Before for those before it. With a limit, Before gives the last
	// rows before the cursor, in the order asked for all the same. A query has one of the two at most.
	After   *Cursor  `json:"after,omitempty"`
	Before  *Cursor  `json:"before,omitempty"`
	Columns []string `json:"columns,omitzero"` // the columns wanted: all if nil, none if empty
	// Deleted asks for soft-deleted rows as well; see [table.Schema.SoftDelete].
	Deleted bool `json:"deleted,omitempty"`
	// Include asks for associated rows: what finds instances takes it, and what finds structs, whose fields it fills. A walk or a verb of one
	// association refuses it.
	Include []Include `json:"include,omitempty"`
	// Through filters and shows the junction rows, where rows are found through one.
	Through Through `json:"through,omitzero"`
}

// Order is one column to order rows by. What finds instances, or rows along an association, takes a column of the row that
// an association leads to as well, "author.name", or a path of them, "author.city.name", and the number of the rows that one leads
// to, "count(posts)" or "author.count(posts)".
type Order struct {
	Column string     `json:"column"`
	Desc   bool       `json:"desc,omitempty"`
	Nulls  NullsPlace `json:"nulls,omitempty"`
}

// String is the order in SQL: createdAt DESC NULLS LAST.
func (o Order) String() string {
	s := o.Column
	if o.Desc {
		s += " DESC"
	}
	if o.Nulls != NullsDefault {
		s += " NULLS " + strings.ToUpper(o.Nulls.String())
	}
	return s
}

// ParseOrder reads how rows go through a column, in SQL and in any case: "DESC", "ASC NULLS FIRST"; of no text they ascend. What is none is
// an [types.ErrQuery].
func ParseOrder(column, text string) (Order, error) {
	o := Order{Column: column}
	words := strings.Fields(strings.ToLower(text))
	if len(words) > 0 && (words[0] == "asc" || words[0] == "desc") {
		o.Desc, words = words[0] == "desc", words[1:]
	}
	if len(words) == 0 {
		return o, nil
	}
	if len(words) != 2 || words[0] != "nulls" || o.Nulls.UnmarshalText([]byte(words[1])) != nil {
		return o, condError("%s is ordered %q: use ASC or DESC, and NULLS FIRST or NULLS LAST after it", column, text)
	}
	return o, nil
}

// FirstIsNull tells whether rows with NULL in the column come first.
func (o Order) FirstIsNull() bool { return o.Nulls == NullsFirst || o.Nulls == NullsDefault && o.Desc }

// Normal is the order without a place of NULL that it has by default.
func (o Order) Normal() Order {
	if o.FirstIsNull() == o.Desc {
		o.Nulls = NullsDefault
	}
	return o
}

// NullsPlace is where rows with NULL in the column of an [Order] stand.
type NullsPlace uint8

// The places of NULL. By default it counts as greater than any value, as in PostgreSQL.
const (
	NullsDefault NullsPlace = iota // last ascending, first descending
	NullsFirst
	NullsLast
)

var nullsNames = [...]string{"", "first", "last"}

// String is "first", "last", or empty for the default.
func (n NullsPlace) String() string {
	if int(n) < len(nullsNames) {
		return nullsNames[n]
	}
	return fmt.Sprintf("nulls(%d)", uint8(n))
}

// MarshalText writes the place.
func (n NullsPlace) MarshalText() ([]byte, error) {
	if int(n) >= len(nullsNames) {
		return nil, condError("there is no place %d for NULL", uint8(n))
	}
	return []byte(nullsNames[n]), nil
}

// UnmarshalText reads a place. What is none is an [types.ErrQuery].
func (n *NullsPlace) UnmarshalText(text []byte) error {
	i := slices.Index(nullsNames[:], string(text))
	if i < 0 {
		return condError("NULL cannot be placed %q: use first or last", text)
	}
	*n = NullsPlace(i)
	return nil
}

// sorting is a total order of a table's rows: the columns of a query's order, then those of the primary key.
type sorting []sortColumn

type sortColumn struct {
	pos        int
	typ        index.Type
	desc       bool
	nullsFirst bool
}

// sorting resolves an order. A column named twice counts where it stands first.
func (s *Shape) sorting(order []Order) (sorting, error) {
	sorted := make(sorting, 0, len(order)+len(s.keys[0].Pos))
	for _, o := range order {
		pos, ok := s.pos[o.Column]
		if !ok {
			return nil, s.UnknownColumn(o.Column)
		}
		if int(o.Nulls) >= len(nullsNames) {
			return nil, condError("there is no place %d for NULL", uint8(o.Nulls))
		}
		sorted = sorted.with(sortColumn{pos, s.columns[pos].Type, o.Desc, o.FirstIsNull()})
	}
	for _, pos := range s.keys[0].Pos {
		sorted = sorted.with(sortColumn{pos: pos, typ: s.columns[pos].Type})
	}
	return sorted, nil
}

func (s sorting) with(c sortColumn) sorting {
	if slices.ContainsFunc(s, func(have sortColumn) bool { return have.pos == c.pos }) {
		return s
	}
	return append(s, c)
}

// reversed is the order backwards.
func (s sorting) reversed() sorting {
	out := slices.Clone(s)
	for i := range out {
		out[i].desc, out[i].nullsFirst = !out[i].desc, !out[i].nullsFirst
	}
	return out
}

// compare orders two records.
func (s sorting) compare(a, b index.Record) int {
	for i := range s {
		if c := s[i].compare(a.At(s[i].pos), b.At(s[i].pos)); c != 0 {
			return c
		}
	}
	return 0
}

// compareTo orders a record and the values of a cursor.
func (s sorting) compareTo(r index.Record, vals []index.Value) int {
	for i := range s {
		if c := s[i].compare(r.At(s[i].pos), vals[i]); c != 0 {
			return c
		}
	}
	return 0
}

func (c *sortColumn) compare(a, b index.Value) int {
	if c.nullsFirst != c.desc && a.IsNull() != b.IsNull() {
		if a.IsNull() == c.nullsFirst {
			return -1
		}
		return 1
	}
	if c.desc {
		return index.Compare(c.typ, b, a)
	}
	return index.Compare(c.typ, a, b)
}

// natural tells whether the column puts NULL where a walk over a tree of ascending columns finds it in its direction.
func (c *sortColumn) natural() bool { return c.nullsFirst == c.desc }

// naturalIn is natural for a key that has the column in an order of its own.
func (c *sortColumn) naturalIn(col index.Column) bool {
	return c.nullsFirst == (col.NullsFirst != (c.desc != col.Desc))
}

// order is the column for showing it.
func (c *sortColumn) order(d *Shape) Order {
	o := Order{Column: d.columns[c.pos].Name, Desc: c.desc}
	if !c.natural() {
		o.Nulls = NullsLast
		if c.nullsFirst {
			o.Nulls = NullsFirst
		}
	}
	return o
}

// selection resolves the columns wanted; nil is all, and gives nil.
func (s *Shape) selection(names []string) ([]int, error) {
	if names == nil {
		return nil, nil
	}
	out := make([]int, 0, len(names))
	for _, name := range names {
		pos, ok := s.pos[name]
		if !ok {
			return nil, s.UnknownColumn(name)
		}
		if slices.Contains(out, pos) {
			return nil, condError("column %s is selected twice", name)
		}
		out = append(out, pos)
	}
	return out, nil
}
