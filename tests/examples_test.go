package tests

import (
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExamplesStandAlone: on the page of its package an example is shown as a program, with the models that it uses, as
// long as everything that it needs is imported or declared in its own file.
func TestExamplesStandAlone(t *testing.T) {
	chapters, err := filepath.Glob(filepath.Join(root(t), "examples", "sequelize", "*", "*_test.go"))
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(root(t), "*_test.go"))
	require.NoError(t, err)
	files = append(files, chapters...)
	shown := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, e := range doc.Examples(file) {
			shown++
			if e.Play == nil {
				t.Errorf("%s: Example%s uses what another file declares; declare it here", name, e.Name)
			}
			require.True(t, e.Doc != "" || !strings.HasPrefix(e.Name, "_"), "Example%s shows what its name does not say: give it a comment", e.Name)
			require.True(t, e.Output != "" || e.EmptyOutput, "Example%s is not run: give it an output", e.Name)
		}
	}
	require.Greater(t, shown, 100)
}
