package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/memrel/memrel/bench/engine"
)

// Serve is the life of a worker process: tasks come in and answers go out, as JSON, until there are no more.
func Serve(engineName string, opts engine.Options, in io.Reader, out io.Writer) error {
	e, ok := engine.Find(engineName)
	if !ok {
		return fmt.Errorf("there is no engine %q", engineName)
	}
	w := newWorker(e, opts)
	defer w.close()
	tasks, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var t Task
		if err := tasks.Decode(&t); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := answers.Encode(w.answer(t)); err != nil {
			return err
		}
	}
}

// Worker does tasks for one engine.
type Worker interface {
	Do(Task) Answer
	Close()
}

// InProcess is a worker without a process of its own, for tests.
func InProcess(e engine.Engine, opts engine.Options) Worker { return local{newWorker(e, opts)} }

type local struct{ w *worker }

func (l local) Do(t Task) Answer { return l.w.answer(t) }

func (l local) Close() { l.w.close() }

// process is a worker in a process of its own.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	tasks   *json.Encoder
	answers *json.Decoder
}

// Start starts this program as a worker: it must call [Serve] when it is given -worker NAME.
func Start(e engine.Engine, opts engine.Options) (Worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-worker", e.Name, "-dsn", opts.DSN)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &process{cmd, in, json.NewEncoder(in), json.NewDecoder(out)}, nil
}

// Do passes a task on. A worker that has died answers with an error.
func (p *process) Do(t Task) (a Answer) {
	err := p.tasks.Encode(t)
	if err == nil {
		err = p.answers.Decode(&a)
	}
	if err != nil {
		a.Error = "the worker has gone: " + err.Error()
	}
	return a
}

// Close ends the process.
func (p *process) Close() {
	p.in.Close() //nolint:errcheck // the process sees it, or has gone
	p.cmd.Wait() //nolint:errcheck // it was told to end
}
