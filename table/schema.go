package table

import (
	"fmt"
	"strings"

	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/types"
)

// Schema is the definition of a table as data: it can be printed, compared, written to JSON and read from it.
type Schema struct {
	Name       string            `json:"name"`
	Columns    []types.Column    `json:"columns"`
	PrimaryKey []string          `json:"primaryKey"`
	Unique     []UniqueKey       `json:"unique,omitempty"`
	Indexes    []Index           `json:"indexes,omitempty"`
	Checks     []CheckConstraint `json:"checks,omitempty"`
	References []Reference       `json:"references,omitempty"`
	// SoftDelete names a column of type Time, NULL in rows that are there: a delete, by name or by cascade, writes the time
	// into it instead of removing the row. What refers to the row follows as for any delete. The row keeps its keys, but
	// is shown to no read, found by no statement or cascade any more and refers to nothing, unless it is asked for. The page
	// docs/soft-deletes.md has all that holds for it.
	SoftDelete string `json:"softDelete,omitempty"`
	// Annotations are texts that somebody keeps with the table, by name; see [Annotation].
	Annotations map[string]string `json:"annotations,omitempty"`
	// Naming is how the names are made that structs and associations leave open; the store's if it is.
	Naming Naming `json:"naming,omitempty"`
	// Numbering is what becomes of numbers that were given out for rows which are undone; as the store has it if it is not said.
	Numbering Numbering `json:"numbering,omitempty"`
}

// UniqueKey is a unique key beside the primary key. A key that contains NULL equals no other, unless NullsNotDistinct.
type UniqueKey struct {
	Name             string   `json:"name,omitempty"` // <table>_<columns>_key if empty
	Columns          []string `json:"columns"`
	NullsNotDistinct bool     `json:"nullsNotDistinct,omitempty"`
	// Deferrable has the key checked when a statement is through with all of its rows and cascades, not at each row, and lets a
	// transaction put the check off to its commit; InitiallyDeferred does so by default. Until the check several rows may have the
	// key, so that no reference can refer to it, no upsert decide by it and no handle read by it, as in PostgreSQL.
	Deferrable        bool `json:"deferrable,omitempty"`
	InitiallyDeferred bool `json:"initiallyDeferred,omitempty"`
	// Order and Prefix are as those of an [Index]; a deferrable key has none. No two rows have the beginnings in common that Prefix says.
	// Nothing refers to such a key, no upsert decides by it and no handle reads by it, since it is not one over the whole columns.
	Order  []query.Order  `json:"order,omitempty"`
	Prefix map[string]int `json:"prefix,omitempty"`
}

// Index is a secondary ordered index.
type Index struct {
	Name    string   `json:"name,omitempty"` // <table>_<columns>_idx if empty
	Columns []string `json:"columns"`
	// Order is how the index goes through those of its columns that it names: the others ascend, NULL last. A query whose order is that
	// of the index, forwards or backwards, finds its rows in order.
	Order []query.Order `json:"order,omitempty"`
	// Prefix is how much the index has of those columns that it names: so many characters of a string, so many bytes of bytes, as MySQL's
	// KEY (name(10)). It leads to rows by that, and they are tested for the rest; it gives no order by such a column.
	Prefix map[string]int `json:"prefix,omitempty"`
}

// CheckConstraint is a condition that no row may make false; unknown passes, as in SQL.
type CheckConstraint struct {
	Name  string     `json:"name,omitempty"` // <table>_check<n> if empty
	Where query.Cond `json:"where"`
}

// Reference is a foreign key: Columns of the table that declares it hold a key of Table, or NULL.
type Reference struct {
	Name       string   `json:"name,omitempty"` // <table>_<columns>_fkey if empty
	Columns    []string `json:"columns"`
	Table      string   `json:"table"`                // the referenced table
	RefColumns []string `json:"refColumns,omitempty"` // its columns, a primary or unique key; its primary key if empty
	OnDelete   Action   `json:"onDelete,omitzero"`    // NoAction if nothing is said
	OnUpdate   Action   `json:"onUpdate,omitzero"`
	// SetColumns are the only columns that SET NULL and SET DEFAULT change on delete; all of Columns if empty.
	SetColumns []string `json:"setColumns,omitempty"`
	// MatchFull refuses a key that is partly NULL; without it such a key references nothing.
	MatchFull bool `json:"matchFull,omitempty"`
	// Deferrable lets a transaction put off the check to its commit; InitiallyDeferred does so by default.
	Deferrable        bool `json:"deferrable,omitempty"`
	InitiallyDeferred bool `json:"initiallyDeferred,omitempty"`
	// Unchecked lets rows hold keys that no row of the referenced table has: nothing looks for the parent, and NO ACTION
	// leaves the referencing rows as they are. The other actions act as ever. The referenced columns need an index that
	// begins with them, not a unique key. Without a check there is none to be deferred, and no MATCH FULL.
	Unchecked bool `json:"unchecked,omitempty"`
}

// Action is what becomes of the referencing rows when a referenced row is deleted or its key changes.
type Action uint8

// The five actions, and none that is said: in a [Reference] that is NoAction, in an association the default of its kind. NoAction and
// Restrict both refuse; a NoAction passes if another row has taken over the key, and can be deferred.
const (
	Unspecified Action = iota
	NoAction
	Restrict
	Cascade
	SetNull
	SetDefault
)

var actionNames = [...]string{"", "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"}

// String is the action in SQL: "SET NULL". It is empty if none is said.
func (a Action) String() string {
	if a.valid() {
		return actionNames[a]
	}
	return fmt.Sprintf("action(%d)", uint8(a))
}

func (a Action) valid() bool { return int(a) < len(actionNames) }

// IsZero tells whether a [Reference] without the action says the same.
func (a Action) IsZero() bool { return a <= NoAction }

// ParseAction reads an action in SQL, in any case; of no text none is said.
func ParseAction(s string) (Action, error) {
	for a, name := range actionNames {
		if strings.EqualFold(name, s) {
			return Action(a), nil
		}
	}
	return Unspecified, noAction(s)
}

// Check refuses what is no action.
func (a Action) Check() error {
	if !a.valid() {
		return noAction(a.String())
	}
	return nil
}

func noAction(s string) error {
	return types.Refused("", "42601", "use NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT", "unknown referential action %q", s)
}

// MarshalText writes the action in SQL.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the action in SQL.
func (a *Action) UnmarshalText(text []byte) (err error) {
	*a, err = ParseAction(string(text))
	return err
}
