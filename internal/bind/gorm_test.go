package bind

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// DeletedAt is as GORM's type of that name.
type DeletedAt sql.NullTime

func (n *DeletedAt) Scan(v any) error            { return (*sql.NullTime)(n).Scan(v) }
func (n DeletedAt) Value() (driver.Value, error) { return n.Time, nil }
func (n DeletedAt) MarshalJSON() ([]byte, error) { return n.Time.MarshalJSON() }

var plainWords = Words{Plural: func(s string) string { return s + "s" }, Singular: func(s string) string { return s[:len(s)-1] }}

func TestGORMNames(t *testing.T) {
	for name, want := range map[string]string{"ID": "id", "UserID": "user_id", "HTTPPort": "http_port", "HTTPSURL": "http_s_url", "UserIDs": "user_ids", "IDs": "ids",
		"SKU_ID": "sku_id", "A1B": "a1_b", "AB1": "ab1", "UTF8Name": "utf8_name", "X": "x", "XY": "xy", "lower": "lower", "APIs": "apis"} {
		require.Equal(t, want, gormName(name), name)
	}
}

// marks is an array of PostgreSQL, as package pq has them.
type marks []int64

func (m *marks) Scan(any) error { return errors.New("never asked") }

func (m marks) Value() (driver.Value, error) {
	if len(m) == 0 {
		return "{}", nil
	}
	return nil, errors.New("never asked")
}

func TestGORMTags(t *testing.T) {
	type at struct {
		Lat, Lng float64
	}
	type row struct {
		ID        uint
		CreatedAt time.Time
		Changed   time.Time `gorm:"autoUpdateTime"`
		DeletedAt DeletedAt `gorm:"index"`
		Name      string    `gorm:"column:title;size:30;not null;default:'none';comment:a; b"`
		Kind      string    `gorm:"type:varchar(8);<-"`
		Key       string    `gorm:"type:uuid"`
		Docs      at        `gorm:"serializer:json"`
		At        at        `gorm:"embedded;embeddedPrefix:at_"`
		No        int       `gorm:"-:migration"`
		Skipped   chan int  `gorm:"-"`
		Also      chan int  `gorm:"-:all"`
		Own       string    `gorm:"check:a > 1" memrel:"mine,unique"`
		hidden    int       //nolint:unused // GORM leaves it out
	}
	s, err := Struct{reflect.TypeFor[row](), table.GORM}.Schema("rows", table.SnakeCase)
	require.ErrorContains(t, err, `says " b", which is no setting`)
	require.Empty(t, s.Columns)

	type good struct {
		row       `gorm:"-"`
		ID        uint
		CreatedAt time.Time
		Changed   time.Time `gorm:"autoUpdateTime"`
		DeletedAt DeletedAt `gorm:"index"`
		Name      string    `gorm:"column:title;size:30;not null;default:'none';comment:a\\; b"`
		Kind      string    `gorm:"type:varchar(8);<-;index:kinds,length:3"`
		Key       string    `gorm:"type:uuid"`
		Docs      at        `gorm:"serializer:json"`
		At        at        `gorm:"embedded;embeddedPrefix:at_"`
		No        int       `gorm:"-:migration"`
		Price     float64   `gorm:"type:decimal(10,2);index:dear,sort:desc"`
		Rate      *string   `gorm:"type:numeric;precision:8;scale:3"`
		Born      time.Time `gorm:"type:date"`
		Tags      []string  `gorm:"type:text[]"`
		Marks     marks     `gorm:"type:bigint[]"`
		Skipped   chan int  `gorm:"-"`
		Own       string    `gorm:"check:a > 1" memrel:"mine,unique"`
	}
	of := Struct{reflect.TypeFor[good](), table.GORM}
	s, err = of.Schema("rows", table.SnakeCase)
	require.NoError(t, err)
	require.Equal(t, table.Schema{Name: "rows", Naming: table.SnakeCase, PrimaryKey: []string{"id"}, SoftDelete: "deleted_at",
		Columns: []types.Column{
			{Name: "id", Type: index.Uint, NotNull: true, AutoIncrement: true}, {Name: "created_at", Type: index.Time, NotNull: true},
			{Name: "changed", Type: index.Time, NotNull: true}, {Name: "deleted_at", Type: index.Time},
			{Name: "title", Type: index.String, Size: 30, NotNull: true, Default: "none"}, {Name: "kind", Type: index.String, Size: 8, NotNull: true},
			{Name: "key", Type: index.UUID, NotNull: true}, {Name: "docs", Type: index.JSON, NotNull: true}, {Name: "at_lat", Type: index.Float, NotNull: true},
			{Name: "at_lng", Type: index.Float, NotNull: true}, {Name: "no", Type: index.Int, NotNull: true}, {Name: "price", Type: index.Decimal, Size: 10, Scale: 2, NotNull: true},
			{Name: "rate", Type: index.Decimal, Size: 8, Scale: 3}, {Name: "born", Type: index.Date, NotNull: true},
			{Name: "tags", Type: index.ListOf(index.String)}, {Name: "marks", Type: index.ListOf(index.Int)}, {Name: "mine", Type: index.String, NotNull: true}},
		Unique: []table.UniqueKey{{Columns: []string{"mine"}}},
		Indexes: []table.Index{{Name: "idx_rows_deleted_at", Columns: []string{"deleted_at"}},
			{Name: "kinds", Columns: []string{"kind"}, Prefix: map[string]int{"kind": 3}},
			{Name: "dear", Columns: []string{"price"}, Order: []query.Order{{Column: "price", Desc: true}}}}}, s)
	created, updated, err := of.GORMTimes("rows")
	require.NoError(t, err)
	require.Equal(t, "created_at changed", created+" "+updated)
}

