// Package mermaid draws a diagram as a Mermaid entity relationship diagram, which Markdown shows.
package mermaid

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/memrel/memrel/cmd/memrel/internal/diagram"
)

// Draw is the text of a diagram.
func Draw(d diagram.Diagram) string {
	var b strings.Builder
	b.WriteString("erDiagram\n")
	group := ""
	for _, t := range d.Tables {
		if t.Group != group {
			group = t.Group
			fmt.Fprintf(&b, "    %%%% datastore %s\n", plain(group))
		}
		entity(&b, t)
	}
	for _, r := range d.Relations {
		fmt.Fprintf(&b, "    %s %s %s : %s\n", name(r.From), line(r), name(r.To), quote(r.Label))
	}
	return b.String()
}

func entity(b *strings.Builder, t diagram.Table) {
	shown := name(t.Name)
	if t.Group != "" { // Mermaid has no groups: the table is shown with its datastore
		shown += "[" + quote(t.Group+": "+t.Name) + "]"
	}
	fmt.Fprintf(b, "    %s {\n", shown)
	for _, c := range t.Columns {
		words := []string{c.Type, plain(c.Name)}
		if len(c.Keys) > 0 {
			words = append(words, strings.Join(c.Keys, ", "))
		}
		if n := note(c); n != "" {
			words = append(words, quote(n))
		}
		fmt.Fprintf(b, "        %s\n", strings.Join(words, " "))
	}
	b.WriteString("    }\n")
}

// note is the note of a column, with its name if that cannot be shown as it is.
func note(c diagram.Column) string {
	switch {
	case plain(c.Name) == c.Name:
		return c.Note
	case c.Note == "":
		return c.Name
	}
	return c.Name + ", " + c.Note
}

// line is the line between two tables.
func line(r diagram.Relation) string {
	from, middle, to := "||", "--", "o|"
	switch {
	case r.FromMany:
		from = "}o"
	case r.Optional:
		from = "|o"
	}
	if r.Loose {
		middle = ".."
	}
	switch {
	case r.ToMany:
		to = "o{"
	case r.ToOne:
		to = "||"
	}
	return from + middle + to
}

// name is the name of a table, in quotes if it is not a plain word.
func name(s string) string {
	if plain(s) == s {
		return s
	}
	return quote(s)
}

// plain is a name in the characters that Mermaid allows for an attribute.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r >= 0xc0 && unicode.IsLetter(r) {
			return r
		}
		return '_'
	}, s)
	if s == "" || s[0] == '-' || s[0] >= '0' && s[0] <= '9' {
		return "c" + s
	}
	return s
}

// quote puts text in quotes. Mermaid has no escape for a quote, nor for a line's end.
func quote(s string) string {
	return `"` + strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s) + `"`
}
