// Package testing is about testing a service whose rows live in a database, with memrel in the database's place. It shows what
// to copy:
//
//   - [github.com/memrel/memrel/examples/testing/library] is the service: models with GORM's tags, rules, and the interface of the
//     repository that it is given. It knows nothing of memrel.
//   - [github.com/memrel/memrel/examples/testing/memory] is that repository on memrel: the test double.
//   - The tests of library make one store for the whole package, with rows that most tests want, and give each test a fork of
//     it: `go test ./examples/testing/...`
//
// The double has the keys and references of the database, so that what the database would refuse is refused in tests as well, with the
// same codes, at no cost worth a mention: a fork takes microseconds, and tests run in parallel.
package testing
