package query

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
