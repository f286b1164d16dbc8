package nocobase

import (
	"encoding/json"
	"reflect"
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
	fieldExtras = strings.Fields("accuracy algorithm as autoFill autofill autoIncrementIdentity collectionName comment cron customAlphabet dateOnly " +
		"defaultToCurrentTime description engine enum expression field format get hash hooks inherit inputable interface " +
		"isForeignKey key length match noTZ onUpdateToCurrentTime options overriding parentKey pattern patterns possibleTypes prefix rawType " +
		"references required reverseField reverseKey scope scopeKey set size sort source storage timezone title translation trim uiSchema " +
		"uniqueKey unsigned validate validation values visible zerofill")
	indexExtras = strings.Fields("concurrently method name operator parser prefix type using where")
)

// checkOptions refuses an object with an option that is none of those that are read into a struct, nor of those that are passed over.
func checkOptions(what string, text []byte, read reflect.Type, extras []string) error {
	var object struct{ Name json.RawMessage }
	var named string
	if json.Unmarshal(text, &object) == nil && json.Unmarshal(object.Name, &named) == nil && named != "" {
		what += " " + named
	}
	return types.CheckOptions(what, text, append(types.OptionsOf(read), extras...))
}
