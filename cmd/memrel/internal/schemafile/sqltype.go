package schemafile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/quoted"
	"github.com/memrel/memrel/types"
)

// sqlTypes are the names of types, and what they hold. A size in parentheses bounds strings; bits are those of an int.
var sqlTypes = []struct {
	names string
	typ   memrel.Type
	bits  int
}{
	{"INTEGER INT BIGINT INT8 SERIAL SERIAL4 SERIAL8 BIGSERIAL", memrel.Int, 0},
	{"INT4 MEDIUMINT", memrel.Int, 32},
	{"SMALLINT INT2 SMALLSERIAL SERIAL2 YEAR", memrel.Int, 16},
	{"TINYINT", memrel.Int, 8},
	{"REAL FLOAT FLOAT4 FLOAT8 DOUBLE DOUBLE_PRECISION", memrel.Float, 0},
	{"NUMERIC DECIMAL DEC FIXED NUMBER MONEY SMALLMONEY", memrel.Decimal, 0},
	{"BOOLEAN BOOL BIT", memrel.Bool, 0},
	{"NVARCHAR VARCHAR CHAR NCHAR CHARACTER CHARACTER_VARYING CHAR_VARYING NATIONAL_CHARACTER NATIONAL_CHARACTER_VARYING NATIONAL_VARCHAR BPCHAR VARCHAR2 " +
		"NVARCHAR2 STRING TEXT NTEXT TINYTEXT MEDIUMTEXT LONGTEXT CLOB NCLOB NAME ENUM", memrel.String, 0},
	{"CITEXT", memrel.CIText, 0},
	{"TIME TIME_WITHOUT_TIME_ZONE", memrel.TimeOfDay, 0},
	{"TIMETZ TIME_WITH_TIME_ZONE", memrel.String, 0}, // a time of day with a zone is neither of them
	{"BLOB TINYBLOB MEDIUMBLOB LONGBLOB BINARY VARBINARY BYTEA BYTES IMAGE", memrel.Bytes, 0},
	{"DATETIME DATETIME2 SMALLDATETIME DATETIMEOFFSET TIMESTAMP TIMESTAMPTZ TIMESTAMP_WITH_TIME_ZONE TIMESTAMP_WITHOUT_TIME_ZONE", memrel.Time, 0},
	{"DATE", memrel.Date, 0},
	{"UUID UNIQUEIDENTIFIER", memrel.UUID, 0},
	{"JSON JSONB", memrel.JSON, 0},
}

// numbered are the types of columns that number their rows.
const numbered = "SERIAL SERIAL2 SERIAL4 SERIAL8 SMALLSERIAL BIGSERIAL"

// sqlType is a name of one or several words, among which stands a size, then UNSIGNED, then the brackets of a list.
var sqlType = regexp.MustCompile(`(?i)^\s*([a-z][a-z0-9]*(?:\s+[a-z]+)*?)\s*(?:\(\s*(\d+|max)\s*(?:,\s*(\d+)\s*)?\))?\s*((?:with|without)\s+time\s+zone)?` +
	`\s*(unsigned|signed)?\s*(?:zerofill)?\s*((?:\[\d*\]\s*)*)$`)

// enum is an ENUM with its values.
var enum = regexp.MustCompile(`(?is)^\s*enum\s*\((.*)\)\s*$`)

// collated is a type with a collation.
var collated = regexp.MustCompile(`(?is)^(.+?)\s+collate\s+(\S+)\s*$`)

// setCollation gives a text the collation of that name: by its bytes, or without case.
func setCollation(c *memrel.Column, name string) error {
	lower := strings.ToLower(name)
	switch {
	case c.Type != memrel.String:
		return fmt.Errorf("column %s: only text has a collation, and the column holds %s", c.Name, c.Type)
	case lower == "nocase" || strings.HasSuffix(lower, "_as_ci"):
		c.Type = memrel.CIText
	case !slices.Contains([]string{"binary", "c", "posix", "ucs_basic", "c.utf8", "c.utf-8"}, lower) && !strings.HasSuffix(lower, "_bin"):
		return fmt.Errorf("column %s: there is no collation %s; write CITEXT for text in which case does not count, or leave it out for text by its bytes", c.Name, name)
	}
	return nil
}

