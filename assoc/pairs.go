package assoc

import (
	"fmt"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// pairs notes where two associations that share a foreign key say different things of it beside what becomes of it on delete:
// which key it refers to, whether it may be NULL, its type, and what becomes of it on update. The first decides; where references
// have priority an association has its own reference to another key, and there is no contradiction.
func (r *resolver) pairs() {
	if r.profile.Prioritized {
		return
	}
	type column struct{ table, name string }
	sharing := map[column][]*Association{}
	for _, a := range r.assocs {
		if a.Kind == BelongsToMany {
			continue
		}
		key := column{a.holder(), a.ForeignKey}
		for _, first := range sharing[key] {
			if first.parent() != a.parent() {
				continue
			}
			if problem := contradiction(first, a); problem != "" {
				r.conflicts = append(r.conflicts, r.contradicting(first, a, problem))
				break
			}
		}
		sharing[key] = append(sharing[key], a)
	}
}

func (r *resolver) contradicting(first, a *Association, problem string) conflict {
	d := types.Diagnostic{Table: a.holder(), Name: a.holder() + "_" + a.ForeignKey + "_fkey", Problem: problem,
		Cure: "say the same on both sides, or say it on one", Reference: a.holder() + "." + a.ForeignKey + " -> " + a.parent() + "." + first.parentKey()}
	return conflict{r.bindingOrder(&attr{}, a), d}
}

// contradiction is what two associations say differently of the foreign key that they share; empty if they agree.
func contradiction(first, a *Association) string {
	say := func(what, one, other string) string {
		return fmt.Sprintf("%s says of %s.%s that it %s, and %s that it %s", first, a.holder(), a.ForeignKey, fmt.Sprintf(what, one), a, fmt.Sprintf(what, other))
	}
	x, y := first.foreignColumn(), a.foreignColumn()
	p, q := first.Spec.Options.OnUpdate, a.Spec.Options.OnUpdate
	switch {
	case first.parentKey() != a.parentKey():
		return say("refers to %s", first.parent()+"."+first.parentKey(), a.parent()+"."+a.parentKey())
	case x.NotNull && y.Nullable:
		return say("%s", "is NOT NULL", "may be NULL")
	case x.Nullable && y.NotNull:
		return say("%s", "may be NULL", "is NOT NULL")
	case x.Type.Valid() && y.Type.Valid() && x.Type != y.Type:
		return say("is of type %s", x.Type.String(), y.Type.String())
	case p != table.Unspecified && q != table.Unspecified && p != q:
		return say("asks for ON UPDATE %s", p.String(), q.String())
	}
	return ""
}

// holder is the table that has the foreign key of an association with one, parent the table that it refers to, and parentKey the
// column there.
func (a *Association) holder() string {
	if a.Kind == BelongsTo {
		return a.SourceTable
	}
	return a.TargetTable
}

func (a *Association) parent() string {
	if a.Kind == BelongsTo {
		return a.TargetTable
	}
	return a.SourceTable
}

func (a *Association) parentKey() string {
	if a.Kind == BelongsTo {
		return a.TargetKey
	}
	return a.SourceKey
}

// foreignColumn is what the options say of the foreign key.
func (a *Association) foreignColumn() Attribute {
	if c := a.Spec.Options.ForeignColumn; c != nil {
		return *c
	}
	return Attribute{}
}
