package waterline

import (
	"fmt"
	"math"

	"github.com/memrel/memrel"
)

// Sum is the sum of an attribute over the records that criteria mean: an int64 of an integer attribute, which is refused
// with [memrel.ErrLimit] if it is none any more, and a float64 of others that are numbers. Records without a value count
// nothing. Errors as [Collection.Find].
func (c Collection) Sum(name string, criteria any) (any, error) {
	ints, floats, _, err := c.total("sum", name, criteria)
	if err != nil {
		return nil, err
	}
	if a := c.e.attribute(name); a.column.Type == memrel.Int {
		return ints, nil
	}
	return floats, nil
}

// Avg is the average of an attribute over the records that criteria mean and that have a value; ok is false if there is
// none. Errors as [Collection.Sum].
func (c Collection) Avg(name string, criteria any) (avg float64, ok bool, err error) {
	ints, floats, n, err := c.total("avg", name, criteria)
	if err != nil || n == 0 {
		return 0, false, err
	}
	return (float64(ints) + floats) / float64(n), true, nil
}

func (c Collection) total(op, name string, criteria any) (ints int64, floats float64, n int, err error) {
	if err := c.known(op); err != nil {
		return 0, 0, 0, err
	}
	a, err := c.e.field(name)
	if err != nil {
		return 0, 0, 0, err
	}
	if a.column.Type != memrel.Int && a.column.Type != memrel.Float {
		return 0, 0, 0, refused(memrel.ErrQuery, op, c.e, "name a number", fmt.Sprintf("%s is a %s", name, a.column.Type))
	}
	found, err := c.Find(criteria)
	for _, r := range found {
		switch v := r.row().Get(a.column.Name).(type) {
		case int64:
			if v > 0 && ints > math.MaxInt64-v || v < 0 && ints < math.MinInt64-v {
				return 0, 0, 0, refused(memrel.ErrLimit, op, c.e, "narrow the criteria", "the sum of "+name+" is no 64 bit integer")
			}
			ints += v
			n++
		case float64:
			floats += v
			n++
		}
	}
	return ints, floats, n, err
}
