package assoc

import (
	"cmp"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// autoID is the primary key of a model that declares none.
func autoID() types.Column {
	return types.Column{Name: "id", Type: index.Int, Size: 32, NotNull: true, AutoIncrement: true}
}

func stamp(name string) types.Column {
	return types.Column{Name: name, Type: index.Time, NotNull: true}
}

// oneKey resolves an association with one foreign key: belongsTo keeps it in the source, the others in the target.
func (r *resolver) oneKey(a *Association, source, target *model) error {
	o := &a.Spec.Options
	holder, parent, key := target, source, o.SourceKey
	if a.Kind == BelongsTo {
		holder, parent, key = source, target, o.TargetKey
	}
	if key == "" {
		key = parent.id()
	}
	to := parent.attr(key)
	if to == nil {
		return r.noKey(a.Spec, parent, key, a.Kind == BelongsTo)
	}
	a.ForeignKey = cmp.Or(o.foreignKey(), defaultKey(a, source, target, holder.naming))
	if a.Kind == BelongsTo {
		a.TargetKey = key
	} else {
		a.SourceKey = key
	}
	return r.foreignKey(a, holder, parent, to)
}

// defaultKey is the name of a foreign key that the options leave open.
func defaultKey(a *Association, source, target *model, n table.Naming) string {
	switch a.Kind {
	case BelongsTo:
		return n.Key(a.As, target.id())
	case HasOne:
		return n.Key(Singularize(cmp.Or(a.Spec.Options.As, source.name)), source.id())
	}
	return n.Key(source.names.Singular, source.id())
}

// foreignKey gives holder the association's foreign key to a column of parent, or makes what it has there into one.
func (r *resolver) foreignKey(a *Association, holder, parent *model, to *attr) error {
	fresh := keyAttr(a.ForeignKey, a.Spec.Options.ForeignColumn, to)
	if fresh.null == unspecified && r.profile.FirstDecides {
		fresh.null = nullable
	}
	if holder.spec.Underscored && fresh.Field == "" {
		fresh.Field = types.Underscore(fresh.Name)
	}
	have := holder.attr(a.ForeignKey)
	loose := false
	if partOfKey(parent, to) && !a.Spec.Options.Unconstrained && !r.leadsBy(a, to) {
		if !r.profile.LooseComposite {
			return r.compositeKey(a.Spec, parent)
		}
		loose = true
	}
	specified := fresh.null
	if have == nil {
		fresh.made = true
		holder.attrs = append(holder.attrs, fresh)
		have = fresh
	} else {
		if err := r.contradicts(a.Spec, holder, have, a.Spec.Options.ForeignColumn); err != nil {
			return err
		}
		specified = have.null
		if r.profile.FirstDecides {
			fresh.Field = have.Field
		}
		have.fill(fresh)
	}
	matches := r.matches(have, to)
	if !matches && !a.Spec.Options.Unconstrained {
		return r.mismatch(a.Spec, holder, have, parent, to, a.Kind == BelongsTo)
	}
	if matches && !loose {
		r.refer(a, have, parent, to.Name, specified)
	}
	return nil
}

// takeType gives the column the type of another, with its bounds.
func (a *Attribute) takeType(of *types.Column) {
	a.Type, a.Size, a.Scale, a.Unsigned, a.Precision, a.Names = of.Type, of.Size, of.Scale, of.Unsigned, of.Precision, of.Names
}

// leadsBy tells whether an association may go by one column of a primary key of several: it is unique by itself, or keys are not checked.
func (r *resolver) leadsBy(a *Association, to *attr) bool {
	return to.key == alone || r.profile.Prioritized && a.Spec.Options.Unchecked
}

// partOfKey tells whether a column is one of several that are the primary key.
func partOfKey(parent *model, to *attr) bool {
	pk := parent.primary()
	return len(pk) > 1 && slices.Contains(pk, to.Name)
}

func (r *resolver) compositeKey(s Spec, parent *model) error {
	return r.refuse(s, "42830", "name a column with a unique key as SourceKey or TargetKey", "the primary key of %s has several columns", parent.name)
}

// matches tells whether a foreign key is of the type of the key that it refers to, with a sign or without, or of another kind of number
// where these match.
func (r *resolver) matches(key, to *attr) bool {
	whole := func(t index.Type) bool { return t == index.Int || t == index.Uint }
	return key.Type == to.Type || whole(key.Type) && whole(to.Type) || r.profile.NumbersMatch && key.Type.IsNumber() && to.Type.IsNumber()
}

func (r *resolver) mismatch(s Spec, holder *model, key *attr, parent *model, to *attr, target bool) error {
	err := r.refuse(s, "42804", "give both the same type", "%s.%s is of type %s and %s.%s of type %s",
		holder.name, key.Name, key.Type, parent.name, to.Name, to.Type)
	return &KeyError{s, holder.name, key.Name, parent.name, to.Name, target, err}
}

// noKey refuses an association to a key that does not exist.
func (r *resolver) noKey(s Spec, parent *model, key string, target bool) error {
	err := r.refuse(s, "42703", "add the column, or name another key", "%s has no column %s", parent.name, key)
	return &KeyError{Association: s, Model: parent.name, Key: key, Target: target, refusal: err}
}

// keyAttr is a foreign key as its options and the column that it refers to describe it.
func keyAttr(name string, def *Attribute, to *attr) *attr {
	var a Attribute
	if def != nil {
		a = *def
	}
	a.Name = name
	if a.Type == index.Invalid {
		a.takeType(&to.Column)
	}
	return newAttr(a)
}

// fill takes over from other what a leaves open.
func (a *attr) fill(other *attr) {
	if a.null == unspecified {
		a.null = other.null
	}
	if !a.HasDefault() && !a.base {
		a.TakeDefault(&other.Column)
	}
	a.key = cmp.Or(a.key, other.key)
	a.Field = cmp.Or(a.Field, other.Field)
}

// refer makes a column a foreign key, with the actions that the profile gives it. specified is what the model, or an
// association before, has specified of NULL.
func (r *resolver) refer(a *Association, column *attr, parent *model, key string, specified nullness) {
	o := &a.Spec.Options
	if o.Unconstrained && o.OnDelete == table.Unspecified && o.OnUpdate == table.Unspecified {
		return
	}
	have := column.refTo(parent, key, r.profile.Prioritized)
	have.link(a.Kind)
	r.own(column, have, a)
	del, upd := o.OnDelete, o.OnUpdate
	if !r.profile.FirstDecides {
		have.setActions(del, upd, byPeer)
		return
	}
	if !o.Unconstrained {
		defaults := r.defaults(a.Kind, specified)
		del, upd = cmp.Or(del, defaults.OnDelete), cmp.Or(upd, defaults.OnUpdate)
	}
	have.del, have.upd = cmp.Or(have.del, del), cmp.Or(have.upd, upd)
}

// link notes that an association of a kind made the reference, or shares it.
func (to *ref) link(k Kind) {
	if !to.linked {
		to.linked, to.kind = true, k
	}
}

// setActions sets the actions that are given, unless one as strong has set them.
func (to *ref) setActions(del, upd table.Action, by precedence) {
	if del != table.Unspecified && by > to.delBy {
		to.del, to.delBy = del, by
	}
	if upd != table.Unspecified && by > to.updBy {
		to.upd, to.updBy = upd, by
	}
}

// defaults are the actions of a foreign key of which nothing is specified.
func (r *resolver) defaults(k Kind, specified nullness) Actions {
	if specified == nullable || specified == unspecified && !r.profile.UnspecifiedIsMandatory {
		return r.profile.Optional[k]
	}
	return r.profile.Mandatory[k]
}
