package tests

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/index"
)

type account struct {
	ID    int64
	Email string `memrel:",type=citext,size=12,unique"`
}

type login struct {
	ID    int64
	Email *string `memrel:",type=citext,ref=accounts.email,onupdate=cascade,ondelete=set null,index"`
}

// Text without case is shown as it was given, and one text with every other of the same letters: in unique keys, look-ups, conditions, order
// and references.
func TestTextWithoutCase(t *testing.T) {
	accounts, logins := memrel.TableOf[account]("accounts"), memrel.TableOf[login]("logins")
	byEmail := accounts.By("email")
	db := memrel.MustOpen(accounts, logins)
	ann, err := accounts.Insert(db, account{Email: "Ann@X"})
	require.NoError(t, err)
	_, err = accounts.Insert(db, account{Email: "aNN@x"})
	require.ErrorIs(t, err, memrel.ErrUnique)
	require.ErrorContains(t, err, `"aNN@x"`)
	_, err = accounts.InsertAll(db, []account{{Email: "Straße"}, {Email: "bob"}, {Email: "Zoë"}})
	require.NoError(t, err)
	_, err = accounts.Insert(db, account{Email: "STRASSE"})
	require.ErrorIs(t, err, memrel.ErrUnique)
	_, err = accounts.Insert(db, account{Email: "123456789abcd"})
	require.ErrorIs(t, err, memrel.ErrType)

	got, ok := byEmail.Get(db, "ANN@X")
	require.True(t, ok)
	require.Equal(t, ann, got)
	emails := func(where memrel.Cond) (out []string) {
		rows, err := accounts.Find(db, memrel.Query{Where: where, Order: []memrel.Order{{Column: "email"}}})
		require.NoError(t, err)
		for _, r := range rows {
			out = append(out, r.Email)
		}
		return out
	}
	require.Equal(t, []string{"Ann@X", "bob", "Straße", "Zoë"}, emails(memrel.Cond{}))
	require.Equal(t, []string{"Straße", "Zoë"}, emails(memrel.Gt("email", "BOB")))
	require.Equal(t, []string{"bob", "Zoë"}, emails(memrel.In("email", "ZOË", "BOB", "Bob")))
	require.Equal(t, []string{"Ann@X", "Straße"}, emails(memrel.Or(memrel.Like("email", "a%x"), memrel.Like("email", "STRAS_E"))))
	require.Equal(t, []string{"Ann@X"}, emails(memrel.Like("email", "ann@X")), "a pattern without % is the text")
	e, err := accounts.Explain(db, memrel.Query{Where: memrel.Like("email", "AN%")})
	require.NoError(t, err)
	require.Equal(t, "accounts_email_key", e.Key)

	lower, other := "ann@x", "Ann"
	_, err = logins.Insert(db, login{Email: &lower})
	require.NoError(t, err)
	_, err = logins.Insert(db, login{Email: &other})
	require.ErrorIs(t, err, memrel.ErrForeignKey)
	email := func() *string { l, _ := logins.Get(db, 1); return l.Email }
	require.Equal(t, "ann@x", *email())
	_, err = accounts.Update(db, memrel.Values{"email": "ANN@X"}, ann.ID)
	require.NoError(t, err)
	require.Equal(t, "ANN@X", *email(), "a key that looks otherwise has changed")
	_, err = accounts.Update(db, memrel.Values{"email": "ANNA"}, ann.ID)
	require.NoError(t, err)
	require.Equal(t, "ANNA", *email())

	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	back, err := memrel.Load(&file)
	require.NoError(t, err)
	same, err := memrel.Diff(db, back)
	require.NoError(t, err)
	require.True(t, same.IsZero(), same.String())

	_, err = accounts.Delete(db, ann.ID)
	require.NoError(t, err)
	require.Nil(t, email())
	for _, s := range []*memrel.DB{db, back} {
		for err := range s.Check() {
			t.Error(err)
		}
	}
}

// A column becomes text without case only if its keys stay unique, and text with case again with what it shows.
func TestTextLosesItsCase(t *testing.T) {
	db := memrel.MustOpen(memrel.Schema{Name: "words", PrimaryKey: []string{"id"}, Unique: []memrel.UniqueKey{{Columns: []string{"word"}}},
		Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}, {Name: "word", Type: memrel.String}}})
	words := memrel.RowsOf("words")
	_, err := words.InsertAll(db, []memrel.Values{{"word": "Go"}, {"word": "go"}, {"word": "C"}})
	require.NoError(t, err)
	to := func(typ memrel.Type) error {
		return db.Alter("words", memrel.DropConstraint("words_word_key"), memrel.DropColumn("word"), memrel.Column{Name: "word", Type: typ}, memrel.UniqueKey{Columns: []string{"word"}})
	}
	require.ErrorIs(t, to(memrel.CIText), memrel.ErrUnique)
	_, err = words.Delete(db, 2)
	require.NoError(t, err)
	require.NoError(t, to(memrel.CIText))
	_, err = words.Insert(db, memrel.Values{"word": "c"})
	require.ErrorIs(t, err, memrel.ErrUnique)
	require.NoError(t, to(memrel.String))
	_, err = words.Insert(db, memrel.Values{"word": "c"})
	require.NoError(t, err)
	rows, err := words.Find(db, memrel.Query{Where: memrel.Eq("word", "Go")})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	err = db.Define(memrel.Schema{Name: "uses", PrimaryKey: []string{"word"}, Columns: memrel.Columns{{Name: "word", Type: memrel.CIText}},
		References: []memrel.Reference{{Columns: []string{"word"}, Table: "words", RefColumns: []string{"word"}}}})
	require.ErrorIs(t, err, memrel.ErrDefinition, "a key with case and one without cannot refer to one another")
	for err := range db.Check() {
		t.Error(err)
	}
}

// TestFoldedTextIsFolded: whatever is one letter with another by Unicode's simple folding is one text with it, and folding twice is folding once.
func TestFoldedTextIsFolded(t *testing.T) {
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		folded := index.Fold(string(r))
		require.Equal(t, folded, index.Fold(folded), "%U", r)
		for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
			require.Equal(t, folded, index.Fold(string(o)), "%U and %U", r, o)
		}
	}
	seed := rand.Uint64()
	d := rand.New(rand.NewPCG(seed, 0))
	letters := []rune("aAzZ_%.äÄßẞſsSİiIıſﬀΣςσ日")
	for range 2000 {
		var a, b strings.Builder
		for range d.IntN(6) {
			r := letters[d.IntN(len(letters))]
			a.WriteRune(r)
			b.WriteString(index.Fold(string(r)))
		}
		require.Equal(t, b.String(), index.Fold(a.String()), fmt.Sprintf("letter by letter; seed %d", seed))
	}
}
