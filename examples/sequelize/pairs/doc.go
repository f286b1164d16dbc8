// Package pairs is a chapter of the walk in examples/sequelize.
//
// Why associations are defined in pairs, and what works with one of the two.
package pairs
