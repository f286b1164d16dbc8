package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUnreadableRecordingsFail(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("ref-broken.json", `{"id": `)
	write("ref-strange.json", `{"id": "ref-strange", "steps": [{"op": "sync", "why": 1}]}`)
	write("del-empty.json", `{"id": "del-empty", "steps": []}`)
	write("app-other.json", `{"id": "app-other", "steps": [{"op": "dance"}]}`)
	var out, errs strings.Builder
	require.Equal(t, 1, run([]string{"nocobase", "-areas", "ref,del", dir}, &out, &errs))
	require.Contains(t, out.String(), "1 of other areas not run\n")
	require.True(t, strings.HasSuffix(out.String(), "1 passed, 2 failed\n"), out.String())
	require.Empty(t, errs.String())
}
