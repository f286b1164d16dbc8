// Package define is a chapter of the walk in examples/sequelize.
//
// The four kinds of association and what their options do: actions, foreign keys, constraints, profiles.
package define
