package differential

import (
	"cmp"
	"fmt"
	"go/token"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"
	gormtests "gorm.io/gorm/utils/tests"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/table"
)

// Models beside those of GORM's own tests.
type (
	gormBlog struct {
		gorm.Model
		Title    string     `gorm:"size:200;not null;index:idx_title"`
		Slug     string     `gorm:"uniqueIndex;default:none"`
		Lang     string     `gorm:"uniqueIndex:lang_no,priority:2"`
		No       int        `gorm:"uniqueIndex:lang_no,priority:1;default:7"`
		HTTPHost string     `gorm:"unique"`
		Meta     gormMeta   `gorm:"embedded;embeddedPrefix:meta_"`
		Raw      []string   `gorm:"serializer:json"`
		Secret   string     `gorm:"-"`
		Posts    []gormPost `gorm:"foreignKey:BlogRefer;constraint:OnUpdate:CASCADE,OnDelete:SET NULL;"`
		Open     bool       `gorm:"default:true;comment:shown"`
	}
	gormMeta struct {
		Author string `gorm:"column:writer;index"`
		UserID uint   `gorm:"index:,composite:both"`
		AppURL string `gorm:"index:,composite:both"`
	}
	gormPost struct {
		Code      string `gorm:"primaryKey;size:20"`
		BlogRefer *uint
		Blog      *gormBlog  `gorm:"foreignKey:BlogRefer"`
		Tags      []gormTag  `gorm:"many2many:post_tags;joinForeignKey:PostCode;joinReferences:TagRefer"`
		Likes     []gormLike `gorm:"polymorphic:Liked;polymorphicValue:post"`
	}
	gormTag struct {
		ID    uint
		Name  string
		Posts []*gormPost `gorm:"many2many:post_tags;joinForeignKey:TagRefer;joinReferences:PostCode"`
	}
	gormLike struct {
		ID        uint64 `gorm:"primaryKey;autoIncrement:false"`
		LikedID   string
		LikedType string
	}
	gormNode struct {
		ID       int
		ParentID *int
		Parent   *gormNode
		Nodes    []gormNode `gorm:"foreignKey:ParentID;constraint:OnDelete:CASCADE"`
	}
	gormOwn struct { // what it says itself stands before what it embeds
		gorm.Model
		Name      string
		CreatedAt *time.Time `gorm:"index"`
		ID        string     `gorm:"primaryKey;size:10"`
	}
	gormPair struct {
		A uint `gorm:"primaryKey"`
		B uint `gorm:"primaryKey"`
	}
)

// TableName names the table, as GORM asks.
func (gormPair) TableName() string { return "pairs_of_numbers" }

// gormTables are the same tables by GORM's tags.
func gormTables(t *testing.T) (map[string]any, *memrel.DB) {
	models := map[string]any{}
	var defs []memrel.Definition
	add := func(name string, model any, def memrel.Definition) {
		models[name] = model
		defs = append(defs, def)
	}
	blogs, posts, tags := memrel.TableOf[gormBlog]("", memrel.GORM), memrel.TableOf[gormPost]("", memrel.GORM), memrel.TableOf[gormTag]("", memrel.GORM)
	likes, nodes, pairs := memrel.TableOf[gormLike]("", memrel.GORM), memrel.TableOf[gormNode]("", memrel.GORM), memrel.TableOf[gormPair]("", memrel.GORM)
	add(blogs.Name(), &gormBlog{}, blogs)
	add(posts.Name(), &gormPost{}, posts)
	add(tags.Name(), &gormTag{}, tags)
	add(likes.Name(), &gormLike{}, likes)
	add(nodes.Name(), &gormNode{}, nodes)
	add(pairs.Name(), &gormPair{}, pairs)
	owns := memrel.TableOf[gormOwn]("", memrel.GORM)
	add(owns.Name(), &gormOwn{}, owns)
	users, accounts, pets := memrel.TableOf[gormtests.User]("", memrel.GORM), memrel.TableOf[gormtests.Account]("", memrel.GORM), memrel.TableOf[gormtests.Pet]("", memrel.GORM)
	toys, tools := memrel.TableOf[gormtests.Toy]("", memrel.GORM), memrel.TableOf[gormtests.Tools]("", memrel.GORM)
	companies, languages := memrel.TableOf[gormtests.Company]("", memrel.GORM), memrel.TableOf[gormtests.Language]("", memrel.GORM)
	add(users.Name(), &gormtests.User{}, users)
	add(accounts.Name(), &gormtests.Account{}, accounts)
	add(pets.Name(), &gormtests.Pet{}, pets)
	add(toys.Name(), &gormtests.Toy{}, toys)
	add(tools.Name(), &gormtests.Tools{}, tools)
	add(companies.Name(), &gormtests.Company{}, companies)
	add(languages.Name(), &gormtests.Language{}, languages)
	db, err := memrel.Open(defs...)
	require.NoError(t, err)
	return models, db
}

