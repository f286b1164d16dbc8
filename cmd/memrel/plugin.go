package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"syscall"

	"github.com/alecthomas/kong"
)

// pluginName is what a command of another program may be called.
var pluginName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// plugin is the program memrel-X on PATH, for a command X that is not among the program's own.
func plugin(own *kong.Application, args []string) (path string, ok bool) {
	if len(args) == 0 || !pluginName.MatchString(args[0]) {
		return "", false
	}
	for _, c := range own.Children {
		if c.Name == args[0] {
			return "", false
		}
	}
	path, err := exec.LookPath("memrel-" + args[0])
	return path, err == nil
}

// runPlugin runs a program in this one's place, and gives its exit code.
func (a *app) runPlugin(path string, args []string, stdout, stderr io.Writer) int {
	cmd := exec.Command(path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	signals := make(chan os.Signal, 1) // a terminal sends them to both: it is for the program to end
	signal.Notify(signals, os.Interrupt)
	defer signal.Stop(signals)
	err := cmd.Run()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &ended):
		a.message("%v", err)
		return exitUsage
	}
	if s, ok := ended.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return 128 + int(s.Signal())
	}
	return ended.ExitCode()
}
