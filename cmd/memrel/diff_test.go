package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A directory and the store that was saved of it are the same; a row that is written anew is told, and a file of which rows are refused
// stops the command.
func TestDiffOfDirectoriesAndSavedStores(t *testing.T) {
	dir := t.TempDir()
	saved := filepath.Join(dir, "shop.memrel")
	code, _, stderr := invoke("load", "testdata/shop", "--save", saved)
	require.Zero(t, code, stderr)
	code, stdout, stderr := invoke("diff", "testdata/shop", saved)
	require.Zero(t, code, stderr)
	require.Empty(t, stdout)
	require.Equal(t, "memrel diff: no difference\n", stderr)

	other := filepath.Join(dir, "other")
	require.NoError(t, os.CopyFS(other, os.DirFS("testdata/shop")))
	require.NoError(t, os.WriteFile(filepath.Join(other, "Artist.csv"), []byte("ArtistId,Name\n1,AC\x1bDC\n2,\"Quotes \"\"and\"\", commas\"\n3,\n4,\"\"\n9,New\n"), 0o600))
	code, stdout, stderr = invoke("diff", saved, other)
	require.Equal(t, exitFound, code, stderr)
	require.Equal(t, "~ Artist[1]: Name: \"AC/DC\" -> \"AC\\x1bDC\"\n+ Artist{ArtistId: 9, Name: \"New\"}\n", stdout)
	code, stdout, _ = invoke("diff", other, saved, "--json")
	require.Equal(t, exitFound, code)
	require.JSONEq(t, `{"definitions":[],"rows":[
		{"table":"Artist","key":[1],"before":{"Name":"AC\u001bDC"},"after":{"Name":"AC/DC"}},
		{"table":"Artist","key":[9],"before":{"ArtistId":9,"Name":"New"},"after":null}]}`, stdout)

	code, _, stderr = invoke("diff", saved, filepath.Join(dir, "nowhere"))
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "is not a directory")
}
