package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/memrel/memrel"
)

// outputFile is the name of a file to write; it is not empty where it is given.
type outputFile string

// UnmarshalText refuses an empty name.
func (f *outputFile) UnmarshalText(text []byte) error {
	switch string(text) {
	case "":
		return errors.New("the name of the file is empty")
	case "-":
		return errors.New("the report goes to standard output: name a file, or ./- for one that is called -")
	}
	*f = outputFile(text)
	return nil
}

// save writes a store to a file: whole, or not at all. A link is followed and stays, a file keeps its mode, and a new one has that
// of the umask. What is no file (a device, a pipe) is written to.
func save(db *memrel.DB, name string) error {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a directory: name a file in it", name)
	case err == nil && (!info.Mode().IsRegular() || ofSystem(name)):
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
		if err != nil {
			return err
		}
		return errors.Join(db.View().Save(f), f.Close())
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	target, err := behindLinks(name)
	if err != nil {
		return err
	}
	return replace(target, info, db.View().Save)
}

// overwritten is the one of the files that were read whose place a file to be written would take; empty if none. A saved store may be
// replaced by what was loaded from it.
func overwritten(name string, read []string) string {
	target, err := os.Stat(name)
	if err != nil || !target.Mode().IsRegular() || isSaved(name) {
		return ""
	}
	for _, file := range read {
		if info, err := os.Stat(file); err == nil && os.SameFile(info, target) {
			return file
		}
	}
	return ""
}

// ofSystem tells whether a name stands for a file that is open, as /dev/stdout does.
func ofSystem(name string) bool {
	return strings.HasPrefix(name, "/dev/") || strings.HasPrefix(name, "/proc/")
}

// behindLinks is the file that a name leads to, which need not be there.
func behindLinks(name string) (string, error) {
	at := name
	for range 40 { // as many as Linux follows
		to, err := os.Readlink(at)
		switch {
		case err != nil: // no link, or nothing there
			return at, nil
		case filepath.IsAbs(to):
			at = to
		default:
			at = filepath.Join(filepath.Dir(at), to)
		}
	}
	return "", fmt.Errorf("%s: links lead to links without an end", name)
}

// replace writes a file by way of one beside it, which takes its place when it is on the disk. The one that is replaced, if any,
// gives it its mode. What a signal interrupts is removed.
func replace(name string, old os.FileInfo, write func(io.Writer) error) (err error) {
	mode := os.FileMode(0o666)
	if old != nil {
		mode = 0o600 // until it has all it needs
	}
	f, err := beside(name, mode)
	if err != nil {
		return err
	}
	defer removeOnSignal(f.Name())()
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	if err := errors.Join(write(f), likeOld(f, old), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return nil // it is written; the directory may be one that cannot be read
	}
	defer func() { _ = dir.Close() }()
	_ = dir.Sync() // not every file system can
	return nil
}

// beside makes a file in the directory of another, of a mode that the umask narrows.
func beside(name string, mode os.FileMode) (f *os.File, err error) {
	for range 100 {
		temporary := filepath.Join(filepath.Dir(name), fmt.Sprintf(".memrel-%08x.tmp", rand.Uint32()))
		if f, err = os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode); !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return f, err
}

func likeOld(f *os.File, old os.FileInfo) error {
	if old == nil {
		return nil
	}
	return f.Chmod(old.Mode().Perm())
}

// removeOnSignal removes a file when a signal ends the program, until it is called off.
func removeOnSignal(name string) (callOff func()) {
	signals, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		select {
		case s := <-signals:
			_ = os.Remove(name)
			code := exitUsage
			if n, ok := s.(syscall.Signal); ok {
				code = 128 + int(n)
			}
			os.Exit(code)
		case <-done:
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
