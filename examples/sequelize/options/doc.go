// Package options is a chapter of the walk in examples/sequelize.
//
// Options that the other chapters leave out, and orders and conditions of includes.
package options
