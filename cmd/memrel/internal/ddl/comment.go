package ddl

import (
	"fmt"

	"github.com/memrel/memrel"
)

// comment is the name of the annotations that are comments in a database.
const comment = "comment"

// comments are what is noted of a table and its columns: statements of PostgreSQL, and lines before the table elsewhere.
func (w *writer) comments(s *memrel.Schema) (statements []string) {
	add := func(what, column, text string) {
		quoted, ok := w.text(text)
		switch {
		case text == "":
		case w.dialect == Postgres && ok:
			statements = append(statements, fmt.Sprintf("COMMENT ON %s IS %s;", what, quoted))
		case column == "":
			w.note("%s", text)
		default:
			w.note("%s: %s", column, text)
		}
	}
	add("TABLE "+w.tableName(s.Name), "", s.Annotations[comment])
	for _, c := range s.Columns {
		add("COLUMN "+w.tableName(s.Name)+"."+w.columnName(s, c.Name), c.Name, c.Annotations[comment])
	}
	return statements
}
