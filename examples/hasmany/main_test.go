package main

func Example() {
	main()
	// Output:
	// Bob plays for team 1
	// Cy plays for team 1
	// best: Cy
	// SOME players (goals >= 2) -> Reds
	// COUNT players (count < 2, TRUE) -> Blues
	// players without a team: 3
}
