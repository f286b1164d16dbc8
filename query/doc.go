// Package query holds conditions and queries as data, and compiles them into plans: which key of a table is walked, over which
// ranges, what is tested on the rows and how they are sorted.
//
// It knows a table by its [Shape] and reads it through [Trees], a tree for each key, asked for once for each scan. It does not
// know versions, references or associations: a condition on an association comes resolved, see [Cond.Resolved].
//
// A plan never changes, depends on the shape and the query alone (I5), and costs what the ranges that it walks hold (I7): [Plan]
// has the ranks of its choices, [Explain] shows them. Conditions follow SQL's three-valued logic, numbers compare as in
// PostgreSQL.
//
// Shapes, conditions, plans and cursors may be used from any goroutine. Running a plan that finds rows in the order wanted
// allocates nothing.
//
// There is no compatibility promise below the root package.
package query
