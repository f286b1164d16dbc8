package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The name of a directory is a name, and no pattern that another directory's name fits.
func TestDirectoriesAreFoundByTheirNamesAsTheyAre(t *testing.T) {
	const schema = `{"t": {"columns": [{"name": "id", "type": "INT"}], "primaryKey": ["id"]}}`
	for _, name := range []string{"a[1]", "data[1", `back\slash`, "a*", "esc\x1b[31m"} {
		in := t.TempDir()
		saved, other := filepath.Join(in, name), filepath.Join(in, "a1")
		for _, dir := range []string{saved, other} {
			code, _, stderr := invoke("load", "testdata/ontology/shop", "--ontology", "testdata/ontology/wishlists.json", "--save", dir)
			require.Zero(t, code, stderr)
		}
		require.NoError(t, os.Remove(filepath.Join(other, "ourRedis.memrel")))
		code, stdout, stderr := invoke("query", "product", "--dir", saved, "--csv")
		require.Zero(t, code, "%q: %s", name, stderr)
		require.Contains(t, stdout, "id,")

		plain := filepath.Join(in, "plain"+name)
		require.NoError(t, os.Mkdir(plain, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(plain, "schema.json"), []byte(schema), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(plain, "t.csv"), []byte("id\n7\n"), 0o600))
		code, stdout, stderr = invoke("query", "t", "--dir", plain, "--csv")
		require.Zero(t, code, "%q: %s", name, stderr)
		require.Equal(t, "id\n7\n", stdout)
	}
}
