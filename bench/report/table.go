// Package report shows results: as a table for people, as lines of JSON for programs, as plots.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/memrel/memrel/bench/harness"
)

// JSON writes a result a line.
func JSON(w io.Writer, results []harness.Result) error {
	enc := json.NewEncoder(w)
	for _, r := range results {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// Ours are the engines that the others are compared with.
var Ours = []string{"memrel-typed", "memrel-runtime"}

// Table writes a line for each workload and engine: the cost, and how many times memrel's that is. The comparison is
// with the first of [Ours] that did the workload, except for the others of them.
func Table(w io.Writer, results []harness.Result) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "workload\trows\tengine\tcost\tallocs\truns\tpeer / memrel\t") //nolint:errcheck // Flush says it
	last := ""
	for _, r := range results {
		name := fmt.Sprintf("%s\t%s\t", r.Workload, Count(r.Size))
		if name == last {
			name = "\t\t"
		} else {
			last = name
		}
		fmt.Fprintf(tw, "%s%s\t%s\t%.1f\t%d\t%s\t\n", name, r.Engine, Cost(r), r.Allocs, r.Runs, ratio(r, results)) //nolint:errcheck // as above
	}
	return tw.Flush()
}

func ratio(r harness.Result, results []harness.Result) string {
	v, ok := Ratio(r, results)
	if !ok || r.Engine == Ours[0] {
		return ""
	}
	return fmt.Sprintf("%.2fx", v)
}

// Ratio is a peer's cost over memrel's for the same workload and size.
func Ratio(r harness.Result, results []harness.Result) (float64, bool) {
	for _, name := range Ours {
		for _, o := range results {
			if o.Engine == name && o.Workload == r.Workload && o.Size == r.Size && measure(o) > 0 {
				return measure(r) / measure(o), true
			}
		}
	}
	return 0, false
}

// measure is the figure that counts: time, or memory where that is what was measured.
func measure(r harness.Result) float64 {
	if r.Workload == harness.Memory {
		return r.Bytes
	}
	return r.Ns
}

// Cost is a result for people: 1.25 us/row.
func Cost(r harness.Result) string {
	if r.Workload == harness.Memory {
		return fmt.Sprintf("%.0f B/row", r.Bytes)
	}
	return Duration(r.Ns) + "/" + r.Unit
}

// Duration is some nanoseconds with three digits.
func Duration(ns float64) string {
	unit := "ns"
	for _, u := range []string{"us", "ms", "s"} {
		if ns < 1000 {
			break
		}
		ns, unit = ns/1000, u
	}
	return fmt.Sprintf("%.3g %s", ns, unit)
}

// Count is a number with its thousands apart: 100,000.
func Count(n int) string {
	s := fmt.Sprint(n)
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), ",")
}
