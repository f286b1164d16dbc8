package query

import (
	"fmt"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// Op is what a [Cond] does. Its text is what stands in JSON: "eq", "notIn", "and".
type Op uint8

// The operators. OpAll, the zero Op, is true of every row.
const (
	OpAll Op = iota
	OpEq
	OpNe
	OpLt
	OpLte
	OpGt
	OpGte
	OpIn
	OpNotIn
	OpBetween
	OpLike
	OpNotLike
	OpIsNull
	OpNotNull
	OpAnd
	OpOr
	OpNot
	OpSome
	OpEvery
	OpNone
	OpCount
)

// shape is which fields of a Cond an operator uses.
type shape uint8

const (
	shapeEmpty  shape = iota
	shapeColumn       // Column
	shapeValue        // Column and Value
	shapeValues       // Column and Values
	shapeConds        // Conds
	shapeAlias        // Column, which names an association, and Conds
)

var ops = [...]struct {
	name, sql string
	shape     shape
}{
	OpAll:     {"", "TRUE", shapeEmpty},
	OpEq:      {"eq", "=", shapeValue},
	OpNe:      {"ne", "<>", shapeValue},
	OpLt:      {"lt", "<", shapeValue},
	OpLte:     {"lte", "<=", shapeValue},
	OpGt:      {"gt", ">", shapeValue},
	OpGte:     {"gte", ">=", shapeValue},
	OpIn:      {"in", "IN", shapeValues},
	OpNotIn:   {"notIn", "NOT IN", shapeValues},
	OpBetween: {"between", "BETWEEN", shapeValues},
	OpLike:    {"like", "LIKE", shapeValue},
	OpNotLike: {"notLike", "NOT LIKE", shapeValue},
	OpIsNull:  {"isNull", "IS NULL", shapeColumn},
	OpNotNull: {"notNull", "IS NOT NULL", shapeColumn},
	OpAnd:     {"and", "AND", shapeConds},
	OpOr:      {"or", "OR", shapeConds},
	OpNot:     {"not", "NOT", shapeConds},
	OpSome:    {"some", "SOME", shapeAlias},
	OpEvery:   {"every", "EVERY", shapeAlias},
	OpNone:    {"none", "NONE", shapeAlias},
	OpCount:   {"count", "COUNT", shapeAlias},
}

// String is the operator's name, as [Op.UnmarshalText] reads it.
func (o Op) String() string {
	if int(o) < len(ops) {
		return ops[o].name
	}
	return fmt.Sprintf("op(%d)", uint8(o))
}

// MarshalText writes the operator's name.
func (o Op) MarshalText() ([]byte, error) {
	if int(o) >= len(ops) {
		return nil, condError("there is no operator %d", uint8(o))
	}
	return []byte(ops[o].name), nil
}

// UnmarshalText reads an operator's name. A name that is none is an [types.ErrQuery].
func (o *Op) UnmarshalText(text []byte) error {
	for i := range ops {
		if ops[i].name == string(text) {
			*o = Op(i)
			return nil
		}
	}
	return condError("there is no operator %q", text)
}

// Cond is a condition on the rows of one table, as data: it can be printed, compared, written to JSON and read from it.
// The functions below make conditions; the zero Cond is true of every row. Columns and values are looked at when the
// condition is compiled, see [Shape.CompileCond].
//
// Conditions follow SQL's three-valued logic: what compares with NULL is unknown, and a query returns the rows for which
// its condition is true. Only Eq and Ne know a plain nil, as IS NULL and IS NOT NULL.
type Cond struct {
	Op     Op
	Column string // of Some, Every, None and Count the alias of an association
	Value  any    // of Eq, Ne, Lt, Lte, Gt, Gte, Like and NotLike
	Values []any  // of In and NotIn; the two ends of Between
	Conds  []Cond // of And and Or; the one of Not, Some, Every and None; of Count that on the count, then that on the rows

	// Of a condition on an association, once it is resolved: its test, and where the rows may be that it is true of.
	test func(index.Record) Truth
	list *List
}

// Eq is column = v; with a nil v, column IS NULL.
func Eq(column string, v any) Cond { return Cond{Op: OpEq, Column: column, Value: v} }

// Ne is column <> v, which a NULL column does not satisfy; with a nil v, column IS NOT NULL.
func Ne(column string, v any) Cond { return Cond{Op: OpNe, Column: column, Value: v} }

// Lt is column < v.
func Lt(column string, v any) Cond { return Cond{Op: OpLt, Column: column, Value: v} }

// Lte is column <= v.
func Lte(column string, v any) Cond { return Cond{Op: OpLte, Column: column, Value: v} }

// Gt is column > v.
func Gt(column string, v any) Cond { return Cond{Op: OpGt, Column: column, Value: v} }

// Gte is column >= v.
func Gte(column string, v any) Cond { return Cond{Op: OpGte, Column: column, Value: v} }

// In is column IN (vals). With a nil among vals it is never false, as in SQL; without any vals it is never true.
func In(column string, vals ...any) Cond { return Cond{Op: OpIn, Column: column, Values: vals} }

// NotIn is column NOT IN (vals). With a nil among vals it is never true, as in SQL.
func NotIn(column string, vals ...any) Cond { return Cond{Op: OpNotIn, Column: column, Values: vals} }

// Between is column >= lo AND column <= hi.
func Between(column string, lo, hi any) Cond {
	return Cond{Op: OpBetween, Column: column, Values: []any{lo, hi}}
}

// Like is column LIKE pattern: % is any characters, _ is one, \ takes the next one literally. Case counts, but for a
// column of type CIText, whose values and patterns are folded first.
func Like(column, pattern string) Cond { return Cond{Op: OpLike, Column: column, Value: pattern} }

// NotLike is column NOT LIKE pattern.
func NotLike(column, pattern string) Cond { return Cond{Op: OpNotLike, Column: column, Value: pattern} }

// IsNull is column IS NULL.
func IsNull(column string) Cond { return Cond{Op: OpIsNull, Column: column} }

// NotNull is column IS NOT NULL.
func NotNull(column string) Cond { return Cond{Op: OpNotNull, Column: column} }

// And is true where all conds are; without conds, of every row.
func And(conds ...Cond) Cond { return Cond{Op: OpAnd, Conds: conds} }

// Or is true where one of conds is; without conds, of no row.
func Or(conds ...Cond) Cond { return Cond{Op: OpOr, Conds: conds} }

// Not is true where c is false, which is not where c is unknown.
func Not(c Cond) Cond { return Cond{Op: OpNot, Conds: []Cond{c}} }

// Some is true where a row that an association leads to satisfies c. It, and the three below, go by the alias of the
// association and can stand where the store knows its associations: in queries, not in checks.
func Some(as string, c Cond) Cond { return Cond{Op: OpSome, Column: as, Conds: []Cond{c}} }

// Every is true where all rows that an association leads to satisfy c, also if there are none.
func Every(as string, c Cond) Cond { return Cond{Op: OpEvery, Column: as, Conds: []Cond{c}} }

// None is true where no row that an association leads to satisfies c.
func None(as string, c Cond) Cond { return Cond{Op: OpNone, Column: as, Conds: []Cond{c}} }

// Count is true where the number of rows that an association leads to, and that satisfy all of where, is as the condition
// on the column "count" says: Count("posts", Gte("count", 3)).
func Count(as string, is Cond, where ...Cond) Cond {
	return Cond{Op: OpCount, Column: as, Conds: []Cond{is, And(where...)}}
}

// OnAssociation tells whether the condition itself is one on an association.
func (c *Cond) OnAssociation() bool { return int(c.Op) < len(ops) && ops[c.Op].shape == shapeAlias }

// Resolved is a condition on an association with the test that it comes to in one state.
func (c Cond) Resolved(test func(index.Record) Truth) Cond {
	c.test = test
	return c
}

// IsResolved tells whether the condition itself has a test.
func (c *Cond) IsResolved() bool { return c.test != nil }

// Test is a condition that a function decides, for the rows of one table in one state: of a front end, for what no operator says. It
// is shown under a name. Cost: one call a row; no index leads to the rows.
func Test(name string, is func(index.Record) Truth) Cond { return Some(name, Cond{}).Resolved(is) }

// List says of a condition on an association, in one state, which values a column of the rows has that it is true of.
type List struct {
	Column   int           // its position
	Values   []index.Value // ascending, each once, without NULL
	Complete bool          // it is true of all rows with these values
	Not      bool          // this is so of the condition's negation
}

// Listed is a resolved condition with the values by which its rows can be found. They must not be changed any more.
func (c Cond) Listed(l List) Cond {
	c.list = &l
	return c
}

// check refuses a condition that uses fields its operator does not have, or not as many values as it needs.
func (c *Cond) check() error {
	if int(c.Op) >= len(ops) {
		return condError("there is no operator %d", uint8(c.Op))
	}
	s := ops[c.Op].shape
	takesColumn := s == shapeColumn || s == shapeValue || s == shapeValues || s == shapeAlias
	switch {
	case takesColumn && c.Column == "":
		return condError("condition %q names no column", c.Op)
	case !takesColumn && c.Column != "":
		return condError("condition %q takes no column, but has %s", c.Op, c.Column)
	case s != shapeValue && c.Value != nil:
		return condError("condition %q takes no single value", c.Op)
	case s != shapeValues && len(c.Values) > 0:
		return condError("condition %q takes no list of values", c.Op)
	case s != shapeConds && s != shapeAlias && len(c.Conds) > 0:
		return condError("condition %q takes no conditions", c.Op)
	case c.Op == OpBetween && len(c.Values) != 2:
		return condError("condition %q takes two values, not %d", c.Op, len(c.Values))
	case c.Op == OpNot && len(c.Conds) != 1:
		return condError("condition %q takes one condition, not %d", c.Op, len(c.Conds))
	case s == shapeAlias && len(c.Conds) != aliasConds(c.Op):
		return condError("condition %q takes %d conditions, not %d", c.Op, aliasConds(c.Op), len(c.Conds))
	}
	return nil
}

// aliasConds is how many conditions one on an association takes.
func aliasConds(o Op) int {
	if o == OpCount {
		return 2
	}
	return 1
}

func condError(format string, args ...any) *types.Error {
	return &types.Error{Kind: types.ErrQuery, Detail: fmt.Sprintf(format, args...)}
}

// Renamed is the condition with a column under another name. It shares no list of conditions with c.
func (c Cond) Renamed(from, to string) Cond {
	if c.Column == from && !c.OnAssociation() {
		c.Column = to
	}
	if c.OnAssociation() {
		return c // its conditions are on other rows
	}
	if len(c.Conds) > 0 {
		parts := make([]Cond, len(c.Conds))
		for i, part := range c.Conds {
			parts[i] = part.Renamed(from, to)
		}
		c.Conds = parts
	}
	return c
}

// ColumnsNamed are the names of the columns that a condition reads.
func (c Cond) ColumnsNamed() []string {
	var out []string
	if c.Column != "" && !c.OnAssociation() {
		out = append(out, c.Column)
	}
	for _, part := range c.Conds {
		out = append(out, part.ColumnsNamed()...)
	}
	return out
}
