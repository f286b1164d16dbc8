package ddl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/memrel/memrel"
)

// quoted is an identifier, in quotes if it needs them: PostgreSQL would put capitals into lower case.
func (w *writer) quoted(s string) string {
	plain := func(r rune) bool {
		return r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || w.dialect != Postgres && r >= 'A' && r <= 'Z'
	}
	if s != "" && (s[0] < '0' || s[0] > '9') && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 &&
		!reserved[w.dialect][strings.ToLower(s)] {
		return s
	}
	quote := `"`
	if w.dialect == MySQL {
		quote = "`"
	}
	return quote + strings.ReplaceAll(s, quote, quote+quote) + quote
}

// tableName is the name that a table has in the database.
func (w *writer) tableName(name string) string { return w.quoted(w.tables[name]) }

// columnName is the name that a column has in the database.
func (w *writer) columnName(s *memrel.Schema, name string) string {
	return w.quoted(w.columns[s.Name][name])
}

func (w *writer) columnList(s *memrel.Schema, names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = w.columnName(s, n)
	}
	return "(" + strings.Join(quoted, ", ") + ")"
}

// taken are names that no other may have, as the database tells names apart.
type taken map[string]bool

// nameAll gives tables and their columns their names.
func (w *writer) nameAll(schemas []memrel.Schema) {
	w.taken, w.tables, w.columns = taken{}, nil, map[string]map[string]string{}
	if w.dialect == MySQL {
		w.taken["primary"], w.taken["gen_clust_index"] = true, true // what it calls keys of its own
	}
	names := make([]string, len(schemas))
	for i, s := range schemas {
		names[i] = s.Name
		own := make([]string, len(s.Columns))
		for j, c := range s.Columns {
			own[j] = c.Name
		}
		w.columns[s.Name] = w.distinct(own, w.dialect.hiddenColumns())
	}
	w.tables = w.distinct(names, w.taken)
	for _, s := range schemas {
		w.impliedChecks(s)
	}
}

// impliedChecks takes the names that MySQL gives to checks of columns by itself.
func (w *writer) impliedChecks(s memrel.Schema) {
	if w.dialect == MySQL {
		for i := range s.Columns {
			w.taken[w.dialect.fold(fmt.Sprintf("%s_chk_%d", w.tables[s.Name], i+1))] = true
			w.taken[fmt.Sprintf("constraint_%d", i+1)] = true
		}
	}
}

// hiddenColumns are the columns that the database gives every table.
func (d Dialect) hiddenColumns() taken {
	return map[Dialect]taken{Postgres: words("tableoid xmin cmin xmax cmax ctid"),
		MySQL: words("db_row_id db_trx_id db_roll_ptr fts_doc_id"), SQLite: {}}[d]
}

// distinct gives each name one that the database takes and tells from the others: itself, where that is so.
func (w *writer) distinct(names []string, t taken) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		if w.dialect.takes(n) && !t[w.dialect.fold(n)] {
			t[w.dialect.fold(n)] = true
			out[n] = n
		}
	}
	for _, n := range names {
		if _, ok := out[n]; !ok {
			out[n] = w.dialect.free(n, t)
		}
	}
	return out
}

// free takes a name that is not taken: the one that is asked for, or one like it.
func (d Dialect) free(name string, t taken) string {
	name = d.legal(name)
	short := d.shorten(name, "")
	for n := 2; t[d.fold(short)]; n++ {
		short = d.shorten(name, fmt.Sprintf("_%d", n))
	}
	t[d.fold(short)] = true
	return short
}

// noteNames tells which names of a table are others in the database.
func (w *writer) noteNames(s *memrel.Schema) {
	if name := w.tables[s.Name]; name != s.Name {
		w.note("the table is called %s here, since %s", name, w.dialect.differ())
	}
	for _, c := range s.Columns {
		if name := w.columns[s.Name][c.Name]; name != c.Name {
			w.note("column %s is called %s here, since %s", c.Name, name, w.dialect.differ())
		}
	}
}

// differ says what names are in the database.
func (d Dialect) differ() string {
	return map[Dialect]string{Postgres: "PostgreSQL tells names apart by their first 63 bytes, and has some of its own",
		MySQL:  "MySQL tells names apart by 64 characters, not by their case, and does not take all",
		SQLite: "SQLite does not tell names apart by their case, and has some of its own"}[d]
}

// fold is what two names that the database takes for one have in common.
func (d Dialect) fold(s string) string {
	switch d {
	case Postgres:
		return s
	case SQLite:
		return strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' {
				return r + 'a' - 'A'
			}
			return r
		}, s)
	}
	return strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, s)
}

// takes tells whether a name can stand as it is.
func (d Dialect) takes(s string) bool { return d.legal(s) == s && d.shorten(s, "") == s }

// spaces are what no name of MySQL ends in.
const spaces = " \t\n\v\f\r"

// legal is a name without what the database has in none.
func (d Dialect) legal(s string) string {
	switch {
	case d == SQLite && strings.HasPrefix(d.fold(s), "sqlite_"), d == Postgres && strings.HasPrefix(s, "pg_"):
		return "_" + s
	case d == MySQL:
		s = strings.Map(func(r rune) rune {
			if r > 0xffff {
				return '_'
			}
			return r
		}, s)
		if trimmed := strings.TrimRight(s, spaces); trimmed != s {
			return trimmed + "_"
		}
	}
	return s
}

// shorten cuts a name to what the database tells names apart by, and gives it an end.
func (d Dialect) shorten(s, end string) string {
	for s != "" && (!d.fits(s+end) || d == MySQL && strings.TrimRight(s+end, spaces) != s+end) {
		_, last := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-last]
	}
	return s + end
}

// maxBytes is how long a name of PostgreSQL may be.
const maxBytes = 63

// fits tells whether a name is short enough: 63 bytes in PostgreSQL; in MySQL 64 characters that make the name of a file, where
// letters and digits alone stand for themselves.
func (d Dialect) fits(s string) bool {
	switch d {
	case Postgres:
		return len(s) <= maxBytes
	case SQLite:
		return true
	}
	file := 0
	for _, r := range s {
		if file += 5; r == '_' || r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			file -= 4
		}
	}
	return utf8.RuneCountInString(s) <= 64 && file <= 240
}

// constraint is the name of a constraint or an index of a table. Names that a database has once must differ between tables.
func (w *writer) constraint(name string) string {
	free := w.dialect.free(name, w.taken)
	if free != name {
		w.note("%s is called %s here, since a name is short and there once", name, free)
	}
	return w.quoted(free)
}

// implied takes the name that PostgreSQL gives by itself to what belongs to a table and perhaps a column. It is other where that
// is taken already: then it must be said.
func (w *writer) implied(s *memrel.Schema, column, end string) (name string, other bool) {
	if w.dialect != Postgres {
		return "", false
	}
	own := impliedName(w.tables[s.Name], w.columns[s.Name][column], end)
	name = w.dialect.free(own, w.taken)
	return w.quoted(name), name != own
}

// impliedName cuts the longer of the two names, as PostgreSQL does, so that the whole is short enough.
func impliedName(table, column, end string) string {
	if column != "" {
		column = "_" + column
	}
	one, two := len(table), len(column)
	for one+two+len(end) > maxBytes {
		if one+1 > two {
			one--
		} else {
			two--
		}
	}
	return whole(table[:one]) + whole(column[:two]) + end
}

// whole is text without a character that was cut off at its end.
func whole(s string) string {
	for s != "" && !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s
}

// oneLine keeps a comment within its line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}
