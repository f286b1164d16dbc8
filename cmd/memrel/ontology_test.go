package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

const wishlists = "testdata/ontology/wishlists.json"

func TestAnOntologyStandsInPlaceOfASchema(t *testing.T) {
	for name, line := range map[string]string{
		"ontology-load.txt":       "load --ontology " + wishlists,
		"ontology-load-one.txt":   "load --ontology testdata/ontology/pets.json",
		"ontology-erd.txt":        "erd --ontology " + wishlists,
		"ontology-erd-one.txt":    "erd --ontology testdata/ontology/pets.json",
		"ontology-dot.txt":        "erd --ontology " + wishlists + " --dot",
		"ontology-ddl.txt":        "ddl --ontology " + wishlists,
		"ontology-references.txt": "references --ontology " + wishlists,
		"ontology-schema.txt":     "schema --ontology " + wishlists,
		"ontology-query.txt":      "query order --dir testdata/ontology/shop --ontology " + wishlists,
		"ontology-preview.txt":    "preview delete user 2 --dir testdata/ontology/shop --ontology " + wishlists,
		"ontology-check.txt":      "check testdata/ontology/shop --ontology " + wishlists,
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := invoke(words(line)...)
			require.Zero(t, code, stderr)
			require.Empty(t, stderr)
			golden(t, name, stdout)
		})
	}
}

// An ontology is saved as a directory with a file for each datastore.
func TestAnOntologyIsSavedAndReadAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	code, _, stderr := invoke("load", "testdata/ontology/shop", "--ontology", wishlists, "--save", dir)
	require.Zero(t, code, stderr)
	for _, table := range []string{"user", "order", "ourRedis.product"} {
		_, want, _ := invoke("query", table, "--dir", "testdata/ontology/shop", "--ontology", wishlists, "--csv")
		code, got, stderr := invoke("query", table, "--dir", dir, "--ontology", wishlists, "--csv")
		require.Zero(t, code, stderr)
		require.Equal(t, want, got)
	}
	_, stdout, _ := invoke("references", "user", "--dir", dir, "--ontology", wishlists)
	require.Contains(t, stdout, "user.invitedBy -> user.id")
}

// TestAnOntologyIsSavedWholeOrNotAtAll: a row that is refused in one datastore leaves what was saved of the others as it was.
func TestAnOntologyIsSavedWholeOrNotAtAll(t *testing.T) {
	rows, dir := t.TempDir(), filepath.Join(t.TempDir(), "saved")
	require.NoError(t, os.CopyFS(rows, os.DirFS("testdata/ontology/shop")))
	load := append(words("load --ontology "+wishlists+" --save "+dir), rows)
	code, _, stderr := invoke(load...)
	require.Zero(t, code, stderr)
	saved := func() (out []string) {
		for _, name := range []string{"ourMySQL", "ourRedis"} {
			text, err := os.ReadFile(filepath.Join(dir, name+".memrel"))
			require.NoError(t, err)
			out = append(out, string(text))
		}
		return out
	}
	before := saved()
	more := func(name, line string) {
		path := filepath.Join(rows, name)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, append(text, line...), 0o600))
	}
	more(filepath.Join("ourMySQL", "user.csv"), "9,zoe@example.com,\n")
	more(filepath.Join("ourRedis", "product.csv"), "none,soap\n")
	code, stdout, stderr := invoke(load...)
	require.Equal(t, exitFound, code)
	require.Contains(t, stderr, "nothing loaded")
	require.Empty(t, stdout)
	require.Equal(t, before, saved())
}

