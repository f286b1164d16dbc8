package table

import (
	"slices"

	"github.com/memrel/memrel/types"
)

// Form is what a front end keeps with a store, in a form of its own: a store of its models, say. The store keeps it with its
// definitions, so that it is versioned, forked, rolled back, saved and loaded like these, and does not know what it means. One
// that is defined again under a name replaces what was kept there; one without a text takes it away.
type Form struct {
	Name string `json:"name"`
	Text []byte `json:"text"`
}

// Define enters the form into a batch.
func (f Form) Define(b *Batch) error {
	if f.Name == "" {
		return types.Refused("", "42601", "name the front end that gives it", "a form has no name")
	}
	if f.Name == namingForm {
		if err := b.naming.UnmarshalText(f.Text); err != nil {
			return err
		}
	}
	b.Add(f)
	return nil
}

// FromForm stands for definitions that a file's form comes to, when a store is loaded. Read is given the text that the file keeps
// under the name, nil if there is none.
type FromForm struct {
	Name string
	Read func(text []byte) ([]Definition, error)
}

// Definitions are those that the forms of a file come to.
func (f FromForm) Definitions(forms []Form) ([]Definition, error) {
	if f.Read == nil {
		return nil, types.Refused("", "42601", "say how it is read", "the form %s has no Read", f.Name)
	}
	i := slices.IndexFunc(forms, func(have Form) bool { return have.Name == f.Name })
	if i < 0 {
		return f.Read(nil)
	}
	return f.Read(forms[i].Text)
}

// Define refuses: there is no file from which to read.
func (f FromForm) Define(*Batch) error {
	return types.Refused("", "42601", "give it to Load", "the form %s is read from a file", f.Name)
}
