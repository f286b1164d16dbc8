// Package differential runs random programs on memrel and on databases with foreign keys of their own, SQLite and
// PostgreSQL, and compares rows and errors after every statement.
//
// A program is a random schema and random statements ([Program]); it prints as SQL. Where the systems are known to
// differ, a rule over what the statement does accepts the difference, with its reason ([Rule]); accepted differences
// are counted and may not become many. Whatever else differs is shrunk to a short script.
//
// Beside the comparison every program shows that memrel keeps its own promises: a preview says what the statement then
// does, the store passes its check at the end, and the order in which tables, references and unique keys are declared
// changes nothing.
//
// It is a module of its own, since the drivers are heavy.
package differential
