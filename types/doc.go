// Package types holds what a column can hold: the definition of a [Column], how values of Go become its cells and back, their
// text and JSON forms, and the one [Error] of the store with its kinds.
//
// It does not know tables, keys or rows. A conversion is exact or it is an error of kind [ErrType]: a value is never cut,
// rounded or read as another (I2, I12 in docs/architecture.md). Nothing that it gives out or takes is an alias of a cell (I3),
// but for the bytes of strings, which cannot change.
//
// Everything here may be used from any goroutine. Converting a number, bool, string, time or UUID does not allocate.
//
// There is no compatibility promise below the root package.
package types
