// Package alias is a chapter of the walk in examples/sequelize.
//
// Names: of the key, of the association, and of two associations between the same models.
package alias
