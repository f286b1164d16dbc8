// Package budget says how much work random tests do. Each has a number of cases that takes it about a second; CI raises all of
// them at once.
package budget

import (
	"os"
	"strconv"
	"testing"
)

// raceShare is the part of the cases that is tried under the race detector. A case costs five to ten times as much there, and what one
// goroutine does alone can show it nothing: it is the tests of concurrency that do, and these have no budget.
const raceShare = 8

// Of is a number of cases times the environment's MEMREL_BUDGET, which is 1 unless it is set; in short tests it is a tenth of that,
// under the race detector an eighth, one at least.
func Of(n int) int {
	if factor, err := strconv.Atoi(os.Getenv("MEMREL_BUDGET")); err == nil && factor > 0 {
		n *= factor
	}
	if race {
		n /= raceShare
	}
	if testing.Short() {
		n /= 10
	}
	return max(1, n)
}
