package tests

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

// clubs is a store of models whose tables have other names, one association of each kind, and keys other than primary ones.
func clubs(t *testing.T) *memrel.DB {
	t.Helper()
	team, fan, city := memrel.ModelOf("Team"), memrel.ModelOf("Fan"), memrel.ModelOf("City")
	code := memrel.Attribute{Column: memrel.Column{Name: "code", Type: memrel.String}, Unique: true}
	model := func(name string) memrel.ModelSpec {
		return memrel.ModelSpec{Name: name, TableName: name + "_table", Columns: []memrel.Attribute{code}}
	}
	db := memrel.MustOpen(model("Team"), model("Fan"), model("City"),
		team.BelongsToMany(fan, memrel.AssociationOptions{As: "fans", Through: "Membership", SourceKey: "code", TargetKey: "code"}),
		team.BelongsTo(city, memrel.AssociationOptions{As: "city", TargetKey: "code", ForeignKey: "cityCode"}),
		city.HasMany(team, memrel.AssociationOptions{As: "teams", SourceKey: "code", ForeignKey: "cityCode"}))
	t.Cleanup(func() { sound(t, db) })
	for _, m := range []memrel.Model{team, fan, city} {
		_, err := m.InsertAll(db, []memrel.Values{{"code": "z"}, {"code": "y"}, {"code": nil}})
		require.NoError(t, err)
	}
	return db
}

// TestAModelsNameServesEveryVerb as its table's does.
func TestAModelsNameServesEveryVerb(t *testing.T) {
	type Team struct {
		ID       int64
		Code     *string
		CityCode *string `memrel:"cityCode"`
	}
	db := clubs(t)
	for _, name := range []string{"Team", "Team_table"} {
		m, typed := memrel.ModelOf(name), memrel.TableOf[Team](name)
		q, all := memrel.Query{}, memrel.Cond{}
		f := db.Fork()
		set := memrel.Values{"code": "q"}
		for what, do := range map[string]func() error{
			"typed get": func() error { _, ok := typed.Get(f, 1); return holds(ok) },
			"get":       func() error { _, ok := m.Get(f, 1); return holds(ok) },
			"by":        func() error { _, ok := typed.By("code").Get(f, "z"); return holds(ok) },
			"bind":      func() error { return typed.Bind(f) },
			"bind by":   func() error { return typed.By("code").Bind(f) },
			"all": func() error {
				n := 0
				for range typed.All(f) {
					n++
				}
				for range m.All(f) {
					n++
				}
				return holds(n == 6)
			},
			"find":           func() error { rows, err := typed.Find(f, q); return firstOf(err, holds(len(rows) == 3)) },
			"count":          func() error { n, err := typed.Count(f, all); return firstOf(err, holds(n == 3)) },
			"find by key":    func() error { _, ok, err := m.FindByPk(f, q, 1); return firstOf(err, holds(ok)) },
			"schema":         func() error { s, ok := f.View().Schema(name); return holds(ok && s.Name == "Team_table") },
			"references":     func() error { return holds(len(f.References(name)) == 2) },
			"associations":   func() error { return holds(len(memrel.Associations(f).Of(name)) == 2) },
			"preview":        func() error { _, err := f.View().PreviewDelete(name, 1); return err },
			"preview update": func() error { _, err := f.View().PreviewUpdate(name, set, 1); return err },
			"insert":         func() error { _, err := typed.Insert(f.Fork(), Team{}); return err },
			"upsert":         func() error { _, _, err := typed.Upsert(f.Fork(), Team{ID: 1}); return err },
			"save":           func() error { _, err := typed.Save(f.Fork(), Team{ID: 1}); return err },
			"update":         func() error { _, err := typed.Update(f.Fork(), set, 1); return err },
			"update where":   func() error { _, err := m.UpdateWhere(f.Fork(), memrel.Eq("id", 1), set); return err },
			"update each": func() error {
				_, err := m.UpdateEach(f.Fork(), all, func(memrel.Instance) memrel.Values { return nil })
				return err
			},
			"increment":      func() error { _, err := m.Increment(f.Fork(), memrel.Eq("id", 9), memrel.Values{"id": 1}); return err },
			"create":         func() error { _, err := m.Create(f.Fork(), memrel.Values{}); return err },
			"create with":    func() error { _, err := m.Create(f.Fork(), memrel.Values{}, memrel.Include{As: "fans"}); return err },
			"find or create": func() error { _, _, err := m.FindOrCreate(f.Fork(), set, nil); return err },
			"delete":         func() error { _, err := typed.Delete(f.Fork(), 3); return err },
			"delete where":   func() error { _, err := typed.DeleteWhere(f.Fork(), memrel.Eq("id", 3)); return err },
			"truncate":       func() error { return typed.Truncate(f.Fork(), memrel.Truncation{Cascade: true}) },
			"alter": func() error {
				return f.Fork().Alter(name, memrel.Column{Name: "more", Type: memrel.Int})
			},
			"drop": func() error { return f.Fork().Drop(name, "Membership") },
		} {
			require.NoError(t, do(), "%s of %s", what, name)
		}
	}
}

