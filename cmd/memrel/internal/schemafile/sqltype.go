package schemafile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/memrel/memrel"
)

// sqlTypes are the names of types, and what they hold. A size in parentheses bounds strings; bits are those of an int.
var sqlTypes = []struct {
	names string
	typ   memrel.Type
	bits  int
}{
	{"INTEGER INT BIGINT INT8 SERIAL BIGSERIAL", memrel.Int, 0},
	{"INT4 MEDIUMINT", memrel.Int, 32},
	{"SMALLINT INT2", memrel.Int, 16},
	{"TINYINT", memrel.Int, 8},
	{"NUMERIC DECIMAL REAL FLOAT DOUBLE DOUBLE_PRECISION MONEY", memrel.Float, 0},
	{"BOOLEAN BOOL BIT", memrel.Bool, 0},
	{"NVARCHAR VARCHAR CHAR NCHAR CHARACTER CHARACTER_VARYING VARCHAR2 STRING TEXT NTEXT CLOB", memrel.String, 0},
	{"BLOB BINARY VARBINARY BYTEA BYTES", memrel.Bytes, 0},
	{"DATETIME DATETIME2 TIMESTAMP TIMESTAMPTZ TIMESTAMP_WITH_TIME_ZONE TIMESTAMP_WITHOUT_TIME_ZONE DATE TIME", memrel.Time, 0},
	{"UUID UNIQUEIDENTIFIER", memrel.UUID, 0},
	{"JSON JSONB", memrel.JSON, 0},
}

// sqlType is a name of one or several words, then a size, then UNSIGNED.
var sqlType = regexp.MustCompile(`(?i)^\s*([a-z][a-z0-9]*(?:\s+[a-z]+)*?)\s*(?:\(\s*(\d+|max)\s*(?:,\s*\d+\s*)?\))?\s*(unsigned)?\s*$`)

// setType gives a column the type that text names: NVARCHAR(160), NUMERIC(10,2), INT UNSIGNED.
func setType(c *memrel.Column, text string) error {
	m := sqlType.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("column %s: %q is no type; write it like INTEGER or NVARCHAR(160)", c.Name, text)
	}
	name := strings.ToUpper(strings.Join(strings.Fields(m[1]), "_"))
	for _, t := range sqlTypes {
		for known := range strings.FieldsSeq(t.names) {
			if known != name {
				continue
			}
			c.Type, c.Size = t.typ, t.bits
			return setSize(c, name, m[2], m[3] != "")
		}
	}
	return fmt.Errorf("column %s: unknown type %q; known are %s", c.Name, text, knownTypes())
}

// setSize bounds strings by their size. TINYINT(1) is how MySQL spells BOOLEAN; other sizes say nothing about values.
func setSize(c *memrel.Column, name, size string, unsigned bool) error {
	c.Unsigned = unsigned
	if name == "TINYINT" && size == "1" {
		*c = memrel.Column{Name: c.Name, Type: memrel.Bool, NotNull: c.NotNull, Default: c.Default}
	}
	if c.Type != memrel.String || size == "" || strings.EqualFold(size, "max") {
		return nil
	}
	n, err := strconv.Atoi(size)
	if err != nil || n == 0 {
		return fmt.Errorf("column %s: %s is no size of a text; leave it out for text of any length", c.Name, size)
	}
	c.Size = n
	return nil
}

func knownTypes() string {
	var names []string
	for _, t := range sqlTypes {
		names = append(names, strings.Fields(t.names)...)
	}
	return strings.ReplaceAll(strings.Join(names, ", "), "_", " ")
}
