package ddl

import "github.com/memrel/memrel"

// folding are MySQL's and MariaDB's collations that fold letters whole and no more: not accents, not spaces at the end.
const folding = " /*!80000 COLLATE utf8mb4_0900_as_ci */ /*M!101002 COLLATE utf8mb4_uca1400_nopad_as_ci */"

// citext is the type of text in which case does not count.
func (w *writer) citext(c *memrel.Column, key bool) string {
	switch w.dialect {
	case Postgres:
		if !w.hasCitext {
			w.types = append(w.types, "CREATE EXTENSION IF NOT EXISTS citext;")
			w.hasCitext = true
		}
		w.note("PostgreSQL folds %s letter by letter, so that ß is not ss there", c.Name)
		return "citext"
	case MySQL:
		return w.scalar(&memrel.Column{Type: memrel.String, Size: c.Size}, key) + folding
	}
	w.note("SQLite folds A to Z alone in %s, and hands on no key that changes in case alone", c.Name)
	return "text COLLATE NOCASE"
}
