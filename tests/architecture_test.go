// Package tests holds memrel's black-box tests. This file asserts the shape of the code that the design fixes: who may
// import whom, what may be required, and what no file may contain. A rule that has to give way is changed here, in the
// tables below, with a decision record in docs/adr that says why.
package tests

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/memrel/memrel"

// layers lists, for each layer, the layers that it may import. A layer is a folder with all that is below it, but that folders
// of internal are layers each; "." is the root package.
//
//	index <- types <- query <- table <- {internal/bind, assoc, cascade, snapshot} <- internal/engine <- . <- {assoc/waterline, assoc/nocobase/repository} <- {memreltest, cmd, bench, examples, tests}
var layers = func() map[string][]string {
	out := map[string][]string{
		"internal/budget": {}, // of tests
		"index":           {},
		"types":           {"index"},
		"query":           {"index", "types"},
		"table":           {"index", "types", "query"},
		"internal/bind":   {"index", "types", "query", "table"},
		"assoc":           {"index", "types", "query", "table"},
		"cascade":         {"index", "types", "query", "table"},
		"snapshot":        {"index", "types", "query", "table"},
	}
	out["internal/engine"] = slices.Sorted(maps.Keys(out))
	core := slices.Sorted(maps.Keys(out))
	out["."] = core
	for _, front := range fronts {
		out[front] = append([]string{"."}, out["."]...)
	}
	core = append(core, fronts...) // from here on all layers may
	for _, user := range []string{"memreltest", "cmd"} {
		out[user] = append([]string{"."}, core...)
	}
	for _, user := range []string{"bench", "examples", "tests"} {
		out[user] = append([]string{".", "memreltest"}, core...)
	}
	return out
}()

// fronts are the parts of assoc that stand on the root package: the front end that binds several stores, and the repositories, which carry
// out statements.
var fronts = []string{"assoc/waterline", "assoc/nocobase/repository"}

// testFiles stands for the _test.go files of any layer among the importers of a module.
const testFiles = "*_test.go"

// modules lists what the root module may require, who may import it, and why it is there.
var modules = map[string]struct {
	importers []string
	reason    string
}{
	"github.com/hashicorp/go-memdb": {[]string{"snapshot"}, "the catalog and version store"},
	"github.com/tidwall/btree":      {[]string{"index"}, "the persistent trees of what is published"},
	"github.com/google/btree":       {[]string{"index"}, "scratch sets, and the oracle of index's property tests"},
	"github.com/cockroachdb/apd/v3": {[]string{"types", testFiles}, "arithmetic of decimals"},
	"github.com/stretchr/testify":   {[]string{testFiles, "tests", "memreltest"}, "assertions"},
	"github.com/jinzhu/inflection":  {[]string{"assoc"}, "plurals (one of the two)"},
	"github.com/gobuffalo/flect":    {[]string{"assoc"}, "plurals (one of the two)"},
	"golang.org/x/text":             {[]string{"cmd", "index"}, "normal forms of names, text without case"},
	"github.com/alecthomas/kong":    {[]string{"cmd"}, "the command line: it has no dependencies of its own"},
}

// A file longer than manyLines is worth a second look; one longer than maxLines is to be split.
const (
	manyLines = 400
	maxLines  = 600
)

// The root package is handles: so many files and lines are enough.
const (
	rootFiles = 10
	rootLines = 2400
)

// source is one Go file of the root module. The code is parsed, never listed by a go command, so that `go test` knows
// what it read and runs these tests again when it changes.
type source struct {
	path  string // slashes, from the root of the module
	file  *ast.File
	lines int
}

func (s source) layer() string {
	if !strings.Contains(s.path, "/") {
		return "."
	}
	return layerOf(s.path)
}

// layerOf is the layer of a file or package by its path below the module.
func layerOf(path string) string {
	layer, rest, _ := strings.Cut(path, "/")
	for _, front := range fronts {
		if path == front || strings.HasPrefix(path, front+"/") {
			return front
		}
	}
	if layer == "internal" {
		name, _, _ := strings.Cut(rest, "/")
		return layer + "/" + name
	}
	return layer
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// isExternalTest tells whether the file belongs to a package x_test, which is a user of x like any other.
func (s source) isExternalTest() bool {
	return s.isTest() && strings.HasSuffix(s.file.Name.Name, "_test")
}

func (s source) imports() []string {
	var out []string
	for _, spec := range s.file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		out = append(out, name)
	}
	return out
}

