package types

import (
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
)

// enumFromText is the cell of a name.
func (c *Column) enumFromText(s string) (index.Value, error) {
	place := slices.Index(c.Names, s)
	if place < 0 {
		return index.Null, c.refusal("22P02", "write one of "+c.listNames(), nil, "= %s is none of its names", QuoteShort(s))
	}
	return index.OfEnum(c.Names, place), nil
}

// EnumAt is the cell of the name at a place, as files keep it. An error, of kind [ErrType], tells that there is none.
func (c *Column) EnumAt(place int) (index.Value, error) {
	if place < 0 || place >= len(c.Names) {
		return index.Null, c.refusal("22P02", "", nil, "has no name number %d", place)
	}
	return index.OfEnum(c.Names, place), nil
}

// fitEnum refuses a name that the column does not have at its place.
func (c *Column) fitEnum(v index.Value) error {
	if p := v.Place(); p < len(c.Names) && c.Names[p] == v.Name() {
		return nil
	}
	return c.refusal("22P02", "write one of "+c.listNames(), nil, "= %s is none of its names", QuoteShort(v.Name()))
}

// takesNames tells whether an enum has the names of another at their places.
func (c *Column) takesNames(of *Column) bool {
	return len(of.Names) <= len(c.Names) && slices.Equal(c.Names[:len(of.Names)], of.Names)
}

// listNames are the names as a message lists them.
func (c *Column) listNames() string { return Shorten(strings.Join(c.Names, ", ")) }