func TestGORMTagsRefused(t *testing.T) {
	for _, c := range []struct {
		of   reflect.Type
		tag  string
		want string
	}{
		{reflect.TypeFor[int](), "check:x > 1", `says "check:x > 1", which is not kept here; say it as a CheckConstraint among the parts of TableOf`},
		{reflect.TypeFor[float64](), "precision:2", "precision is for times and times of day"}, {reflect.TypeFor[int](), "type:enum('a')", "is not one for an int here"},
		{reflect.TypeFor[string](), "type:enum(a)", "cannot be read"},
		{reflect.TypeFor[float64](), "scale:2", "which is for decimals; say type:decimal"},
		{reflect.TypeFor[int](), "->", "leave out of a write"},
		{reflect.TypeFor[int](), "<-:create", "leave out of a write"},
		{reflect.TypeFor[int](), "->:false;<-:create", "leave out of a write"},
		{reflect.TypeFor[int](), "autoIncrementIncrement:2", "number the rows"},
		{reflect.TypeFor[int](), "primaryKy", `"primaryKy", which is no setting`},
		{reflect.TypeFor[int](), "size:x", `size "x" is none`},
		{reflect.TypeFor[int](), "default:x", `"x" is not an int`},
		{reflect.TypeFor[string](), "default:gen_random_uuid()", "is a function of a database; set the field before the insert"},
		{reflect.TypeFor[[]int](), "type:text[]", `its type in the database, "text[]", is not one for a []int here; leave it out, or write the type of the elements`},
		{reflect.TypeFor[[]int](), "serializer:gob", `the serializer "gob" is not there; keep it as json`},
		{reflect.TypeFor[float64](), "type:decimal(16,2)", "a float64 cannot hold every number of its column; use a string or an apd.Decimal, or a column of at most 15 digits"},
		{reflect.TypeFor[float64](), "type:decimal", "a float64 cannot hold every number of its column"}, {reflect.TypeFor[int](), "type:numeric(5)", "an int cannot hold a column of type decimal"},
		{reflect.TypeFor[string](), "type:decimal(x,2)", `size "x" is none`},
		{reflect.TypeFor[int](), "type:date", "is not one for an int here"}, {reflect.TypeFor[int](), "type:varchar(3)", "is not one for an int here"},
		{reflect.TypeFor[int](), "index:,where:x > 1", "its index asks for"}, {reflect.TypeFor[int](), "index:,sort:down", `its index is sorted "down"`},
		{reflect.TypeFor[string](), "uniqueIndex:a,expression:lower(x)", "its index asks for"},
		{reflect.TypeFor[string](), "index:,class:FULLTEXT", "its index asks for"},
		{reflect.TypeFor[string](), "index:,length:x", `its index is of length "x"`},
		{reflect.TypeFor[int](), "embedded", "an int cannot be embedded"},
		{reflect.TypeFor[*struct{ A int }](), "embedded", "embed it by value"},
		{reflect.TypeFor[struct{ A int }](), "embedded;unique", "an embedded struct takes no unique"},
		{reflect.TypeFor[int64](), "autoUpdateTime:milli", "only times are kept, not numbers of seconds"},
		{reflect.TypeFor[int64](), "autoCreateTime", "only times are kept"},
		{reflect.TypeFor[money](), "", "tag it with the type of its Value"},
		{reflect.TypeFor[struct{ A int }](), "", "no field is the foreign key of a relation"},
		{reflect.TypeFor[[]struct{ A int }](), "foreignKey:B", "no field is the foreign key of a relation"},
		{reflect.TypeFor[[]struct{ A int }](), "polymorphic:Owner", "has no fields OwnerType and OwnerID for its relation"},
		{reflect.TypeFor[[]struct{ A int }](), "many2many:x", "its junction needs a key of one column"},
		{reflect.TypeFor[[]struct{ A, B int }](), "foreignKey:A,B", "goes by several columns"},
	} {
		of := reflect.StructOf([]reflect.StructField{{Name: "ID", Type: reflect.TypeFor[int]()}, {Name: "X", Type: c.of, Tag: reflect.StructTag(`gorm:"` + c.tag + `"`)}})
		s := Struct{of, table.GORM}
		_, err := s.Schema("things", table.SnakeCase)
		if err == nil {
			_, err = s.GORMRelations("things", plainWords)
		}
		if err == nil {
			_, _, err = s.GORMTimes("things")
		}
		require.ErrorIs(t, err, types.ErrDefinition, c.tag)
		require.ErrorContains(t, err, c.want)
		require.ErrorContains(t, err, "memrel: define things: field struct.X: ")
		require.NotEmpty(t, types.AsError(err).Hint)
	}
}

