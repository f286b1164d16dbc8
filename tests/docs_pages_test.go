package tests

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// docPage is a page whose blocks make a program.
type docPage struct {
	name   string
	blocks []goBlock
}

// packages are what pages may use, by name.
var packages = map[string]string{
	"apd": "github.com/cockroachdb/apd/v3", "assoc": "github.com/memrel/memrel/assoc", "bytes": "bytes", "context": "context", "errors": "errors", "fmt": "fmt", "iter": "iter", "json": "encoding/json",
	"memrel": "github.com/memrel/memrel", "nocobase": "github.com/memrel/memrel/assoc/nocobase", "repository": "github.com/memrel/memrel/assoc/nocobase/repository", "os": "os", "require": "github.com/stretchr/testify/require", "slices": "slices", "strings": "strings", "sync": "sync",
	"testing": "testing", "time": "time", "waterline": "github.com/memrel/memrel/assoc/waterline",
}

// blockMark is what is printed before what a block prints.
func blockMark(page, block int) string { return fmt.Sprintf("\x1e%d.%d", page, block) }

// runPages compiles the pages, each a package of a program that is nowhere but in an overlay, runs them, and returns what each block
// printed.
func runPages(t *testing.T, pages []docPage) map[string]string {
	temp, top := t.TempDir(), filepath.Join(root(t), "docs", "run")
	overlay, program, calls := map[string]string{}, "package main\n\nimport (\n", ""
	for i, p := range pages {
		pkg := fmt.Sprintf("page%d", i)
		file := filepath.Join(temp, pkg+".go")
		require.NoError(t, os.WriteFile(file, []byte(p.source(t, i)), 0o600))
		overlay[filepath.Join(top, pkg, filepath.Base(p.name)+".go")] = file
		program += fmt.Sprintf("\t\"github.com/memrel/memrel/docs/run/%s\"\n", pkg)
		calls += fmt.Sprintf("\t%s.Run()\n", pkg)
	}
	main := filepath.Join(temp, "main.go")
	require.NoError(t, os.WriteFile(main, []byte(program+")\n\nfunc main() {\n"+calls+"}\n"), 0o600))
	overlay[filepath.Join(top, "main.go")] = main
	replace, err := json.Marshal(map[string]any{"Replace": overlay})
	require.NoError(t, err)
	list := filepath.Join(temp, "overlay.json")
	require.NoError(t, os.WriteFile(list, replace, 0o600))

	run := exec.Command("go", "run", "-overlay", list, "./docs/run")
	run.Dir = root(t)
	var stderr strings.Builder
	run.Stderr = &stderr
	stdout, err := run.Output()
	require.NoError(t, err, "%s", stderr.String())
	printed := map[string]string{}
	for _, part := range strings.Split(string(stdout), "\x1e")[1:] {
		at, text, _ := strings.Cut(part, "\n")
		printed["\x1e"+at] = text
	}
	return printed
}

// source is the package of a page: declarations stand by themselves, statements in Run, those of a block within the scope of those
// before it.
func (p docPage) source(t *testing.T, page int) string {
	decls, body, depth := "", "", 0
	for k, b := range p.blocks {
		if _, err := parser.ParseFile(token.NewFileSet(), p.name, "package p\n"+b.text, 0); err == nil {
			decls += "\n" + b.where(p.name) + b.text
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), p.name, "package p\nfunc _() {\n"+b.text+"\n}", 0)
		require.NoError(t, err, "%s:\n%s", p.name, b.text)
		body += fmt.Sprintf("fmt.Println(%q)\n{\n%s%s\n", blockMark(page, k), b.where(p.name), b.text)
		for _, name := range named(file) {
			body += "_ = " + name + "\n"
		}
		depth++
	}
	text := fmt.Sprintf("%s\n// Run is the page.\nfunc Run() {\n%s%s}\n", decls, body, strings.Repeat("}", depth))
	file, err := parser.ParseFile(token.NewFileSet(), p.name, "package p\n"+text, 0)
	require.NoError(t, err)
	imports := map[string]bool{}
	for _, u := range file.Unresolved {
		if packages[u.Name] != "" {
			imports[packages[u.Name]] = true
		}
	}
	head := fmt.Sprintf("package page%d\n\nimport (\n", page)
	for _, path := range slices.Sorted(maps.Keys(imports)) { // the same text each time, which the compiler has seen
		head += fmt.Sprintf("\t%q\n", path)
	}
	return head + ")\n" + text
}

// where has the compiler name the page and the line.
func (b goBlock) where(page string) string { return fmt.Sprintf("//line %s:%d\n", page, b.line) }

// named are the variables that the statements of a block declare, which it need not use.
func named(file *ast.File) (out []string) {
	add := func(name string) {
		if name != "_" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, s := range file.Decls[0].(*ast.FuncDecl).Body.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			for _, e := range s.Lhs {
				if i, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE {
					add(i.Name)
				}
			}
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, i := range v.Names {
						add(i.Name)
					}
				}
			}
		}
	}
	return out
}
