package report

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/bench/harness"
)

var results = []harness.Result{
	{Workload: "read-pk", Engine: "memrel-typed", Size: 1000, Ns: 200, Unit: "read", Runs: 3},
	{Workload: "read-pk", Engine: "sqlite-mattn", Size: 1000, Ns: 2500, Unit: "read", Allocs: 17, Runs: 3},
	{Workload: harness.Memory, Engine: "memrel-typed", Size: 1000, Unit: "row", Bytes: 200, Runs: 1},
	{Workload: harness.Memory, Engine: "sqlite-mattn", Size: 1000, Unit: "row", Bytes: 100, Runs: 1},
	{Workload: "scale-cascade", Engine: "memrel-typed", Size: 1000, Ns: 100, Unit: "row", Runs: 1},
	{Workload: "scale-cascade", Engine: "memrel-typed", Size: 10_000, Ns: 100, Unit: "row", Runs: 1},
	{Workload: "scale-cascade", Engine: "memrel-typed", Size: 100_000, Ns: 100, Unit: "row", Runs: 1},
}

func TestJSONHasOneObjectALine(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, JSON(&b, results[1:2]))
	require.Equal(t, `{"workload":"read-pk","engine":"sqlite-mattn","size":1000,"ns_per_unit":2500,"unit":"read",`+
		`"allocs_per_unit":17,"bytes_per_row":0,"runs":3}`+"\n", b.String())
}

func TestTableComparesWithMemrel(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Table(&b, results))
	require.Regexp(t, `sqlite-mattn +2\.5 us/read +17\.0 +3 +12\.50x`, b.String())
	require.Regexp(t, `sqlite-mattn +100 B/row +0\.0 +1 +0\.50x`, b.String())
}

func TestMarkdownHasAColumnForEachEngine(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Markdown(&b, results))
	require.Contains(t, b.String(), "| workload | rows | memrel-typed | sqlite-mattn |\n")
	require.Contains(t, b.String(), "| read-pk | 1,000 | 200 ns/read | 12.5x |\n")
	require.Contains(t, b.String(), "- scale-cascade, memrel-typed: n^1.00")
}

func TestFitFindsTheExponent(t *testing.T) {
	var x, y []float64
	for n := 1000.0; n <= 1_000_000; n *= 10 {
		x, y = append(x, n), append(y, 3*math.Pow(n, 1.5))
	}
	exponent, factor := Fit(x, y)
	require.InDelta(t, 1.5, exponent, 1e-9)
	require.InDelta(t, 3, factor, 1e-6)

	curves := Curves(results)
	require.Len(t, curves, 1, "only what has three sizes")
	require.InDelta(t, 1, curves[0].Exponent, 1e-9, "an even cost a row is a linear one")
}

func TestPageNeedsNothingElse(t *testing.T) {
	plots, err := Plots(results)
	require.NoError(t, err)
	require.Len(t, plots, 2)
	dir := t.TempDir()
	require.NoError(t, plots.WriteTo(dir))
	svg, err := os.ReadFile(filepath.Join(dir, "bench-sqlite-mattn.svg"))
	require.NoError(t, err)
	require.Contains(t, string(svg), "read-pk, 1,000: 12.5x")

	file := filepath.Join(dir, "page.html")
	require.NoError(t, HTML(file, results, plots))
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(page), "n^1.00")
	for _, outside := range []string{"<link", "<script", "src=", "@import"} {
		require.NotContains(t, string(page), outside)
	}
}

func TestNumbersForPeople(t *testing.T) {
	require.Equal(t, "1,234,567", Count(1_234_567))
	require.Equal(t, "999", Count(999))
	require.Equal(t, "1.5 us", Duration(1500))
	require.Equal(t, "2 s", Duration(2e9))
}
