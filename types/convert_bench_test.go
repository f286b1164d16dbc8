package types

import (
	"testing"

	"github.com/memrel/memrel/index"
)

func BenchmarkFromGo(b *testing.B) {
	c := &Column{Name: "c", Type: index.Int}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		convertAll(c, i)
	}
}
