package nocobase

import "strings"

// String shows the collections for people, a line each, in the order of their names.
func (c *Collections) String() string {
	var lines []string
	for _, name := range c.Names() {
		col, _ := c.Collection(name)
		lines = append(lines, col.String())
	}
	return strings.Join(lines, "\n")
}

// String shows the collection with its fields for people: posts(title string, author belongsTo users).
func (c Collection) String() string {
	fields := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		fields[i] = f.String()
	}
	return c.Name + "(" + strings.Join(fields, ", ") + ")"
}

// String shows the field for people, a relation with what it leads to: tags belongsToMany tags through posts_tags.
func (f Field) String() string {
	out := f.Name + " " + f.Type
	if _, ok := f.Relation(); ok {
		out += " " + f.target()
	}
	if f.Through != "" {
		out += " through " + f.Through
	}
	return out
}
