// Package budget says how much work random tests do. Each has a number of cases that takes it about a second; CI raises all of
// them at once.
package budget

import (
	"os"
	"strconv"
	"testing"
)

// Of is a number of cases times the environment's MEMREL_BUDGET, which is 1 unless it is set; in short tests it is a tenth of that,
// one at least.
func Of(n int) int {
	if factor, err := strconv.Atoi(os.Getenv("MEMREL_BUDGET")); err == nil && factor > 0 {
		n *= factor
	}
	if testing.Short() {
		return max(1, n/10)
	}
	return n
}