// What GORM's own parser makes of a model, and what memrel does, in the same lines.
func TestGORMModelsAsGORMParsesThem(t *testing.T) {
	models, db := gormTables(t)
	cache := &sync.Map{}
	for name, model := range models {
		parsed, err := schema.Parse(model, cache, schema.NamingStrategy{})
		require.NoError(t, err)
		require.Equal(t, parsed.Table, name)
		require.Equal(t, gormColumns(parsed), memrelColumns(t, db, name), name)
		require.Equal(t, gormIndexes(parsed), memrelIndexes(t, db, name), name)
		require.Equal(t, gormRelations(parsed), memrelRelations(db, name), name)
	}
	for err := range db.Check() {
		t.Error(err)
	}
}

func gormColumns(s *schema.Schema) (out []string) {
	for _, name := range s.DBNames {
		f := s.FieldsByDBName[name]
		out = append(out, fmt.Sprint(name, " key ", f.PrimaryKey, " auto ", f.AutoIncrement))
	}
	return out
}

func memrelColumns(t *testing.T, db *memrel.DB, name string) (out []string) {
	s, ok := db.View().Schema(name)
	require.True(t, ok)
	for _, c := range s.Columns {
		out = append(out, fmt.Sprint(c.Name, " key ", slices.Contains(s.PrimaryKey, c.Name), " auto ", c.AutoIncrement))
	}
	return out
}

func gormIndexes(s *schema.Schema) (out []string) {
	for _, f := range s.Fields {
		if f.Unique {
			out = append(out, fmt.Sprint("uni_", s.Table, "_", f.DBName, " unique [", f.DBName, "]"))
		}
	}
	for _, x := range s.ParseIndexes() {
		var columns []string
		for _, f := range x.Fields {
			columns = append(columns, f.DBName)
		}
		out = append(out, fmt.Sprint(x.Name, " ", strings.ToLower(x.Class), " ", columns))
	}
	slices.Sort(out)
	return out
}

func memrelIndexes(t *testing.T, db *memrel.DB, name string) (out []string) {
	s, _ := db.View().Schema(name)
	for _, u := range s.Unique {
		out = append(out, fmt.Sprint(u.Name, " unique ", u.Columns))
	}
	for _, x := range s.Indexes {
		if !strings.HasSuffix(x.Name, "_idx") { // which an association makes
			out = append(out, fmt.Sprint(x.Name, "  ", x.Columns))
		}
	}
	slices.Sort(out)
	return out
}

var gormKinds = map[schema.RelationshipType]assoc.Kind{schema.HasOne: assoc.HasOne, schema.HasMany: assoc.HasMany, schema.BelongsTo: assoc.BelongsTo, schema.Many2Many: assoc.BelongsToMany}

// gormRelations are the relations of a model: where they lead, by which keys, and what GORM has the database do.
func gormRelations(s *schema.Schema) (out []string) {
	for key, r := range s.Relationships.Relations {
		if strings.HasPrefix(key, "_") {
			continue
		}
		line := fmt.Sprint(schema.NamingStrategy{}.ColumnName("", r.Name), " ", gormKinds[r.Type], " ", r.FieldSchema.Table)
		var keys []string
		for _, ref := range r.References {
			switch {
			case ref.PrimaryValue != "":
				keys = append(keys, ref.ForeignKey.DBName+"="+ref.PrimaryValue)
			default:
				keys = append(keys, ref.ForeignKey.DBName+"->"+ref.PrimaryKey.DBName)
			}
		}
		if r.JoinTable != nil {
			line += " through " + r.JoinTable.Table
		}
		slices.Sort(keys)
		actions := " unsaid"
		if c := r.ParseConstraint(); c != nil && r.Polymorphic == nil {
			actions = " " + cmp.Or(c.OnDelete, "NO ACTION") + " " + cmp.Or(c.OnUpdate, "NO ACTION")
		}
		out = append(out, line+" "+fmt.Sprint(keys)+actions)
	}
	slices.Sort(out)
	return out
}

