package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestListsInTheFormOfPostgreSQL(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("schema.json", `{"t": {"columns": [{"name": "id", "type": "INT"}, {"name": "w", "type": "TEXT[]"}, {"name": "n", "type": "INTEGER[]"}, {"name": "b", "type": "BOOLEAN[]"}], "primaryKey": ["id"]}}`)
	write("t.csv", "id,w,n,b\n1,\"{a,\"\"b c\"\",NULL}\",\"{1,NULL,-2}\",\"{t,f}\"\n2,{},{},{}\n3,\"[\"\"x\"\"]\",[7],\n")
	code, stdout, stderr := invoke("query", "t", "--dir", dir, "--json")
	require.Zero(t, code, stderr)
	require.Equal(t, `[
{"id":1,"w":["a","b c",null],"n":[1,null,-2],"b":[true,false]},
{"id":2,"w":[],"n":[],"b":[]},
{"id":3,"w":["x"],"n":[7],"b":null}
]
`, stdout)
	write("t.csv", "id,w,n,b\n1,\"{{a},{b}}\",,\n2,,\"{1,x}\",\n")
	code, stdout, _ = invoke("check", dir)
	require.Equal(t, exitFound, code)
	require.Contains(t, stdout, "t.csv:2: ")
	require.Contains(t, stdout, "an array of arrays is no list; use a JSON column")
	require.Contains(t, stdout, "t.csv:3: ")
}
