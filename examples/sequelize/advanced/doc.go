// Package advanced is a chapter of the walk in examples/sequelize.
//
// Junctions with columns of their own, junctions as models, models associated with themselves.
package advanced
