package harness

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/bench/engine"
)

func TestServeAnswersInOrder(t *testing.T) {
	var in, out bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, task := range []Task{
		{Do: "check", Workload: "read-pk", Size: 1000},
		{Do: "sample", Workload: "read-pk", Size: 1000, Slice: 1000},
		{Do: "memory", Size: 1000},
		{Do: "sample", Workload: "no-such", Size: 1000},
		{Do: "sing"},
		{Do: "check", Workload: "readers-1", Size: 1000},
	} {
		require.NoError(t, enc.Encode(task))
	}
	require.NoError(t, Serve("tree-tidwall", engine.Options{}, &in, &out))
	dec := json.NewDecoder(&out)
	next := func() (a Answer) {
		require.NoError(t, dec.Decode(&a))
		return a
	}
	require.NotZero(t, next().Hash)
	require.Positive(t, next().Units)
	require.Positive(t, next().Bytes)
	require.Contains(t, next().Error, `no workload "no-such"`)
	require.Contains(t, next().Error, `unknown task "sing"`)
	require.True(t, next().Unsupported, "bare trees have no lock")
	require.ErrorContains(t, Serve("no-such", engine.Options{}, &in, &out), `no engine "no-such"`)
}
