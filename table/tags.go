package table

// Tags are whose tags say what the fields of a struct are. It is a [Part] of a table of structs.
type Tags uint8

// The tags that are read. A tag of memrel's on a field is read first in any case.
const (
	Own  Tags = iota
	GORM      // GORM's tags, names and relations
)

// PartOfTable makes the tags a [Part].
func (Tags) PartOfTable() {}
