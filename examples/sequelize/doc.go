// Package sequelize holds what the examples in the folders below share: a walk through Sequelize's manual on
// associations. What the manual shows is shown first with models at run time, in the manual's words, then typed. A name in
// lower case (ship) is the handle of a model at run time, a name in upper case (Ship, Ships) a row type and its typed
// handle. Each folder is a chapter:
//
//   - [github.com/memrel/memrel/examples/sequelize/define]: the four kinds of association and what their options do: actions, foreign keys, constraints, profiles
//   - [github.com/memrel/memrel/examples/sequelize/many]: one-to-many and many-to-many: keys, junctions, unique keys of junctions
//   - [github.com/memrel/memrel/examples/sequelize/fetch]: what associations are for: reading related rows lazily or with the row, writing by key or by verb
//   - [github.com/memrel/memrel/examples/sequelize/alias]: names: of the key, of the association, and of two associations between the same models
//   - [github.com/memrel/memrel/examples/sequelize/methods]: the accessors of an instance (getX, setX, createX, addX, removeX, hasX, countX) and their typed form
//   - [github.com/memrel/memrel/examples/sequelize/pairs]: why associations are defined in pairs, and what works with one of the two
//   - [github.com/memrel/memrel/examples/sequelize/keys]: references to another key than the primary one: targetKey and sourceKey, also of junctions
//   - [github.com/memrel/memrel/examples/sequelize/advanced]: junctions with columns of their own, junctions as models, models associated with themselves
//   - [github.com/memrel/memrel/examples/sequelize/eager]: eager loading: includes with conditions, nested, required, ordered and limited; conditions across associations
//   - [github.com/memrel/memrel/examples/sequelize/scope]: association scopes and polymorphic associations, which scopes keep apart
//   - [github.com/memrel/memrel/examples/sequelize/tx]: verbs within transactions: savepoints, changes, definitions
//   - [github.com/memrel/memrel/examples/sequelize/options]: options that the other chapters leave out, and orders and conditions of includes
//
// `go test ./examples/sequelize/...` runs them all.
package sequelize
