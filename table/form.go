package table

import (
	"slices"

	"github.com/memrel/memrel/types"
)

// Form is what a front end keeps with a store, in a form of its own: a store of its models, say. The store keeps it with its
// definitions, so that it is versioned, forked, rolled back, saved and loaded like these, and does not know what it means. One
// that is defined again under a name replaces what was kept there; one without a text takes it away.
//
// One with Read stands for definitions that the form of a file comes to, when a store is loaded.
type Form struct {
	Name string `json:"name"`
	Text []byte `json:"text"`
	// Read gives the definitions that a text comes to: the one that the file keeps under the name, nil if there is none.
	Read func(text []byte) ([]Definition, error) `json:"-"`
}

// Define enters the form into a batch.
func (f Form) Define(b *Batch) error {
	switch {
	case f.Name == "":
		return types.Refused("", "42601", "name the front end that gives it", "a form has no name")
	case f.Read != nil:
		return types.Refused("", "42601", "give it to Load", "the form %s is read from a file", f.Name)
	}
	if f.Name == namingForm {
		if err := b.naming.UnmarshalText(f.Text); err != nil {
			return err
		}
	}
	if f.Name == numberingForm {
		if err := b.numbering.UnmarshalText(f.Text); err != nil {
			return err
		}
	}
	b.Add(f)
	return nil
}

// ReadFrom gives the definitions that the forms of a file come to. It is for a form with a Read.
func (f Form) ReadFrom(forms []Form) ([]Definition, error) {
	i := slices.IndexFunc(forms, func(have Form) bool { return have.Name == f.Name })
	if i < 0 {
		return f.Read(nil)
	}
	return f.Read(forms[i].Text)
}
