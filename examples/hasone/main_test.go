package main

func Example() {
	main()
	// Output:
	// created: Writes Go. of user 1
	// a second one: memrel: insert profiles: unique key (userId) = (1) is taken; in the way: profiles[1]
	// set: Writes books. true
	// let go of: Writes Go. true
	// found by her profile: ann@example.com
	// profiles left: 1
}
