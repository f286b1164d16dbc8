package assoc

import (
	"maps"

	"github.com/memrel/memrel/table"
)

// Making is how rows are made of values: Created, as by Sequelize's create, sets the time of update itself and keeps a time of
// creation that is given; Bulk, as by bulkCreate, keeps both. A time, or a number, that is given as NULL is set in either.
type Making uint8

// The ways to make rows.
const (
	Created Making = iota
	Bulk
)

// Values are the values of a new row of a table, without what is set for it.
func (s *Set) Values(name string, values table.Values, how Making) table.Values {
	for _, column := range s.Fills(name, values, how) {
		if column != "" {
			values = maps.Clone(values)
			delete(values, column)
		}
	}
	return values
}

// Fills are the columns that are set for a new row of a table though its values have them: its times, and its number; "" is none.
func (s *Set) Fills(name string, values table.Values, how Making) (set [3]string) {
	m := s.Table(name)
	if m == nil {
		return set
	}
	if v, given := values[m.CreatedAt]; given && v == nil {
		set[0] = m.CreatedAt
	}
	if v, given := values[m.UpdatedAt]; given && (v == nil || how == Created) {
		set[1] = m.UpdatedAt
	}
	if v, given := values[m.numbered]; given && v == nil {
		set[2] = m.numbered
	}
	return set
}
