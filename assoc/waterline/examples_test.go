package waterline_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryExportedNameHasAnExample: types, functions, constants and methods.
func TestEveryExportedNameHasAnExample(t *testing.T) {
	fset, entries := token.NewFileSet(), must(os.ReadDir("."))
	var files []*ast.File
	examples := map[string]bool{}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") {
			continue
		}
		f, err := parser.ParseFile(fset, entry.Name(), nil, parser.ParseComments)
		require.NoError(t, err)
		if !strings.HasSuffix(entry.Name(), "_test.go") {
			files = append(files, f)
			continue
		}
		for _, e := range doc.Examples(f) {
			if e.Output != "" {
				examples[strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(e.Name, "_"), "_", "."))] = true
			}
		}
	}
	pkg, err := doc.NewFromFiles(fset, files, "waterline")
	require.NoError(t, err)
	names := 0
	shown := func(name string) {
		names++
		require.True(t, examples[strings.ToLower(name)], "%s has no Example with an output", name)
	}
	functions := pkg.Funcs
	consts := pkg.Consts
	for _, typ := range pkg.Types {
		shown(typ.Name)
		functions, consts = append(functions, typ.Funcs...), append(consts, typ.Consts...)
		for _, m := range typ.Methods {
			shown(typ.Name + "." + m.Name)
		}
	}
	for _, f := range functions {
		shown(f.Name)
	}
	for _, c := range consts {
		for _, name := range c.Names {
			shown(name)
		}
	}
	t.Logf("%d exported names, each with an Example", names)
	require.Greater(t, names, 70)
}

// must is a value of which it is known that there is no error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
