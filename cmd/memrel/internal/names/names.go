// Package names finds the table or the column that a name means which a person or a program wrote.
//
// Unicode has several ways to write one letter, and file systems and programs change one into another. So names that are the same
// text in normal form C are the same, unless one is there as it was written.
package names

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Find gives the names that are meant among those that there are: the very one; else those that are the same in normal form.
func Find(all []string, name string) []string {
	if slices.Contains(all, name) {
		return []string{name}
	}
	return those(all, name, func(a, b string) bool { return a == b })
}

// FindFold is Find, but if there is none gives those that differ in their case alone.
func FindFold(all []string, name string) []string {
	if found := Find(all, name); len(found) > 0 {
		return found
	}
	return those(all, name, strings.EqualFold)
}

func those(all []string, name string, same func(a, b string) bool) (found []string) {
	name = norm.NFC.String(name)
	for _, have := range all {
		if same(norm.NFC.String(have), name) {
			found = append(found, have)
		}
	}
	return found
}
