// Package scope is a chapter of the walk in examples/sequelize.
//
// Association scopes and polymorphic associations, which scopes keep apart.
package scope
