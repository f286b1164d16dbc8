package tests

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNamesLeadOn: `go doc` of a name of the root package that stands for a type below it shows no field and no method, so its
// comment says where they are shown, as a link and as a command.
func TestNamesLeadOn(t *testing.T) {
	all := sources(t)
	aliases := 0
	for _, s := range all {
		if strings.Contains(s.path, "/") || s.isTest() {
			continue
		}
		eachType(s.file, func(spec *ast.TypeSpec, doc string) {
			target, ok := spec.Type.(*ast.SelectorExpr)
			if !ok || spec.Assign == token.NoPos || !spec.Name.IsExported() {
				return
			}
			aliases++
			pkg, name := target.X.(*ast.Ident).Name, target.Sel.Name
			dir, shows := whatIsShown(t, all, pkg, name)
			if shows == "" || strings.Contains(doc, "see the constants") {
				return
			}
			want := fmt.Sprintf("Its %s: [%s.%s] (go doc github.com/memrel/memrel/%s.%s).", shows, pkg, name, dir, name)
			if !strings.Contains(strings.Join(strings.Fields(doc), " "), want) {
				t.Errorf("%s: the comment of %s does not end in: %s", s.path, spec.Name.Name, want)
			}
		})
	}
	require.Greater(t, aliases, 30)
}

// whatIsShown is the folder of a type and what `go doc` shows of it there: the "fields" of a struct, the "methods" of one that
// has no field to show. How a name for anything else is used, its comment says by itself.
func whatIsShown(t *testing.T, all []source, pkg, name string) (dir, shows string) {
	for _, s := range all {
		if s.isTest() || s.file.Name.Name != pkg || !strings.Contains(s.path, "/") {
			continue
		}
		eachType(s.file, func(spec *ast.TypeSpec, _ string) {
			if spec.Name.Name != name {
				return
			}
			dir = s.path[:strings.LastIndexByte(s.path, '/')]
			if st, ok := spec.Type.(*ast.StructType); ok && hasExportedFields(st) {
				shows = "fields"
			} else if ok {
				shows = "methods"
			}
		})
	}
	require.NotEmpty(t, dir, "%s.%s is nowhere", pkg, name)
	return dir, shows
}

func hasExportedFields(st *ast.StructType) bool {
	for _, f := range st.Fields.List {
		for _, n := range f.Names {
			if n.IsExported() {
				return true
			}
		}
	}
	return false
}

// eachType calls f with every type of a file and its comment.
func eachType(file *ast.File, f func(spec *ast.TypeSpec, doc string)) {
	for _, d := range file.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			if ts, ok := spec.(*ast.TypeSpec); ok {
				f(ts, gen.Doc.Text()+ts.Doc.Text())
			}
		}
	}
}

// TestPackagesPromiseNothing: a package below the root says that it may change.
func TestPackagesPromiseNothing(t *testing.T) {
	said := map[string]bool{}
	for _, s := range sources(t) {
		dir := path.Dir(s.path)
		if s.isTest() || s.file.Name.Name == "main" || !layered(dir) {
			continue
		}
		said[dir] = said[dir] || strings.Contains(s.file.Doc.Text(), "\nThere is no compatibility promise below the root package.\n")
	}
	require.Greater(t, len(said), 8)
	for dir, ok := range said {
		if !ok {
			t.Errorf("the comment of package %s does not say: There is no compatibility promise below the root package.", dir)
		}
	}
}

// layered tells whether a folder is one of those that the root package stands on.
func layered(dir string) bool {
	if dir == "." || dir == "internal/budget" {
		return false
	}
	top, _, _ := strings.Cut(dir, "/")
	return top != "cmd" && top != "examples" && top != "tests" && top != "bench"
}

// deadLink is a link to a field or method of a type, or a link in an example, which is shown with its brackets.
var deadLink = regexp.MustCompile(`(?m)^\t.*[^\w]\[[A-Z]\w+\]|\[[A-Z]\w*\.\w+\]`)

// TestLinksOfTheRootLead: a link to a method of a name that stands for a type elsewhere leads nowhere, and stands there in brackets.
func TestLinksOfTheRootLead(t *testing.T) {
	aliases := map[string]bool{}
	var comments []string
	for _, s := range sources(t) {
		if strings.Contains(s.path, "/") || s.isTest() {
			continue
		}
		eachType(s.file, func(spec *ast.TypeSpec, _ string) { aliases[spec.Name.Name] = spec.Assign != token.NoPos })
		for _, group := range s.file.Comments {
			comments = append(comments, group.Text())
		}
	}
	for _, text := range comments {
		for _, link := range deadLink.FindAllString(text, -1) {
			if name, _, _ := strings.Cut(strings.Trim(link, "[]"), "."); strings.HasPrefix(link, "\t") || aliases[name] {
				t.Errorf("%s leads nowhere", link)
			}
		}
	}
}
