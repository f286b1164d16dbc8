// Command bench measures memrel beside what one would use instead: on the same rows, in the same run, with the same rules
// enforced.
//
//	go run . -quick                                  # half a minute
//	go run . -workloads bulk-load,read-pk -engines memrel-typed,sqlite-mattn -size 1000000
//	go run . -scale                                  # how the cost grows with the rows touched
//	go run . -json > results.json
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/memrel/memrel/bench/engine"
	"github.com/memrel/memrel/bench/harness"
	"github.com/memrel/memrel/bench/report"
	"github.com/memrel/memrel/bench/workload"
)

// quickly is how long a quick run goes on taking more than one sample of each.
const quickly = 20 * time.Second

// flags are the command line.
type flags struct {
	quick, json, list  bool
	scale, verbose     bool
	markdown           bool
	sizes, svg         string
	workloads, engines string
	size               int
	html, dsn, worker  string
	rounds             int
	cpuprofile         string
}

func parse() flags {
	var f flags
	flag.BoolVar(&f.quick, "quick", false, "shorter samples, fewer of them, and one engine of each kind")
	flag.BoolVar(&f.json, "json", false, "print one JSON object a line")
	flag.BoolVar(&f.markdown, "markdown", false, "print a table in Markdown")
	flag.BoolVar(&f.scale, "scale", false, "measure how cost grows with the rows touched, and fit exponents")
	flag.StringVar(&f.sizes, "sizes", "", "sizes to measure at, separated by commas")
	flag.StringVar(&f.svg, "svg", "", "write the plots to this directory")
	flag.BoolVar(&f.verbose, "v", false, "say what is being done, and when")
	flag.BoolVar(&f.list, "list", false, "list workloads and engines")
	flag.StringVar(&f.workloads, "workloads", "", "workloads to run, separated by commas (default all)")
	flag.StringVar(&f.engines, "engines", "", "engines to compare, separated by commas (default all; quick: one of each kind)")
	flag.IntVar(&f.size, "size", 100_000, "rows of posts")
	flag.IntVar(&f.rounds, "rounds", 0, "samples of each (default 7, quick 3)")
	flag.StringVar(&f.html, "html", "", "write one page with plots to this file")
	flag.StringVar(&f.dsn, "dsn", os.Getenv("MEMREL_POSTGRES_DSN"), "PostgreSQL to compare with, as keyword=value pairs")
	flag.StringVar(&f.cpuprofile, "cpuprofile", "", "write a profile of the measured work to this file; engines then share one process")
	flag.StringVar(&f.worker, "worker", "", "be the worker of an engine (used by the program itself)")
	flag.Parse()
	return f
}

