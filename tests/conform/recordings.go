package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