func memrelRelations(db *memrel.DB, name string) (out []string) {
	for _, a := range memrel.Associations(db).Of(name) {
		o := a.Spec.Options
		line := fmt.Sprint(a.As, " ", a.Kind, " ", a.TargetTable)
		var keys []string
		switch a.Kind {
		case assoc.BelongsTo:
			keys = append(keys, a.ForeignKey+"->"+a.TargetKey)
		case assoc.BelongsToMany:
			line += " through " + a.Junction
			keys = append(keys, a.ForeignKey+"->"+a.SourceKey, a.OtherKey+"->"+a.TargetKey)
		default:
			keys = append(keys, a.ForeignKey+"->"+a.SourceKey)
			for column, value := range o.Scope {
				keys = append(keys, fmt.Sprint(column, "=", value))
			}
		}
		slices.Sort(keys)
		actions := " unsaid"
		if o.OnDelete != 0 {
			actions = " " + o.OnDelete.String() + " " + o.OnUpdate.String()
		}
		out = append(out, line+" "+fmt.Sprint(keys)+actions)
	}
	slices.Sort(out)
	return out
}

// The names of columns are GORM's for any field that Go lets be exported.
func TestGORMNamesOfColumns(t *testing.T) {
	parts := []string{"A", "B", "Id", "ID", "URL", "Https", "HTTP", "Name", "x", "UTF8", "API", "s", "9", "_", "IDs", "XML", "Xss", "Foo", "UI", "UUID"}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		name := "F"
		for range 1 + rnd.IntN(4) {
			name += parts[rnd.IntN(len(parts))]
		}
		if rnd.IntN(2) == 0 {
			name = strings.ToUpper(name[1:2]) + name[2:]
		}
		if !token.IsExported(name) || !token.IsIdentifier(name) {
			continue
		}
		of := reflect.StructOf([]reflect.StructField{{Name: name, Type: reflect.TypeFor[string]()}})
		s, err := bind.Struct{Type: of, Tags: table.GORM}.Schema("t", table.SnakeCase)
		require.NoError(t, err)
		require.Equal(t, schema.NamingStrategy{}.ColumnName("t", name), s.Columns[0].Name, name)
	}
}

type gormNote struct {
	gorm.Model
	Text     string
	AuthorID uint
	Author   gormAuthor
}

type gormAuthor struct {
	gorm.Model
	Name  string     `gorm:"default:nobody"`
	Notes []gormNote `gorm:"foreignKey:AuthorID;constraint:OnDelete:CASCADE"`
}

// Models of GORM's own are handles: times are kept, deletes are soft, relations lead.
func TestGORMModelsAreHandles(t *testing.T) {
	authors, notes := memrel.TableOf[gormAuthor]("", memrel.GORM), memrel.TableOf[gormNote]("", memrel.GORM)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	db := memrel.MustOpen(authors, notes, memrel.Clock(func() time.Time { return now }))
	ann, err := authors.Insert(db, gormAuthor{})
	require.NoError(t, err)
	require.Equal(t, gormAuthor{Model: gorm.Model{ID: 1, CreatedAt: now, UpdatedAt: now}, Name: "nobody"}, ann)
	_, err = notes.Insert(db, gormNote{Text: "lost", AuthorID: 7})
	require.ErrorIs(t, err, memrel.ErrForeignKey)
	note, err := notes.Insert(db, gormNote{Text: "kept", AuthorID: ann.ID})
	require.NoError(t, err)

	now = now.Add(time.Hour)
	ann.Name = "Ann"
	ann, err = authors.Save(db, ann)
	require.NoError(t, err)
	require.Equal(t, now, ann.UpdatedAt)
	require.Equal(t, now.Add(-time.Hour), ann.CreatedAt)

	found, err := memrel.ModelOf(notes.Name()).Find(db, memrel.Query{Include: []memrel.Include{{As: "author"}}})
	require.NoError(t, err)
	require.Len(t, found, 1)
	gone, err := authors.Delete(db, ann.ID)
	require.NoError(t, err)
	require.False(t, gone.DeletedAt.Valid, "as it was")
	_, ok := notes.Get(db, note.ID)
	require.False(t, ok, "it went with its author")
	left, ok := authors.Get(memrel.WithDeleted(db), ann.ID)
	require.True(t, ok)
	require.Equal(t, gorm.DeletedAt{Time: now, Valid: true}, left.DeletedAt)
	for err := range db.Check() {
		t.Error(err)
	}
}
