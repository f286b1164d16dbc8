package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/memrel/memrel/bench/harness"
)

// Plot is a picture as SVG.
type Plot struct {
	Name, Title string
	SVG         []byte
}

// PlotSet is the pictures of a run.
type PlotSet []Plot

// WriteTo writes a file NAME.svg for each picture.
func (ps PlotSet) WriteTo(dir string) error {
	for _, p := range ps {
		if err := os.WriteFile(filepath.Join(dir, p.Name+".svg"), p.SVG, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Plots draws results: for each peer how many times memrel's its cost is, and where there are several sizes how cost
// grows.
func Plots(results []harness.Result) (PlotSet, error) {
	var out PlotSet
	for _, peer := range enginesOf(results) {
		if slices.Contains(Ours, peer) {
			continue
		}
		p, ok, err := ratioPlot(peer, results)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, p)
		}
	}
	curves := Curves(results)
	if len(curves) == 0 {
		return out, nil
	}
	p, err := curvePlot(curves)
	return append(out, p), err
}

func enginesOf(results []harness.Result) []string {
	var names []string
	for _, r := range results {
		if !slices.Contains(names, r.Engine) {
			names = append(names, r.Engine)
		}
	}
	return names
}

var (
	better = color.RGBA{R: 0x2f, G: 0x7d, B: 0x6d, A: 0xff}
	worse  = color.RGBA{R: 0xc4, G: 0x62, B: 0x3a, A: 0xff}
)

// ratioPlot has a bar for each workload, on a log axis from 1: to the right where the peer costs more.
func ratioPlot(peer string, results []harness.Result) (Plot, bool, error) {
	var names []string
	var up, down plotter.Values
	for _, r := range slices.Backward(results) {
		v, ok := Ratio(r, results)
		if r.Engine != peer || !ok {
			continue
		}
		names = append(names, fmt.Sprintf("%s, %s: %.3gx", r.Workload, Count(r.Size), v))
		up, down = append(up, max(math.Log10(v), 0)), append(down, min(math.Log10(v), 0))
	}
	if len(names) == 0 {
		return Plot{}, false, nil
	}
	p := plot.New()
	p.Title.Text = "cost of " + peer + " / cost of memrel"
	p.X.Tick.Marker = powers{}
	for _, side := range []struct {
		values plotter.Values
		color  color.Color
	}{{up, better}, {down, worse}} {
		bars, err := plotter.NewBarChart(side.values, vg.Points(9))
		if err != nil {
			return Plot{}, false, err
		}
		bars.Horizontal, bars.Color, bars.LineStyle.Width = true, side.color, 0
		p.Add(bars)
	}
	p.NominalY(names...)
	svg, err := render(p, vg.Points(560), vg.Points(60+16*float64(len(names))))
	return Plot{"bench-" + peer, p.Title.Text, svg}, true, err
}

// powers labels an axis of logarithms.
type powers struct{}

// Ticks are at 1, 3, 10, 30 and so on.
func (powers) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := math.Floor(low); e <= high+1; e++ {
		for _, m := range []float64{1, 3} {
			v := math.Pow(10, e) * m
			if at := math.Log10(v); at >= low-1e-9 && at <= high+1e-9 {
				ticks = append(ticks, plot.Tick{Value: at, Label: fmt.Sprintf("%gx", math.Round(v*1000)/1000)})
			}
		}
	}
	return ticks
}

// curvePlot has the cost against the size, both on log axes.
func curvePlot(curves []Curve) (Plot, error) {
	p := plot.New()
	p.Title.Text = "how cost grows"
	p.X.Label.Text, p.Y.Label.Text = "rows", "time in seconds"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = true, true
	for i, c := range curves {
		points := make(plotter.XYs, len(c.Sizes))
		for j := range points {
			points[j] = plotter.XY{X: c.Sizes[j], Y: c.Costs[j] / 1e9}
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return Plot{}, err
		}
		line.Color, dots.Color = plotutil.Color(i), plotutil.Color(i)
		dots.Shape = plotutil.Shape(i)
		p.Add(line, dots)
		p.Legend.Add(fmt.Sprintf("%s, %s: n^%.2f", c.Workload, c.Engine, c.Exponent), line, dots)
	}
	svg, err := render(p, vg.Points(560), vg.Points(400))
	return Plot{"bench-scale", p.Title.Text, svg}, err
}

// render draws a plot with a margin: labels would touch the edge.
func render(p *plot.Plot, width, height vg.Length) ([]byte, error) {
	const margin = vg.Length(10)
	p.BackgroundColor = color.White
	p.Title.Padding = margin
	c := vgsvg.New(width, height)
	p.Draw(draw.Crop(draw.New(c), margin, -margin, margin, -margin))
	var b bytes.Buffer
	_, err := c.WriteTo(&b)
	return b.Bytes(), err
}
