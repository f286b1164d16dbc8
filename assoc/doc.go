// Package assoc owns associations: what a set of models and association calls means (names, foreign keys, junction
// tables, default actions), walking along an association, its verbs, and including.
//
// It does not store anything and checks no key: a definition becomes table schemas with references, which the tables and
// the cascade engine enforce. It reads through [table.Reader] and writes nothing: a verb is worked out in steps ([Set.Next]), which the engine carries out.
//
// # From specs to a set
//
//	Spec (models, associations, as written) --Resolve, by a Profile--> Set (every name and key) --> table.Schema
//
// [Resolve] is a pure function: equal specs give equal sets. A [Set] never changes and may be used from any goroutine;
// defining one more association resolves the specs anew.
//
// # What must stay true
//
//  1. A lookup through an association walks a tree of the table that it leads to; it never scans.
//  2. A verb is planned from reads alone and then carried out, all or nothing.
//  3. Names depend on the specs and their order only.
//
// There is no compatibility promise below the root package.
package assoc
