package sequelize

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// Text is a column of text as an attribute of a model.
func Text(name string) memrel.Attribute {
	return memrel.Attribute{Column: memrel.Column{Name: name, Type: memrel.String}}
}

// UniqueText is a column of text, of which no two rows have the same.
func UniqueText(name string) memrel.Attribute {
	a := Text(name)
	a.Unique = true
	return a
}

// Number is a column of whole numbers.
func Number(name string) memrel.Attribute {
	return memrel.Attribute{Column: memrel.Column{Name: name, Type: memrel.Int}}
}

// Violations prints what is wrong with a store; nothing is.
func Violations(db *memrel.DB) {
	for err := range db.Check() {
		fmt.Println("violation:", err)
	}
}

// PrintJSON prints rows as JSON, a line each.
func PrintJSON(rows ...memrel.Instance) {
	for _, row := range rows {
		out, err := json.Marshal(row)
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println(string(out))
	}
}

// Show prints the rows that a query or a getter found, and its error if it has one.
func Show(rows []memrel.Instance, err error) {
	PrintJSON(rows...)
	if err != nil {
		fmt.Println(err)
	}
}

// PrintKeys prints the foreign keys of tables much as DDL would.
func PrintKeys(db *memrel.DB, tables ...string) {
	for _, name := range tables {
		schema, _ := db.View().Schema(name)
		for _, c := range schema.Columns {
			if line := columnText(schema, c); strings.Contains(line, "REFERENCES") {
				fmt.Printf("%s.%s\n", name, line)
			}
		}
	}
}

// PrintTables prints tables much as DDL would.
func PrintTables(db *memrel.DB, tables ...string) {
	for _, name := range tables {
		schema, _ := db.View().Schema(name)
		fmt.Println(name)
		for _, c := range schema.Columns {
			fmt.Println(" ", columnText(schema, c))
		}
		fmt.Printf("  PRIMARY KEY (%s)\n", strings.Join(schema.PrimaryKey, ", "))
		for _, u := range schema.Unique {
			fmt.Printf("  CONSTRAINT %s UNIQUE (%s)\n", u.Name, strings.Join(u.Columns, ", "))
		}
	}
}

func columnText(s memrel.Schema, c memrel.Column) string {
	line := c.Name + " " + c.Type.String()
	if c.NotNull || slices.Contains(s.PrimaryKey, c.Name) {
		line += " NOT NULL"
	}
	for _, r := range s.References {
		if r.Columns[0] == c.Name {
			line += fmt.Sprintf(" REFERENCES %s (%s) ON DELETE %s ON UPDATE %s", r.Table, r.RefColumns[0], r.OnDelete, r.OnUpdate)
		}
	}
	return line
}