func TestImportsRunOneWay(t *testing.T) { report(t, importsRunOneWay) }

func TestEachModuleHasItsImporter(t *testing.T) { report(t, eachModuleHasItsImporter) }

func TestNoInitAndNoCgo(t *testing.T) { report(t, noInitAndNoCgo) }

func TestExportedNamesAreDocumented(t *testing.T) { report(t, exportedNamesAreDocumented) }

func TestTheRootHoldsHandles(t *testing.T) {
	report(t, theRootHoldsHandles)
	files, lines := 0, 0
	for _, s := range sources(t) {
		if s.layer() == "." && !s.isTest() {
			files, lines = files+1, lines+s.lines
		}
	}
	if files > rootFiles || lines > rootLines {
		t.Errorf("the root has %d files and %d lines, more than %d and %d: statements and rules belong below", files, lines, rootFiles, rootLines)
	}
}

func TestFilesStayReadable(t *testing.T) {
	report(t, filesStayReadable)
	for _, s := range sources(t) {
		if s.lines > manyLines && s.lines <= maxLines {
			t.Logf("%s has %d lines: look whether it holds two things", s.path, s.lines)
		}
	}
}

func TestRootModuleRequiresOnlyWhatIsAllowed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, required := range directRequirements(string(text)) {
		if _, ok := modules[required]; !ok {
			t.Errorf("go.mod requires %s, which is not in the table of this test", required)
		}
	}
}

