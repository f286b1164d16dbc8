// Package mermaid draws a diagram as a Mermaid entity relationship diagram, which Markdown shows.
package mermaid

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/memrel/memrel/cmd/memrel/internal/diagram"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
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

// words are what Mermaid takes for a word of its own where the name of a table stands, in any case.
var words = map[string]bool{"accdescr": true, "acctitle": true, "class": true, "classdef": true, "end": true, "erdiagram": true, "many": true, "one": true,
	"style": true, "subgraph": true, "to": true, "u": true}

// name is the name of a table, in quotes if it is not a plain word.
func name(s string) string {
	plain := func(r rune) bool {
		return r == '_' || r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
	}
	if s == "" || s[0] >= '0' && s[0] <= '9' || words[strings.ToLower(s)] || strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return quote(s)
	}
	return s
}

// plain is a name in the characters that Mermaid allows for an attribute, and none that it takes for a key.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r >= 0xc0 && unicode.IsLetter(r) {
			return r
		}
		return '_'
	}, s)
	emphasis := strings.HasPrefix(s, "_") && strings.HasSuffix(s, "_")
	if s == "" || s[0] == '-' || s[0] >= '0' && s[0] <= '9' || emphasis || key.MatchString(s) {
		return "c" + s
	}
	return s
}

// key is how Mermaid finds the marks of keys.
var key = regexp.MustCompile(`(?i)^(pk|fk|uk)\b`)

// direction is how Mermaid finds the direction of a diagram, wherever it stands.
var direction = regexp.MustCompile(`(?i)(direction)\s`)

// quote puts text in quotes. What means something to Mermaid there (an end of the text, a comment, a directive, Markdown, a
// formula) is written by its number.
func quote(s string) string {
	s = direction.ReplaceAllString(term.Safe(s), "$1\x00")
	var b strings.Builder
	before := ' '
	for i, r := range s {
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		edge := !letter(before) || !letter(after)
		before = r
		switch {
		case r == 0: // the space behind a direction
			b.WriteString("#32;")
		case strings.ContainsRune("\"%\\#;~`*<&$", r), r == ':' && after != ' ', r == '_' && edge:
			fmt.Fprintf(&b, "#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

func letter(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
