package where_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/where"
)

var shop = memrel.Schema{Name: "Shop", PrimaryKey: []string{"Id"}, Columns: []memrel.Column{
	{Name: "Id", Type: memrel.Int}, {Name: "Name", Type: memrel.String}, {Name: "Total", Type: memrel.Float},
	{Name: "Open", Type: memrel.Bool}, {Name: "Since", Type: memrel.Time}, {Name: "in", Type: memrel.Int},
	{Name: "two words", Type: memrel.Int}, {Name: "Data", Type: memrel.JSON}, {Name: "a", Type: memrel.Int}, {Name: "A", Type: memrel.Int},
}}

func TestConditionsOfTheLanguage(t *testing.T) {
	for expr, want := range map[string]string{
		"":                              "TRUE",
		"  ":                            "TRUE",
		"Id = 1":                        "Id = 1",
		"id=1":                          "Id = 1",
		"Id <> -1":                      "Id <> -1",
		"Id != 1":                       "Id <> 1",
		"Id < 1 and Id <= 2":            "Id < 1 AND Id <= 2",
		"Id > +1 AND Id >= 2":           "Id > 1 AND Id >= 2",
		"Total = 1.5e3":                 "Total = 1500",
		"Total > .5":                    "Total > 0.5",
		"Name = 'it''s'":                "Name = 'it''s'",
		"Name = ''":                     "Name = ''",
		"Name like 'A%'":                "Name LIKE 'A%'",
		"Name not like 'A%'":            "Name NOT LIKE 'A%'",
		"Name is null":                  "Name IS NULL",
		"Name IS NOT NULL":              "Name IS NOT NULL",
		"Id in (1, 2,3)":                "Id IN (1, 2, 3)",
		"Id not in (1, null)":           "Id NOT IN (1, NULL)",
		"Id between 1 and 2 and Id = 3": "Id BETWEEN 1 AND 2 AND Id = 3",
		"Id not between 1 and 2":        "NOT (Id BETWEEN 1 AND 2)",
		"not Id = 1 and Id = 2":         "NOT (Id = 1) AND Id = 2",
		"not (Id = 1 or Id = 2)":        "NOT (Id = 1 OR Id = 2)",
		"Id = 1 and Id = 2 or Id = 3":   "(Id = 1 AND Id = 2) OR Id = 3",
		"Id = 1 and (Id = 2 or Id = 3)": "Id = 1 AND (Id = 2 OR Id = 3)",
		"Open = true or Open = False":   "Open = true OR Open = false",
		"Since > '2021-01-31'":          "Since > '2021-01-31T00:00:00Z'",
		"Id = '7'":                      "Id = 7",
		`"in" in (1)`:                   "in IN (1)",
		`"two words" = 1`:               "two words = 1",
		"in = 1":                        "in = 1",
		"a = 1":                         "a = 1",
		"Id = 9223372036854775807":      "Id = 9223372036854775807",
		"Total < 9223372036854775808":   "Total < 9.223372036854776e+18",
		"Total > 1e-999":                "Total > 0",
		strings.Repeat("(", 80) + "Id = 1" + strings.Repeat(")", 80): "Id = 1",
	} {
		c, err := where.Parse(expr, shop)
		if err != nil {
			t.Errorf("%q: %v", expr, err)
		} else if got := c.String(); got != want {
			t.Errorf("%q is %s, want %s", expr, got, want)
		}
	}
}

