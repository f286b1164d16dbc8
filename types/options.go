package types

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// OptionsOf are the names of the options that a struct reads from JSON, by its tags.
func OptionsOf(read reflect.Type) (out []string) {
	for i := range read.NumField() {
		name, _, _ := strings.Cut(read.Field(i).Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}

// CheckOptions refuses an object of JSON that has an option which is none of those known, and says which one was meant: what is
// misspelled would be left undone in silence. What is no object is for whoever decodes it to refuse.
func CheckOptions(what string, text []byte, known []string) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(known, name) {
			return Refused("", "42704", CureOf(name, known), "%s has an option %s, which there is not", what, name)
		}
	}
	return nil
}

// CureOf is what to do about an unknown option: write the one that it is most like, or leave it out.
func CureOf(name string, known []string) string {
	best, least := "", 1+min(2, len(name)/2)
	for _, k := range known {
		if d := editDistance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return "leave it out"
	}
	return "write " + best + ", or leave it out"
}

// editDistance is how many letters have to be put in, left out or replaced to make one word of another.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := before
			if a[i] != b[j] {
				replaced++
			}
			before = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
