package waterline_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// TestAFileKeepsAnOntology with its models and the rows of every datastore.
func TestAFileKeepsAnOntology(t *testing.T) {
	o := open(three)
	_, err := o.Collection("customer").Create(waterline.Values{"name": "ann", "wishlist": []any{waterline.Values{"name": "socks"}},
		"visits": []any{waterline.Values{"page": "/"}}})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, o.Save(&file))
	whole := file.String()
	again, err := waterline.Load(&file)
	require.NoError(t, err)
	require.Equal(t, held(t, o), held(t, again))
	require.Equal(t, o.Associations(), again.Associations())
	found, err := again.Collection("customer").FindOne(1, waterline.Populate{Attr: "wishlist"}, waterline.Populate{Attr: "visits"})
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "name": "ann", "visits": [{"id": 1, "page": "/", "customer": 1}], "wishlist": [{"id": 1, "name": "socks"}]}`, found.String())
	noViolations(t, again)
	for _, text := range []string{"", "memrel 1\n", whole[:len(whole)-1], whole[:len(whole)/2], whole[:20]} {
		_, err := waterline.Load(strings.NewReader(text))
		require.ErrorIs(t, err, memrel.ErrFile, "%.20q", text)
	}
}

// TestAFileIsExact: what JSON would change is refused.
func TestAFileIsExact(t *testing.T) {
	for _, c := range []struct {
		attr waterline.Attribute
		ok   bool
	}{
		{waterline.Attribute{Type: "integer", DefaultsTo: 1<<62 + 1}, true},
		{waterline.Attribute{Type: "float", DefaultsTo: 1.5}, true},
		{waterline.Attribute{Type: "string", DefaultsTo: "x"}, true},
		{waterline.Attribute{Type: "boolean", DefaultsTo: true}, true},
		{waterline.Attribute{Type: "binary", DefaultsTo: []byte("x")}, false},
	} {
		o, err := waterline.Open([]waterline.Model{{Identity: "a", Attributes: waterline.Attributes{"x": c.attr}}})
		require.NoError(t, err)
		var file bytes.Buffer
		err = o.Save(&file)
		if !c.ok {
			require.ErrorIs(t, err, memrel.ErrFile)
			continue
		}
		require.NoError(t, err)
		_, err = waterline.Load(io.MultiReader(bytes.NewReader(file.Bytes()), strings.NewReader("x")))
		require.ErrorIs(t, err, memrel.ErrFile, "something follows")
		again, err := waterline.Load(&file)
		require.NoError(t, err)
		require.Equal(t, held(t, o), held(t, again))
	}
}
