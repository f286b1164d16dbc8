package waterline_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// club has every kind of association, over two datastores: junctions here and there, in both directions, to itself, and keys that
// nothing checks.
const club = `{
	"member": {"datastore": "a", "attributes": {"name": "string", "friends": {"collection": "member", "via": "friendOf"},
		"friendOf": {"collection": "member", "via": "friends"}, "likes": {"collection": "song"}, "plays": {"collection": "song", "via": "players"},
		"cars": {"collection": "car", "via": "owner"}, "mentor": {"model": "member"}}},
	"song":   {"datastore": "b", "attributes": {"name": "string", "players": {"collection": "member", "via": "plays", "dominant": true}}},
	"car":    {"datastore": "b", "attributes": {"owner": {"model": "member"}, "song": {"model": "song"}}}
}`

// populated is a club with members, songs and cars at random.
func populated(t *testing.T, seed uint64) *waterline.Ontology {
	t.Helper()
	random, o := rand.New(rand.NewPCG(seed, 5)), open(club)
	for range 5 {
		_, err := o.Collection("song").Create(waterline.Values{})
		require.NoError(t, err)
		_, err = o.Collection("member").Create(waterline.Values{})
		require.NoError(t, err)
	}
	some := func() (out []int) {
		for i := range 5 {
			if random.IntN(3) == 0 {
				out = append(out, i+1)
			}
		}
		return out
	}
	for i := range 5 {
		values := waterline.Values{"friends": some(), "likes": some(), "plays": some()}
		if random.IntN(2) == 0 {
			values["mentor"] = 1 + random.IntN(5)
		}
		_, err := o.Collection("member").Update(i+1, values)
		require.NoError(t, err)
		_, err = o.Collection("car").Create(waterline.Values{"owner": 1 + random.IntN(5), "song": 1 + random.IntN(5)})
		require.NoError(t, err)
	}
	return o
}

// numbers are how many rows each table of each datastore has.
func numbers(t *testing.T, o *waterline.Ontology) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, name := range o.Datastores() {
		v := o.Store(name).View()
		for _, table := range v.Tables() {
			n, err := memrel.RowsOf(table).Count(v, memrel.Cond{})
			require.NoError(t, err)
			out[name+"."+table] = n
		}
	}
	return out
}

// TestAPreviewSaysWhatADestroyDoes, to each datastore, with Cascade and without, and changes nothing.
func TestAPreviewSaysWhatADestroyDoes(t *testing.T) {
	refused := 0
	for seed := range uint64(60) {
		o := populated(t, seed)
		criteria := waterline.Criteria{Where: waterline.Where{"id": []int{int(seed%5) + 1, int(seed/5%5) + 1}}, Cascade: seed%2 == 0}
		of := o.Collection([]string{"member", "song", "car"}[seed%3])
		before, dangling, was := held(t, o), len(violations(o)), numbers(t, o)
		p, err := of.PreviewDestroy(criteria)
		require.NoError(t, err)
		require.Equal(t, before, held(t, o))
		_, err = of.Destroy(criteria)
		if p.Err() != nil {
			require.ErrorIs(t, err, memrel.ErrForeignKey)
			require.Equal(t, p.Err().Error(), err.Error())
			require.Equal(t, before, held(t, o))
			refused++
			continue
		}
		require.NoError(t, err)
		for _, s := range p.Statements {
			for _, c := range s.Preview.Counts {
				was[s.Datastore+"."+c.Table] -= c.Deleted
			}
		}
		require.Equal(t, was, numbers(t, o), "seed %d: %s", seed, p)
		require.Equal(t, dangling+len(p.Dangling), len(violations(o)), "seed %d: %s", seed, p)
	}
	require.Greater(t, refused, 5)
	require.Less(t, refused, 50)
}

func TestWhatAPreviewOfADestroyIs(t *testing.T) {
	o := open(club)
	_, err := o.Collection("song").CreateEach([]waterline.Values{{"name": "one"}, {"name": "two"}})
	require.NoError(t, err)
	_, err = o.Collection("member").Create(waterline.Values{"name": "ann", "likes": []int{1, 2}, "plays": 2, "cars": []any{waterline.Values{"song": 1}}})
	require.NoError(t, err)
	p, err := o.Collection("member").PreviewDestroy(1)
	require.NoError(t, err)
	require.Equal(t, `in a:
delete member_likes__song_likes_song[1]
delete member_likes__song_likes_song[2]
member_likes__song_likes_song: 2 deleted
in b:
delete member_plays__song_players[1]
member_plays__song_players: 1 deleted
in a:
delete member[1]
member: 1 deleted
dangling: b: car[1].owner -> member 1
`, p.String())
	p, err = o.Collection("member").PreviewDestroy(waterline.Criteria{Where: waterline.Where{"name": "ann"}, Cascade: true})
	require.NoError(t, err)
	require.Contains(t, p.String(), "\nupdate car[1]: owner 1 -> NULL\ncar: 1 updated\nin a:\n")
	require.Empty(t, p.Dangling)
	text, err := json.Marshal(p)
	require.NoError(t, err)
	require.Contains(t, string(text), `{"datastore":"a","preview":{"op":"delete","table":"member",`)

	p, err = o.Collection("song").PreviewDestroy(waterline.Where{})
	require.NoError(t, err)
	require.ErrorIs(t, p.Err(), memrel.ErrForeignKey)
	require.Contains(t, p.String(), "refused: ")
	p, err = o.Collection("song").PreviewDestroy(77)
	require.NoError(t, err)
	require.Empty(t, fmt.Sprint(p))

	_, err = o.Collection("nothing").PreviewDestroy(1)
	require.ErrorIs(t, err, memrel.ErrUnknownTable)
	_, err = o.Collection("song").PreviewDestroy(waterline.Where{"nothing": 1})
	require.ErrorIs(t, err, memrel.ErrUnknownColumn)
	songs, err := waterline.Open([]waterline.Model{{Identity: "song"}}, waterline.ReadOnly("default", o.Store("b").View()))
	require.NoError(t, err)
	_, err = songs.Collection("song").PreviewDestroy(1)
	require.ErrorContains(t, err, "the datastore default is read-only")
}
