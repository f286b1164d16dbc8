package main

func Example() {
	main()
	// Output:
	// post: Well put. post
	// video: Well filmed. video
	// on the video: 2
	// comments left: 2
}
