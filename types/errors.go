package types

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/memrel/memrel/index"
)

// The kinds of error, for errors.Is. [ErrRestrict] and [ErrMatchFull] are also an [ErrForeignKey].
var (
	ErrUnique        = errors.New("unique key violated")
	ErrForeignKey    = errors.New("foreign key violated")
	ErrRestrict      = fmt.Errorf("%w: still referenced", ErrForeignKey)
	ErrMatchFull     = fmt.Errorf("%w: partly NULL", ErrForeignKey)
	ErrNotNull       = errors.New("NOT NULL violated")
	ErrCheck         = errors.New("check violated")
	ErrType          = errors.New("value does not fit the column")
	ErrUnknownTable  = errors.New("no such table")
	ErrUnknownColumn = errors.New("no such column")
	ErrNotFound      = errors.New("no such row")
	ErrDefinition    = errors.New("definition refused")
	ErrLimit         = errors.New("limit reached")
	ErrTxDone        = errors.New("transaction has ended")
	ErrQuery         = errors.New("query refused")
	ErrFile          = errors.New("file refused")
	// ErrUnknownAssociation is for an alias that the rows do not have, ErrUnknownMethod for an accessor.
	ErrUnknownAssociation = errors.New("no such association")
	ErrUnknownMethod      = errors.New("no such method")
	// ErrTooOld is for commits that are there no more, ErrLost for one of which nobody knows whether it is kept.
	ErrTooOld = errors.New("commits no longer there")
	ErrLost   = errors.New("commit not kept")
)

// sqlStates are PostgreSQL's codes of the kinds.
var sqlStates = []struct {
	kind error
	code string
}{
	{ErrRestrict, "23001"},
	{ErrForeignKey, "23503"},
	{ErrUnique, "23505"},
	{ErrNotNull, "23502"},
	{ErrCheck, "23514"},
	{ErrType, "22000"},
	{ErrUnknownTable, "42P01"},
	{ErrUnknownColumn, "42703"},
	{ErrNotFound, "02000"},
	{ErrDefinition, "42P16"},
	{ErrLimit, "54000"},
	{ErrTxDone, "25000"},
	{ErrQuery, "42601"},
	{ErrFile, "XX001"},
	{ErrUnknownAssociation, "42704"},
	{ErrUnknownMethod, "42883"},
	{ErrTooOld, "72000"},
	{ErrLost, "08007"},
}

// Error is every error that the store returns: what was attempted, on which table, by which constraint, over which
// columns and key. Fields that do not apply are zero. Use errors.As to read it and errors.Is with a kind to tell it.
type Error struct {
	Kind       error    // one of the Err... values of this package
	Op         string   // what was attempted: "insert", "delete", "define"
	Table      string   // the table of the row at fault; for foreign keys the referencing one
	Constraint string   // the key, reference or check that was violated
	Columns    []string // the columns at fault
	Key        []any    // their values
	RefTable   string   // for foreign keys: the referenced table
	RefColumns []string // and its columns
	Input      int      // for a statement over several rows: which of those given it is about, from 1
	Rows       []string // rows in the way, or rows at fault that the store has, as table[key]; at most [MaxErrorRows]
	Path       []string // the rows through which a cascade came here, as table[key], beginning with the row named
	State      string   // SQLSTATE, where it says more than the kind's own
	Detail     string   // what is wrong, in words
	Hint       string   // what would help
	Cause      error    // an error of somebody else's: a check function's, a context's
}

// MaxErrorRows is how many rows an error names.
const MaxErrorRows = 5

// Error is one line, but for what a cause says; control characters of names and values are escaped. It reads: memrel: insert posts: author 7 does not exist (posts.authorId -> users.id).
func (e *Error) Error() string {
	if e == nil {
		return "memrel: no error"
	}
	var b strings.Builder
	b.WriteString("memrel: ")
	b.WriteString(strings.TrimSpace(e.Op + " " + oneLine(e.subject())))
	if e.Input > 0 {
		fmt.Fprintf(&b, ": row %d", e.Input)
	}
	if b.Len() > len("memrel: ") {
		b.WriteString(": ")
	}
	if e.Detail != "" {
		b.WriteString(oneLine(e.Detail))
	} else if e.Kind != nil {
		b.WriteString(e.Kind.Error())
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	if len(e.Path) > 1 {
		b.WriteString("; the way there: " + oneLine(strings.Join(e.Path, " -> ")))
	}
	if rows := e.rows(); rows != "" {
		b.WriteString("; " + oneLine(rows))
	}
	if e.Hint != "" {
		b.WriteString("; " + oneLine(e.Hint))
	}
	return strings.TrimSpace(b.String())
}

// rows are the rows of the error with what they are to it: others that are in the way, or those that break the rule
// themselves. A row that the detail begins with is not named again.
func (e *Error) rows() string {
	switch {
	case len(e.Rows) == 0 || len(e.Rows) == 1 && strings.HasPrefix(e.Detail, "row "+e.Rows[0]+" "):
		return ""
	case errors.Is(e.Kind, ErrUnique) || errors.Is(e.Kind, ErrRestrict):
		return "in the way: " + strings.Join(e.Rows, ", ")
	}
	return "at fault: " + strings.Join(e.Rows, ", ")
}

// oneLine is text with what would break a line, or could not be seen, escaped as in Go.
func oneLine(text string) string {
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	if strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// subject is the table that the text begins with. For a row that is still referenced that is the referenced one, which
// the statement was about.
func (e *Error) subject() string {
	if e.RefTable != "" && errors.Is(e.Kind, ErrRestrict) {
		return e.RefTable
	}
	return e.Table
}

// Unwrap gives errors.Is the kind and the cause.
func (e *Error) Unwrap() []error {
	switch {
	case e == nil || e.Kind == nil && e.Cause == nil:
		return nil
	case e.Cause != nil:
		return []error{e.Kind, e.Cause}
	}
	return []error{e.Kind}
}

// SQLState is the code that PostgreSQL gives such an error (23505 for a unique key), for code that tells errors apart
// by it. RESTRICT is 23001, as from PostgreSQL 18 on.
func (e *Error) SQLState() string {
	switch {
	case e == nil:
		return "00000"
	case e.State != "":
		return e.State
	}
	for _, s := range sqlStates {
		if errors.Is(e.Kind, s.kind) {
			return s.code
		}
	}
	return "XX000"
}

// Refused is the error of a definition: table names what was being defined.
func Refused(table, state, hint, format string, args ...any) *Error {
	return &Error{Kind: ErrDefinition, Op: "define", Table: table, State: state, Detail: fmt.Sprintf(format, args...), Hint: hint}
}

// CheckName refuses a name that is no text, of what stands in a definition of that table: in files and in the catalog it could
// not be told from others.
func CheckName(table, what, name string) error {
	switch {
	case strings.IndexByte(name, 0) >= 0:
		return Refused(table, "42602", "leave out the zero byte", "the %s name %q has a zero byte", what, name)
	case !index.IsText(name):
		return Refused(table, "22021", "write it in UTF-8", "the %s name %q is not UTF-8", what, name)
	}
	return nil
}

// Numbered says in the error of a statement over n inputs that it is about the one at position i.
func Numbered(err error, i, n int) error {
	if e := AsError(err); e != nil && n > 1 {
		e.Input = i + 1
	}
	return err
}

// AsError is the Error that err is or wraps; nil if there is none.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	errors.As(err, &e)
	return e
}

// DetailOf is the part of an error that says what is wrong, without the table and the operation.
func DetailOf(err error) string {
	if e := AsError(err); e != nil && e.Detail != "" {
		return e.Detail
	}
	return err.Error()
}
