package nocobase

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/memrel/memrel/types"
)

// Options that definitions of the recorded system have and that mean nothing here: how things look, how values are entered and made,
// what is backed up, what a database beneath is told. They are passed over. Any other option is refused: what is misspelled
// would be left undone in silence.
var (
	collectionExtras = strings.Fields("acl actions asStrategyResource autoCreate availableActions category charset collate comment createdAt createdBy dataSource " +
		"dataSourceKey defaultScope deletedAt description dumpRules duplicator engine freezeTableName from hidden hooks inherits initialData isThrough key " +
		"loadedFromCollectionManager logging magicAttribute migrationRules model namespace omitNull options origin policy presetFields repository scopes " +
		"schema shared simplePaginate sort sortable sql storage template title titleField unavailableActions underscored updatedAt updatedBy " +
		"validate version view viewName writableView")
	fieldExtras = strings.Fields("accuracy algorithm as autoFill autofill autoIncrementIdentity collectionName comment cron customAlphabet dataType dateOnly " +
		"defaultToCurrentTime description elementType engine enum expression field format get hash hidden hooks inherit inputable interface " +
		"isForeignKey key length match noTZ onUpdateToCurrentTime options overriding parentKey pattern patterns possibleTypes precision prefix rawType " +
		"references required reverseField reverseKey scale scope scopeKey set size sort source storage throughScope timezone title translation trim uiSchema " +
		"uniqueKey unsigned validate validation values visible zerofill")
	indexExtras = strings.Fields("concurrently method name operator parser prefix type using where")
)

// options are the names of the options that a struct reads from JSON.
func options(of reflect.Type) (out []string) {
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}

// checkOptions refuses an object with an option that is none of those that are read into a struct, nor of those that are passed over.
func checkOptions(what string, text []byte, read reflect.Type, extras []string) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil // whoever decodes the text says what is wrong with it
	}
	known := options(read)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if slices.Contains(known, name) || slices.Contains(extras, name) {
			continue
		}
		var named string
		if json.Unmarshal(object["name"], &named) == nil && named != "" {
			what += " " + named
		}
		return types.Refused("", "42704", cureOf(name, append(known, extras...)), "%s has an option %s, which there is not", what, name)
	}
	return nil
}

// cureOf is what to do about an unknown option: write the one that it is most like, or leave it out.
func cureOf(name string, known []string) string {
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
