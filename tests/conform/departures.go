package main

// departure is a rule by which memrel differs from the recorded system on purpose. A recording departs if a step falls
// under a rule and what follows differs; whatever differs before is a failure. Rules go by what a step says and what came
// of it, never by a recording's name.
type departure struct {
	name, reason string
	applies      func(st *recordedStep, err error) bool
}

var departures = []departure{
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
func departureOf(st *recordedStep, err error) *departure {
	for i := range departures {
		if departures[i].applies(st, err) {
			return &departures[i]
		}
	}
	return nil
}
