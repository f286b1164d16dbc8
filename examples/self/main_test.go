package main

func Example() {
	main()
	// Output:
	// food
	//   fruit
	//     apples
	//   bread
	// fruit is in food
	// food
	//   bread
	// who follows Cy: [{1 Ann} {2 Bob}]
	// who follows somebody who does: [{1 Ann}]
}
