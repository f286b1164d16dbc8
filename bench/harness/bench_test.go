package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/bench/engine"
	"github.com/memrel/memrel/bench/workload"
)

const benchSize = 100_000

// BenchmarkMemrel is memrel alone on every workload, for profiles and for comparing commits. Beside its peers it is
// measured by the program.
func BenchmarkMemrel(b *testing.B) {
	e, _ := engine.Find("memrel-typed")
	w := newWorker(e, engine.Options{})
	defer w.close()
	for _, wl := range workload.All {
		if !wl.Scaling {
			b.Run(wl.Name, func(b *testing.B) { benchmark(b, w, wl) })
		}
	}
}

func benchmark(b *testing.B, w *worker, wl workload.Workload) {
	b.ReportAllocs()
	units := 0
	if wl.Fresh {
		for b.Loop() {
			b.StopTimer()
			c, err := w.begin(wl, benchSize, false)
			require.NoError(b, err)
			op := wl.Setup(c)
			b.StartTimer()
			n, err := op(0)
			if err != nil {
				b.Fatal(err)
			}
			units += n
		}
	} else {
		r, err := w.running(wl, Task{Size: benchSize, Slice: 1})
		require.NoError(b, err)
		b.ResetTimer()
		for b.Loop() {
			n, err := r.do(1)
			if err != nil { // require.NoError would cost more than a read
				b.Fatal(err)
			}
			units += n
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(units), "ns/"+wl.Unit)
}
