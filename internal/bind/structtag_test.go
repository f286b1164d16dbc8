package bind

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// money has Value and Scan, as decimal types do.
type money struct{ cents int64 }

func (m money) Value() (driver.Value, error) {
	return fmt.Sprintf("%d.%02d", m.cents/100, m.cents%100), nil
}
func (m *money) Scan(v any) error {
	var whole, part int64
	if _, err := fmt.Sscanf(fmt.Sprint(v), "%d.%d", &whole, &part); err != nil {
		return err
	}
	m.cents = whole*100 + part
	return nil
}

type stamps struct {
	CreatedAt time.Time
	UpdatedAt *time.Time
}

type userID int64

type everything struct {
	ID       userID
	AuthorID int32 `memrel:",ref=users,ondelete=set null,onupdate=cascade"`
	stamps
	Slug     string             `memrel:"slug,size=40,unique,default='it''s, ok'"`
	Lang     string             `memrel:",unique=by_lang,index,index=(3),unique=begins(2) desc"`
	Number   uint16             `memrel:",unique=by_lang,index=numbers"`
	Score    float32            `memrel:",default=0.5,index=desc,unique=by_score desc nulls last"`
	Open     sql.NullBool       `memrel:",default=true"`
	Small    sql.Null[int8]     `json:"-"`
	Key      [16]byte           `memrel:",ref=keys.uuid"`
	Ref      string             `memrel:",type=uuid"`
	Blob     []byte             `memrel:",notnull"`
	Raw      json.RawMessage    //
	Tags     []string           //
	Times    []*time.Time       //
	Props    map[string]any     //
	Nested   struct{ A, B int } `memrel:",type=json"`
	Any      any
	Parts    []struct{ A int } `memrel:",type=json"`
	Price    money             `memrel:",type=string"`
	Was      *money            `memrel:",type=string"`
	Numbers  []int             `memrel:",type=json"`
	HTTPPort int
	Skipped  chan int `memrel:"-"`
	hidden   int      //nolint:unused // fields that are not exported are no columns
}

func TestSchemaOf(t *testing.T) {
	s, err := SchemaOf(reflect.TypeFor[everything](), "things", table.Unnamed)
	require.NoError(t, err)
	require.Equal(t, table.Schema{
		Name: "things",
		Columns: []types.Column{
			{Name: "id", Type: index.Int, NotNull: true, AutoIncrement: true},
			{Name: "authorId", Type: index.Int, Size: 32, NotNull: true},
			{Name: "createdAt", Type: index.Time, NotNull: true},
			{Name: "updatedAt", Type: index.Time},
			{Name: "slug", Type: index.String, Size: 40, NotNull: true, Default: "it's, ok"},
			{Name: "lang", Type: index.String, NotNull: true},
			{Name: "number", Type: index.Int, Size: 16, Unsigned: true, NotNull: true},
			{Name: "score", Type: index.Float, NotNull: true, Default: 0.5},
			{Name: "open", Type: index.Bool, Default: true},
			{Name: "small", Type: index.Int, Size: 8},
			{Name: "key", Type: index.UUID, NotNull: true},
			{Name: "ref", Type: index.UUID, NotNull: true},
			{Name: "blob", Type: index.Bytes, NotNull: true},
			{Name: "raw", Type: index.JSON},
			{Name: "tags", Type: index.ListOf(index.String)},
			{Name: "times", Type: index.ListOf(index.Time)},
			{Name: "props", Type: index.JSON},
			{Name: "nested", Type: index.JSON, NotNull: true},
			{Name: "any", Type: index.JSON},
			{Name: "parts", Type: index.JSON},
			{Name: "price", Type: index.String, NotNull: true},
			{Name: "was", Type: index.String},
			{Name: "numbers", Type: index.JSON},
			{Name: "httpPort", Type: index.Int, NotNull: true},
		},
		PrimaryKey: []string{"id"},
		Unique: []table.UniqueKey{{Columns: []string{"slug"}}, {Name: "by_lang", Columns: []string{"lang", "number"}},
			{Name: "begins", Columns: []string{"lang"}, Order: []query.Order{{Column: "lang", Desc: true}}, Prefix: map[string]int{"lang": 2}},
			{Name: "by_score", Columns: []string{"score"}, Order: []query.Order{{Column: "score", Desc: true, Nulls: query.NullsLast}}}},
		Indexes: []table.Index{{Columns: []string{"lang"}}, {Columns: []string{"lang"}, Prefix: map[string]int{"lang": 3}}, {Name: "numbers", Columns: []string{"number"}},
			{Columns: []string{"score"}, Order: []query.Order{{Column: "score", Desc: true}}}},
		References: []table.Reference{
			{Columns: []string{"authorId"}, Table: "users", OnDelete: table.SetNull, OnUpdate: table.Cascade},
			{Columns: []string{"key"}, Table: "keys", RefColumns: []string{"uuid"}},
		},
	}, s)
	def, err := table.Compile(s)
	require.NoError(t, err)
	_, err = New[everything](def)
	require.NoError(t, err)
}

