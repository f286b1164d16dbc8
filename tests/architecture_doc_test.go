package tests

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheArchitecturePageIsTrue: every function, method and type that docs/architecture.md names in its walks is there.
func TestTheArchitecturePageIsTrue(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	there := declared(t)
	named := regexp.MustCompile("`((?:memrel|engine|snapshot|cascade|assoc|bind|table|query|types|index)\\.[A-Za-z.]+)`").FindAllStringSubmatch(string(text), -1)
	if len(named) < 40 {
		t.Fatalf("only %d names were found on the page", len(named))
	}
	for _, n := range named {
		if !there[n[1]] {
			t.Errorf("docs/architecture.md names %s, which is not there", n[1])
		}
	}
}

// declared are the functions, methods and types of the root module, as package.Name and package.Type.Method.
func declared(t *testing.T) map[string]bool {
	out := map[string]bool{}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		pkg := s.file.Name.Name
		if pkg == "main" {
			pkg = path.Base(path.Dir(s.path))
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := pkg + "."
				if owner := receiver(d); owner != "" {
					name += owner + "."
				}
				out[name+d.Name.Name] = true
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok {
						out[pkg+"."+ts.Name.Name] = true
					}
				}
			}
		}
	}
	return out
}

// TestTheGlossaryHasNoTwoWordsForOneThing: a word is explained once.
func TestTheGlossaryHasNoTwoWordsForOneThing(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "glossary.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		word, ok := strings.CutPrefix(line, "| **")
		if !ok {
			continue
		}
		word, _, _ = strings.Cut(word, " |")
		if seen[word] {
			t.Errorf("the glossary explains %s twice", word)
		}
		seen[word] = true
	}
	if len(seen) < 40 {
		t.Errorf("only %d words were found", len(seen))
	}
}
