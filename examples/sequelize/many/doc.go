// Package many is a chapter of the walk in examples/sequelize.
//
// One-to-many and many-to-many: keys, junctions, unique keys of junctions.
package many
