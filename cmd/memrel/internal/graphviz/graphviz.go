// Package graphviz draws a diagram in the language of Graphviz, for dot.
package graphviz

import (
	"fmt"
	"html"
	"strings"

	"github.com/memrel/memrel/cmd/memrel/internal/diagram"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

// Draw is the text of a diagram: tables as boxes, and lines with crow's feet at the ends that may be many.
func Draw(d diagram.Diagram) string {
	var b strings.Builder
	b.WriteString("digraph {\n    graph [rankdir=LR, nodesep=0.6, ranksep=1.5]\n    node [shape=plain, fontname=\"sans-serif\", fontsize=11]\n" +
		"    edge [dir=both, fontname=\"sans-serif\", fontsize=9]\n")
	for i, t := range d.Tables {
		if t.Group != "" && (i == 0 || d.Tables[i-1].Group != t.Group) {
			fmt.Fprintf(&b, "    subgraph %s {\n    label=%s\n", quote("cluster "+t.Group), quote(t.Group))
		}
		node(&b, t)
		if t.Group != "" && (i+1 == len(d.Tables) || d.Tables[i+1].Group != t.Group) {
			b.WriteString("    }\n")
		}
	}
	for _, r := range d.Relations {
		style := ""
		if r.Loose {
			style = ", style=dashed"
		}
		fmt.Fprintf(&b, "    %s -> %s [arrowtail=%s, arrowhead=%s%s, label=%s]\n", quote(r.From), quote(r.To), from(r), to(r), style, quote(r.Label))
	}
	b.WriteString("}\n")
	return b.String()
}

func from(r diagram.Relation) string {
	switch {
	case r.FromMany:
		return "crowodot"
	case r.Optional:
		return "teeodot"
	}
	return "teetee"
}

func to(r diagram.Relation) string {
	switch {
	case r.ToMany:
		return "crowodot"
	case r.ToOne:
		return "teetee"
	}
	return "teeodot"
}

// node is a table: its name, then a line for each column.
func node(b *strings.Builder, t diagram.Table) {
	fmt.Fprintf(b, "    %s [label=<\n        <table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\">\n", quote(t.Name))
	fmt.Fprintf(b, "        <tr><td colspan=\"4\" bgcolor=\"lightgray\"><b>%s</b></td></tr>\n", cell(t.Name))
	for _, c := range t.Columns {
		fmt.Fprintf(b, "        <tr><td align=\"left\">%s</td><td align=\"left\">%s</td><td>%s</td><td align=\"left\">%s</td></tr>\n",
			cell(c.Name), cell(c.Type), cell(strings.Join(c.Keys, ", ")), cell(c.Note))
	}
	b.WriteString("        </table>>]\n")
}

// cell is text between tags, which may not be empty.
func cell(s string) string {
	if s = html.EscapeString(term.Safe(s)); s == "" {
		return " "
	}
	return s
}

// quote puts text in quotes. A backslash begins an escape in labels.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(term.Safe(s)) + `"`
}
