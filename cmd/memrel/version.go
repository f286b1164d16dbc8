package main

import (
	"runtime/debug"
	"strings"
)

// version is what the program was built from: memrel v1.2.0, commit 1a2b3c4d5e6f, go1.26.8.
func version(info *debug.BuildInfo, ok bool) string {
	if !ok {
		return "memrel, of unknown version"
	}
	parts := []string{"memrel " + info.Main.Version}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	if commit := set["vcs.revision"]; commit != "" {
		commit = "commit " + commit[:min(12, len(commit))]
		if set["vcs.modified"] == "true" {
			commit += " with changes"
		}
		parts = append(parts, commit)
	}
	return strings.Join(append(parts, info.GoVersion), ", ")
}