// A composite key is numbered only where it has an id, and a key of text never.
func TestGORMPrimaryKeys(t *testing.T) {
	type both struct {
		A int `gorm:"primaryKey"`
		B int `gorm:"primaryKey"`
	}
	type withID struct {
		ID int `gorm:"primaryKey"`
		B  int `gorm:"primaryKey"`
	}
	type code struct{ ID string }
	type named struct {
		No   uint `gorm:"primaryKey"`
		ID   int
		Data string
	}
	type off struct {
		ID int `gorm:"primaryKey;autoIncrement:false"`
	}
	type none struct{ A int }
	for _, c := range []struct {
		of   any
		key  []string
		auto string
	}{{both{}, []string{"a", "b"}, ""}, {withID{}, []string{"id", "b"}, "id"}, {code{}, []string{"id"}, ""}, {named{}, []string{"no"}, "no"}, {off{}, []string{"id"}, ""}, {none{}, nil, ""}} {
		s, err := Struct{reflect.TypeOf(c.of), table.GORM}.Schema("t", table.SnakeCase)
		require.NoError(t, err)
		require.Equal(t, c.key, s.PrimaryKey)
		for _, column := range s.Columns {
			require.Equal(t, column.Name == c.auto, column.AutoIncrement, "%T.%s", c.of, column.Name)
		}
	}
}
