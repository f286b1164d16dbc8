// Package eager is a chapter of the walk in examples/sequelize.
//
// Eager loading: includes with conditions, nested, required, ordered and limited; conditions across associations.
package eager
