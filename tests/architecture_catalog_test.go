package tests

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"testing"
)

// foundByName is the type of what the catalog finds by name: keys, references and associations.
var foundByName = regexp.MustCompile(`(^|[^A-Za-z])((query|index)\.Key|UniqueKey|Ref|Reference|CatalogReference|Association|Pending)$`)

// TestTheCatalogAloneFindsByName: no type of another package keeps keys, references or associations in a map; what handles and versions
// keep of them is resolved, in lists.
func TestTheCatalogAloneFindsByName(t *testing.T) { report(t, theCatalogAloneFindsByName) }

func theCatalogAloneFindsByName(s source) (found []string) {
	if s.isTest() || !slices.Contains(layers["."], s.layer()) && s.layer() != "." || s.layer() == "snapshot" {
		return nil
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		fields, is := n.(*ast.StructType)
		if !is {
			return true
		}
		for _, f := range fields.Fields.List {
			if m, is := f.Type.(*ast.MapType); is && foundByName.MatchString(types.ExprString(m.Value)) {
				found = append(found, fmt.Sprintf("a %s: the catalog finds these by name", types.ExprString(m)))
			}
		}
		return true
	})
	return found
}

func TestTheRuleOfTheCatalogBites(t *testing.T) {
	for _, c := range []struct {
		field string
		bad   bool
	}{
		{"of map[string][]*Association", true},
		{"into map[string][]*Ref", true},
		{"keys map[string]query.Key", true},
		{"waiting map[string]table.Reference", true},
		{"of []*Association", false},
		{"numbers map[string]int", false},
		{"models map[string]*Info", false},
	} {
		s, err := parse("assoc/a.go", []byte("package assoc\ntype set struct{ "+c.field+" }"))
		if err != nil {
			t.Fatal(err)
		}
		if found := theCatalogAloneFindsByName(s); (len(found) > 0) != c.bad {
			t.Errorf("%s: found %q", c.field, found)
		}
	}
}
