package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func mode(t *testing.T, name string) os.FileMode {
	t.Helper()
	info, err := os.Lstat(name)
	require.NoError(t, err)
	return info.Mode()
}

// saved saves the shop, and tells what is in the directory of the file then.
func saved(t *testing.T, name string) (left []string) {
	t.Helper()
	code, _, stderr := invoke("load", "testdata/shop", "--save", name)
	require.Zero(t, code, stderr)
	entries, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	return left
}

func TestSaveFollowsLinksAndKeepsModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes and links are those of Unix")
	}
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(file("real"), []byte("old"), 0o640))
	require.NoError(t, os.Symlink("real", file("link")))
	require.NoError(t, os.Symlink("link", file("chain")))
	require.Equal(t, []string{"chain", "link", "real"}, saved(t, file("chain")))
	require.NotZero(t, mode(t, file("chain"))&os.ModeSymlink)
	require.NotZero(t, mode(t, file("link"))&os.ModeSymlink)
	require.Equal(t, os.FileMode(0o640), mode(t, file("real")))
	code, _, stderr := invoke("check", file("real"))
	require.Zero(t, code, stderr)

	require.NoError(t, os.Symlink("new", file("dangling")))
	require.Contains(t, saved(t, file("dangling")), "new")
	require.NotZero(t, mode(t, file("dangling"))&os.ModeSymlink)

	require.NoError(t, os.Symlink("loop", file("loop")))
	for _, name := range []string{file("loop"), dir, file("none/x")} {
		code, _, stderr := invoke("load", "testdata/shop", "--save", name)
		require.Equal(t, exitUsage, code, stderr)
	}
	code, _, stderr = invoke("load", "testdata/shop", "--save", "")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "memrel load: --save: the name of the file is empty")
}

func TestSaveWritesToDevices(t *testing.T) {
	if _, err := os.Stat(os.DevNull); err != nil || runtime.GOOS == "windows" {
		t.Skip("devices are those of Unix")
	}
	code, _, stderr := invoke("load", "testdata/shop", "--save", os.DevNull)
	require.Zero(t, code, stderr)
	require.NotZero(t, mode(t, os.DevNull)&os.ModeDevice)
}

func TestAFileThatCannotBeWrittenStaysAsItWas(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	require.NoError(t, os.WriteFile(name, []byte("old"), 0o600))
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Error(t, replace(name, info, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("the disk is full")
	}))
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "old", string(text))
	entries, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

// The test runs itself with this set, and there saves with the umask, or until a signal ends it.
const savesIn = "MEMREL_TEST_SAVES_IN"

func TestSaveHelper(t *testing.T) {
	name := os.Getenv(savesIn)
	if name == "" {
		t.Skip("for the test below")
	}
	_ = replace(name, nil, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		_, _ = os.Stdout.WriteString("writing\n")
		_, _ = io.ReadAll(os.Stdin) // until it ends
		return nil
	})
}

// saving is a process that saves, when it has begun to.
func saving(t *testing.T, name string) (cmd *exec.Cmd, end func()) {
	t.Helper()
	cmd = exec.Command("sh", "-c", `umask 077; exec "$0" -test.run '^TestSaveHelper$'`, os.Args[0])
	cmd.Env = append(os.Environ(), savesIn+"="+name)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	begun := make([]byte, len("writing\n"))
	_, err = io.ReadFull(out, begun)
	require.NoError(t, err)
	require.Equal(t, "writing\n", string(begun))
	return cmd, func() { _ = in.Close() }
}

func TestSaveHeedsTheUmaskAndLeavesNothingWhenItIsEnded(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals and the umask are those of Unix")
	}
	name := filepath.Join(t.TempDir(), "f")
	cmd, _ := saving(t, name)
	entries, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.True(t, strings.HasSuffix(entries[0].Name(), ".tmp"))
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.Error(t, cmd.Wait())
	require.Equal(t, 128+int(syscall.SIGTERM), cmd.ProcessState.ExitCode())
	entries, err = os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	require.Empty(t, entries)

	cmd, end := saving(t, name)
	end()
	require.NoError(t, cmd.Wait())
	require.Equal(t, os.FileMode(0o600), mode(t, name))
}

// A file that was read is never replaced by what was loaded from it; a saved store may be.
func TestSaveKeepsItsInput(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/shop")))
	require.NoError(t, os.Symlink("Album.csv", filepath.Join(dir, "link")))
	for _, name := range []string{"schema.json", "Album.csv", "Cover.jsonl", "link"} {
		file := filepath.Join(dir, name)
		before, err := os.ReadFile(file)
		require.NoError(t, err)
		code, _, stderr := invoke("load", dir, "--save", file)
		require.Equal(t, exitUsage, code)
		require.Contains(t, stderr, "--save "+file+" would replace ")
		require.Contains(t, stderr, ", which was read; name another file")
		after, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, before, after)
	}
	file := filepath.Join(dir, "shop.memrel")
	for _, from := range []string{dir, file} {
		code, _, stderr := invoke("load", from, "--save", file)
		require.Zero(t, code, stderr)
	}
	code, _, stderr := invoke("load", dir, "--save", "-")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "the report goes to standard output: name a file, or ./- for one that is called -")
	_, err := os.Stat("-")
	require.ErrorIs(t, err, os.ErrNotExist)
}
