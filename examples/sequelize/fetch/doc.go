// Package fetch is a chapter of the walk in examples/sequelize.
//
// What associations are for: reading related rows lazily or with the row, writing by key or by verb.
package fetch
