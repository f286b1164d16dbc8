package main

func Example() {
	main()
	// Output:
	// by Ann - edited: false
	// edited by Bob
	// memrel: insert books: people 7 does not exist (books.authorId -> people.id)
	// memrel: delete people: people 1 is still referenced (books.authorId -> people.id, RESTRICT); in the way: books[1]
	// a kind to test for: true
	// editor: <nil>
}
