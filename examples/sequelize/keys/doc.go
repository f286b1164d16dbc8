// Package keys is a chapter of the walk in examples/sequelize.
//
// References to another key than the primary one: targetKey and sourceKey, also of junctions.
package keys
