package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/memrel/memrel/bench/harness"
)

// Markdown writes a line for each workload and size: memrel's cost, and how many times that each other engine's is.
func Markdown(w io.Writer, results []harness.Result) error {
	engines := enginesOf(results)
	var b strings.Builder
	b.WriteString("| workload | rows | " + strings.Join(engines, " | ") + " |\n|---|--:|" + strings.Repeat("--:|", len(engines)) + "\n")
	for _, line := range linesOf(results) {
		fmt.Fprintf(&b, "| %s | %s |", line.workload, Count(line.size))
		for _, e := range engines {
			b.WriteString(" " + line.cell(e, results) + " |")
		}
		b.WriteString("\n")
	}
	for _, c := range Curves(results) {
		fmt.Fprintf(&b, "\n- %s, %s: n^%.2f", c.Workload, c.Engine, c.Exponent)
	}
	_, err := fmt.Fprintln(w, b.String())
	return err
}

// line is a workload at a size.
type line struct {
	workload string
	size     int
}

func linesOf(results []harness.Result) []line {
	var lines []line
	for _, r := range results {
		l := line{r.Workload, r.Size}
		if len(lines) == 0 || lines[len(lines)-1] != l {
			lines = append(lines, l)
		}
	}
	return lines
}

func (l line) cell(engine string, results []harness.Result) string {
	for _, r := range results {
		if r.Engine != engine || r.Workload != l.workload || r.Size != l.size {
			continue
		}
		v, ok := Ratio(r, results)
		if !ok || engine == Ours[0] {
			return Cost(r)
		}
		return fmt.Sprintf("%.3gx", v)
	}
	return ""
}
