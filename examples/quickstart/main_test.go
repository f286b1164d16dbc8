package main

func Example() {
	main()
	// Output:
	// memrel: insert posts: users 7 does not exist (posts.authorId -> users.id)
	// 0 1
}
