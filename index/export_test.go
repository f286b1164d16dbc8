package index

// SetProbe has a function told of every record that goes into a tree; nil ends that. The test must have the process to itself.
func SetProbe(f func()) { onInsert = f }
