package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheExampleOfDiffKeepsItsLines(t *testing.T) {
	_, stdout, _ := invoke("diff", "--help")
	for _, line := range []string{"\n    + column users.age int  ", "\n    - users{id: 3, ", "\n    ~ users[1]: name: ", "\n    + users{id: 4, "} {
		require.Contains(t, stdout, line)
	}
}

func TestNamesOfDecomposedLettersNeedNoQuotes(t *testing.T) {
	dir := t.TempDir()
	const name = "gru\u0308n" // u and its mark
	for file, text := range map[string]string{
		"schema.json": `{"t": {"columns": [{"name": "id", "type": "INT"}, {"name": "` + name + `", "type": "TEXT"}], "primaryKey": ["id"]}}`,
		"t.csv":       "id," + name + "\n1,a\n2,\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600))
	}
	code, stdout, stderr := invoke("query", "t", "--dir", dir, "--where", name+" = 'a'", "--columns", "id", "--csv")
	require.Zero(t, code, stderr)
	require.Equal(t, "id\n1\n", stdout)
	code, _, stderr = invoke("query", "t", "--dir", dir, "--where", "\u0308 = 'a'")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "nothing can begin with")

	code, stdout, stderr = invoke("preview", "update", "t", "1", "--dir", dir, "--set", name+"=''")
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, `""`)
	require.NotContains(t, stdout, "NULL")
}
