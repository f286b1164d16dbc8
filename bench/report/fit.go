package report

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/memrel/memrel/bench/harness"
	"github.com/memrel/memrel/bench/workload"
)

// Curve is a workload's cost on an engine at several sizes.
type Curve struct {
	Workload, Engine string
	Grows            bool // the cost is of a turn that touches as many rows as the size says
	Sizes, Costs     []float64
	Exponent         float64
}

// Curves puts results of one workload and engine together, where there are three sizes or more.
func Curves(results []harness.Result) []Curve {
	var curves []Curve
	at := map[[2]string]int{}
	for _, r := range results {
		k := [2]string{r.Workload, r.Engine}
		i, ok := at[k]
		if !ok {
			i = len(curves)
			at[k] = i
			w, _ := workload.Find(r.Workload)
			curves = append(curves, Curve{Workload: r.Workload, Engine: r.Engine, Grows: w.Grows})
		}
		c, cost := &curves[i], measure(r)
		if c.Grows {
			cost *= float64(r.Size)
		}
		c.Sizes, c.Costs = append(c.Sizes, float64(r.Size)), append(c.Costs, cost)
	}
	var out []Curve
	for _, c := range curves {
		if len(c.Sizes) >= 3 {
			c.Exponent, _ = Fit(c.Sizes, c.Costs)
			out = append(out, c)
		}
	}
	return out
}

// Fit finds the power law y = factor * x^exponent that is nearest to some points on log axes, by least squares.
func Fit(x, y []float64) (exponent, factor float64) {
	var mx, my, xx, xy float64
	n := float64(len(x))
	for i := range x {
		mx, my = mx+math.Log(x[i])/n, my+math.Log(y[i])/n
	}
	for i := range x {
		dx := math.Log(x[i]) - mx
		xx, xy = xx+dx*dx, xy+dx*(math.Log(y[i])-my)
	}
	exponent = xy / xx
	return exponent, math.Exp(my - exponent*mx)
}

// Exponents writes how cost grows: as n to this power.
func Exponents(w io.Writer, results []harness.Result) error {
	curves := Curves(results)
	if len(curves) == 0 {
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "\nworkload\tengine\tfrom\tto\tcost grows as\t") //nolint:errcheck // Flush says it
	for _, c := range curves {
		last := len(c.Sizes) - 1
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\tn^%.2f\t\n", c.Workload, c.Engine, //nolint:errcheck // as above
			Count(int(c.Sizes[0])), Count(int(c.Sizes[last])), c.Exponent)
	}
	return tw.Flush()
}
