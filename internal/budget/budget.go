// Package budget says how much work random tests do. Each has a number of cases that takes it about a second; plain go test tries a
// sample of them, so that all the tests together are done in seconds, and CI raises all of them at once.
package budget

import (
	"os"
	"strconv"
	"testing"
)

const (
	// sampleShare is the part of the cases that is tried unless the environment says how many: enough to fail on what is
	// commonly broken. What fails seldom, CI finds with MEMREL_BUDGET.
	sampleShare = 4
	// raceShare is the part of the cases that is tried under the race detector. A case costs five to ten times as much there, and what one
	// goroutine does alone can show it nothing: it is the tests of concurrency that do, and these have no budget.
	raceShare = 8
)

// Of is a number of cases times the environment's MEMREL_BUDGET; a quarter of it where that is not set. In short tests it is a tenth
// of that, under the race detector an eighth, one at least.
func Of(n int) int {
	if factor, err := strconv.Atoi(os.Getenv("MEMREL_BUDGET")); err == nil && factor > 0 {
		return All(n * factor)
	}
	return All(n / sampleShare)
}

// All is a number of cases that are all there are, so that plain go test tries each: the places where a statement may be stopped, say. In
// short tests it is a tenth of them, under the race detector an eighth, one at least.
func All(n int) int {
	if race {
		n /= raceShare
	}
	if testing.Short() {
		n /= 10
	}
	return max(1, n)
}
