package harness

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
	"github.com/memrel/memrel/bench/workload"
)

// small is every workload on some engines, at a size that takes seconds.
func small(engines ...engine.Engine) Config {
	cfg := Config{Engines: engines, Size: 1000, Rounds: 1, Slice: time.Microsecond, Start: start,
		Options: engine.Options{DSN: os.Getenv("MEMREL_POSTGRES_DSN")}, Progress: func(string, ...any) {}}
	for _, w := range workload.All {
		cfg.Workloads = append(cfg.Workloads, w.Name)
	}
	return cfg
}

func start(e engine.Engine, o engine.Options) (Worker, error) { return InProcess(e, o), nil }

func names(engines []engine.Engine) []string {
	var out []string
	for _, e := range engines {
		out = append(out, e.Name)
	}
	return out
}

// withRamsql is the work that ramsql can do.
var withRamsql = map[string]bool{
	"read-pk": true, "read-pk-zipf": true, "read-unique": true, "read-range": true, "read-order-limit": true,
	"children": true, "junction": true, "include": true, "scale-include": true,
	"insert": true, "update-plain": true, "update-indexed": true, "link": true, "bulk-load": true,
	"readers-1": true, "readers-2": true, "readers-4": true, "readers-8": true, "readers-16": true,
}

func TestEnginesAgree(t *testing.T) {
	crew := &crew{cfg: small(engine.All...), workers: map[crewKey]Worker{}}
	defer crew.close()
	jobs, err := crew.check(crew.cfg.jobs())
	require.NoError(t, err)
	for _, j := range jobs {
		able := names(j.engines)
		require.Contains(t, able, "memrel-typed", j.Name)
		require.Contains(t, able, "memrel-runtime", j.Name)
		if !j.Forks && j.Name != "view-after-write" {
			require.Contains(t, able, "sqlite-mattn", j.Name)
			require.Equal(t, !j.Saves, slices.Contains(able, "gorm-sqlite"), j.Name)
		}
		require.Equal(t, !j.Saves, slices.Contains(able, "memdb"), j.Name)
		require.Equal(t, withRamsql[j.Name], slices.Contains(able, "ramsql"), j.Name)
		if !j.Concurrent {
			require.Contains(t, able, "tree-tidwall", j.Name)
		}
	}
}

func TestEveryWorkloadIsMeasured(t *testing.T) {
	typed, _ := engine.Find("memrel-typed")
	cfg := small(typed)
	cfg.Workloads = append(cfg.Workloads, Memory)
	seen := map[string]Result{}
	require.NoError(t, Run(cfg, func(rs []Result) {
		for _, r := range rs {
			seen[r.Workload] = r
		}
	}))
	for _, name := range cfg.Workloads {
		require.Contains(t, seen, name)
		require.Equal(t, 1, seen[name].Runs)
		if name != Memory {
			require.Positive(t, seen[name].Ns, name)
		}
	}
	require.Positive(t, seen[Memory].Bytes)
	require.Zero(t, seen["read-pk"].Allocs, "a typed read does not allocate")
}

// wrong returns another row now and then.
type wrong struct{ engine.Store }

func (w wrong) Post(id int64) (data.Post, error) {
	p, err := w.Store.Post(id)
	if id%100 == 0 {
		p.Title += "!"
	}
	return p, err
}

func TestEnginesThatDisagreeStopTheRun(t *testing.T) {
	tree, _ := engine.Find("tree-tidwall")
	bad := engine.Engine{Name: "wrong", Open: func(o engine.Options) (engine.Store, error) {
		s, err := tree.Open(o)
		return wrong{s}, err
	}}
	cfg := small(tree, bad)
	cfg.Workloads = []string{"read-pk"}
	err := Run(cfg, func([]Result) { t.Error("nothing is reported") })
	require.ErrorContains(t, err, "read-pk at 1000 rows: engines disagree: tree-tidwall gives 500 rows")
}

func TestSlowEnginesAreSparedAMillionRowsUnlessNamed(t *testing.T) {
	cfg := small(engine.All...)
	cfg.Workloads, cfg.Sizes = []string{"where-some"}, []int{1000, 1_000_000}
	jobs := cfg.jobs()
	require.Contains(t, names(jobs[0].engines), "memdb")
	require.NotContains(t, names(jobs[1].engines), "memdb")
	require.Contains(t, names(jobs[1].engines), "sqlite-mattn")
	cfg.Named = true
	require.Contains(t, names(cfg.jobs()[1].engines), "memdb")
}

func TestQuickRunsDoSomeWorkAtASmallerSize(t *testing.T) {
	cfg := small(engine.All...)
	cfg.Workloads, cfg.Size, cfg.Quick = []string{"save", "read-pk"}, 100_000, true
	jobs := cfg.jobs()
	require.Equal(t, 10_000, jobs[0].size)
	require.Equal(t, 100_000, jobs[1].size)
	cfg.Quick = false
	require.Equal(t, 100_000, cfg.jobs()[0].size)
}

func TestMedian(t *testing.T) {
	require.Equal(t, 2.0, Median([]float64{9, 1, 2}))
	require.Equal(t, 2.5, Median([]float64{3, 1, 2, 9}))
	require.Zero(t, Median(nil))
}