func holds(is bool) error {
	if !is {
		return fmt.Errorf("that is not it")
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestABareValueMeansTheSameToEveryVerb: the primary key; where no row has it, the key that the association goes by.
func TestABareValueMeansTheSameToEveryVerb(t *testing.T) {
	db := clubs(t)
	team := instanceOf(t, db, "Team", 1)
	for _, key := range []any{1, "1", "z", memrel.Key{1}} {
		require.NoError(t, team.Add(db, "fans", key))
		has, err := team.Has(db, "fans", key)
		require.NoError(t, err)
		require.True(t, has, "%v", key)
		require.NoError(t, team.Remove(db, "fans", key))
		has, err = team.Has(db, "fans", key)
		require.NoError(t, err)
		require.False(t, has, "%v", key)
		require.NoError(t, team.Set(db, "fans", key))
		has, err = team.Has(db, "fans", key, 2)
		require.NoError(t, err)
		require.False(t, has, "both, %v", key)
		require.NoError(t, team.Set(db, "fans"))
		require.NoError(t, team.Set(db, "city", key))
		city, err := team.Get(db, "city", memrel.Query{})
		require.NoError(t, err)
		require.Equal(t, "z", city[0].Value("code"))
		has, err = team.Has(db, "city", key)
		require.NoError(t, err)
		require.True(t, has, "%v", key)
	}
	require.ErrorIs(t, team.Add(db, "fans", 7), memrel.ErrNotFound)
	require.ErrorIs(t, team.Set(db, "city", 7), memrel.ErrNotFound)
	err := instanceOf(t, db, "City", 1).Add(db, "teams", "one")
	require.EqualError(t, err, `memrel: add Team_table: id = "one" is a string, not an int; give it a whole number`, "it is about the target")
}

// TestARowWhoseKeyIsNullIsGivenNothing, and is given to nothing: the foreign key would be NULL.
func TestARowWhoseKeyIsNullIsGivenNothing(t *testing.T) {
	db := clubs(t)
	team, city, fan := instanceOf(t, db, "Team", 3), instanceOf(t, db, "City", 3), instanceOf(t, db, "Fan", 3)
	some := instanceOf(t, db, "Team", 1)
	create := func(i memrel.Instance, as string) error {
		_, err := i.Create(db, as, memrel.Values{"code": "q"})
		return err
	}
	for name, err := range map[string]error{
		"add to many":      city.Add(db, "teams", 1),
		"set many":         city.Set(db, "teams", 1),
		"create of many":   create(city, "teams"),
		"add links":        team.Add(db, "fans", 1),
		"set links":        team.Set(db, "fans", 1),
		"create linked":    create(team, "fans"),
		"link to it":       some.Add(db, "fans", fan),
		"link to its key":  some.Add(db, "fans", 3),
		"belong to it":     some.Set(db, "city", city),
		"belong to a key":  some.Set(db, "city", 3),
		"create belonging": func() error { _, err := some.Create(db, "city", memrel.Values{}); return err }(),
		"create with": func() error {
			_, err := memrel.ModelOf("City").Create(db, memrel.Values{"teams": []memrel.Values{{"code": "q"}}}, memrel.Include{As: "teams"})
			return err
		}(),
		"create with links": func() error {
			_, err := memrel.ModelOf("Team").Create(db, memrel.Values{"code": "q", "fans": []memrel.Values{{}}}, memrel.Include{As: "fans"})
			return err
		}(),
	} {
		require.ErrorIs(t, err, memrel.ErrNotNull, name)
		require.ErrorContains(t, err, "has no code", name)
	}
	require.NoError(t, city.Set(db, "teams"), "none is nothing")
	require.NoError(t, city.Remove(db, "teams", 1))
	require.NoError(t, some.Remove(db, "fans", fan))
	n, err := memrel.RowsOf("Membership").Count(db, memrel.Cond{})
	require.NoError(t, err)
	require.Zero(t, n)
}

// TestAnAssociationThatWaitsSaysForWhat, wherever it is asked for.
func TestAnAssociationThatWaitsSaysForWhat(t *testing.T) {
	db := memrel.MustOpen(nocobase.Collection{Name: "users", Fields: []nocobase.Field{{Type: "hasMany", Name: "posts"}}})
	t.Cleanup(func() { sound(t, db) })
	users := memrel.ModelOf("users")
	ann, err := users.Create(db, memrel.Values{})
	require.NoError(t, err)
	for name, ask := range map[string]func() error{
		"get":      func() error { _, err := ann.Get(db, "posts", memrel.Query{}); return err },
		"count":    func() error { _, err := ann.Count(db, "posts", nil); return err },
		"add":      func() error { return ann.Add(db, "posts", 1) },
		"accessor": func() error { _, err := ann.Call(db, "getPosts"); return err },
		"include": func() error {
			_, err := users.Find(db, memrel.Query{Include: []memrel.Include{{As: "posts"}}})
			return err
		},
		"model": func() error {
			_, err := users.Find(db, memrel.Query{Include: []memrel.Include{{Model: "posts"}}})
			return err
		},
		"where": func() error {
			_, err := users.Find(db, memrel.Query{Where: memrel.Some("posts", memrel.Cond{})})
			return err
		},
		"order": func() error {
			_, err := users.Find(db, memrel.Query{Order: []memrel.Order{{Column: "count(posts)"}}})
			return err
		},
		"create": func() error {
			_, err := users.Create(db, memrel.Values{"posts": []memrel.Values{{}}}, memrel.Include{As: "posts"})
			return err
		},
	} {
		require.ErrorContains(t, ask(), "users.posts waits for posts", name)
		require.ErrorContains(t, ask(), "define posts", name)
	}
}

// TestErrorsAreAboutWhatWasDone: the operation that was called, and what is there to be changed.
func TestErrorsAreAboutWhatWasDone(t *testing.T) {
	db := stocked(t)
	_, err := db.View().PreviewUpdate("authors", nil, 1)
	require.ErrorContains(t, err, "no values are given")
	_, err = readAuthors.Update(db, nil, 1)
	require.ErrorContains(t, err, "no values are given")
	_, err = readAuthors.UpdateWhere(db, memrel.Cond{}, nil)
	require.ErrorContains(t, err, "no values are given")
	_, err = readAuthors.Update(db, memrel.Values{}, 1)
	require.NoError(t, err)
	_, err = readAuthorRun.UpdateEach(db, memrel.Cond{}, nil)
	require.EqualError(t, err, "memrel: update each authors: the function is nil; give the function that says what is to be set in a row")
	err = db.Alter("authors", memrel.Column{Name: "name", Type: memrel.Int})
	require.EqualError(t, err, "memrel: alter authors: there is a column name already; name it otherwise, or drop that first: in one Alter the values are kept")

	books := memrel.Include{As: "books"}
	eve, err := readAuthorRun.Create(db, memrel.Values{"name": "eve", "books": []memrel.Values{{"title": "three"}}}, books)
	require.NoError(t, err)
	require.Equal(t, `authors{id: 2, code: NULL, name: "eve", books: [books{id: 3, authorId: 2, title: "three"}]}`, eve.String())
	eve.SetValue("name", "eva")
	require.Contains(t, eve.String(), `name: "eva"`)
}

// TestAWaitNamesWhatWaited and what it waited for, in words that lead on.
func TestAWaitNamesWhatWaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := stocked(t)
		db.SetLimits(memrel.Limits{Wait: time.Second})
		for op, do := range map[string]func() error{
			"alter":  func() error { return db.Alter("authors", memrel.DropColumn("name")) },
			"define": func() error { return db.Define(memrel.Schema{Name: "x"}) },
			"drop":   func() error { return db.Drop("places") },
			"update": func() error { return db.Update(func(*memrel.Tx) error { return nil }) },
		} {
			err := db.Update(func(*memrel.Tx) error { return do() })
			require.ErrorContains(t, err, "memrel: "+op+": waited")
		}
		var inside error
		_, err := readAuthorRun.UpdateEach(db, memrel.Cond{}, func(memrel.Instance) memrel.Values {
			_, inside = readAuthors.Insert(db, readAuthor{})
			return nil
		})
		require.NoError(t, err)
		require.ErrorContains(t, inside, "a function that a statement calls (one given to UpdateEach, a hook, a check) cannot write")
		require.NotContains(t, inside.Error(), "end that transaction")
	})
}
