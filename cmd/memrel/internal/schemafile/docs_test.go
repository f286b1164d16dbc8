package schemafile

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// Every example of the page is a schema file.
func TestTheExamplesOfThePageAreSchemas(t *testing.T) {
	page, err := os.ReadFile("../../../../docs/schema-files.md")
	require.NoError(t, err)
	blocks := strings.Split(string(page), "```json\n")[1:]
	require.Len(t, blocks, 3)
	for _, b := range blocks {
		text, _, closed := strings.Cut(b, "```")
		require.True(t, closed)
		defs, err := Parse([]byte(text))
		require.NoError(t, err, text)
		db, err := memrel.Open(defs.All()...)
		require.NoError(t, err, text)
		for err := range db.Check() {
			t.Error(err)
		}
	}
}
