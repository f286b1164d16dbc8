package query

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// naive is the rows of a query, found the obvious way.
func (w *world) naive(q Query) []index.Record {
	var rows []index.Record
	less := func(a, b index.Record) int { return w.compareRows(q.Order, a, b) }
	var at []index.Value
	if c := cmp.Or(q.After, q.Before); c != nil {
		s, _ := w.def.sorting(q.Order)
		at, _ = c.values(&w.def.Shape, s)
	}
	for _, r := range w.rows {
		if w.truth(q.Where, r) == True && w.inPage(q, r, at) {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, less)
	if q.Before != nil {
		slices.Reverse(rows)
		defer func() { slices.Reverse(rows) }()
	}
	rows = rows[min(q.Offset, len(rows)):]
	if q.Limit > 0 {
		rows = rows[:min(q.Limit, len(rows))]
	}
	return rows
}

func (w *world) inPage(q Query, r index.Record, at []index.Value) bool {
	if at == nil {
		return true
	}
	s, _ := w.def.sorting(q.Order)
	rec, cells := index.NewRecord(len(w.def.Columns()))
	for i, c := range s {
		cells[c.pos] = at[i]
	}
	c := w.compareRows(q.Order, r, rec)
	return q.After != nil && c > 0 || q.Before != nil && c < 0
}

func (w *world) compareRows(order []Order, a, b index.Record) int {
	for _, o := range order {
		if c := compareCells(o, w.cell(a, o.Column), w.cell(b, o.Column)); c != 0 {
			return c
		}
	}
	for _, name := range w.def.Keys()[0].Columns {
		if c := compareCells(Order{}, w.cell(a, name), w.cell(b, name)); c != 0 {
			return c
		}
	}
	return 0
}

func compareCells(o Order, a, b any) int {
	if a == nil || b == nil {
		if a == nil && b == nil {
			return 0
		}
		first := o.Nulls == NullsFirst || o.Nulls == NullsDefault && o.Desc
		if (a == nil) == first {
			return -1
		}
		return 1
	}
	if o.Desc {
		a, b = b, a
	}
	return compareGo(a, b)
}

func (w *world) cell(r index.Record, column string) any {
	pos, _ := w.def.Column(column)
	return types.ToGo(w.def.Columns()[pos].Type, r.At(pos))
}

// compareGo compares two Go values, numbers of any kind with one another.
func compareGo(a, b any) int {
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case bool:
		return cmp.Compare(map[bool]int{true: 1}[a], map[bool]int{true: 1}[b.(bool)])
	}
	x, y := toFloat(a), toFloat(b)
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return cmp.Compare(map[bool]int{true: 1}[math.IsNaN(x)], map[bool]int{true: 1}[math.IsNaN(y)])
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func toFloat(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	}
	return v.(float64)
}

// truth evaluates a condition as SQL is defined, without compiling it.
func (w *world) truth(c Cond, r index.Record) Truth {
	switch c.Op {
	case OpAll:
		return True
	case OpAnd:
		out := True
		for _, kid := range c.Conds {
			out = min(out, w.truth(kid, r))
		}
		return out
	case OpOr:
		out := False
		for _, kid := range c.Conds {
			out = max(out, w.truth(kid, r))
		}
		return out
	case OpNot:
		return -w.truth(c.Conds[0], r)
	}
	return testOf(c, w.cell(r, c.Column))
}

func testOf(c Cond, v any) Truth {
	compare := func(op Op, o any) Truth {
		if v == nil || o == nil {
			return Unknown
		}
		s := compareGo(v, o)
		return TruthOf(map[Op]bool{OpEq: s == 0, OpNe: s != 0, OpLt: s < 0, OpLte: s <= 0, OpGt: s > 0, OpGte: s >= 0}[op])
	}
	in := func() Truth {
		out := False
		for _, o := range c.Values {
			out = max(out, compare(OpEq, o))
		}
		return out
	}
	switch c.Op {
	case OpIsNull:
		return TruthOf(v == nil)
	case OpNotNull:
		return TruthOf(v != nil)
	case OpIn:
		return in()
	case OpNotIn:
		return -in()
	case OpBetween:
		return min(compare(OpGte, c.Values[0]), compare(OpLte, c.Values[1]))
	case OpLike, OpNotLike:
		if v == nil || c.Value == nil {
			return Unknown
		}
		m := TruthOf(likeByRegexp(c.Value.(string), v.(string)))
		if c.Op == OpNotLike {
			return -m
		}
		return m
	case OpEq, OpNe:
		if c.Value == nil {
			return TruthOf((v == nil) == (c.Op == OpEq))
		}
	}
	return compare(c.Op, c.Value)
}

// likeByRegexp matches by way of a regular expression.
func likeByRegexp(pattern, s string) bool {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for i := 0; i < len(pattern); {
		n := 1
		switch pattern[i] {
		case '%':
			b.WriteString(".*")
		case '_':
			b.WriteString(".")
		case '\\':
			i++
			fallthrough
		default:
			for i+n < len(pattern) && pattern[i+n]&0xc0 == 0x80 {
				n++
			}
			b.WriteString(regexp.QuoteMeta(pattern[i : i+n]))
		}
		i += n
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String()).MatchString(s)
}