func TestPrimaryKeyOfStruct(t *testing.T) {
	type plain struct{ ID uint }
	type text struct{ ID string }
	type shared struct {
		ID int `memrel:",ref=users"`
	}
	type composite struct {
		B int `memrel:",pk"`
		A int `memrel:",pk"`
	}
	type named struct {
		ID  int
		Key string `memrel:",pk"`
		No  int    `memrel:",auto"`
	}
	type none struct{ Name string }
	for _, tt := range []struct {
		of   any
		key  []string
		auto string
	}{
		{plain{}, []string{"id"}, "id"}, {text{}, []string{"id"}, ""}, {shared{}, []string{"id"}, ""},
		{composite{}, []string{"b", "a"}, ""}, {named{}, []string{"key"}, "no"}, {none{}, nil, ""},
	} {
		s, err := SchemaOf(reflect.TypeOf(tt.of), "t", table.Unnamed)
		require.NoError(t, err)
		require.Equal(t, tt.key, s.PrimaryKey)
		for _, c := range s.Columns {
			require.Equal(t, c.Name == tt.auto, c.AutoIncrement, "%T.%s", tt.of, c.Name)
		}
	}
}

// SchemaOf is the schema of a struct whose tags are memrel's.
func SchemaOf(t reflect.Type, name string, n table.Naming) (table.Schema, error) {
	return Struct{Type: t}.Schema(name, n)
}

// fieldWith is a struct with a primary key and one more field X of a type and tag.
func fieldWith(t reflect.Type, tag string) reflect.Type {
	return reflect.StructOf([]reflect.StructField{
		{Name: "ID", Type: reflect.TypeFor[int]()},
		{Name: "X", Type: t, Tag: reflect.StructTag(tag)},
	})
}

