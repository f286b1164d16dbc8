package main

import (
	"errors"

	"github.com/memrel/memrel"
)

// ontologyTurn is a step of an ontology recording; none while the models are read.
type ontologyTurn struct {
	*ontologyScenario
	*ontologyStep
	foreign bool // the step saves an instance that is to remove what is another's child
}

// The rules for ontology recordings. One has models refused, and one lets whatever follows differ; the others go on: they bear
// on the junctions that were made alone, on where they are, or on the rows that they have.
var (
	refusedDominance = &departureRule[ontologyTurn]{
		name: "dominance",
		reason: "the guide's rules of dominance hold, which no release built: over two datastores both sides dominant is an error, and so is " +
			"dominant where no junction has two sides",
		applies: func(t ontologyTurn, err error) bool {
			return t.ontologyStep == nil && errors.Is(err, memrel.ErrDefinition) && t.misplaced()
		},
	}
	alphabetical = &departureRule[ontologyTurn]{
		name:    "the alphabetically first is dominant",
		reason:  "where neither side is dominant the model that comes first in the alphabet is taken, as the guide says; 0.15 takes another",
		applies: func(t ontologyTurn, err error) bool { return t.ontologyStep == nil && err == nil && t.undecided() },
		goesOn:  true,
	}
	eitherEnd = &departureRule[ontologyTurn]{
		name: "junction rows go with either end",
		reason: "a destroy takes the junction rows of what it destroys, on whichever side it stands; releases leave those of other " +
			"directions, or all of them",
		applies: func(t ontologyTurn, err error) bool {
			return err == nil && t.ontologyStep != nil && (t.Op == "destroy" || t.Op == "destroyInstance")
		},
		goesOn: true,
	}
	membersOnce = &departureRule[ontologyTurn]{
		name:   "members are members once",
		reason: "adding a member again does nothing; 0.15 joins the two a second time, and so do 0.10 to 0.12 where one save adds a member twice",
		applies: func(t ontologyTurn, err error) bool {
			return err == nil && t.ontologyStep != nil && (t.Op == "addToCollection" || t.Op == "save")
		},
		goesOn: true,
	}
	ownChildren = &departureRule[ontologyTurn]{
		name:    "a remove touches own children",
		reason:  "removing a record that is another's child leaves it alone; releases clear its foreign key whoever it belongs to",
		applies: func(t ontologyTurn, err error) bool { return err == nil && t.foreign },
	}
	ontologyDepartures = []*departureRule[ontologyTurn]{refusedDominance, ownChildren, alphabetical, eitherEnd, membersOnce}
)

// misplaced tells whether dominant stands on both sides of a junction over two datastores, or where there is none.
func (s *ontologyScenario) misplaced() bool {
	for _, m := range s.Models {
		for name, a := range m.Attributes {
			target := s.model(a.Model + a.Collection)
			if !a.Dominant || target == nil || target.Datastore == m.Datastore {
				continue
			}
			back, ok := target.Attributes[a.Via]
			joined := a.Collection != "" && a.Through == "" && (a.Via == "" || back.Collection != "")
			if !joined || ok && back.Via == name && back.Dominant {
				return true
			}
		}
	}
	return false
}

// undecided tells whether a junction over two datastores has two sides of which none is dominant.
func (s *ontologyScenario) undecided() bool {
	for _, m := range s.Models {
		for name, a := range m.Attributes {
			target := s.model(a.Collection)
			if target == nil || target.Datastore == m.Datastore || a.Dominant || a.Through != "" {
				continue
			}
			if back := target.Attributes[a.Via]; back.Collection == m.Identity && back.Via == name && !back.Dominant {
				return true
			}
		}
	}
	return false
}
