package cascade

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// waits tells whether the check of a deferrable constraint waits for the commit.
func (p *Plan) waits(constraint string, initially bool) bool {
	if p.stmt.Deferred == nil {
		return initially
	}
	return p.stmt.Deferred(constraint, initially)
}

// checkDeferrable: deferrable unique keys, on the rows that the statement leaves when it is through with its cascades.
func (p *Plan) checkDeferrable() error {
	if !slices.ContainsFunc(p.layers, func(l *layer) bool { return len(l.def.Deferrable()) > 0 }) {
		return nil
	}
	v := violations{plan: p}
	for i := range p.steps {
		if v.row() {
			break
		}
		s := &p.steps[i]
		if int(s.first) != i {
			continue
		}
		keys := s.layer.def.Deferrable()
		for k := range keys {
			p.checkDeferrableKey(&keys[k], s, &v)
		}
	}
	return v.err()
}

// checkDeferrableKey is [Plan.checkDeferrable] for one key of the row that a first step is of.
func (p *Plan) checkDeferrableKey(k *table.DeferrableKey, s *step, v *violations) {
	now := p.now(s.first)
	if !k.Taken(table.Change{Old: s.old, New: now}) {
		return
	}
	key := k.Values(nil, now)
	if p.waits(k.Name, k.InitiallyDeferred) {
		p.pending = append(p.pending, Deferred{Child: s.layer.def.Name(), Ref: k.Name, Key: key, Unique: true})
		return
	}
	p.find(s.layer, k.Tree, key, true, func(r row) bool {
		if r.num == s.first {
			return true
		}
		v.add(p.explain(s.layer.def.Taken(k.Tree, now, r.rec), p.pathTo(s.first)))
		return false
	})
}

// checkInsertedKeys holds records that are in a table now to its deferrable keys.
func checkInsertedKeys(t *table.Table, pending []Deferred, recs []index.Record, interrupt *query.Interrupt, deferred Mode) ([]Deferred, int, error) {
	keys := t.Def().Deferrable()
	if len(keys) == 0 {
		return pending, 0, nil
	}
	for at, rec := range recs {
		if interrupt.Row() {
			return nil, at, interrupt.Err()
		}
		for i := range keys {
			k := &keys[i]
			if !k.Binds(rec) {
				continue
			}
			key := k.Values(nil, rec)
			if deferred(k.Name, k.InitiallyDeferred) {
				pending = append(pending, Deferred{Child: t.Def().Name(), Ref: k.Name, Key: key, Unique: true})
			} else if a, b, shared := t.Sharing(*k, key); shared {
				return nil, at, takenBy(t, k, rec, a, b)
			}
		}
	}
	return pending, 0, nil
}

// takenBy is the error for a record whose key another of the two has.
func takenBy(t *table.Table, k *table.DeferrableKey, rec, a, b index.Record) error {
	if a == rec {
		a = b
	}
	return t.Def().Taken(k.Tree, rec, a)
}

// checkDeferredKey makes a check of a unique key that waited.
func checkDeferredKey(r table.Reader, c Deferred) error {
	t := r.Table(c.Child)
	if t == nil {
		return nil
	}
	k, ok := t.Def().DeferrableNamed(c.Ref)
	if !ok {
		return nil // it has gone, or is held to at every row now
	}
	a, b, shared := t.Sharing(k, c.Key)
	if !shared {
		return nil
	}
	e := types.AsError(t.Def().Taken(k.Tree, b, a))
	e.Op, e.Rows = "commit", []string{t.Def().Label(a), t.Def().Label(b)}
	return e
}