// TestRulesBite shows each rule a file that breaks it, and one that comes close.
func TestRulesBite(t *testing.T) {
	const doc = "// Package p is.\npackage p\n"
	for _, c := range []struct {
		name, path, text string
		rule             func(source) []string
		want             string // part of the finding; "" for none
	}{
		{"table imports index", "table/a.go", doc + `import "` + module + `/index"`, importsRunOneWay, ""},
		{"query imports table", "query/a.go", doc + `import "` + module + `/table"`, importsRunOneWay, "query may not import table"},
		{"table imports the binding", "table/a.go", doc + `import "` + module + `/internal/bind"`, importsRunOneWay, "table may not import internal/bind"},
		{"the root imports the binding", "a.go", doc + `import "` + module + `/internal/bind"`, importsRunOneWay, ""},
		{"the engine imports the root", "internal/engine/a.go", doc + `import "` + module + `"`, importsRunOneWay, "internal/engine may not import the root package"},
		{"cascade imports the engine", "cascade/a.go", doc + `import "` + module + `/internal/engine"`, importsRunOneWay, "cascade may not import internal/engine"},
		{"a hidden function that takes one", "a.go", doc + "func f(g func()) {}", theRootHoldsHandles, "f takes a function"},
		{"a hidden method that takes a slice of functions", "a.go", doc + "type t int\nfunc (t) f(g ...func()) {}", theRootHoldsHandles, "f takes a function"},
		{"an exported function that takes one", "a.go", doc + "func F(g func()) {}", theRootHoldsHandles, ""},
		{"a hidden function below the root", "table/a.go", doc + "func f(g func()) {}", theRootHoldsHandles, ""},
		{"index imports table", "index/a.go", doc + `import "` + module + `/table"`, importsRunOneWay, "index may not import table"},
		{"cascade imports assoc", "cascade/a.go", doc + `import "` + module + `/assoc"`, importsRunOneWay, "cascade may not import assoc"},
		{"snapshot imports a part of assoc", "snapshot/a.go", doc + `import "` + module + `/assoc/nocobase"`, importsRunOneWay, "snapshot may not import assoc"},
		{"a part of assoc imports assoc", "assoc/nocobase/a.go", doc + `import "` + module + `/assoc"`, importsRunOneWay, ""},
		{"assoc imports the front end over stores", "assoc/a.go", doc + `import "` + module + `/assoc/waterline"`, importsRunOneWay, "assoc may not import assoc/waterline"},
		{"the root imports the front end over stores", "a.go", doc + `import "` + module + `/assoc/waterline"`, importsRunOneWay, "the root package may not import assoc/waterline"},
		{"the front end over stores imports the root", "assoc/waterline/a.go", doc + `import "` + module + `"`, importsRunOneWay, ""},
		{"the repositories import the root", "assoc/nocobase/repository/a.go", doc + `import "` + module + `"`, importsRunOneWay, ""},
		{"the collections import the root", "assoc/nocobase/a.go", doc + `import "` + module + `"`, importsRunOneWay, "assoc may not import the root package"},
		{"the repositories import the front end over stores", "assoc/nocobase/repository/a.go", doc + `import "` + module + `/assoc/waterline"`, importsRunOneWay,
			"assoc/nocobase/repository may not import assoc/waterline"},
		{"assoc imports the root", "assoc/a.go", doc + `import "` + module + `"`, importsRunOneWay, "assoc may not import the root package"},
		{"a test inside assoc imports the root", "assoc/a_test.go", doc + `import "` + module + `"`, importsRunOneWay, "assoc may not import the root package"},
		{"a test outside assoc imports the root", "assoc/a_test.go", "package p_test\n" + `import "` + module + `"`, importsRunOneWay, ""},
		{"the root imports a program", "a.go", doc + `import "` + module + `/cmd/memrel"`, importsRunOneWay, "the root package may not import cmd"},
		{"a folder without a place", "util/a.go", doc, importsRunOneWay, "util has no place"},
		{"snapshot imports go-memdb", "snapshot/a.go", doc + `import "github.com/hashicorp/go-memdb"`, eachModuleHasItsImporter, ""},
		{"table imports a tree", "table/a.go", doc + `import "github.com/tidwall/btree"`, eachModuleHasItsImporter, "table may not import github.com/tidwall/btree"},
		{"code imports testify", "table/a.go", doc + `import "github.com/stretchr/testify/require"`, eachModuleHasItsImporter, "table may not import github.com/stretchr/testify"},
		{"a test imports testify", "table/a_test.go", doc + `import "github.com/stretchr/testify/require"`, eachModuleHasItsImporter, ""},
		{"an unknown module", "cmd/memrel/a.go", doc + `import "example.com/x"`, eachModuleHasItsImporter, "not in the table"},
		{"init", "table/a.go", doc + "func init() {}", noInitAndNoCgo, "init"},
		{"a method called init", "table/a.go", doc + "func (t T) init() {}", noInitAndNoCgo, ""},
		{"cgo", "table/a.go", doc + `import "C"`, noInitAndNoCgo, "cgo"},
		{"a bare function", "table/a.go", doc + "func F() {}", exportedNamesAreDocumented, "F has no doc comment"},
		{"a bare method", "table/a.go", doc + "func (t *T[X]) F() {}", exportedNamesAreDocumented, "T.F has no doc comment"},
		{"a bare method of a hidden type", "table/a.go", doc + "func (t t) F() {}", exportedNamesAreDocumented, ""},
		{"a bare type", "table/a.go", doc + "type T int", exportedNamesAreDocumented, "T has no doc comment"},
		{"a bare variable", "table/a.go", doc + "var V int", exportedNamesAreDocumented, "V has no doc comment"},
		{"constants of one kind", "table/a.go", doc + "// They are.\nconst (\nA = 1\nB = 2\n)", exportedNamesAreDocumented, ""},
		{"a comment at the end of the line", "table/a.go", doc + "const A = 1 // a", exportedNamesAreDocumented, ""},
		{"a long file", "table/a.go", doc + strings.Repeat("\n", maxLines), filesStayReadable, "split it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := parse(c.path, []byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(c.rule(s), "; ")
			if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func importsRunOneWay(s source) (found []string) {
	allowed, known := layers[s.layer()]
	if !known {
		return []string{s.layer() + " has no place among the layers"}
	}
	if s.isExternalTest() {
		return nil
	}
	for _, name := range s.imports() {
		if name != module && !strings.HasPrefix(name, module+"/") {
			continue
		}
		imported := layerOf(strings.TrimPrefix(strings.TrimPrefix(name, module), "/"))
		if imported == "" {
			imported = "."
		}
		if s.isTest() && imported == "internal/budget" {
			continue
		}
		if imported != s.layer() && !slices.Contains(allowed, imported) {
			found = append(found, fmt.Sprintf("%s may not import %s", title(s.layer()), title(imported)))
		}
	}
	return found
}

func title(layer string) string {
	if layer == "." {
		return "the root package"
	}
	return layer
}

func eachModuleHasItsImporter(s source) (found []string) {
	for _, name := range s.imports() {
		first, _, _ := strings.Cut(name, "/")
		if !strings.Contains(first, ".") || name == module || strings.HasPrefix(name, module+"/") {
			continue // the standard library, or our own
		}
		owner := name
		for owner != "." && modules[owner].reason == "" {
			owner = path.Dir(owner)
		}
		switch importers := modules[owner].importers; {
		case owner == ".":
			found = append(found, name+" is not in the table of this test")
		case slices.Contains(importers, s.layer()), s.isTest() && slices.Contains(importers, testFiles):
		default:
			found = append(found, fmt.Sprintf("%s may not import %s; that is for %v", title(s.layer()), owner, importers))
		}
	}
	return found
}

func noInitAndNoCgo(s source) (found []string) {
	if slices.Contains(s.imports(), "C") {
		found = append(found, "the root module does without cgo")
	}
	for _, decl := range s.file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" && !s.isTest() {
			found = append(found, "importing a package does nothing: no init()")
		}
	}
	return found
}

// theRootHoldsHandles: a hidden function of the root that takes a function is a piece of an engine. Statements are values.
func theRootHoldsHandles(s source) (found []string) {
	if s.layer() != "." || s.isTest() {
		return nil
	}
	for _, decl := range s.file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Name.IsExported() {
			continue
		}
		for _, p := range f.Type.Params.List {
			if takesFunction(p.Type) {
				found = append(found, f.Name.Name+" takes a function")
			}
		}
	}
	return found
}

