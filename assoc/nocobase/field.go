package nocobase

import (
	"cmp"
	"strings"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// columnType is what a type of field is.
type columnType struct {
	data string // as the recorded system calls the type of the column
	typ  index.Type
	size int
}

var columnTypes = map[string]columnType{
	"string": {"STRING", index.String, 255}, "text": {"TEXT", index.String, 0}, "uid": {"STRING", index.String, 255},
	"nanoid": {"STRING", index.String, 255}, "password": {"STRING", index.String, 255}, "sequence": {"STRING", index.String, 255},
	"dateOnly": {"DATEONLY", index.Date, 0}, "time": {"TIME", index.TimeOfDay, 0}, "uuid": {"UUID", index.UUID, 0},
	"integer": {"INTEGER", index.Int, 32}, "bigInt": {"BIGINT", index.Int, 0}, "sort": {"BIGINT", index.Int, 0},
	"snowflakeId": {"BIGINT", index.Int, 0}, "unixTimestamp": {"BIGINT", index.Int, 0},
	"float": {"FLOAT", index.Float, 0}, "double": {"DOUBLE", index.Float, 0}, "real": {"REAL", index.Float, 0},
	"decimal": {"DECIMAL", index.Decimal, 0}, "boolean": {"BOOLEAN", index.Bool, 0}, "radio": {"BOOLEAN", index.Bool, 0},
	"date": {"DATE", index.Time, 0}, "datetime": {"DATE", index.Time, 0}, "datetimeTz": {"DATE", index.Time, 0},
	"datetimeNoTz": {"DATE", index.Time, 0}, "json": {"JSONTYPE", index.JSON, 0}, "jsonb": {"JSONB", index.JSON, 0},
	"array": {"JSONB", index.JSON, 0}, "set": {"JSONB", index.JSON, 0}, "blob": {"BLOB", index.Bytes, 0},
}

var relationKinds = map[string]assoc.Kind{
	"hasOne": assoc.HasOne, "hasMany": assoc.HasMany, "belongsTo": assoc.BelongsTo, "belongsToMany": assoc.BelongsToMany,
}

// DataType is the name of the column type that fields of a type have: "BIGINT" for "bigInt". It is empty for a relation.
func DataType(fieldType string) string { return columnTypes[fieldType].data }

// belongsToArray is the type of a field that keeps the keys of its rows in a list, a column of its own collection. It makes no
// reference and no association.
const belongsToArray = "belongsToArray"

// dataWord is how the recorded system calls the type of the field's column; empty for a relation.
func (f Field) dataWord() string {
	if (f.Type == "array" || f.Type == "set") && f.DataType == "array" {
		return "ARRAY"
	}
	return DataType(f.Type)
}

// Relation tells whether the field is a relation, and of which kind.
func (f Field) Relation() (assoc.Kind, bool) {
	k, ok := relationKinds[f.Type]
	return k, ok
}

// target is the collection that a relation leads to.
func (f *Field) target() string {
	switch {
	case f.Target != "":
		return f.Target
	case f.Type == "hasOne" || f.Type == "belongsTo":
		return assoc.Pluralize(f.Name)
	}
	return f.Name
}

// attribute is the column of a field that is one.
func (f *Field) attribute() assoc.Attribute {
	t := columnTypes[f.Type]
	a := assoc.Attribute{PrimaryKey: f.PrimaryKey, Unique: f.Unique && !f.PrimaryKey, Nullable: f.AllowNull != nil && *f.AllowNull,
		Column: types.Column{Name: f.Name, Type: t.typ, Size: t.size, Default: f.DefaultValue, AutoIncrement: f.AutoIncrement}}
	if t.typ == index.Decimal {
		a.Size, a.Scale = f.Precision, f.Scale
	}
	if f.PrimaryKey && f.AutoIncrement {
		a.Default = nil
	}
	if f.PrimaryKey || f.AllowNull != nil && !*f.AllowNull {
		a.NotNull, a.Nullable = true, false
	}
	return a
}

// order is what SortBy says.
func (f *Field) order() (out []query.Order) {
	for _, name := range f.SortBy {
		out = append(out, query.Order{Column: strings.TrimPrefix(name, "-"), Desc: strings.HasPrefix(name, "-")})
	}
	return out
}

// trees are what a collection can say of being a tree: nothing, or how its rows lead to one another, in either spelling.
var trees = []string{"", "adjacencyList", "adjacency-list"}

// treeKey is the foreign key of a tree whose fields do not name one.
const treeKey = "parentId"

// inTree is a field of a collection as it is written, with what a tree fills in.
func (f Field) inTree(c *Collection) Field {
	if c.Tree != "" && (f.TreeParent || f.TreeChildren) {
		f.Target, f.ForeignKey = cmp.Or(f.Target, c.Name), cmp.Or(f.ForeignKey, treeKey)
	}
	return f
}

// check refuses a field that could be in no collection.
func (f *Field) check(collection string) error {
	_, column := columnTypes[f.Type]
	_, relation := relationKinds[f.Type]
	switch {
	case f.Name == "":
		return types.Refused(collection, "42602", "give it a name", "a field of %s has no name", collection)
	case f.Type == belongsToArray && f.Target == "":
		return types.Refused(collection, "42601", "name the collection that its keys are of", "Target is required in the options of many to many (array) field.")
	case !column && !relation && f.Type != belongsToArray:
		return types.Refused(collection, "42704", "see DataType for the types of columns", "unsupported field type %s", f.Type)
	case given(f.Sortable) && f.Type == "hasMany":
		return types.Refused(collection, "0A000", "leave out sortable, and give the collection a field of type sort", "unsupported field type sort")
	case f.Type == "belongsToMany" && f.Through != "" && f.Through == f.target():
		return types.Refused(collection, "42710", "name another junction",
			"BelongsToMany relation %q cannot use target collection %q as through collection", f.Name, f.target())
	case relation:
		return f.checkActions(collection)
	}
	return nil
}

// action is the action of that name; a relation is refused with one that is none.
func action(name string) table.Action {
	a, _ := table.ParseAction(name)
	return a
}

// checkActions refuses an onDelete or onUpdate that is no action, also while the relation waits.
func (f *Field) checkActions(collection string) error {
	for _, action := range []string{f.OnDelete, f.OnUpdate} {
		if _, err := table.ParseAction(action); err != nil {
			return types.Refused(collection, "42601", "use NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT",
				"%s.%s: unknown referential action %q", collection, f.Name, action)
		}
	}
	return nil
}