func TestErrorsTellThePlaceAndTheCure(t *testing.T) {
	for expr, want := range map[string]string{
		"Nme = 1":                    "position 1: Nme is no column of Shop; columns are Id, Name,",
		`"id" = 1`:                   "position 1: id is no column",
		"Id = 1 Name = 2":            "position 8: Name comes after a whole condition; join conditions with and or or",
		"Id":                         "position 3: a comparison is expected after Id, not the end",
		"Id =":                       "position 5: a value is expected after =, not the end",
		"Id = and":                   "position 6: and is a word, and a value is expected after =",
		"Id = Name":                  "position 6: Name is a word",
		`Name = "x"`:                 `position 8: "x" is a column, and a value is expected after =; text stands in 'single quotes'`,
		"Id == 1":                    "position 4: a comparison is expected after Id, not ==; write =",
		"Id = 1 && Id = 2":           "position 8: && is not part of the language; write and",
		"Id = 1 || Id = 2":           "position 8: || is not part of the language; write or",
		"Id = null":                  "position 6: nothing compares with null; write Id is null, or is not null",
		"1 = Id":                     "position 1: a condition begins with a column, not with 1",
		"Name = 'x":                  "position 8: the quote ' that begins here is not closed",
		"Ünter = 1":                  "position 1: Ünter is no column",
		"Name = 'ü' and Nme = 1":     "position 16: Nme is no column",
		"(Id = 1":                    "position 8: ) is expected after the condition in parentheses, not the end",
		"Id = 1)":                    "position 7: ) comes after a whole condition",
		"Id in 1":                    "position 7: ( is expected after in, not 1",
		"Id in ()":                   "position 8: a value is expected after the parenthesis, not )",
		"Id in (1 2)":                "position 10: ) is expected after the values, not 2",
		"Id between 1 or 2":          "position 14: and is expected after the lower end, not or",
		"Id not 1":                   "position 4: in, between or like is expected after not",
		"Id is 1":                    "position 7: null is expected after is, not 1",
		"Id like 'x'":                "position 9: like is for text, and Id holds int",
		"Name like 1":                "position 11: a pattern is expected after like, not 1",
		`Name like '\'`:              `position 11: the pattern '\' ends in an escape; write \\ for a backslash`,
		"Name = 1":                   "position 8: 1 is a number, and Name holds string",
		"Id = true":                  "position 6: true is true or false, and Id holds int",
		"Since > 'x'":                `position 9: Since = "x" is not a time`,
		"Id = 'x'":                   `position 6: Id = "x" is not an int`,
		"Total = 1e999":              "position 9: 1e999 is out of the range of a number",
		"Total = 1.2.3":              "position 9: 1.2.3 is no number",
		"Id = 1 and":                 "position 11: a condition is expected here",
		"and":                        "position 1: and is no column",
		"Id # 1":                     "position 4: nothing can begin with #",
		"Id = \x80":                  "position 6: nothing can begin with \ufffd",
		strings.Repeat("not ", 1000): "conditions stand in one another more than 90 deep",
		strings.Repeat("(", 100000):  "conditions stand in one another more than 90 deep",
	} {
		_, err := where.Parse(expr, shop)
		if len(expr) > 40 {
			expr = expr[:40]
		}
		require.ErrorContains(t, err, want, expr)
	}
	_, err := where.Parse("Name = 'ü'\nand Nme = 1", shop)
	var e *where.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "Name = 'ü' and Nme = 1\n               ^", e.Draw())
}

// FuzzParse: no expression panics; what is understood is understood by the store too, or refused for its types, and the
// place of an error lies in the expression.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"Id = 1 and Name like 'A%' or not (Total > 5)", "Since between '2021-01-01' and '2022-01-01'",
		"Id in (1, null, -3)", `"two words" is not null`, "((((", "Name = '", "Data = 'x'", "Data = 1", "not not Id <> 1e5", `Name like '\'`} {
		f.Add(seed)
	}
	db := memrel.MustOpen(shop)
	f.Fuzz(func(t *testing.T, expr string) {
		c, err := where.Parse(expr, shop)
		var e *where.Error
		if err != nil {
			require.ErrorAs(t, err, &e)
			require.True(t, e.At >= 0 && e.At <= len(expr))
			_ = e.Error() + e.Draw()
			return
		}
		if _, err := memrel.RowsOf("Shop").Count(db, c); err != nil {
			require.ErrorIs(t, err, memrel.ErrType, "%s", c)
		}
	})
}