// setType gives a column the type that text names: NVARCHAR(160), NUMERIC(10,2), INT UNSIGNED, TEXT[], ENUM('a','b'), TEXT COLLATE NOCASE.
func setType(c *memrel.Column, text string) (err error) {
	if m := enum.FindStringSubmatch(text); m != nil {
		c.Type = memrel.Enum
		c.Names, err = enumNames(c, m[1])
		return err
	}
	if m := collated.FindStringSubmatch(text); m != nil {
		if err := setType(c, m[1]); err != nil {
			return err
		}
		return setCollation(c, strings.Trim(m[2], "`\"[]"))
	}
	m := sqlType.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("column %s: %q is no type; write it like INTEGER or NVARCHAR(160)", c.Name, text)
	}
	name := strings.ToUpper(strings.Join(strings.Fields(m[1]+" "+m[4]), "_"))
	for _, t := range sqlTypes {
		if slices.Contains(strings.Fields(t.names), name) {
			c.Type, c.Size, c.Unsigned = t.typ, t.bits, strings.EqualFold(m[5], "unsigned")
			*c = c.Normal()
			c.AutoIncrement = c.AutoIncrement || slices.Contains(strings.Fields(numbered), name)
			if err := setSize(c, name, m[2], m[3]); err != nil || m[6] == "" {
				return err
			}
			return setList(c, text, strings.Count(m[6], "["))
		}
	}
	return fmt.Errorf("column %s: unknown type %q; known are %s", c.Name, text, knownTypes())
}

// setSize bounds strings and decimals by their size. TINYINT(1) is how MySQL spells BOOLEAN; other sizes say nothing about values.
func setSize(c *memrel.Column, name, size, scale string) error {
	switch {
	case name == "TINYINT" && size == "1":
		c.Type, c.Size, c.Unsigned = memrel.Bool, 0, false
	case name == "BIT" && size != "" && size != "1":
		return fmt.Errorf("column %s: there are no strings of %s bits; use BOOLEAN, INTEGER or BYTEA", c.Name, size)
	case name == "ENUM":
		return fmt.Errorf("column %s: ENUM lacks its values; write ENUM('one', 'two')", c.Name)
	}
	switch c.Type {
	case memrel.Decimal:
		return setDigits(c, size, scale)
	case memrel.Time, memrel.TimeOfDay:
		return setPrecision(c, size)
	}
	if !c.Type.IsString() || size == "" || strings.EqualFold(size, "max") || strings.HasPrefix(name, "TIME") {
		return nil
	}
	n, err := strconv.Atoi(size)
	if err != nil || n == 0 {
		return fmt.Errorf("column %s: %s is no size of a text; leave it out for text of any length", c.Name, size)
	}
	c.Size = n
	return nil
}

// setPrecision gives a time the digits of a second that it keeps: TIMESTAMP(3). Without them it keeps nanoseconds.
func setPrecision(c *memrel.Column, size string) error {
	if size == "" {
		return nil
	}
	digits, err := strconv.Atoi(size)
	if err != nil || digits > 9 {
		return fmt.Errorf("column %s: a second has no %s digits that are kept; write TIMESTAMP(3), or leave them out for nanoseconds", c.Name, size)
	}
	c.Precision = types.PrecisionOf(digits)
	return nil
}

// setDigits gives a decimal its digits in all, and after the point: NUMERIC(10) has none there.
func setDigits(c *memrel.Column, size, scale string) (err error) {
	if size == "" {
		return nil
	}
	if c.Size, err = strconv.Atoi(size); err == nil && scale != "" {
		c.Scale, err = strconv.Atoi(scale)
	}
	if err != nil || c.Size == 0 {
		return fmt.Errorf("column %s: (%s) are no digits of a decimal; write NUMERIC(10,2), or NUMERIC for any number", c.Name, size)
	}
	return nil
}

// setList makes a list of a column, whose elements have no bounds.
func setList(c *memrel.Column, text string, dimensions int) error {
	switch {
	case dimensions > 1:
		return fmt.Errorf("column %s: %s is a list of lists; use JSON", c.Name, text)
	case c.Size > 0 || c.Precision > 0 || c.Unsigned || c.AutoIncrement:
		return fmt.Errorf("column %s: the elements of %s would have a bound, which a list cannot have; use TEXT[] or BIGINT[]", c.Name, text)
	}
	c.Type = memrel.ListOf(c.Type)
	return nil
}

// enumNames are the values of an ENUM, as they stand between its parentheses.
func enumNames(c *memrel.Column, text string) (values []string, err error) {
	rest := strings.TrimSpace(text)
	for {
		value, after, ok := quoted.Cut(rest, "'")
		if !ok {
			return nil, fmt.Errorf("column %s: the values of an ENUM are texts, as in ENUM('one', 'two')", c.Name)
		}
		values = append(values, value)
		if rest = strings.TrimSpace(after); rest == "" {
			return values, nil
		}
		if rest, ok = strings.CutPrefix(rest, ","); !ok {
			return nil, fmt.Errorf("column %s: a comma is missing between values of an ENUM, before %s", c.Name, rest)
		}
		rest = strings.TrimSpace(rest)
	}
}

func knownTypes() string {
	var names []string
	for _, t := range sqlTypes {
		names = append(names, strings.Fields(t.names)...)
	}
	return strings.ReplaceAll(strings.Join(names, ", "), "_", " ")
}
