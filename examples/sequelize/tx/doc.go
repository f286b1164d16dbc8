// Package tx is a chapter of the walk in examples/sequelize.
//
// Verbs within transactions: savepoints, changes, definitions.
package tx
