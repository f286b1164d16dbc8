package datadir

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/memrel/memrel"
)

// file is a data file of a table.
type file struct {
	name string // in the directory
	path string
	size int64
}

// dataExtensions are the endings of data files.
var dataExtensions = []string{".csv", ".json", ".jsonl", ".ndjson"}

// findFiles finds the file of each table in a directory. What is wrong with the set of files is in problems: a table
// without a file, one with two, a file without a table.
func findFiles(dir string, schemaFile string, schemas []memrel.Schema) (files map[string]file, problems []*Problem, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	files = map[string]file{}
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		base := strings.TrimSuffix(e.Name(), ext)
		if e.IsDir() || !slices.Contains(dataExtensions, strings.ToLower(ext)) {
			continue
		}
		table, known := tableOf(schemas, base)
		path := filepath.Join(dir, e.Name())
		switch have, twice := files[table]; {
		case !known && (e.Name() == SchemaFile || sameFile(path, schemaFile)):
		case !known:
			problems = append(problems, fileProblem(e.Name(), 0, "there is no table %s; tables are %s; rename the file or move it away", base, tableNames(schemas)))
		case twice:
			problems = append(problems, fileProblem(e.Name(), 0, "%s holds rows of %s already; keep one of the two", have.name, table))
		default:
			f := file{name: e.Name(), path: path}
			if info, err := e.Info(); err == nil {
				f.size = info.Size()
			}
			files[table] = f
		}
	}
	for _, s := range schemas {
		if _, ok := files[s.Name]; !ok {
			problems = append(problems, fileProblem(s.Name+".csv", 0, "there is no file with the rows of %s in %s; for an empty table, make one with a header alone", s.Name, dir))
		}
	}
	return files, problems, nil
}

// tableOf is the table that a file is named after: exactly, or in any case if only one fits.
func tableOf(schemas []memrel.Schema, base string) (string, bool) {
	found := ""
	for _, s := range schemas {
		if s.Name == base {
			return base, true
		}
		if strings.EqualFold(s.Name, base) {
			if found != "" {
				return base, false
			}
			found = s.Name
		}
	}
	return cmp.Or(found, base), found != ""
}

func tableNames(schemas []memrel.Schema) string {
	var names []string
	for _, s := range schemas {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func sameFile(a, b string) bool {
	one, err1 := os.Stat(a)
	two, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(one, two)
}

// open reads a file and begins to read its rows. What is not text is refused here.
func open(f file, s *memrel.Schema) (rowReader, error) {
	text, err := os.ReadFile(f.path)
	if err != nil {
		return nil, fileProblem(f.name, 0, "%v", err)
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, fileProblem(f.name, 0, "the file is UTF-16; save it as UTF-8")
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if err := notText(f.name, text); err != nil {
		return nil, err
	}
	if strings.EqualFold(filepath.Ext(f.name), ".csv") {
		return orNil(newCSV(f.name, text, s))
	}
	return orNil(newJSON(f.name, text, s))
}

// orNil keeps a nil reader from becoming an interface that is not nil.
func orNil[R rowReader](r R, err error) (rowReader, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}

// notText tells where a file is not text.
func notText(name string, text []byte) error {
	line := func(at int) int { return 1 + bytes.Count(text[:at], []byte("\n")) }
	if at := bytes.IndexByte(text, 0); at >= 0 {
		return fileProblem(name, line(at), "the file is not text: it has a zero byte; is it %s?", likely(text))
	}
	if utf8.Valid(text) {
		return nil
	}
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return fileProblem(name, line(at), "the file is not UTF-8 text: it has the byte 0x%02x; is it %s? Text in another encoding can be converted: iconv -f latin1 -t utf-8", text[at], likely(text))
}

// likely guesses what a file is that is not text.
func likely(text []byte) string {
	for _, k := range []struct{ magic, what string }{{"\x1f\x8b", "gzip"}, {"PK\x03\x04", "a zip file or a spreadsheet"},
		{"SQLite format 3", "a SQLite database"}, {"\x89PNG", "a picture"}, {"%PDF", "a PDF"}} {
		if bytes.HasPrefix(text, []byte(k.magic)) {
			return fmt.Sprintf("%s: export it as CSV", k.what)
		}
	}
	return "a CSV or JSON file at all"
}
