package main

func Example() {
	main()
	// Output:
	// Ann is "the oak" in Trees
	// Bob is "" in Trees
	// Ann is in Trees
	// Ann is in Leaves
	// actors in Trees: 1 - the oak
	// links: 1 actors: 2
}
