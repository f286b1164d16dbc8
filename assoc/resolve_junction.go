package assoc

import (
	"cmp"
	"slices"
	"strings"

	"github.com/memrel/memrel/types"
)

// junction is one belongsToMany in the making. Two over one junction model in opposite directions are a pair: each takes
// from the other what it does not say itself.
type junction struct {
	a                       *Association
	source, target, through *model
	paired                  *junction
	anyTarget, anyOther     bool // targetKey, otherKey were left open
	keyed                   bool // the two foreign keys are the junction's primary key
}

// belongsToMany resolves an association through a junction.
func (r *resolver) belongsToMany(a *Association, source, target *model) error {
	o := &a.Spec.Options
	switch {
	case o.Through == "":
		return r.refuse(a.Spec, "42601", "name the junction's model, or the table to be made, with Through", "a belongsToMany needs a junction")
	case source == target && o.As == "":
		return r.refuse(a.Spec, "42601", "give it an alias with As", "a belongsToMany to the model itself needs an alias")
	}
	j := &junction{a: a, source: source, target: target, anyTarget: o.TargetKey == "", anyOther: o.otherKey() == ""}
	a.SourceKey, a.TargetKey = cmp.Or(o.SourceKey, source.id()), cmp.Or(o.TargetKey, target.id())
	for i, end := range []struct {
		m   *model
		key string
	}{{source, a.SourceKey}, {target, a.TargetKey}} {
		if end.m.attr(end.key) == nil {
			return r.noKey(a.Spec, end.m, end.key, i == 1)
		}
	}
	if err := r.throughModel(j); err != nil {
		return err
	}
	j.nameKeys()
	if err := r.checkJunctionName(j); err != nil {
		return err
	}
	if err := r.pair(j); err != nil {
		return err
	}
	r.junctions = append(r.junctions, j)
	return r.inject(j)
}

// nameKeys names the junction's two foreign keys.
func (j *junction) nameKeys() {
	a, o, n := j.a, &j.a.Spec.Options, j.through.naming
	a.ForeignKey = cmp.Or(o.foreignKey(), n.Key(j.source.names.Singular, a.SourceKey))
	of := j.target.names.Singular
	if j.source == j.target {
		of = Singularize(a.As)
	}
	a.OtherKey = cmp.Or(o.otherKey(), n.Key(of, a.TargetKey))
}

// throughModel finds the junction's model, or makes it.
func (r *resolver) throughModel(j *junction) error {
	o := &j.a.Spec.Options
	j.through = r.find(o.Through)
	if j.through == nil {
		spec := Model{Name: o.Through, TableName: o.Through, Timestamps: o.Timestamps, Underscored: j.source.spec.Underscored, Naming: j.source.naming}
		if err := r.declare(spec); err != nil {
			return err
		}
		j.through = r.byName[o.Through]
	}
	j.a.Through, j.a.Junction = j.through.name, j.through.table
	return r.stamp(j.a.Spec, j.through)
}

// checkJunctionName refuses an alias that is the name under which a row shows its junction row.
func (r *resolver) checkJunctionName(j *junction) error {
	taken := j.a.As == j.through.name
	for _, m := range []*model{j.source, j.target} {
		taken = taken || slices.ContainsFunc(m.assocs, func(a *Association) bool { return a.As == j.through.name })
	}
	if taken {
		return r.refuse(j.a.Spec, "42710", "give the association another alias with As, or the junction another name",
			"the alias %s is the name of the junction", j.through.name)
	}
	return nil
}

// pair finds the association in the opposite direction, and lets each fill in what the other leaves open.
func (r *resolver) pair(j *junction) error {
	for _, other := range r.junctions {
		if other.source == j.target && other.target == j.source && other.through == j.through {
			j.paired, other.paired = other, j
		}
	}
	p := j.paired
	if p == nil {
		return nil
	}
	again := false
	if j.anyTarget {
		j.a.TargetKey = p.a.SourceKey
		j.nameKeys()
	}
	if p.anyTarget && p.a.TargetKey != j.a.SourceKey {
		p.dropKey(p.a.OtherKey)
		p.a.TargetKey = j.a.SourceKey
		p.nameKeys()
		again = true
	}
	if j.anyOther {
		j.a.OtherKey = p.a.ForeignKey
	}
	if p.anyOther && p.a.OtherKey != j.a.ForeignKey {
		p.dropKey(p.a.OtherKey)
		p.a.OtherKey = j.a.ForeignKey
		again = true
	}
	if again {
		return r.inject(p)
	}
	return nil
}

// dropKey removes a foreign key that turned out to have another name.
func (j *junction) dropKey(name string) {
	if a := j.through.attr(name); a != nil && a.made {
		j.through.drop(name)
	}
}

