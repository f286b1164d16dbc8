package schemafile

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/table"
)

// keyedTable is a table in the form that is keyed by name.
type keyedTable struct {
	Rows        int64          `json:"rows"` // how many the writer had; nothing depends on it
	Columns     []keyedColumn  `json:"columns"`
	PrimaryKey  []string       `json:"primaryKey"`
	Unique      [][]keyColumn  `json:"unique"`
	ForeignKeys []keyedForeign `json:"foreignKeys"`
	Indexes     [][]keyColumn  `json:"indexes"`
}

type keyedColumn struct {
	Name          string `json:"name"`
	Type          string `json:"type"`
	AllowNull     *bool  `json:"allowNull"` // true if it is not there, as in SQL
	Default       any    `json:"default"`
	AutoIncrement bool   `json:"autoIncrement"`
	Unique        bool   `json:"unique"`
}

// keyedForeign is a foreign key of one column or of several.
type keyedForeign struct {
	Name       string   `json:"name"`
	Column     string   `json:"column"`
	Columns    []string `json:"columns"`
	References struct {
		Table   string   `json:"table"`
		Column  string   `json:"column"`
		Columns []string `json:"columns"`
	} `json:"references"`
	OnDelete   string `json:"onDelete"`
	OnUpdate   string `json:"onUpdate"`
	Deferrable bool   `json:"deferrable"`
}

// keyed reads the tables of an object, in its order.
func (p *parser) keyed(fields []field) ([]memrel.Schema, error) {
	schemas := make([]memrel.Schema, 0, len(fields))
	for _, f := range fields {
		var t keyedTable
		if f.raw[0] != '{' {
			return nil, p.errorf(f.at, "table %s is not an object with columns and keys", f.name)
		}
		if err := p.strict(f.part, &t); err != nil {
			return nil, err
		}
		s, err := t.schema(f.name)
		if err != nil {
			return nil, p.errorf(f.at, "table %s: %v", f.name, err)
		}
		schemas = append(schemas, s)
	}
	return schemas, nil
}

// schema is the table in memrel's terms.
func (t *keyedTable) schema(name string) (memrel.Schema, error) {
	s := memrel.Schema{Name: name, PrimaryKey: t.PrimaryKey}
	for _, c := range t.Columns {
		col, err := c.column()
		if err != nil {
			return s, err
		}
		s.Columns = append(s.Columns, col)
		if c.Unique {
			s.Unique = append(s.Unique, memrel.UniqueKey{Columns: []string{c.Name}})
		}
	}
	for _, columns := range t.Unique {
		x, err := indexOf(columns)
		if err != nil {
			return s, err
		}
		s.Unique = append(s.Unique, memrel.UniqueKey{Columns: x.Columns, Order: x.Order, Prefix: x.Prefix})
	}
	for _, columns := range t.Indexes {
		x, err := indexOf(columns)
		if err != nil {
			return s, err
		}
		s.Indexes = append(s.Indexes, x)
	}
	for _, f := range t.ForeignKeys {
		ref, err := f.reference()
		if err != nil {
			return s, err
		}
		s.References = append(s.References, ref)
	}
	return s, nil
}

// column is the column in memrel's terms.
func (c *keyedColumn) column() (out memrel.Column, err error) {
	out = memrel.Column{Name: c.Name, AutoIncrement: c.AutoIncrement, NotNull: c.AllowNull != nil && !*c.AllowNull}
	if err = setType(&out, c.Type); err == nil {
		err = setDefault(&out, c.Default)
	}
	return out, err
}

func (f *keyedForeign) reference() (memrel.Reference, error) {
	ref := memrel.Reference{Name: f.Name, Table: f.References.Table, Columns: oneOrMore(f.Column, f.Columns),
		RefColumns: oneOrMore(f.References.Column, f.References.Columns), Deferrable: f.Deferrable}
	switch {
	case ref.Table == "":
		return ref, fmt.Errorf(`the foreign key over %v does not say what it references: add "references": {"table": ..., "column": ...}`, ref.Columns)
	case len(ref.Columns) == 0:
		return ref, fmt.Errorf(`the foreign key to %s has no column: add "column"`, ref.Table)
	}
	err := actions(&ref.OnDelete, f.OnDelete, &ref.OnUpdate, f.OnUpdate)
	return ref, err
}

func oneOrMore(one string, more []string) []string {
	if one == "" {
		return more
	}
	return append([]string{one}, slices.Clone(more)...)
}

// actions reads the two actions of a reference.
func actions(onDelete *memrel.Action, del string, onUpdate *memrel.Action, upd string) (err error) {
	if *onDelete, err = action(del); err == nil {
		*onUpdate, err = action(upd)
	}
	return err
}

func action(text string) (memrel.Action, error) {
	a, err := table.ParseAction(text)
	if err != nil {
		return a, fmt.Errorf("%q is no action: use NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT", text)
	}
	return a, nil
}
