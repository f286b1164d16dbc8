package tests

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/internal/budget"
)

var (
	modelSeed = flag.Uint64("model.seed", 0, "seed of the random programs; 0 takes the clock")
	modelOps  = flag.Int("model.ops", 0, "random operations to run; 0 is as many as the budget has")
)

const programBytes = 1400 // about 130 operations at the most

// TestModel runs random programs on the store and on the model, which must agree after every operation.
func TestModel(t *testing.T) {
	seed := *modelSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	const shards = 4
	each := cmp.Or(*modelOps, budget.Of(150_000)) / shards
	for shard := range uint64(shards) {
		t.Run(fmt.Sprint(shard), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, shard))
			data := make([]byte, programBytes)
			for done := 0; done < each; {
				for i := range data {
					data[i] = byte(random.Uint32())
				}
				ops := program(data[:100+random.IntN(programBytes-100)])
				done += len(ops)
				if every := 1 + 7*random.IntN(2); !agrees(t, ops, every) {
					t.Fatalf("again: go test ./tests -run TestModel -model.seed %d", seed)
				}
			}
		})
	}
}

// FuzzProgram lets the fuzzer write the programs.
func FuzzProgram(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("insert a few rows and then take some of them away again"))
	f.Fuzz(func(t *testing.T, data []byte) {
		agrees(t, program(data[:min(len(data), programBytes)]), 1)
	})
}

// agrees runs a program; if the store and the model differ it reports the shortest part of it where they do.
func agrees(t *testing.T, ops []op, every int) bool {
	t.Helper()
	err := run(ops, every, nil)
	if err == nil {
		return true
	}
	ops = shrink(ops, func(ops []op) bool { return run(ops, every, nil) != nil })
	var script strings.Builder
	err = run(ops, every, &script)
	t.Errorf("the store and the model differ:\n\n%s\n%v", script.String(), err)
	return false
}

// shrink leaves out parts of a failing program as long as it goes on failing: halves, then quarters, down to single
// operations.
func shrink[T any](list []T, fails func([]T) bool) []T {
	for size := len(list) / 2; size > 0; {
		shorter := false
		for from := 0; from < len(list); {
			rest := append(append([]T{}, list[:from]...), list[min(from+size, len(list)):]...)
			if fails(rest) {
				list, shorter = rest, true
			} else {
				from += size
			}
		}
		if !shorter {
			size /= 2
		}
	}
	return list
}

func TestShrinkKeepsWhatMatters(t *testing.T) {
	list := make([]int, 100)
	for i := range list {
		list[i] = i
	}
	short := shrink(list, func(l []int) bool {
		sum := 0
		for _, n := range l {
			if n == 17 || n == 83 {
				sum += n
			}
		}
		return sum == 100
	})
	require.Equal(t, []int{17, 83}, short)
}
