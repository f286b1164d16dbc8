// Package methods is a chapter of the walk in examples/sequelize.
//
// The accessors of an instance (getX, setX, createX, addX, removeX, hasX, countX) and their typed form.
package methods
