package table

import (
	"strings"
	"unicode"

	"github.com/memrel/memrel/types"
)

// Naming is how names are made that a definition leaves open: those of columns from the fields of a struct, and those of foreign keys
// from the tables and keys that an association leads to. It is a [Definition] for the tables that a store is given from then on, and a [Part] for
// one table. What it makes is kept: no name changes later.
type Naming uint8

// The namings. Unnamed leaves it to the store, which names as CamelCase unless a [Naming] was defined.
const (
	Unnamed   Naming = iota
	CamelCase        // AuthorID is authorId
	SnakeCase        // AuthorID is author_id
)

var namingNames = [...]string{"", "camelCase", "snake_case"}

// String is the naming as names of it look: "snake_case".
func (n Naming) String() string {
	if int(n) < len(namingNames) {
		return namingNames[n]
	}
	return "invalid naming"
}

// MarshalText writes the naming as [Naming.String] does.
func (n Naming) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads a naming. What is none is an error of kind [types.ErrDefinition].
func (n *Naming) UnmarshalText(text []byte) error {
	for i, name := range namingNames {
		if name == string(text) {
			*n = Naming(i)
			return nil
		}
	}
	return types.Refused("", "42601", "use camelCase or snake_case", "there is no naming %q", text)
}

// PartOfTable makes the naming a [Part].
func (Naming) PartOfTable() {}

// namingForm is the form in which a store keeps its naming.
const namingForm = "memrel.naming"

// Define makes the naming that of tables which the batch defines, and of those that the store is given later.
func (n Naming) Define(b *Batch) error {
	if int(n) >= len(namingNames) {
		return types.Refused("", "42601", "use CamelCase or SnakeCase", "%d is no naming", uint8(n))
	}
	return Form{Name: namingForm, Text: []byte(n.String())}.Define(b)
}

// Named is a naming, or where that is left to the store the store's.
func (b *Batch) Named(n Naming) Naming {
	if n == Unnamed {
		return b.naming
	}
	return n
}

// Column is the name of the column for a field. Abbreviations are words: AuthorIDs is authorIds or author_ids.
func (n Naming) Column(field string) string {
	var b strings.Builder
	for i, word := range splitWords([]rune(field)) {
		r := []rune(strings.ToLower(word))
		if i > 0 && n != SnakeCase {
			r[0] = unicode.ToUpper(r[0])
		} else if i > 0 && !strings.HasSuffix(b.String(), "_") {
			b.WriteByte('_')
		}
		b.WriteString(string(r))
	}
	return b.String()
}

// Key is the name of what the parts of a name come to together: the key id of a user is userId or user_id. Letters that begin no
// part stay in camelCase.
func (n Naming) Key(parts ...string) string {
	name := strings.Join(parts, "_")
	if n == SnakeCase {
		return types.Underscore(name)
	}
	return types.Camelize(name)
}

// splitWords cuts before a capital that follows a small letter or begins a word after an abbreviation: HTTP|Port. The
// s of a plural belongs to its abbreviation: URLs|By|Name.
func splitWords(r []rune) []string {
	var words []string
	begin := 0
	for i := 1; i < len(r); i++ {
		if !unicode.IsUpper(r[i]) {
			continue
		}
		after := i+1 < len(r) && unicode.IsLower(r[i+1]) && !isPlural(r, i+1)
		if !unicode.IsUpper(r[i-1]) || after {
			words = append(words, string(r[begin:i]))
			begin = i
		}
	}
	return append(words, string(r[begin:]))
}

// isPlural tells whether r[i] is the s of an abbreviation such as URLs: the last letter, or one before another word.
func isPlural(r []rune, i int) bool {
	return r[i] == 's' && (i+1 == len(r) || unicode.IsUpper(r[i+1]))
}
