// Package bind lays Go structs over tables: which table a struct describes ([Struct.Schema]), and how its fields and the cells of a
// record become one another ([Binding]).
//
// A binding is compiled once for a struct type and a definition and never changes; any goroutine may use it. Reading a record
// into a struct sets fields by their address, without reflection, and allocates only for pointers, lists and documents.
//
// There is no compatibility promise below the root package.
package bind
