package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"
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
