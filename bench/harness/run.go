// Package harness measures workloads on engines: all engines in one run, in turn, each in a process of its own.
//
// A workload is first checked: every engine does it, and what they read and leave behind must be the same, by hash.
// Then samples are taken in rounds, one of each engine a round (A B C A B C), so that what disturbs the machine for a
// while disturbs all of them; the median counts.
package harness

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/memrel/memrel/bench/engine"
	"github.com/memrel/memrel/bench/workload"
)

// Memory is the name of the workload that measures memory.
const Memory = "memory"

// Config says what to run.
type Config struct {
	Engines   []engine.Engine
	Named     bool // somebody asked for these engines: slow ones are not left out
	Workloads []string
	Size      int
	Sizes     []int           // instead of Size, if there are any
	Quick     bool            // some work is done at a smaller size
	Rounds    int             // samples that are taken of each
	Slice     time.Duration   // how long a sample should take
	Budget    time.Duration   // an engine that has taken so long over a workload gives no more samples
	Deadline  time.Time       // from then on one sample of each has to do; zero is never
	Large     []engine.Engine // those that are measured at a workload's other sizes too
	Options   engine.Options
	Start     func(engine.Engine, engine.Options) (Worker, error)
	Measuring func() error // called when checks are done, before the first sample; may be nil
	Progress  func(format string, args ...any)
}

// Result is a workload's cost on an engine.
type Result struct {
	Workload string  `json:"workload"`
	Engine   string  `json:"engine"`
	Size     int     `json:"size"`
	Ns       float64 `json:"ns_per_unit"`
	Unit     string  `json:"unit"`
	Allocs   float64 `json:"allocs_per_unit"`
	Bytes    float64 `json:"bytes_per_row"`
	Runs     int     `json:"runs"`
}

// Run measures. report is given the results of a workload as soon as they are there. The error says which engines
// disagree or fail.
func Run(cfg Config, report func([]Result)) error {
	crew := &crew{cfg: cfg, workers: map[crewKey]Worker{}}
	defer crew.close()
	// Checks come first and in the same order everywhere, while all stores are in the same state.
	jobs, err := crew.check(cfg.jobs())
	if err != nil {
		return err
	}
	if cfg.Measuring != nil {
		if err := cfg.Measuring(); err != nil {
			return err
		}
	}
	for _, j := range jobs {
		results, err := crew.measure(j)
		if err != nil {
			return err
		}
		report(results)
	}
	return nil
}

// job is a workload at a size, and the engines that can do it.
type job struct {
	workload.Workload
	size    int
	engines []engine.Engine
}

func (j job) String() string { return fmt.Sprintf("%s at %d rows", j.Name, j.size) }

func (cfg Config) jobs() []job {
	var jobs []job
	for _, name := range cfg.Workloads {
		w, ok := workload.Find(name)
		if !ok {
			w = workload.Workload{Name: Memory, Unit: "row"}
		}
		switch {
		case w.Rows > 0:
			jobs = append(jobs, job{w, w.Rows, cfg.Engines})
		case len(cfg.Sizes) > 0:
			for _, size := range cfg.Sizes {
				jobs = append(jobs, job{w, size, cfg.patient(size)})
			}
		default:
			size := cfg.sizeOf(w)
			jobs = append(jobs, job{w, size, cfg.patient(size)})
			jobs = append(jobs, cfg.otherSizes(w)...)
		}
	}
	return jobs
}

// many rows are more than a slow engine is given.
const many = 1_000_000

// patient is the engines that a size is not too large for.
func (cfg Config) patient(size int) []engine.Engine {
	if cfg.Named {
		return cfg.Engines
	}
	return slices.DeleteFunc(slices.Clone(cfg.Engines), func(e engine.Engine) bool { return e.Slow && size >= many })
}

func (cfg Config) sizeOf(w workload.Workload) int {
	if cfg.Quick && w.QuickSize > 0 {
		return min(cfg.Size, w.QuickSize)
	}
	return cfg.Size
}

func (cfg Config) otherSizes(w workload.Workload) []job {
	var jobs []job
	for _, size := range w.Sizes {
		if engines := cfg.enginesAt(size); size != cfg.Size && len(engines) > 0 {
			jobs = append(jobs, job{w, size, engines})
		}
	}
	return jobs
}

// enginesAt leaves out those that take too long to fill.
func (cfg Config) enginesAt(size int) []engine.Engine {
	return slices.DeleteFunc(slices.Clone(cfg.Large), func(e engine.Engine) bool { return !e.Forks || e.Slow && size >= many })
}

// crew is the workers: one for each engine, and one more for each other size, since a store of a million rows would make
// its worker slow to collect garbage.
type crew struct {
	cfg     Config
	workers map[crewKey]Worker
}

type crewKey struct {
	engine string
	size   int // 0 is the run's
}

func (c *crew) worker(e engine.Engine, j job) (Worker, error) {
	k := crewKey{e.Name, j.size}
	if j.size == c.cfg.Size || j.Rows > 0 {
		k.size = 0
	}
	if w, ok := c.workers[k]; ok {
		return w, nil
	}
	w, err := c.cfg.Start(e, c.cfg.Options)
	if err == nil {
		c.workers[k] = w
	}
	return w, err
}

