package table

import (
	"fmt"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// Numbering is what becomes of the numbers that an auto-incremented column gave out for rows which are then undone. It is a [Definition]
// for the tables that a store is given from then on, and a [Part] for one table.
type Numbering uint8

// The numberings. Unnumbered leaves it to the store, which takes numbers back unless a [Numbering] was defined.
const (
	Unnumbered      Numbering = iota
	TakeBackNumbers           // what is undone leaves no trace: its numbers are given out again
	KeepNumbers               // a number is given out once, as by a sequence, whatever becomes of the row
)

var numberingNames = [...]string{"", "take back", "keep"}

// String is the numbering in words: "keep".
func (n Numbering) String() string {
	if int(n) < len(numberingNames) {
		return numberingNames[n]
	}
	return "invalid numbering"
}

// MarshalText writes the numbering as [Numbering.String] does.
func (n Numbering) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads a numbering. What is none is an error of kind [types.ErrDefinition].
func (n *Numbering) UnmarshalText(text []byte) error {
	for i, name := range numberingNames {
		if name == string(text) {
			*n = Numbering(i)
			return nil
		}
	}
	return types.Refused("", "42601", `use "keep" or "take back"`, "there is no numbering %q", text)
}

// PartOfTable makes the numbering a [Part].
func (Numbering) PartOfTable() {}

// numberingForm is the form in which a store keeps its numbering.
const numberingForm = "memrel.numbering"

// Define makes the numbering that of tables which the batch defines, and of those that the store is given later.
func (n Numbering) Define(b *Batch) error {
	if err := n.check(); err != nil {
		return err
	}
	return Form{Name: numberingForm, Text: []byte(n.String())}.Define(b)
}

func (n Numbering) check() error {
	if int(n) >= len(numberingNames) {
		return types.Refused("", "42601", "use KeepNumbers or TakeBackNumbers", "%d is no numbering", uint8(n))
	}
	return nil
}

// KeepsNumbers tells whether the table gives each number out once, whatever becomes of the row.
func (d *Def) KeepsNumbers() bool { return d.schema.Numbering == KeepNumbers && d.auto >= 0 }

// Numbers is where the numbering of a table stands.
type Numbers struct {
	last   int64   // the greatest value that the auto-incremented column has ever held
	given  int64   // the last of these that the table gave out itself
	series *series // of which numbers are given out once: the table's since it was made, or since it restarted
}

// series is a numbering by identity.
type series struct{ _ byte }

func newNumbers() Numbers { return Numbers{series: new(series)} }

// Last is the greatest value that the auto-incremented column has ever held.
func (t *Table) Last() int64 { return t.nums.last }

// SetLast has the numbering go on after a number.
func (t *Table) SetLast(n int64) { t.nums.last, t.nums.given = n, n }

// Numbers is where the numbering stands, for [Table.TakeBack].
func (t *Table) Numbers() Numbers { return t.nums }

// SameNumbering tells whether two tables are versions of one that has not restarted.
func (t *Table) SameNumbering(other *Table) bool { return t.nums.series == other.nums.series }

// Restart has the numbering begin anew.
func (t *Table) Restart() { t.nums = newNumbers() }

// TakeBack puts the numbering back to where it stood, when a statement is undone. Where numbers are kept, those that were given out since
// stay so.
func (t *Table) TakeBack(before Numbers) {
	now := t.nums
	if t.nums = before; t.def.KeepsNumbers() && before.series == now.series {
		t.spend(now.given)
	}
}

// Spent tells whether a numbering of a state that is given up is the table's, which keeps its numbers, and has given out more of them.
func (t *Table) Spent(gone Numbers) bool {
	return t.def.KeepsNumbers() && t.nums.series == gone.series && gone.given > t.nums.given
}

// Spend has the numbering go on after the numbers of one for which [Table.Spent].
func (t *Table) Spend(gone Numbers) { t.spend(gone.given) }

func (t *Table) spend(given int64) {
	t.nums.given = max(t.nums.given, given)
	t.nums.last = max(t.nums.last, t.nums.given)
}

// noteAuto takes the number of a record into account.
func (t *Table) noteAuto(r index.Record) {
	if t.def.auto >= 0 {
		t.nums = t.nums.After(t.def.Number(r))
	}
}

// After is the numbering when a row has a number: one that comes right after the last is given out, another was brought along.
func (n Numbers) After(number int64) Numbers {
	if number == n.last+1 {
		n.given = number
	}
	n.last = max(n.last, number)
	return n
}

// Last is the greatest number.
func (n Numbers) Last() int64 { return n.last }

// Given is the last number that was given out, for a statement that fails.
func (n Numbers) Given() int64 { return n.given }

// NextNumber is the number after the last. Errors as for a row that leaves the column out.
func (t *Table) NextNumber() (int64, error) {
	c := &t.def.schema.Columns[t.def.auto]
	if _, err := t.def.next(c, t.nums.last); err != nil {
		return 0, err
	}
	return t.nums.last + 1, nil
}

// CheckLast tells whether the table may go on after a number: the column holds it, and no row has a greater one. O(rows) where it is less
// than the last.
func (t *Table) CheckLast(n int64) error {
	c := &t.def.schema.Columns[t.def.auto]
	if n < 0 {
		return &types.Error{Kind: types.ErrType, State: "22003", Columns: []string{c.Name}, Detail: fmt.Sprintf("%s is not numbered from %d on", c.Name, n),
			Hint: "give 0 or more"}
	}
	if _, err := c.FromGo(n); err != nil || n >= t.nums.last {
		return err
	}
	if r := t.greatest(); !r.IsZero() && t.def.Number(r) > n {
		most := t.def.Number(r)
		return &types.Error{Kind: types.ErrQuery, State: "55000", Columns: []string{c.Name}, Detail: fmt.Sprintf("a row has the number %d, after %d", most, n),
			Hint: fmt.Sprintf("set %d or a later one", most)}
	}
	return nil
}

// greatest is a row with the greatest number; none if there is no row. O(rows).
func (t *Table) greatest() (most index.Record) {
	for r := range t.Records() {
		if most.IsZero() || t.def.Number(r) > t.def.Number(most) {
			most = r
		}
	}
	return most
}
