package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/memrel/memrel/assoc/nocobase"
)

// eachRecording gives read every JSON file below dir, in the order of the files' names. read tells how many recordings the file
// holds; that there are none at all is an error.
func eachRecording(dir string, read func(path string, data []byte) int) error {
	n := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil {
			n += read(path, data)
		}
		return err
	})
	if err == nil && n == 0 {
		err = fmt.Errorf("no recordings below %s", dir)
	}
	return err
}

// recordedScenario is a recording that is a file of its own.
type recordedScenario interface {
	read(data []byte) error
	// names are its topic and its name; file is what it is called if it does not say.
	names(file string) (topic, name string)
	// check runs it and returns the first difference, and why it departs if it does.
	check() (difference, departure string)
}

// runEach runs the scenarios below dir, those of some topics if any are named: the others are results that were skipped. One that cannot
// be read fails.
func runEach(dir string, empty func() recordedScenario, topics []string) (results []result, err error) {
	err = eachRecording(dir, func(path string, data []byte) int {
		s := empty()
		unread := s.read(data)
		var res result
		res.topic, res.name = s.names(fileName(path))
		switch {
		case len(topics) > 0 && !slices.Contains(topics, res.topic):
			res.skipped = true
		case unread != nil:
			res.difference = "cannot be run: " + unread.Error()
		default:
			res.difference, res.departure = checked(s)
		}
		results = append(results, res)
		return 1
	})
	return results, err
}

// checked checks a scenario; a panic is a difference like any other.
func checked(s recordedScenario) (difference, departure string) {
	defer func() {
		if p := recover(); p != nil {
			difference, departure = fmt.Sprintf("panic: %v", p), ""
		}
	}()
	return s.check()
}

// fileName is the name of a recording that has none of its own.
func fileName(path string) string { return strings.TrimSuffix(filepath.Base(path), ".json") }

// plain is a value as decoded JSON in which what is equal reads equal: numbers by value, times in UTC with milliseconds.
func plain(v any) any {
	switch v := v.(type) {
	case nil, bool:
		return v
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = plain(e)
		}
		dropStamps(out)
		return out
	case json.Number:
		if r, ok := new(big.Rat).SetString(v.String()); ok && r.IsInt() {
			return json.Number(r.Num().String())
		}
		return v
	case string:
		if t, err := time.Parse(time.DateTime, v); err == nil { // a datetimeNoTz, which is a moment here
			return t.Format(millis)
		}
		return canonicalText(v)
	}
	var decoded any
	must(redecode(v, &decoded))
	return plain(decoded)
}

// dropStamps leaves out what no recording shows.
func dropStamps(row map[string]any) {
	delete(row, "createdAt")
	delete(row, "updatedAt")
	delete(row, nocobase.RowNumber)
	if row["deletedAt"] != nil {
		row["deletedAt"] = "<time>"
	}
}
