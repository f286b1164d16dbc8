package main

import (
	"bytes"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVersion(t *testing.T) {
	var out bytes.Buffer
	require.Zero(t, run([]string{"--version"}, &out, &out))
	require.Regexp(t, `^memrel .*, go1\.`, out.String())
	require.Equal(t, "memrel v1.2.0, go1.26.8", version(&debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.2.0"}}, true))
	require.Equal(t, "memrel (devel), commit 1a2b3c4d5e6f with changes, go1.26.8", version(&debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "(devel)"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "1a2b3c4d5e6f7a8b"}, {Key: "vcs.modified", Value: "true"}}}, true))
}
