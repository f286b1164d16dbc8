package datadir

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/names"
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
	all := make([]string, len(schemas))
	for i, s := range schemas {
		all[i] = s.Name
	}
	if found := names.FindFold(all, base); len(found) == 1 {
		return found[0], true
	}
	return base, false
}

func tableNames(schemas []memrel.Schema) string {
	var all []string
	for _, s := range schemas {
		all = append(all, s.Name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func sameFile(a, b string) bool {
	one, err1 := os.Stat(a)
	two, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(one, two)
}