func TestSchemaOfRefuses(t *testing.T) {
	type recursive struct{ Next *recursive }
	_ = recursive{}
	for _, tt := range []struct {
		of   reflect.Type
		tag  string
		want string
	}{
		{reflect.TypeFor[int](), `gorm:"primaryKey"`, "its tag gorm:\"primaryKey\" is not read; give TableOf the part GORM, or say the same in a tag `memrel:\"name,option\"`, tag it `memrel:\"-\"` to leave it out"},
		{reflect.TypeFor[int](), `bun:"x,pk"`, "is not read"},
		{reflect.TypeFor[int](), `json:"x" db:"other"`, "is not read"},
		{reflect.TypeFor[int](), `gorm:"-"`, "is not read"},
		{reflect.TypeFor[int](), `memrel:",what"`, `option "what" is unknown; options are pk`},
		{reflect.TypeFor[int](), `memrel:",,"`, "an option is empty"},
		{reflect.TypeFor[int](), `memrel:",pk,pk"`, `option "pk" is given twice`},
		{reflect.TypeFor[int](), `memrel:",unique,unique"`, "given twice"},
		{reflect.TypeFor[int](), `memrel:",unique="`, "option unique needs a value"},
		{reflect.TypeFor[int](), `memrel:",pk=1"`, "takes no value"},
		{reflect.TypeFor[int](), `memrel:",size"`, "size"},
		{reflect.TypeFor[int](), `memrel:",size=0"`, "give a number above 0"},
		{reflect.TypeFor[int](), `memrel:",size=7"`, "use 8, 16, 32 or 64"},
		{reflect.TypeFor[int8](), `memrel:",size=16"`, "cannot hold every value"},
		{reflect.TypeFor[bool](), `memrel:",size=8"`, "size is for strings, ints and decimals"},
		{reflect.TypeFor[string](), `memrel:",size=8,scale=2"`, "scale is for decimals that have a size; write type=decimal,size=10,scale=2"},
		{reflect.TypeFor[string](), `memrel:",type=decimal,scale=2"`, "scale is for decimals that have a size"},
		{reflect.TypeFor[string](), `memrel:",type=decimal,size=4,scale=-1"`, "scale \"-1\" is none"},
		{reflect.TypeFor[float64](), `memrel:",type=decimal"`, "a float64 cannot hold every number of its column; use a string or an apd.Decimal, or a column of at most 15 digits"},
		{reflect.TypeFor[float32](), `memrel:",type=decimal,size=4"`, "a float32 cannot hold a column of type decimal; use apd.Decimal"},
		{reflect.TypeFor[int64](), `memrel:",type=date"`, "an int64 cannot hold a column of type date; use time.Time"},
		{reflect.TypeFor[big.Int](), `memrel:",type=decimal"`, "a big.Int cannot hold the digits after the point of its column"},
		{reflect.TypeFor[int](), `memrel:",null"`, "an int cannot hold NULL; make it a pointer or sql.Null[int]"},
		{reflect.TypeFor[*int](), `memrel:",null,notnull"`, "contradict"},
		{reflect.TypeFor[*int](), `memrel:",null,pk"`, "contradict"},
		{reflect.TypeFor[int](), `memrel:",auto,default=1"`, "contradict"},
		{reflect.TypeFor[string](), `memrel:",auto"`, "cannot be auto-incremented"},
		{reflect.TypeFor[int](), `memrel:",default=x"`, `the default: x = "x" is not an int`},
		{reflect.TypeFor[int8](), `memrel:",default=300"`, "does not fit 8 bits"},
		{reflect.TypeFor[int](), `memrel:",default"`, "needs a value"},
		{reflect.TypeFor[string](), `memrel:",default='a"`, "does not end"},
		{reflect.TypeFor[string](), `memrel:",default='a'b"`, "follows a quoted text"},
		{reflect.TypeFor[string](), `memrel:"default=a"`, "the column's name comes first"},
		{reflect.TypeFor[int](), `memrel:",type=strnig"`, `type "strnig" is unknown`},
		{reflect.TypeFor[int](), `memrel:",type=string"`, "an int cannot hold a column of type string; use string"},
		{reflect.TypeFor[int](), `memrel:",ref=."`, "names no table and column"},
		{reflect.TypeFor[int](), `memrel:",ref="`, "needs a value"},
		{reflect.TypeFor[int](), `memrel:",ref=a,ondelete=vanish"`, `action "vanish" is unknown`},
		{reflect.TypeFor[int](), `memrel:",ondelete=cascade"`, "belong to a ref"},
		{reflect.TypeFor[int](), `memrel: ",pk"`, "cannot be read"},
		{reflect.TypeFor[int](), `memrel:pk`, "cannot be read"},
		{reflect.TypeFor[int](), `json:"x" memrel:',pk'`, "cannot be read"},
		{reflect.TypeFor[int](), `memrel:"id"`, "column id stands for struct.ID already"},
		{reflect.TypeFor[chan int](), ``, `a chan int cannot be stored; tag it "-"`},
		{reflect.TypeFor[func()](), ``, "cannot be stored"},
		{reflect.TypeFor[complex128](), ``, "cannot be stored"},
		{reflect.TypeFor[map[string]chan int](), ``, "cannot be stored"},
		{reflect.TypeFor[[]struct{ F func() }](), `memrel:",type=json"`, "cannot be stored"},
		{reflect.TypeFor[map[bool]int](), ``, "cannot be written as JSON"},
		{reflect.TypeFor[error](), ``, "could not be read back"},
		{reflect.TypeFor[money](), ``, "tag it with the type of its Value"},
		{reflect.TypeFor[**int](), ``, "a *int stands behind another"},
		{reflect.TypeFor[[]int32](), ``, "use []int64, or tag it type=json"},
		{reflect.TypeFor[struct{ a int }](), `memrel:",type=json"`, "nothing that JSON would keep"},
	} {
		_, err := SchemaOf(fieldWith(tt.of, tt.tag), "things", table.Unnamed)
		require.ErrorIs(t, err, types.ErrDefinition, "%s %s", tt.of, tt.tag)
		require.ErrorContains(t, err, tt.want)
		require.ErrorContains(t, err, "memrel: define things: field struct.X: ")
		require.NotEmpty(t, types.AsError(err).Hint)
	}
	_, err := SchemaOf(fieldWith(reflect.TypeFor[recursive](), ""), "things", table.Unnamed)
	require.NoError(t, err)
	for _, tag := range []string{`json:"see memrel: this"`, `memrel:""`, `memrel:"-"`, ``, `db:"x"`, `gorm:"column:x;"`, `gorm:"primaryKey" memrel:",pk"`, `bun:""`} {
		_, err := SchemaOf(fieldWith(reflect.TypeFor[int](), tag), "things", table.Unnamed)
		require.NoError(t, err, tag)
	}
}

