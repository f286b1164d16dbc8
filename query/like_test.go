package query

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/internal/budget"
	"github.com/memrel/memrel/types"
)

func TestLike(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true},
		{"", "a", false},
		{"%", "", true},
		{"%", "anything\nat all", true},
		{"%%", "", true},
		{"_", "a", true},
		{"_", "", false},
		{"_", "é", true},
		{"_", "日", true},
		{"__", "日", false},
		{"_", "\n", true},
		{"abc", "abc", true},
		{"abc", "ABC", false},
		{"a%", "abc", true},
		{"a%", "ba", false},
		{"%c", "abc", true},
		{"%c", "abcd", false},
		{"%b%", "abc", true},
		{"a_c", "abc", true},
		{"a_c", "ac", false},
		{"a%a", "a", false},
		{"a%a", "aa", true},
		{"%ab%ab%", "abab", true},
		{"%ab%ab%", "aba", false},
		{"%_b_%", "abc", true},
		{"%_b_%", "bc", false},
		{"%é_", "caféa", true},
		{"%__é", "aé", false},
		{`100\%`, "100%", true},
		{`100\%`, "100x", false},
		{`a\_b`, "a_b", true},
		{`a\_b`, "axb", false},
		{`a\\b`, `a\b`, true},
		{`\a`, "a", true},
		{`%\%`, "50%", true},
		{"_%_", "a", false},
		{"_%_", "ab", true},
		{"%a_%_b", "xaxxb", true},
	} {
		p, err := parsePattern(c.pattern)
		require.NoError(t, err)
		require.Equal(t, c.want, p.match(c.s), "%q LIKE %q", c.s, c.pattern)
		require.Equal(t, c.want, likeByRegexp(c.pattern, c.s), "the oracle: %q LIKE %q", c.s, c.pattern)
	}
}

func TestLikeAgreesWithRegexp(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	text := func(letters string, most int) string {
		var b strings.Builder
		for range rng.IntN(most) {
			b.WriteRune([]rune(letters)[rng.IntN(len([]rune(letters)))])
		}
		return b.String()
	}
	for range 5000 {
		pattern, s := text("ab%%__é", 9), text("abé", 12)
		p, err := parsePattern(pattern)
		require.NoError(t, err)
		require.Equal(t, likeByRegexp(pattern, s), p.match(s), "%q LIKE %q", s, pattern)
	}
}

func TestAPatternMustNotEndInAnEscape(t *testing.T) {
	_, err := parsePattern(`a\`)
	require.ErrorIs(t, err, types.ErrQuery)
	require.EqualError(t, err, `memrel: the pattern 'a\' ends in an escape; write \\ for a backslash`)
}

func TestTheLiteralBeginningOfAPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, lit string
		whole, exact bool
	}{
		{"abc", "abc", false, true},
		{"", "", false, true},
		{"abc%", "abc", true, false},
		{"%", "", true, false},
		{"abc%d", "abc", false, false},
		{"ab_%", "ab", false, false},
		{"_b%", "", false, false},
		{`a\%%`, "a%", true, false},
	} {
		p, err := parsePattern(c.pattern)
		require.NoError(t, err)
		lit, whole, exact := p.prefix()
		require.Equal(t, []any{c.lit, c.whole, c.exact}, []any{lit, whole, exact}, c.pattern)
	}
}

func TestTheEndOfAPrefix(t *testing.T) {
	end, ok := afterPrefix("ab")
	require.True(t, ok)
	require.Equal(t, "ac", end)
	end, ok = afterPrefix("a\xff\xff")
	require.True(t, ok)
	require.Equal(t, "b", end)
	_, ok = afterPrefix("\xff")
	require.False(t, ok)
}

// A matcher that goes back would be at this for longer than anyone waits.
func TestLikeDoesNotGoBack(t *testing.T) {
	p, err := parsePattern(strings.Repeat("%a", 50) + "%b")
	require.NoError(t, err)
	require.False(t, p.match(strings.Repeat("a", 100_000)))
}

