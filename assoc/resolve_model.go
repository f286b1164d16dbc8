package assoc

import (
	"slices"

	"github.com/memrel/memrel/table"
)

// model is a model in the making.
type model struct {
	name, table      string
	names            Names
	spec             Model
	base             *table.Schema // of a table that is not a model
	attrs            []*attr
	assocs           []*Association
	created, updated string
	naming           table.Naming
}

// attr is a column in the making.
type attr struct {
	Attribute
	null nullness
	made bool // by convention or association, not declared
	base bool // a column of a table that is not a model
	key  string
	refs []*ref // what it refers to; more than one thing only where references have priority
}

// nullness is what was specified about NULL.
type nullness uint8

const (
	unspecified nullness = iota
	nullable
	notNull
)

// precedence is how strong an option is in deciding an action is.
type precedence uint8

const (
	byDefault precedence = iota
	byPeer               // an association specified it
	byOwner              // the association whose source the key refers to specified it, or the column itself
)

// ref is what a column refers to, and with which actions.
type ref struct {
	model    *model
	key      string
	linked   bool // by an association
	kind     Kind // of the first of these
	del, upd table.Action
	delBy    precedence
	updBy    precedence
	options  []option // of the associations that share it, in order
	refusals []refusal
	kept     option // of the options, the one that decided, where they have priorities
	behind   *table.Constraint
}

// alone is the key of a column that is unique by itself.
const alone = "\x00"

func (m *model) attr(name string) *attr {
	for _, a := range m.attrs {
		if a.Name == name {
			return a
		}
	}
	return nil
}

func (m *model) drop(name string) {
	m.attrs = slices.DeleteFunc(m.attrs, func(a *attr) bool { return a.Name == name })
}

// primary are the names of the columns of the primary key.
func (m *model) primary() []string {
	var out []string
	for _, a := range m.attrs {
		if a.PrimaryKey {
			out = append(out, a.Name)
		}
	}
	return out
}

// id is the first column of the primary key.
func (m *model) id() string {
	if p := m.primary(); len(p) > 0 {
		return p[0]
	}
	return ""
}

// refTo makes the column refer to a key. Where it refers to another one it does so too if it may, and else stays as it is.
func (a *attr) refTo(m *model, key string, more bool) *ref {
	for _, have := range a.refs {
		if have.model == m && have.key == key || !more {
			return have
		}
	}
	r := &ref{model: m, key: key, del: a.OnDelete, upd: a.OnUpdate}
	if r.del != table.Unspecified {
		r.delBy = byOwner
	}
	if r.upd != table.Unspecified {
		r.updBy = byOwner
	}
	a.refs = append(a.refs, r)
	return r
}

func newAttr(a Attribute) *attr {
	out := &attr{Attribute: a, made: a.Made}
	switch {
	case a.NotNull:
		out.null = notNull
	case a.Nullable:
		out.null = nullable
	}
	switch {
	case a.UniqueKey != "":
		out.key = a.UniqueKey
	case a.Unique:
		out.key = alone
	}
	return out
}
