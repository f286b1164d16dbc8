package assoc

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Kind is one of the four kinds of association.
type Kind uint8

// The kinds. BelongsTo keeps the foreign key in the source, HasOne and HasMany keep it in the target, BelongsToMany keeps
// two in a junction.
const (
	BelongsTo Kind = iota
	HasOne
	HasMany
	BelongsToMany
)

var kindNames = [...]string{"belongsTo", "hasOne", "hasMany", "belongsToMany"}

// String is the kind as Sequelize calls it: "hasMany".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// MarshalText writes the kind.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a kind. What is none is an [types.ErrDefinition].
func (k *Kind) UnmarshalText(text []byte) error {
	i := slices.Index(kindNames[:], string(text))
	if i < 0 {
		return types.Refused("", "42601", "use belongsTo, hasOne, hasMany or belongsToMany", "there is no association %q", text)
	}
	*k = Kind(i)
	return nil
}

// Many tells whether the association leads to any number of rows.
func (k Kind) Many() bool { return k >= HasMany }

// Names are the singular and the plural of something.
type Names struct {
	Singular string `json:"singular,omitempty"`
	Plural   string `json:"plural,omitempty"`
}

// Model is a model as it is written: a table that takes its name, its primary key and its timestamps from conventions. It
// is a [table.Definition].
type Model struct {
	Name    string      `json:"name"`
	Columns []Attribute `json:"columns"`
	// Names are used for aliases, accessors and foreign keys; the singular and plural of Name if empty.
	Names Names `json:"names,omitzero"`
	// TableName is the name of the table; the plural of Name if empty, or Name itself with FreezeTableName.
	TableName       string `json:"tableName,omitempty"`
	FreezeTableName bool   `json:"freezeTableName,omitempty"`
	// Underscored writes names in the database with underscores: the table, and the Field of each column.
	Underscored bool `json:"underscored,omitempty"`
	// Timestamps adds the columns createdAt and updatedAt, kept by the store; other names may be given, "-" leaves one out.
	Timestamps bool   `json:"timestamps,omitempty"`
	CreatedAt  string `json:"createdAt,omitempty"`
	UpdatedAt  string `json:"updatedAt,omitempty"`
	// SoftDelete is the name of a column to be added, in which a delete writes the time instead of removing the row; see
	// [table.Schema].
	SoftDelete string `json:"softDelete,omitempty"`
	// Indexes and UniqueKeys are those beside what columns say of themselves.
	Indexes    []table.Index     `json:"indexes,omitempty"`
	UniqueKeys []table.UniqueKey `json:"uniqueKeys,omitempty"`
	// Naming is how the names of its times and foreign keys are made that are left open; the store's if it is.
	Naming table.Naming `json:"naming,omitempty"`
}

// Attribute is a column of a model, or the foreign key of an association.
type Attribute struct {
	types.Column
	// Nullable says that NULL is allowed. That is so without it too, unless NotNull says otherwise; but [Sequelize6]
	// takes a foreign key that is declared without saying so for mandatory.
	Nullable   bool `json:"nullable,omitempty"`
	PrimaryKey bool `json:"primaryKey,omitempty"`
	Unique     bool `json:"unique,omitempty"`
	// UniqueKey is the name of a unique key that the columns which name it share.
	UniqueKey string `json:"uniqueKey,omitempty"`
	// Field is the name of the column in a database, where it differs.
	Field string `json:"field,omitempty"`
	// Min and Max bound the values; nil does not.
	Min any `json:"min,omitempty"`
	Max any `json:"max,omitempty"`
	// References names a model, or its table, whose RefKey (the primary key if empty) the column refers to.
	References string `json:"references,omitempty"`
	RefKey     string `json:"refKey,omitempty"`
	// OnDelete and OnUpdate are the actions of that reference; those of the profile if nothing is said.
	OnDelete table.Action `json:"onDelete,omitempty"`
	OnUpdate table.Action `json:"onUpdate,omitempty"`
	// Made tells that nobody has declared the column. Of a primary key that says that a junction has its two foreign keys instead.
	Made bool `json:"made,omitempty"`
}

// Spec is an association as it is written. It is a [table.Definition]. Source and Target name models or tables.
type Spec struct {
	Source  string  `json:"source"`
	Kind    Kind    `json:"kind"`
	Target  string  `json:"target"`
	Options Options `json:"options,omitzero"`
}

