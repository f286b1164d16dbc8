package main

// departureRule is a rule by which memrel differs from a recorded system on purpose. A recording departs if a step falls
// under a rule and what follows differs; whatever differs before is a failure. Rules go by what a step says and what came
// of it, never by a recording's name.
type departureRule[S any] struct {
	name, reason string
	applies      func(st S, err error) bool
	// about tells whether what a later step shows may differ because of the step that fell under the rule; nil if anything may.
	about func(later S) bool
	// goesOn says that nothing is stored otherwise, so that the rest of the recording must come out the same.
	goesOn bool
}

// departures are the rules for association recordings.
var departures = []departureRule[*recordedStep]{
	{
		name:   "atomic verbs",
		reason: "a verb is one statement here, all or nothing; recorded without a transaction, its first half stayed when its second was refused",
		applies: func(st *recordedStep, err error) bool {
			return st.Autocommit && err != nil
		},
	},
	{
		name: "missing targets",
		reason: "a target named by a key that no row has is refused; in the recorded system an UPDATE ... WHERE matched no row, and " +
			"nobody noticed",
		applies: func(st *recordedStep, err error) bool {
			return st.Quirk != "" && errorClass(err) == "noSuchRow" && (st.Action == "set" || st.Action == "add")
		},
	},
	{
		name:   "bounds always hold",
		reason: "the bounds of a column hold on every write here; the recorded system does not ask them of a bulkCreate without validate",
		applies: func(st *recordedStep, err error) bool {
			return st.Do == "bulkCreate" && !st.Validate && errorClass(err) == "validation"
		},
	},
}

// departureOf is the rule that a step falls under, nil if there is none.
func departureOf[S any](rules []departureRule[S], st S, err error) *departureRule[S] {
	for i := range rules {
		if rules[i].applies(st, err) {
			return &rules[i]
		}
	}
	return nil
}