func takesFunction(param ast.Expr) (is bool) {
	ast.Inspect(param, func(n ast.Node) bool {
		if _, f := n.(*ast.FuncType); f {
			is = true
		}
		return !is
	})
	return is
}

func filesStayReadable(s source) (found []string) {
	if s.lines > maxLines {
		found = append(found, fmt.Sprintf("%d lines, over %d: split it", s.lines, maxLines))
	}
	return found
}

// exportedNamesAreDocumented looks at what a package exports by itself: functions, methods of exported types, types,
// constants and variables. A comment over a group stands for its members. Programs in examples document themselves.
func exportedNamesAreDocumented(s source) (found []string) {
	if s.isTest() || strings.HasPrefix(s.path, "examples/") {
		return nil
	}
	need := func(name string, comments ...*ast.CommentGroup) {
		if !slices.ContainsFunc(comments, func(c *ast.CommentGroup) bool { return c != nil }) {
			found = append(found, name+" has no doc comment")
		}
	}
	for _, decl := range s.file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if owner := receiver(d); d.Name.IsExported() && (owner == "" || ast.IsExported(owner)) {
				need(strings.TrimPrefix(owner+"."+d.Name.Name, "."), d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					if spec.Name.IsExported() {
						need(spec.Name.Name, spec.Doc, d.Doc)
					}
				case *ast.ValueSpec:
					if i := slices.IndexFunc(spec.Names, (*ast.Ident).IsExported); i >= 0 {
						need(spec.Names[i].Name, spec.Doc, spec.Comment, d.Doc)
					}
				}
			}
		}
	}
	return found
}

// receiver is the name of the type that a method belongs to; "" for a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	expr := f.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

// directRequirements lists the modules that a go.mod requires without "// indirect".
func directRequirements(text string) (out []string) {
	block := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		one, single := strings.CutPrefix(line, "require ")
		switch {
		case line == "require (":
			block = true
		case line == ")":
			block = false
		case (block || single) && !strings.Contains(line, "// indirect"):
			if fields := strings.Fields(one); len(fields) > 0 && !strings.HasPrefix(fields[0], "//") {
				out = append(out, fields[0])
			}
		}
	}
	return out
}

func report(t *testing.T, rule func(source) []string) {
	t.Helper()
	for _, s := range sources(t) {
		for _, found := range rule(s) {
			t.Errorf("%s: %s", s.path, found)
		}
	}
}

// sources are the files of the root module: nested modules, testdata and hidden folders are not part of it.
func sources(t *testing.T) []source {
	t.Helper()
	out, err := parsedModule()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var parsedModule = sync.OnceValues(parseModule)

func parseModule() (out []source, err error) {
	top, err := findRoot()
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if rel != "." && outside(name) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		s, err := parse(filepath.ToSlash(rel), text)
		out = append(out, s)
		return err
	})
	return out, err
}

// outside tells whether a folder is not part of the module that it lies in.
func outside(folder string) bool {
	name := filepath.Base(folder)
	if name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}

func parse(name string, text []byte) (source, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{path: name, file: file, lines: strings.Count(string(text), "\n")}, err
}

// root is the folder of the root module.
func root(t *testing.T) string {
	t.Helper()
	folder, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// findRoot finds the nearest folder up whose go.mod names the root module.
func findRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		if err == nil && strings.Contains(string(text), "module "+module+"\n") {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("there is no go.mod of %s above the test", module)
		}
		folder = filepath.Dir(folder)
	}
}
