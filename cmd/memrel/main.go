// Command memrel shows what the store does and works with directories of CSV and JSON files: it loads them with all their
// keys checked, queries them, tells what a delete would do, lists and draws their relations and writes their definitions in
// SQL.
//
// Results go to standard output, messages to standard error. The exit code is 0 if all is well, 1 if something was found
// or refused, and 2 for wrong usage or input that cannot be read at all.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
	"github.com/memrel/memrel/cmd/memrel/internal/where"
)

// The exit codes.
const (
	exitFound = 1
	exitUsage = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// commands are the commands and their flags.
type commands struct {
	Demo       demoCommand       `cmd:"" help:"Watch the store at work on a generated music store."`
	Load       loadCommand       `cmd:"" help:"Load a directory of CSV and JSON files, all keys checked."`
	Query      queryCommand      `cmd:"" help:"Print rows of a table."`
	Check      checkCommand      `cmd:"" help:"Report every row and definition that is wrong."`
	Diff       diffCommand       `cmd:"" help:"Print what is different between two directories or saved stores."`
	Preview    previewCommand    `cmd:"" help:"Show what a delete or update would do, without doing it."`
	References referencesCommand `cmd:"" help:"Print the foreign keys with their actions, priorities and owners."`
	ERD        erdCommand        `cmd:"" name:"erd" help:"Draw tables, relations and associations as a Mermaid or Graphviz diagram."`
	DDL        ddlCommand        `cmd:"" name:"ddl" help:"Print the definitions of the tables in SQL."`
	Schema     schemaCommand     `cmd:"" help:"Print the definitions of the tables as JSON."`

	Version kong.VersionFlag `help:"Print the version and what it was built from."`
}

// app is what commands work with.
type app struct {
	name   string // of the command, for messages
	out    *bufio.Writer
	stdout io.Writer
	stderr io.Writer
	style  term.Style // for standard output
}

// message writes a line to standard error, as in "memrel load: ...".
func (a *app) message(format string, args ...any) {
	_, _ = fmt.Fprintf(a.stderr, "%s: %s\n", a.name, term.Safe(fmt.Sprintf(format, args...)))
}

// data is where results go that have names and values in them as they are: on a terminal what would act there is made visible.
func (a *app) data() io.Writer {
	if term.IsDevice(a.stdout) {
		return term.Visible(a.out)
	}
	return a.out
}

// errFound ends a command that has reported what it found.
var errFound = errors.New("found")

// usage is an error that ends a command with exit code 2.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

func usagef(format string, args ...any) error { return usage{fmt.Errorf(format, args...)} }

// exited is how a --help ends the parsing.
type exited int

// run runs one command line.
func run(args []string, stdout, stderr io.Writer) (code int) {
	a := &app{name: "memrel", out: bufio.NewWriterSize(stdout, 1<<16), stdout: stdout, stderr: stderr, style: term.StyleFor(stdout)}
	defer func() {
		if r := recover(); r != nil {
			asked, ok := r.(exited)
			if !ok {
				panic(r)
			}
			code = int(asked)
		}
	}()
	var c commands
	parser, err := kong.New(&c, kong.Name("memrel"), kong.Description("An in-memory relational store: tables, keys, references, cascades. memrel X runs memrel-X from PATH where X is none of these commands."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { panic(exited(code)) }), kong.WithHyphenPrefixedParameters(true),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100, NoExpandSubcommands: true}), kong.Bind(a), kong.Vars{"version": version(debug.ReadBuildInfo())})
	if err != nil {
		panic(err) // the commands above are declared wrongly
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	if args[0] == "help" {
		args = append(args[1:], "--help")
	}
	if path, ok := plugin(parser.Model, args); ok {
		return a.runPlugin(path, args[1:], stdout, stderr)
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		return a.misused(err)
	}
	a.name = "memrel " + commandName(ctx)
	if err = givenOnce(ctx); err == nil {
		err = ctx.Run()
	}
	if flushed := a.out.Flush(); err == nil && flushed != nil {
		err = usage{flushed}
	}
	return a.ended(err)
}

// givenOnce refuses a flag that takes one value and is there with two, of which the last would count.
func givenOnce(ctx *kong.Context) error {
	given := map[*kong.Flag]bool{}
	for _, p := range ctx.Path {
		if p.Flag == nil || p.Flag.IsSlice() || p.Flag.IsBool() {
			continue
		}
		if given[p.Flag] {
			return usagef("--%s is given twice; give it once", p.Flag.Name)
		}
		given[p.Flag] = true
	}
	return nil
}

// dashed is what kong says of an argument that begins with a dash and is no flag.
var dashed = regexp.MustCompile(`^unknown flag -[^-,][^,]*`)

func commandName(ctx *kong.Context) string {
	var words []string
	for _, w := range strings.Fields(ctx.Command()) {
		if !strings.HasPrefix(w, "<") && !strings.HasPrefix(w, "[") {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// misused reports a command line that cannot be understood.
func (a *app) misused(err error) int {
	help, text := "memrel --help", err.Error()
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context.Selected() != nil {
		a.name = parse.Context.Selected().FullPath()
		help = a.name + " --help"
		if flag := dashed.FindString(text); flag != "" && len(parse.Context.Selected().Positional) > 0 {
			text = flag + "; put -- before arguments that begin with -"
		}
	}
	a.message("%s; try %s", text, help)
	return exitUsage
}

// ended reports the error of a command, and gives the exit code that goes with it.
func (a *app) ended(err error) int {
	var cond *where.Error
	var asked usage
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFound):
		return exitFound
	case errors.Is(err, syscall.EPIPE):
		return exitFound // whoever read has had enough
	case errors.As(err, &cond):
		a.message("--where: %v", cond)
		for line := range strings.Lines(cond.Draw()) {
			_, _ = fmt.Fprint(a.stderr, "  "+term.Lines(line))
		}
		_, _ = fmt.Fprintln(a.stderr)
		return exitUsage
	}
	text := strings.TrimPrefix(err.Error(), "memrel: ")
	a.message("%s", strings.TrimPrefix(text, strings.TrimPrefix(a.name, "memrel ")+" "))
	if errors.As(err, &asked) || !errors.Is(err, memrel.ErrNotFound) {
		return exitUsage
	}
	return exitFound
}