func main() {
	f := parse()
	if err := f.run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (f flags) run() error {
	switch {
	case f.worker != "":
		return harness.Serve(f.worker, engine.Options{DSN: f.dsn}, os.Stdin, os.Stdout)
	case f.list:
		f.printList()
		return nil
	case flag.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}
	cfg, err := f.config()
	if err != nil {
		return err
	}
	if f.cpuprofile != "" {
		stop, err := profile(&cfg, f.cpuprofile)
		if err != nil {
			return err
		}
		defer stop()
	}
	var all []harness.Result
	var written error
	err = harness.Run(cfg, func(rs []harness.Result) {
		all = append(all, rs...)
		if f.json {
			written = errors.Join(written, report.JSON(os.Stdout, rs))
		}
	})
	if err := errors.Join(err, written); err != nil {
		return err
	}
	return f.show(all)
}

// show writes what was asked for beside JSON.
func (f flags) show(all []harness.Result) error {
	switch {
	case f.json:
	case f.markdown:
		if err := report.Markdown(os.Stdout, all); err != nil {
			return err
		}
	default:
		if err := report.Table(os.Stdout, all); err != nil {
			return err
		}
		if err := report.Exponents(os.Stdout, all); err != nil {
			return err
		}
	}
	if f.html == "" && f.svg == "" {
		return nil
	}
	plots, err := report.Plots(all)
	if err != nil {
		return err
	}
	if f.svg != "" {
		if err := plots.WriteTo(f.svg); err != nil {
			return err
		}
	}
	if f.html != "" {
		return report.HTML(f.html, all, plots)
	}
	return nil
}

func (f flags) config() (harness.Config, error) {
	cfg := harness.Config{
		Size: f.size, Rounds: 7, Slice: 60 * time.Millisecond, Budget: 5 * time.Second,
		Options: engine.Options{DSN: f.dsn}, Start: harness.Start, Progress: progress(f.verbose),
	}
	if f.quick {
		cfg.Quick = true
		cfg.Rounds, cfg.Slice, cfg.Budget = 3, 6*time.Millisecond, 300*time.Millisecond
		cfg.Deadline = time.Now().Add(quickly)
	}
	if f.scale && !f.quick {
		cfg.Budget = time.Minute // a million rows take seconds to fill in, and the first samples find no memory mapped
	}
	if f.rounds > 0 {
		cfg.Rounds = f.rounds
	}
	if f.size < 100 {
		return cfg, fmt.Errorf("-size %d: use at least 100 rows", f.size)
	}
	var err error
	if cfg.Sizes, err = f.chosenSizes(); err != nil {
		return cfg, err
	}
	if cfg.Engines, err = f.chosenEngines(); err != nil {
		return cfg, err
	}
	cfg.Named = f.engines != ""
	cfg.Large = cfg.Engines
	if f.quick {
		cfg.Large = cfg.Engines[:1] // filling stores of a million rows is not quick
	}
	cfg.Workloads, err = f.chosenWorkloads()
	return cfg, err
}

func (f flags) chosenEngines() ([]engine.Engine, error) {
	var out []engine.Engine
	if f.engines == "" && f.scale {
		return engine.All[:1], nil // the others' exponents take long, and are for whoever asks
	}
	if f.engines == "" {
		for _, e := range engine.All {
			if !e.Extra || !f.quick {
				out = append(out, e)
			}
		}
		return out, nil
	}
	for _, name := range strings.Split(f.engines, ",") {
		e, ok := engine.Find(name)
		if !ok {
			return nil, fmt.Errorf("there is no engine %q; -list shows them", name)
		}
		out = append(out, e)
	}
	return out, nil
}

func (f flags) chosenWorkloads() ([]string, error) {
	if f.workloads == "" {
		return f.workloadNames(), nil
	}
	names := strings.Split(f.workloads, ",")
	for _, name := range names {
		if _, ok := workload.Find(name); !ok && name != harness.Memory {
			return nil, fmt.Errorf("there is no workload %q; -list shows them", name)
		}
	}
	return names, nil
}

// workloadNames are the workloads of an ordinary run, a quick one, or those for scaling.
func (f flags) workloadNames() []string {
	var names []string
	for _, w := range workload.All {
		if w.Scaling == f.scale && !(f.quick && w.Extra) {
			names = append(names, w.Name)
		}
	}
	if !f.scale {
		names = append(names, harness.Memory)
	}
	return names
}

// scaleSizes are the sizes at which exponents are fitted.
var scaleSizes = []int{1000, 10_000, 100_000, 1_000_000}

func (f flags) chosenSizes() ([]int, error) {
	if f.sizes == "" {
		if f.scale {
			return scaleSizes, nil
		}
		return nil, nil
	}
	var sizes []int
	for _, s := range strings.Split(f.sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 100 {
			return nil, fmt.Errorf("-sizes %s: use numbers of at least 100", s)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

func (f flags) printList() {
	for _, w := range workload.All {
		fmt.Printf("%-18s %s\n", w.Name, w.About)
	}
	fmt.Printf("%-18s %s\n\n", harness.Memory, "live memory of a row of posts with its three indexes")
	for _, e := range engine.All {
		fmt.Println(e.Name)
	}
}

// profile makes a run write a CPU profile of its samples. All engines are then in one process.
func profile(cfg *harness.Config, file string) (stop func(), err error) {
	out, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	cfg.Start = func(e engine.Engine, o engine.Options) (harness.Worker, error) { return harness.InProcess(e, o), nil }
	cfg.Measuring = func() error { return pprof.StartCPUProfile(out) }
	return func() {
		pprof.StopCPUProfile()
		out.Close() //nolint:errcheck // pprof refuses a file that was cut short
	}, nil
}

// progress shows what is being done: with -v as lines, otherwise in place, if standard error is a terminal.
func progress(verbose bool) func(format string, args ...any) {
	start := time.Now()
	if verbose {
		return func(format string, args ...any) {
			fmt.Fprintf(os.Stderr, "%6.1fs %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, args...))
		}
	}
	if st, err := os.Stderr.Stat(); err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return func(string, ...any) {}
	}
	return func(format string, args ...any) { fmt.Fprintf(os.Stderr, "\r\x1b[K"+format, args...) }
}
