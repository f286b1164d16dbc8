package tests

import (
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// TestDocsAreTrue runs what the README and the pages of docs show of Go. A block is a part of a file under examples, word for word, or
// else of the program that its page makes with the others, from top to bottom, and with what stands in comments <!--go ... -->
// that no reader sees. What a block prints is what it says it prints: in the comments behind its calls of fmt.Print*, or under
// // Output: as in an example.
func TestDocsAreTrue(t *testing.T) {
	t.Parallel()
	shown := exampleText(t)
	var pages []docPage
	for _, name := range docFiles(t) {
		p := docPage{name: name}
		for _, b := range goBlocks(t, name) {
			if b.hidden || !strings.Contains(shown, b.text) {
				p.blocks = append(p.blocks, b)
			}
		}
		if len(p.blocks) > 0 {
			pages = append(pages, p)
		}
	}
	require.Greater(t, len(pages), 2)
	printed := runPages(t, pages)
	for i, p := range pages {
		for k, b := range p.blocks {
			if got := printed[blockMark(i, k)]; got != b.output() {
				t.Errorf("%s:%d: the block says that it prints\n%s\nand prints\n%s", p.name, b.line, b.output(), got)
			}
		}
	}
}

// TestDocsAreFormatted: Go on a page is as gofmt has it.
func TestDocsAreFormatted(t *testing.T) {
	for _, name := range docFiles(t) {
		for _, b := range goBlocks(t, name) {
			formatted, err := format.Source([]byte(b.text))
			if err != nil || string(formatted) != b.text {
				t.Errorf("%s:%d: the block is not formatted: %v", name, b.line, err)
			}
		}
	}
}

// TestDocsLeadSomewhere: what a page links to is there, and the README leads to every page.
func TestDocsLeadSomewhere(t *testing.T) {
	linked := map[string]bool{}
	code := regexp.MustCompile("(?s)```.*?```|<!--.*?-->|`[^`]*`")
	links := regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)
	for _, name := range docFiles(t) {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range links.FindAllStringSubmatch(code.ReplaceAllString(string(text), ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			to := filepath.Join(filepath.Dir(name), m[1])
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s leads to %s, which is not there", name, m[1])
			}
			linked[to] = linked[to] || filepath.Base(name) == "README.md"
		}
	}
	for _, name := range docFiles(t) {
		if !linked[name] && filepath.Base(name) != "README.md" {
			t.Errorf("the README does not lead to %s", name)
		}
	}
}

// docFiles are the README and the pages of docs.
func docFiles(t *testing.T) []string {
	pages, err := filepath.Glob(filepath.Join(root(t), "docs", "*.md"))
	require.NoError(t, err)
	require.Greater(t, len(pages), 5)
	return append(pages, filepath.Join(root(t), "README.md"))
}

// exampleText is all that the files under examples say.
func exampleText(t *testing.T) string {
	var text strings.Builder
	for _, s := range sources(t) {
		if strings.HasPrefix(s.path, "examples/") {
			file, err := os.ReadFile(filepath.Join(root(t), s.path))
			require.NoError(t, err)
			text.Write(file)
		}
	}
	return text.String()
}

// goBlock is a block of Go on a page.
type goBlock struct {
	text   string
	line   int // where it begins on the page
	hidden bool
}

// goBlocks are the blocks of a page, in order.
func goBlocks(t *testing.T, name string) (out []goBlock) {
	file, err := os.ReadFile(name)
	require.NoError(t, err)
	var b *goBlock
	at := 0
	for line := range strings.Lines(string(file)) {
		at++
		word := strings.TrimSpace(line)
		switch {
		case b == nil && (word == "```go" || word == "<!--go"):
			b = &goBlock{hidden: word == "<!--go", line: at + 1}
		case b != nil && (word == "```" && !b.hidden || word == "-->" && b.hidden):
			out, b = append(out, *b), nil
		case b != nil:
			b.text += line
		}
	}
	require.Nil(t, b, "%s: a block has no end", name)
	return out
}

var printing = regexp.MustCompile(`^\s*fmt\.Print.*\) +// (.*)$`)

// output is what a block says that it prints.
func (b goBlock) output() string {
	out, listed := "", false
	for line := range strings.Lines(b.text) {
		line = strings.TrimRight(line, "\n")
		switch m := printing.FindStringSubmatch(line); {
		case strings.TrimSpace(line) == "// Output:":
			out, listed = "", true
		case listed:
			out += strings.TrimPrefix(strings.TrimPrefix(strings.TrimLeft(line, " \t"), "//"), " ") + "\n"
		case m != nil:
			out += m[1] + "\n"
		}
	}
	return out
}

// TestTheErrorsPageHasEveryKind: with the SQLSTATE that an error of the kind has.
func TestTheErrorsPageHasEveryKind(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "errors.md"))
	require.NoError(t, err)
	for name, kind := range map[string]error{
		"ErrUnique": memrel.ErrUnique, "ErrForeignKey": memrel.ErrForeignKey, "ErrRestrict": memrel.ErrRestrict, "ErrNotNull": memrel.ErrNotNull,
		"ErrCheck": memrel.ErrCheck, "ErrType": memrel.ErrType, "ErrNotFound": memrel.ErrNotFound, "ErrUnknownTable": memrel.ErrUnknownTable,
		"ErrUnknownColumn": memrel.ErrUnknownColumn, "ErrUnknownAssociation": memrel.ErrUnknownAssociation, "ErrUnknownMethod": memrel.ErrUnknownMethod,
		"ErrQuery": memrel.ErrQuery, "ErrDefinition": memrel.ErrDefinition, "ErrLimit": memrel.ErrLimit, "ErrTxDone": memrel.ErrTxDone,
		"ErrFile": memrel.ErrFile, "ErrMatchFull": memrel.ErrMatchFull,
	} {
		row := regexp.MustCompile("(?m)^\\| `" + name + "`[^|]*\\| " + (&memrel.Error{Kind: kind}).SQLState() + " \\|")
		require.Regexp(t, row, string(text), name)
	}
	require.Equal(t, 17, strings.Count(string(text), "\n| `Err"))
}