// What is saved with an ontology keeps it: a directory of its datastores, the file of one of them, and a file of all.
func TestASavedOntologyNeedsNoModels(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	code, _, stderr := invoke("load", "testdata/ontology/shop", "--ontology", wishlists, "--save", dir)
	require.Zero(t, code, stderr)
	left, right := filepath.Join(dir, "ourMySQL.memrel"), filepath.Join(dir, "ourRedis.memrel")
	whole := filepath.Join(t.TempDir(), "shop.ontology")
	var stores []*memrel.DB
	for _, name := range []string{left, right} {
		f, err := os.Open(name)
		require.NoError(t, err)
		db, err := memrel.Load(f, waterline.Saved())
		require.NoError(t, errors.Join(err, f.Close()))
		stores = append(stores, db)
	}
	o, err := waterline.Reopen(stores)
	require.NoError(t, err)
	f, err := os.Create(whole)
	require.NoError(t, err)
	require.NoError(t, errors.Join(o.Save(f), f.Close()))

	for _, line := range []string{"query order --csv", "query ourMySQL.user --csv", "references", "references user", "preview delete user 2"} {
		_, want, _ := invoke(append(words(line), "--dir", "testdata/ontology/shop", "--ontology", wishlists)...)
		require.NotEmpty(t, want, line)
		for _, from := range [][]string{{"--dir", dir}, {"--dir", whole}, {"--ontology", whole}, {"--dir", dir, "--ontology", whole}, {"--dir", dir, "--ontology", left}} {
			code, got, stderr := invoke(append(words(line), from...)...)
			require.Zero(t, code, "%s %v: %s", line, from, stderr)
			require.Equal(t, want, got, "%s %v", line, from)
		}
	}
	for _, line := range []string{"erd", "erd --dot", "ddl"} {
		_, want, _ := invoke(append(words(line), "--ontology", wishlists)...)
		for _, from := range [][]string{{dir}, {whole}, {"--ontology", whole}} {
			code, got, stderr := invoke(append(words(line), from...)...)
			require.Zero(t, code, "%s %v: %s", line, from, stderr)
			require.Equal(t, want, got, "%s %v", line, from)
		}
	}
	for _, from := range []string{dir, whole} {
		code, stdout, stderr := invoke("check", from)
		require.Zero(t, code, stderr)
		require.Empty(t, stderr)
		require.Contains(t, stdout, "nothing found")
		code, stdout, stderr = invoke("load", from)
		require.Zero(t, code, stderr)
		require.Contains(t, stdout, "ourRedis")
	}

	code, stdout, _ := invoke("query", "user", "--dir", left, "--csv")
	require.Zero(t, code)
	require.Contains(t, stdout, "id,")
	code, _, stderr = invoke("query", "order", "--dir", left)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "order is in the datastore ourRedis, which is not in "+left)
	code, _, stderr = invoke("check", left)
	require.Zero(t, code)
	require.Contains(t, stderr, "keys across datastores are not checked")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ourRedis.memrel"), []byte("memrel 2\n"), 0o600))
	code, _, stderr = invoke("query", "user", "--dir", dir)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "damaged")
}

// A destroy is previewed in all datastores, and a row of a junction in its own.
func TestAnOntologyIsPreviewedAsAWhole(t *testing.T) {
	shop := "--dir testdata/ontology/shop --ontology " + wishlists
	for _, c := range []struct {
		line string
		code int
		want string
	}{
		{"product 1", 0, "in ourMySQL:\ndelete product_wishlistedBy__user_wishlist[1]\nproduct_wishlistedBy__user_wishlist: 1 deleted\n" +
			"in ourRedis:\ndelete product[1]\nproduct: 1 deleted\n"},
		{"product 2", exitFound, "refused: memrel: delete product: product 2 is still referenced"},
		{"user 1", exitFound, "refused: memrel: delete user: user 1 is still referenced (user.invitedBy -> user.id, NO ACTION)"},
		{"ourMySQL.product_wishlistedBy__user_wishlist 1", 0, "delete product_wishlistedBy__user_wishlist[1]\n"},
		{"product 9", exitFound, ""},
	} {
		code, stdout, stderr := invoke(words("preview delete " + c.line + " " + shop)...)
		require.Equal(t, c.code, code, "%s: %s", c.line, stderr)
		require.Contains(t, stdout, c.want, c.line)
	}
	code, stdout, _ := invoke(words("preview delete product 1 --json " + shop)...)
	require.Zero(t, code)
	require.Contains(t, stdout, `"datastore": "ourRedis"`)
}

// What dangles across datastores is listed with what a store finds.
func TestCheckListsWhatDanglesAcrossDatastores(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/ontology/shop")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ourRedis", "orders.csv"), []byte("id,amount,buyer,product\n1,500,7,2\n"), 0o600))
	code, stdout, stderr := invoke("check", dir, "--ontology", wishlists)
	require.Equal(t, exitFound, code, stderr)
	require.Contains(t, stdout, "check orders: user 7 of the datastore ourMySQL does not exist; at fault: orders[1]\n")
}

func TestOntologiesThatCannotBeUsed(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"load --ontology testdata/ontology/nothing.json", "no such file"},
		{"load --ontology testdata/collections/waiting.json", "waiting.json: parse: these are no models"},
		{"query nothing --dir testdata/ontology/shop --ontology " + wishlists, "there is no table or model nothing"},
		{"erd --ontology " + wishlists + " --schema x", "can't be used together"},
	} {
		code, stdout, stderr := invoke(words(c.line)...)
		require.Equal(t, exitUsage, code, c.line)
		require.Empty(t, stdout, c.line)
		require.Contains(t, stderr, c.want, c.line)
	}
	code, _, stderr := invoke("load", "--ontology", "testdata/ontology/neither.json")
	require.Zero(t, code)
	require.Contains(t, stderr, "memrel load: pet.owners: neither it nor user.pets is dominant")
}
