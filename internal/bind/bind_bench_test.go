package bind

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func BenchmarkLoad(b *testing.B) {
	posts := bindTo[post](b)
	rec, err := newRecord(posts, &post{1, 2, "slug", "title"}, 0)
	require.NoError(b, err)
	var n int64
	b.ReportAllocs()
	for b.Loop() {
		n += loaded(posts, rec).AuthorID
	}
}

func BenchmarkLoadScalars(b *testing.B) {
	all := bindTo[scalars](b)
	rec, err := newRecord(all, &aScalar, 0)
	require.NoError(b, err)
	var n int64
	b.ReportAllocs()
	for b.Loop() {
		n += loaded(all, rec).ID
	}
}

func BenchmarkNewRecord(b *testing.B) {
	posts := bindTo[post](b)
	src := post{0, 2, "slug", "title"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := newRecord(posts, &src, 7); err != nil {
			b.Fatal(err)
		}
	}
}
