package query

import (
	"math"

	"github.com/memrel/memrel/index"
)

// Plan is a compiled [Query]: the access path to its rows. It never changes, belongs to a [Shape] and may be run on any version of
// a table of that shape, from any goroutine.
//
// # Which path is taken
//
// Every key of the table is a path, and so is each OR whose parts all lead to keys; of a long one whose parts are alike it is one
// access, see [alike]. A path is ranked by what it finds:
//
//  1. a row at a time: all columns of a unique key are bound by = or IN; the first that finds one row is taken
//  2. the rows of a key's first columns that are bound by =, IN or IS NULL; the more columns the better
//  3. a range (<, >, BETWEEN, LIKE 'a%') of a key's first column, in the order wanted
//  4. with a limit and an order asked for: all rows in that order, as far as the limit needs them
//  5. a range that has to be sorted
//  6. all rows, in the order wanted
//  7. all rows, sorted
//
// Among equals, a path in the order wanted goes before one that is sorted, one that is bound by a range as well goes
// before one that is not (this first, if there is no limit), fewer ranges before more, one key before the parts of an
// OR, and then the first key of [Shape.Keys]. Which path is taken depends on the shape and the query alone, not on the data;
// but the query may hold values that were found in a state for a condition on an association, see [Cond.Listed]. They bind
// their column as IN does.
type Plan struct {
	def      *Shape
	columns  []int
	accesses []access // none: the query can have no rows; several: the parts of an OR
	sort     sorting  // the order in which rows are found; backwards if reversed
	asked    bool     // an order was asked for
	reversed bool     // rows are found backwards from the cursor, and turned round
	cursor   []index.Value
	limit    int // 0: none
	offset   int
	overlaps bool // accesses may find a row several times: it counts the first time only

	visits *int // counts the rows looked at, in tests

	interrupt *Interrupt
}

// Trees are a table's trees, by the positions of its shape's keys. A plan asks for a tree once for each scan.
type Trees interface{ Tree(i int) *index.Tree }

// CompileQuery resolves a query and chooses the access path to its rows. It is O(size of the query x keys), plus sorting its IN
// lists. Errors are of kind [types.ErrUnknownColumn], [types.ErrType] and [types.ErrQuery].
func (s *Shape) CompileQuery(q Query) (*Plan, error) {
	p, err := s.resolve(&q)
	if err != nil {
		return nil, s.Blame(err)
	}
	where := s.present(q.Where, q.Deleted)
	if err := s.plan(p, &where); err != nil {
		return nil, err
	}
	return p, nil
}

// plan finds the access path to the rows of a plan that is otherwise complete.
func (s *Shape) plan(p *Plan, where *Cond) error {
	root, err := s.compileNode(where, false, 0)
	if err != nil {
		return s.Blame(err)
	}
	pl := planner{def: s, sort: p.sort, limited: p.limit > 0, asked: p.asked, paged: p.cursor != nil}
	best := pl.choose(&root)
	p.accesses, p.overlaps = best.accesses, best.overlaps
	for i := range p.accesses {
		p.accesses[i].startAt(p)
	}
	return nil
}

// resolve compiles everything but the condition.
func (s *Shape) resolve(q *Query) (p *Plan, err error) {
	p = &Plan{def: s, limit: q.Limit, offset: q.Offset, asked: len(q.Order) > 0, reversed: q.Before != nil}
	switch {
	case q.Limit < 0:
		return nil, condError("limit %d is negative", q.Limit)
	case q.Offset < 0:
		return nil, condError("offset %d is negative", q.Offset)
	case q.After != nil && q.Before != nil:
		return nil, condError("a query goes on after a cursor or before one, not both")
	}
	if p.columns, err = s.selection(q.Columns); err != nil {
		return nil, err
	}
	if p.sort, err = s.sorting(q.Order); err != nil {
		return nil, err
	}
	from := q.After
	if p.reversed {
		from = q.Before
	}
	if from != nil {
		if p.cursor, err = from.values(s, p.sort); err != nil {
			return nil, err
		}
	}
	if p.reversed {
		p.sort = p.sort.reversed()
	}
	return p, nil
}

// CompileMin is the plan for a row with the least value of a column among those that satisfy where; [Plan.First] gives
// it. NULL is no value: without any other there is no row. O(log n) where a key begins with the column, or with columns
// that where binds by = and then it. deleted asks for soft-deleted rows as well. Errors as [Shape.CompileQuery].
func (s *Shape) CompileMin(column string, where Cond, deleted bool) (*Plan, error) {
	return s.compileEnd(column, where, deleted, false)
}

// CompileMax is the plan for a row with the greatest value of a column. See [Shape.CompileMin].
func (s *Shape) CompileMax(column string, where Cond, deleted bool) (*Plan, error) {
	return s.compileEnd(column, where, deleted, true)
}

// compileEnd asks for the first row by one column. Which of several with one value that is does not matter, so that any
// key with the column in the right place will do.
func (s *Shape) compileEnd(column string, where Cond, deleted, desc bool) (*Plan, error) {
	p, err := s.resolve(&Query{Order: []Order{{Column: column, Desc: desc}}, Limit: 1})
	if err != nil {
		return nil, s.Blame(err)
	}
	p.sort = p.sort[:1]
	where = s.present(And(where, NotNull(column)), deleted)
	if err := s.plan(p, &where); err != nil {
		return nil, err
	}
	return p, nil
}

// Columns are the positions of the columns selected, in the order wanted; nil is all. The slice must not be changed.
func (p *Plan) Columns() []int { return p.columns }

// most is how many rows have to be found, offset included; ok is false if all of them.
func (p *Plan) most() (n int, ok bool) {
	if p.limit == 0 || p.limit > math.MaxInt-p.offset {
		return 0, false
	}
	return p.limit + p.offset, true
}

// streams tells whether rows are found in the order wanted.
func (p *Plan) streams() bool {
	return len(p.accesses) == 1 && p.accesses[0].order == orderWhole
}