// Options of an association. What is empty follows from the names of the models.
type Options struct {
	// As is the alias; for the kinds that lead to many rows it is the plural, and Singular follows from it unless it is given
	// too.
	As       string `json:"as,omitempty"`
	Singular string `json:"singular,omitempty"`
	// ForeignKey is the name of the foreign key; ForeignColumn says more about the column, any part of which may be empty.
	ForeignKey    string     `json:"foreignKey,omitempty"`
	ForeignColumn *Attribute `json:"foreignColumn,omitempty"`
	// OtherKey is the foreign key of a junction that refers to the target.
	OtherKey    string     `json:"otherKey,omitempty"`
	OtherColumn *Attribute `json:"otherColumn,omitempty"`
	// SourceKey and TargetKey are the columns that foreign keys refer to; the primary keys if empty.
	SourceKey string `json:"sourceKey,omitempty"`
	TargetKey string `json:"targetKey,omitempty"`
	// Through is the junction of a belongsToMany: a model, or the name of the one to be made.
	Through string `json:"through,omitempty"`
	// NotUnique lets a junction with a primary key of its own hold a pair more than once.
	NotUnique bool `json:"notUnique,omitempty"`
	// UniqueKey is the name of the unique key over a junction's foreign keys.
	UniqueKey string `json:"uniqueKey,omitempty"`
	// Timestamps gives a junction that is made, or that is a table and no model, createdAt and updatedAt.
	Timestamps bool `json:"timestamps,omitempty"`
	// Scope are columns of the target with the value that they have in the rows which the association leads to: reading finds
	// only these rows, and creating, adding and setting write the values. Rows out of the scope are left alone, also by
	// removing and setting. Through a junction only creating writes them: a row that is added stays as it is, and is not led
	// to while it is out of the scope. (Sequelize's remove, and through a junction its add and set, reach rows of other scopes.)
	// Cost: reading passes over the rows out of the scope that have the same foreign key. A belongsTo has no scope.
	//
	// A list stands for any of its values, and is asked but not written, like Where: a row that is created, added or set must be
	// in it by itself.
	Scope table.Values `json:"scope,omitempty"`
	// Where is what the scope asks of the target's columns beside, with other operators than equality. It crosses no associations.
	Where query.Cond `json:"where,omitzero"`
	// ThroughScope and ThroughWhere are the same for the junction rows of a belongsToMany; what there is to write of them is
	// written whenever one is inserted.
	ThroughScope table.Values `json:"throughScope,omitempty"`
	ThroughWhere query.Cond   `json:"throughWhere,omitzero"`
	// OnDelete and OnUpdate are the actions of the reference; those of the profile if nothing is said.
	OnDelete table.Action `json:"onDelete,omitempty"`
	OnUpdate table.Action `json:"onUpdate,omitempty"`
	// Order is the order in which included rows come if the query asks for none.
	Order []query.Order `json:"order,omitempty"`
	// Unconstrained makes an association without a reference.
	Unconstrained bool `json:"unconstrained,omitempty"`
	// Unchecked makes an association whose reference acts on deletes, but does not ask that the row which a foreign key
	// refers to exists; see [table.Reference]. One that shares the reference and is checked has it checked.
	Unchecked bool `json:"unchecked,omitempty"`
	// Constraint has a database's constraint stand behind the reference, which acts when the referenced row is removed for good or its
	// key changes; see [table.Constraint]. It is for systems that keep references of their own above a database's.
	Constraint bool `json:"constraint,omitempty"`
}

// SpecOf is the association of a kind from a table to a target, the handle of one.
func SpecOf(source string, k Kind, target interface{ Name() string }, options ...Options) Spec {
	s := Spec{Source: source, Kind: k, Options: Join(options...)}
	if target != nil {
		s.Target = target.Name()
	}
	return s
}

// Join is what several options say together: of two that say the same thing the later one stands. It shares nothing with them.
func Join(options ...Options) (all Options) {
	to := reflect.ValueOf(&all).Elem()
	for _, o := range options {
		from := reflect.ValueOf(o)
		for i := range from.NumField() {
			if f := from.Field(i); !f.IsZero() {
				to.Field(i).Set(f)
			}
		}
	}
	return types.Clone(all)
}

// Define enters the model into a batch of definitions.
func (m Model) Define(b *table.Batch) error {
	m.Naming = b.Named(m.Naming)
	b.Add(m)
	return nil
}

// Define enters the association into a batch of definitions.
func (s Spec) Define(b *table.Batch) error {
	b.Add(s)
	return nil
}

// String reads: foo.hasMany(bar).
func (s Spec) String() string { return fmt.Sprintf("%s.%s(%s)", s.Source, s.Kind, s.Target) }

// foreignKey is the name that the options give to the foreign key.
func (o *Options) foreignKey() string { return keyName(o.ForeignKey, o.ForeignColumn) }

func (o *Options) otherKey() string { return keyName(o.OtherKey, o.OtherColumn) }

func keyName(name string, column *Attribute) string {
	if column != nil && column.Name != "" {
		return column.Name
	}
	return name
}

// Table is the name of the model's table.
func (m Model) Table() string {
	switch {
	case m.TableName != "":
		return m.TableName
	case m.FreezeTableName:
		return m.Name
	case m.Underscored:
		return types.Underscore(Pluralize(m.Name))
	}
	return Pluralize(m.Name)
}

// names are the singular and the plural of the model.
func (m Model) names() Names {
	n := m.Names
	if n.Singular == "" {
		n.Singular = Singularize(m.Name)
	}
	if n.Plural == "" {
		n.Plural = Pluralize(m.Name)
	}
	return n
}

// stamps are the names of the timestamp columns, empty where there is none.
func (m Model) stamps() (created, updated string) {
	if !m.Timestamps {
		return "", ""
	}
	return stampName(m.CreatedAt, m.Naming.Column("CreatedAt")), stampName(m.UpdatedAt, m.Naming.Column("UpdatedAt"))
}

func stampName(given, usual string) string {
	switch given {
	case "":
		return usual
	case "-":
		return ""
	}
	return given
}