// inject gives the junction's model its two foreign keys. They are its primary key if it has none of its own, else they
// are unique together.
func (r *resolver) inject(j *junction) error {
	a, o := j.a, &j.a.Spec.Options
	for _, had := range slices.Clone(j.through.attrs) {
		if !had.PrimaryKey || !had.made {
			continue
		}
		had.PrimaryKey = false
		if had.Name != a.ForeignKey && had.Name != a.OtherKey {
			j.through.drop(had.Name)
		}
		j.keyed = true
	}
	if j.source.attr(a.SourceKey) == nil || j.target.attr(a.TargetKey) == nil {
		return r.refuse(a.Spec, "42P16", "give the junction a primary key of its own, or take another model",
			"as a junction %s loses the key that the association goes by", j.through.name)
	}
	if err := r.checkEnds(j); err != nil {
		return err
	}
	declared := j.through.attr(a.ForeignKey) != nil && j.through.attr(a.OtherKey) != nil
	own := j.key(a.ForeignKey, o.ForeignColumn, j.source.attr(a.SourceKey), r.profile)
	other := j.key(a.OtherKey, o.OtherColumn, j.target.attr(a.TargetKey), r.profile)
	if err := cmp.Or(r.contradicts(a.Spec, j.through, own, o.ForeignColumn), r.contradicts(a.Spec, j.through, other, o.OtherColumn)); err != nil {
		return err
	}
	if to := j.source.attr(a.SourceKey); !r.takes(own, to, declared) {
		return r.mismatch(a.Spec, j.through, own, j.source, to, false)
	}
	if to := j.target.attr(a.TargetKey); !r.takes(other, to, declared) {
		return r.mismatch(a.Spec, j.through, other, j.target, to, true)
	}
	for _, k := range []*attr{own, other} {
		switch {
		case j.keyed:
			k.PrimaryKey = true
		case r.profile.DeclaredTypes && own.PrimaryKey && other.PrimaryKey && len(j.through.primary()) == 2:
			// declared as the primary key, they are unique together
		case !o.NotUnique:
			k.key = cmp.Or(o.UniqueKey, strings.Join([]string{j.through.table, a.ForeignKey, a.OtherKey, "unique"}, "_"))
		}
	}
	if o.Unconstrained {
		return nil
	}
	r.referBoth(a, j, own, other)
	return nil
}

// checkEnds refuses an end that goes by one column of a primary key of several: a row of the junction could not refer to it.
func (r *resolver) checkEnds(j *junction) error {
	if j.a.Spec.Options.Unconstrained || r.profile.LooseComposite {
		return nil
	}
	if to := j.source.attr(j.a.SourceKey); partOfKey(j.source, to) && !r.leadsBy(j.a, to) {
		return r.compositeKey(j.a.Spec, j.source)
	}
	if to := j.target.attr(j.a.TargetKey); partOfKey(j.target, to) && !r.leadsBy(j.a, to) {
		return r.compositeKey(j.a.Spec, j.target)
	}
	return nil
}

// takes gives a key of a junction the type of the key that it refers to, if it matches that. Where a junction has only one of its two keys,
// and declared types count, nothing is compared.
func (r *resolver) takes(key, to *attr, compared bool) bool {
	if (compared || !r.profile.DeclaredTypes) && !r.matches(key, to) {
		return false
	}
	if r.profile.DeclaredTypes {
		key.takeType(&to.Column)
	}
	return true
}

// referBoth makes the two keys of a junction refer to the two ends.
func (r *resolver) referBoth(a *Association, j *junction, ownKey, otherKey *attr) {
	o := &a.Spec.Options
	own, other := r.junctionRef(a, ownKey, j.source, a.SourceKey), r.junctionRef(a, otherKey, j.target, a.TargetKey)
	if r.profile.FirstDecides {
		own.del, own.upd = cmp.Or(o.OnDelete, own.del, cascade), cmp.Or(o.OnUpdate, own.upd, cascade)
		other.del, other.upd = cmp.Or(other.del, o.OnDelete, cascade), cmp.Or(other.upd, o.OnUpdate, cascade)
		return
	}
	own.setActions(o.OnDelete, o.OnUpdate, byOwner)
	other.setActions(o.OnDelete, o.OnUpdate, byPeer)
}

// junctionRef makes a key of a junction refer to an end. What the association referred to before, when its other half had
// not been defined, it refers to no more.
func (r *resolver) junctionRef(a *Association, column *attr, end *model, key string) *ref {
	column.disown(a, end, key)
	have := column.refTo(end, key, r.profile.Prioritized)
	have.model, have.key, have.linked, have.kind = end, key, true, BelongsToMany
	r.own(column, have, a)
	return have
}

// key is the junction's column of that name, made if it is not there, of the type of the column that it refers to.
func (j *junction) key(name string, def *Attribute, to *attr, p *Profile) *attr {
	want := keyAttr(name, def, to)
	have := j.through.attr(name)
	if have == nil {
		have = want
		have.made = true
		if j.through.spec.Underscored && have.Field == "" {
			have.Field = types.Underscore(name)
		}
		j.through.attrs = append(j.through.attrs, have)
		return have
	}
	if have.base || p.DeclaredTypes && !have.made {
		return have
	}
	have.takeType(&want.Column)
	if want.null != unspecified {
		have.null = want.null
	}
	if want.HasDefault() {
		have.TakeDefault(&want.Column)
	}
	have.key, have.Field = cmp.Or(want.key, have.key), cmp.Or(want.Field, have.Field)
	return have
}