// What follows a percent sign is found in one pass, however often it nearly matches.
func TestLikeFindsUnderscoresInOnePass(t *testing.T) {
	p, err := parsePattern("%" + strings.Repeat("_a", 512) + "b%")
	require.NoError(t, err)
	text := strings.Repeat("a", min(1<<20, budget.Of(1<<20)))
	require.False(t, p.match(text))
	require.True(t, p.match(text+"b"))
	require.LessOrEqual(t, testing.AllocsPerRun(1, func() { p.match(text) }), 12.0)

	short := text[:900]
	p, err = parsePattern("%a_a_b%")
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(10, func() { p.match(short) }), "a short text is tried place by place")
}

// firstEnd is the least end of a match of g that begins at pos or later, found the obvious way.
func (g segment) firstEnd(s string, pos int) int {
	least := -1
	for ; pos < len(s); pos++ {
		if !strings.HasPrefix(s[pos:], g[0].lit) {
			continue
		}
		if end := g[1:].at(s, pos+len(g[0].lit)); end >= 0 && (least < 0 || end < least) {
			least = end
		}
	}
	return least
}

func FuzzLikeMachine(f *testing.F) {
	f.Add("a_b", "xaacb", 0)
	f.Add("a__é_", "aéééaé", 1)
	f.Add("\xc3_\xa9", "é\xc3\xa9\xff\xa9", 0)
	f.Add("a"+strings.Repeat("_a", 40), strings.Repeat("a", 99), 3)
	f.Add("a\\__\\%", "aa_日%", 0)
	rng := rand.New(rand.NewPCG(1, 64))
	for range 2000 {
		letters := func(from string, most int) string {
			b := make([]byte, rng.IntN(most))
			for i := range b {
				b[i] = from[rng.IntN(len(from))]
			}
			return string(b)
		}
		f.Add("a"+letters("aab___\xc3\xa9", 140), strings.Repeat(letters("aaab\xc3\xa9\xff\xe6", 9), 1+rng.IntN(30)), rng.IntN(3))
	}
	f.Fuzz(func(t *testing.T, pattern, s string, pos int) {
		p, err := parsePattern(pattern)
		if err != nil || len(p.head) < 2 || p.head[0].skip > 0 || pos < 0 || pos > len(s) {
			return
		}
		want := p.head.firstEnd(s, pos)
		if steps := p.head.steps(); steps <= len(s)-pos {
			require.Equal(t, want, newMachine(p.head, steps).find(s, pos), "%q in %q from %d", pattern, s, pos)
			if p.head.isText() && utf8.ValidString(s[pos:]) {
				require.Equal(t, want, newTransform(p.head, steps, len(s)-pos).find(s, pos), "by transform: %q in %q from %d", pattern, s, pos)
			}
		}
		require.Equal(t, want, p.head.findAtOnce(s, pos), "%q in %q from %d", pattern, s, pos)
	})
}

// TestWhatLikeCosts, in words and butterflies: no more than a multiple of the text and the pattern, times the logarithm of a segment's
// length; ten times that would be a second for a megabyte.
func TestWhatLikeCosts(t *testing.T) {
	for k, most := 2, min(1<<16, budget.Of(1<<16)); k <= most; k *= 2 {
		p, err := parsePattern("%" + strings.Repeat("a_", k/2) + "b%")
		require.NoError(t, err)
		for _, n := range []int{k + 1, 2 * k, most} {
			text := strings.Repeat("a", max(n, k+1))
			at := p.mid[0].searcher(p.mid[0].steps(), text)
			require.Equal(t, -1, at.find(text, 0))
			require.Positive(t, at.work())
			require.LessOrEqual(t, at.work(), 16*(len(text)+k)*bits.Len(uint(k)), "%d on %d", k, len(text))
		}
	}
}

// A text in many letters, a match at the very end, and one that a long segment only just misses.
func TestLikeFindsLongSegments(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	letters := []rune("aaabéé日\U0001F600")
	for range 8 {
		var text []rune
		for range 30_000 {
			text = append(text, letters[rng.IntN(len(letters))])
		}
		k := machineSteps + rng.IntN(10_000)
		from := len(text) - k
		run := slices.Clone(text[from:])
		for range k / 2 {
			run[rng.IntN(k-1)] = '_'
		}
		run[0], run[k-1] = text[from], text[len(text)-1]
		p, err := parsePattern("%" + string(run) + "%")
		require.NoError(t, err)
		require.True(t, p.match(string(text)))
		require.Equal(t, len(string(text)), p.mid[0].findAtOnce(string(text), 0))
		text[len(text)-1]++
		require.False(t, p.match(string(text)))
	}
}
