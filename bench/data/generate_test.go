package data

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEqualSeedsGiveEqualRows(t *testing.T) {
	require.Equal(t, Blog(1000, 1), Blog(1000, 1))
	require.Equal(t, Forest(1000, 1), Forest(1000, 1))
	require.Equal(t, Zipf(100, 1000, 1), Zipf(100, 1000, 1))
	require.NotEqual(t, Posts(1000, 1), Posts(1000, 2))
}

func TestBlogKeepsItsShape(t *testing.T) {
	d := Blog(2000, 1)
	of, slugs := map[int64]int{}, map[string]bool{}
	for _, p := range d.Posts {
		of[p.AuthorID]++
		require.False(t, slugs[p.Slug], "slugs are unique")
		slugs[p.Slug] = true
	}
	require.Len(t, of, d.Shape.Authors)
	for author := range of {
		require.Equal(t, Fanout, of[author])
		require.LessOrEqual(t, author, int64(d.Shape.Authors))
	}
	require.Len(t, d.Users, d.Shape.Authors+d.Shape.Idle)
	require.Len(t, d.PostTags, d.Shape.Tagged*d.Shape.TagsEach)
}

func TestSkewIsReal(t *testing.T) {
	share := func(keys []int64) float64 {
		n, most := map[int64]int{}, 0
		for _, k := range keys {
			n[k]++
			most = max(most, n[k])
		}
		return float64(most) / float64(len(keys))
	}
	require.Less(t, share(Uniform(10_000, 1000, 1)), 0.005)
	require.Greater(t, share(Zipf(10_000, 1000, 1)), 0.02)

	rays := map[int64]int{}
	for _, l := range Forest(10_000, 1).Nodes {
		rays[l.ParentID]++
	}
	delete(rays, 0)
	sizes := make([]int, 0, len(rays))
	for _, n := range rays {
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	require.LessOrEqual(t, sizes[len(sizes)/2], 2, "most hubs have few rays")
	require.Greater(t, sizes[len(sizes)-1], 100, "a few have very many")
}

func TestEveryLinkHasItsParent(t *testing.T) {
	for name, d := range map[string]*Data{"chain": Chain(50), "cycle": Cycle(50), "star": Star(50), "forest": Forest(500, 1)} {
		for _, l := range d.Nodes {
			require.LessOrEqual(t, l.ParentID, int64(len(d.Nodes)), name)
		}
	}
	for _, d := range []*Data{Tree(2, 5), Growing(1000)} {
		for _, c := range d.Children {
			require.LessOrEqual(t, c.ParentID, int64(len(d.Parents)))
		}
		for _, g := range d.Grandchildren {
			require.LessOrEqual(t, g.ParentID, int64(len(d.Children)))
		}
		require.Equal(t, len(d.Parents)+len(d.Children)+len(d.Grandchildren), d.Shape.Reachable)
	}
}