func TestSchemaOfRefusesShapes(t *testing.T) {
	type Base struct{ A int }
	type embedsPointer struct{ *Base }
	type tagsEmbedded struct {
		Base `memrel:",notnull"`
	}
	type collides struct {
		Base
		A int
	}
	type tagsHidden struct {
		a int `memrel:"a"` //nolint:unused // it is refused for its tag
	}
	for want, of := range map[string]reflect.Type{
		"embed it by value":          reflect.TypeFor[embedsPointer](),
		"takes no options":           reflect.TypeFor[tagsEmbedded](),
		"collides.Base.A":            reflect.TypeFor[collides](),
		"it is not exported":         reflect.TypeFor[tagsHidden](),
		"int is not a struct":        reflect.TypeFor[int](),
		"*bind.Base is not a struct": reflect.TypeFor[*Base](),
		"nil is not a struct":        nil,
	} {
		_, err := SchemaOf(of, "t", table.Unnamed)
		require.ErrorIs(t, err, types.ErrDefinition)
		require.ErrorContains(t, err, want)
	}
	type named struct {
		ID   int
		Base `memrel:"base,type=json"`
		time.Time
	}
	s, err := SchemaOf(reflect.TypeFor[named](), "t", table.Unnamed)
	require.NoError(t, err)
	require.Equal(t, index.JSON, s.Columns[1].Type)
	require.Equal(t, "time", s.Columns[2].Name)
}

var fuzzedTypes = []reflect.Type{
	reflect.TypeFor[int](), reflect.TypeFor[*uint8](), reflect.TypeFor[string](), reflect.TypeFor[sql.NullTime](),
	reflect.TypeFor[[]byte](), reflect.TypeFor[[]string](), reflect.TypeFor[[16]byte](), reflect.TypeFor[map[string]int](),
	reflect.TypeFor[any](), reflect.TypeFor[money](), reflect.TypeFor[chan int](), reflect.TypeFor[stamps](),
}

// Any tag makes a schema that compiles, or an error of kind ErrDefinition; what compiles binds to its own struct.
func FuzzStructTag(f *testing.F) {
	for i, s := range []string{`,pk,auto`, `x,unique=a,unique=b,index`, `,default='a,''b'`, `,size=8,null`, `,type=list<int>`,
		`,ref=a.b,ondelete=set null`, `-`, `,=`, `,default=[1,2]`, `,type=json,default='{"a":1}'`} {
		f.Add(s, uint8(i), true)
	}
	f.Add(`memrel:"x`, uint8(0), false)
	f.Fuzz(func(t *testing.T, tag string, which uint8, quoted bool) {
		if quoted {
			tag = fmt.Sprintf("memrel:%q", tag)
		}
		of := fieldWith(fuzzedTypes[int(which)%len(fuzzedTypes)], tag)
		s, err := SchemaOf(of, "t", table.Unnamed)
		if err == nil {
			var def *table.Def
			if def, err = table.Compile(s); err == nil {
				_, err = newBinding(Struct{Type: of}, def)
				require.NoError(t, err, "%s does not bind to its own table", strings.TrimSpace(tag))
				return
			}
		}
		require.ErrorIs(t, err, types.ErrDefinition)
	})
}