func (c *crew) close() {
	for _, w := range c.workers {
		w.Close()
	}
}

// check compares the engines on each job, and leaves out of it those that cannot do it.
func (c *crew) check(jobs []job) ([]job, error) {
	for i := range jobs {
		if jobs[i].Name == Memory {
			continue
		}
		c.cfg.Progress("checking %s", jobs[i])
		if err := c.checkJob(&jobs[i]); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

func (c *crew) checkJob(j *job) error {
	answers, err := c.all(*j, Task{Do: "check", Workload: j.Name, Size: j.size})
	if err != nil {
		return err
	}
	var able []engine.Engine
	var first Answer
	for i, e := range j.engines {
		a := answers[i]
		switch {
		case a.Unsupported:
			continue
		case len(able) == 0:
			first = a
		case a.Hash != first.Hash || a.Rows != first.Rows:
			return fmt.Errorf("%s: engines disagree: %s gives %d rows with hash %x, %s gives %d with %x",
				j, able[0].Name, first.Rows, first.Hash, e.Name, a.Rows, a.Hash)
		}
		able = append(able, e)
	}
	j.engines = able
	return nil
}

// all has every engine of a job do a task that is not timed: several at once.
func (c *crew) all(j job, t Task) ([]Answer, error) {
	workers := make([]Worker, len(j.engines))
	for i, e := range j.engines {
		var err error
		if workers[i], err = c.worker(e, j); err != nil {
			return nil, err
		}
	}
	answers := make([]Answer, len(workers))
	slots := make(chan struct{}, runtime.NumCPU())
	var wg sync.WaitGroup
	for i, w := range workers {
		slots <- struct{}{}
		wg.Go(func() {
			answers[i] = w.Do(t)
			<-slots
		})
	}
	wg.Wait()
	for i, a := range answers {
		if a.Error != "" && !a.Unsupported {
			return nil, fmt.Errorf("%s: %s: %s", j, j.engines[i].Name, a.Error)
		}
	}
	return answers, nil
}

// measure takes samples of a job in rounds.
func (c *crew) measure(j job) ([]Result, error) {
	c.cfg.Progress("measuring %s", j)
	if j.Name == Memory {
		return c.measureMemory(j)
	}
	samples := make([][]Answer, len(j.engines))
	spent := make([]time.Duration, len(j.engines))
	for range c.cfg.Rounds {
		for i := range j.engines {
			if len(samples[i]) > 0 && (spent[i] > c.cfg.Budget || c.cfg.late()) {
				continue
			}
			start := time.Now()
			a, err := c.sample(j, i)
			if err != nil {
				return nil, err
			}
			spent[i] += time.Since(start)
			samples[i] = append(samples[i], a)
		}
	}
	results := make([]Result, len(j.engines))
	for i, e := range j.engines {
		results[i] = j.result(e, samples[i])
	}
	return results, nil
}

func (cfg Config) late() bool { return !cfg.Deadline.IsZero() && time.Now().After(cfg.Deadline) }

// sample takes one sample of the i-th engine of a job.
func (c *crew) sample(j job, i int) (Answer, error) {
	e := j.engines[i]
	w, err := c.worker(e, j)
	if err != nil {
		return Answer{}, err
	}
	a := w.Do(Task{Do: "sample", Workload: j.Name, Size: j.size, Slice: c.cfg.Slice})
	if a.Error != "" {
		err = fmt.Errorf("%s: %s: %s", j, e.Name, a.Error)
	}
	return a, err
}

func (j job) result(e engine.Engine, samples []Answer) Result {
	per := func(of func(Answer) float64) float64 {
		v := make([]float64, len(samples))
		for i, a := range samples {
			v[i] = of(a) / float64(max(a.Units, 1))
		}
		return Median(v)
	}
	return Result{
		Workload: j.Name, Engine: e.Name, Size: j.size, Unit: j.Unit, Runs: len(samples),
		Ns:     per(func(a Answer) float64 { return float64(a.Time.Nanoseconds()) }),
		Allocs: per(func(a Answer) float64 { return float64(a.Allocs) }),
		Bytes:  per(func(a Answer) float64 { return float64(a.Bytes) }),
	}
}

// measureMemory asks a new process of each engine.
func (c *crew) measureMemory(j job) ([]Result, error) {
	apart := &crew{cfg: c.cfg, workers: map[crewKey]Worker{}}
	defer apart.close()
	answers, err := apart.all(j, Task{Do: "memory", Size: j.size})
	if err != nil {
		return nil, err
	}
	var results []Result
	for i, e := range j.engines {
		if !answers[i].Unsupported {
			results = append(results, j.result(e, answers[i:i+1]))
		}
	}
	return results, nil
}

// Median is the middle of some values, the mean of the two middle ones if they are even in number.
func Median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Clone(v)
	slices.Sort(v)
	m := len(v) / 2
	if len(v)%2 == 1 {
		return v[m]
	}
	return (v[m-1] + v[m]) / 2
}
