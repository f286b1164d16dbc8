package table

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// compileDetail refuses a precision or names that a column of its type cannot have, and an enum without names.
func (d *Def) compileDetail(c *types.Column) error {
	_, whole := c.PrecisionDigits()
	switch {
	case c.Precision != 0 && c.Type != index.Time && c.Type != index.TimeOfDay:
		return d.refuse("42P16", "only time and timeofday columns have one", "column %s of type %s cannot have a precision", c.Name, c.Type)
	case c.Precision != 0 && !whole:
		return d.refuse("22023", "use a second, or a tenth, a hundredth and so on of one", "column %s: %s is no precision", c.Name, c.Precision)
	case c.Type == index.Enum && len(c.Names) == 0:
		return d.refuse("42P16", "list them in Names", "column %s of type enum has no names", c.Name)
	case c.Type != index.Enum && len(c.Names) > 0:
		return d.refuse("42P16", "only enum columns have names", "column %s of type %s cannot have names", c.Name, c.Type)
	}
	for i, name := range c.Names {
		switch {
		case !index.IsText(name):
			return d.refuse("22021", "give it text in UTF-8 without a zero byte", "column %s: the name %q is no text", c.Name, name)
		case slices.Contains(c.Names[:i], name):
			return d.refuse("42710", "list it once", "column %s lists the name %q twice", c.Name, name)
		}
	}
	return nil
}
