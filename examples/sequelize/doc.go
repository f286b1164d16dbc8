// Package sequelize walks through Sequelize's manual on associations, chapter by chapter, as examples that run: define,
// many, fetch, alias, methods, pairs, keys, advanced, eager, scope, tx, options. What the manual shows is shown first with models
// at run time, in the manual's words, then typed. `go test ./examples/sequelize` runs them all.
package sequelize
