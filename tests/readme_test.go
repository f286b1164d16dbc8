package tests

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The README's example is the program in examples/quickstart, which CI compiles and runs.
func TestReadmeShowsTheQuickstart(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	program, err := os.ReadFile("../examples/quickstart/main.go")
	require.NoError(t, err)
	_, body, found := strings.Cut(string(program), "\n)\n\n") // the imports
	require.True(t, found)
	require.Contains(t, string(readme), "```go\n"+body+"```\n")
}
