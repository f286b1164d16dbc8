package types

import "fmt"

// Diagnostic is something about a definition that is allowed but does not do what it seems to say.
type Diagnostic struct {
	Table   string `json:"table"`
	Name    string `json:"name"` // the reference
	Problem string `json:"problem"`
	Cure    string `json:"cure"`
	// Of two associations that ask for different actions on one reference: the reference, whose action is kept, and whose is
	// refused.
	Reference string `json:"reference,omitempty"`
	Kept      *Claim `json:"kept,omitempty"`
	Refused   *Claim `json:"refused,omitempty"`
}

// Claim is the action that an association asks for.
type Claim struct {
	By       string `json:"by"` // the association: posts.user
	OnDelete string `json:"onDelete"`
}

// String reads: posts.posts_author_fkey: SET NULL can only fail: authorId is NOT NULL; let it be NULL or use CASCADE.
func (d Diagnostic) String() string {
	return oneLine(fmt.Sprintf("%s.%s: %s; %s", d.Table, d.Name, d.Problem, d.Cure))
}
