// Command conform runs recorded scenarios against memrel and tells where it differs.
//
//	go run ./tests/conform constraints [-v] DIR
//	go run ./tests/conform sequelize [-v] DIR
//	go run ./tests/conform nocobase [-v] [-areas ref,del,key] DIR
//	go run ./tests/conform waterline [-v] DIR
//
// Every scenario file below DIR is run; of nocobase's those whose id begins with one of the areas, and a line tells how many
// others there are. For each topic it prints how many scenarios passed and failed, and at the end a
// line "N passed, N failed". With -v it prints the first difference of each scenario that failed. The exit code is 0 if
// all passed, 1 if some failed, 2 if it could not be run.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// suite is a kind of recordings.
type suite struct {
	run     func(dir string, areas []string) ([]result, error)
	departs bool   // it knows departures
	areas   string // those that it runs unless told otherwise; empty if it has none
}

// suites are the kinds of recordings, by the word that chooses them.
var suites = map[string]suite{
	"constraints": {run: func(dir string, _ []string) ([]result, error) { return runConstraints(dir, shuffles) }},
	"sequelize":   {run: func(dir string, _ []string) ([]result, error) { return runSequelize(dir) }, departs: true},
	"nocobase":    {run: runNocobase, departs: true, areas: "ref,del,key,rel,nest,flt,app,arr,hook"},
	"waterline":   {run: func(dir string, _ []string) ([]result, error) { return runWaterline(dir) }, departs: true},
}

// runNocobase runs the collection recordings of some areas.
func runNocobase(dir string, areas []string) ([]result, error) {
	return runEach(dir, func() recordedScenario { return &collectionScenario{} }, areas)
}

// runWaterline runs the ontology recordings.
func runWaterline(dir string) ([]result, error) {
	return runEach(dir, func() recordedScenario { return &ontologyScenario{} }, nil)
}

// result is how one scenario came out.
type result struct {
	topic, name string
	difference  string // the first; empty if it passed
	departure   string // by which rule it differs on purpose, and how; empty if it does not
	skipped     bool   // it is of an area that was not asked for
}

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || suites[args[0]].run == nil {
		_, _ = fmt.Fprintf(stderr, "usage: conform %s [-v] DIR\n", strings.Join(slices.Sorted(maps.Keys(suites)), "|"))
		return 2
	}
	s := suites[args[0]]
	flags := flag.NewFlagSet("conform "+args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	verbose := flags.Bool("v", false, "print the first difference of each scenario that fails")
	areas := &s.areas
	if s.areas != "" {
		areas = flags.String("areas", s.areas, "run the scenarios of these areas")
	}
	dirs, err := parse(flags, args[1:])
	if err != nil {
		return 2
	}
	if len(dirs) != 1 {
		_, _ = fmt.Fprintf(stderr, "conform %s: name one directory of recordings\n", args[0])
		return 2
	}
	results, err := s.run(dirs[0], strings.Split(*areas, ","))
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "conform %s: %v\n", args[0], err)
		return 2
	}
	asked := slices.DeleteFunc(slices.Clone(results), func(r result) bool { return r.skipped })
	if others := len(results) - len(asked); others > 0 {
		_, _ = fmt.Fprintf(stdout, "%d of other areas not run\n", others)
	}
	return report(asked, *verbose, s.departs, stdout)
}

// parse reads flags before and after the other arguments, and returns these.
func parse(flags *flag.FlagSet, args []string) (others []string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return others, nil
		}
		others, args = append(others, flags.Arg(0)), flags.Args()[1:]
	}
}

// report prints a line for each topic and the sum; departs tells whether the suite knows departures.
func report(results []result, verbose, departs bool, w io.Writer) int {
	slices.SortStableFunc(results, func(a, b result) int { return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.name, b.name)) })
	passed, departed, failed := 0, 0, 0
	for from := 0; from < len(results); {
		topic, ok, other, bad := results[from].topic, 0, 0, 0
		for ; from < len(results) && results[from].topic == topic; from++ {
			r := results[from]
			if r.departure != "" {
				other++
				if verbose {
					_, _ = fmt.Fprintf(w, "departs %s/%s: %s\n", r.topic, r.name, r.departure)
				}
				continue
			}
			if r.difference == "" {
				ok++
				continue
			}
			bad++
			if verbose {
				_, _ = fmt.Fprintf(w, "FAIL %s/%s: %s\n", r.topic, r.name, r.difference)
			}
		}
		if departs {
			_, _ = fmt.Fprintf(w, "%-24s %5d passed %5d departed %5d failed\n", topic, ok, other, bad)
		} else {
			_, _ = fmt.Fprintf(w, "%-24s %5d passed %5d failed\n", topic, ok, bad)
		}
		passed, departed, failed = passed+ok, departed+other, failed+bad
	}
	if departs {
		_, _ = fmt.Fprintf(w, "%d departed\n", departed)
	}
	_, _ = fmt.Fprintf(w, "%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		return 1
	}
	return 0
}
