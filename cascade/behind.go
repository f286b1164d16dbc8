package cascade

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// removedFrom has the constraints that stand behind references act on what held the keys of rows that a sequential cascade has
// removed for good, the steps from..to: soft-deleted rows too, but for those that are being deleted. Nobody is told, since a database
// does it by itself; rows that go by it are removed for good, and what held their keys follows.
func (p *Plan) removedFrom(from, to int) error {
	for from < to {
		added := len(p.steps)
		for i := from; i < to; i++ {
			if err := p.removed(int32(i)); err != nil {
				return err
			}
		}
		if err := p.checkRows(added); err != nil {
			return err
		}
		if err := p.checkKeys(added); err != nil {
			return err
		}
		from, to = added, len(p.steps)
	}
	return nil
}

// removed has the constraints act on what held the keys of one row, if it is removed for good.
func (p *Plan) removed(i int32) error {
	if s := &p.steps[i]; !s.gone() || !s.now.IsZero() {
		return nil
	}
	for _, ref := range p.steps[i].layer.in {
		if ref.turn.Behind == nil || !p.referencedKey(ref, &p.steps[i]) {
			continue
		}
		p.children(ref, p.layer(ref.child), true)
		if err := p.constrain(ref, i); err != nil {
			return err
		}
	}
	return nil
}

// constrain does to p.rows, which hold p.key, the key of a row that is removed, as the constraint says.
func (p *Plan) constrain(ref *Ref, by int32) error {
	child := p.layer(ref.child)
	p.level = p.steps[by].level + 1
	for _, r := range p.rows {
		switch ref.turn.Behind.OnDelete {
		case table.Cascade:
			p.beginDelete(child, r, ref, by, CascadeDelete)
			p.finishDelete(int32(len(p.steps)-1), index.Record{})
		case table.SetNull:
			if err := p.applyAction(ref, SetNull, child, r, by, true); err != nil {
				return err
			}
		default:
			return p.explain(ref.stillReferenced(p.key, table.NoAction, []string{child.def.Label(r.rec)}), p.pathTo(by))
		}
	}
	return p.limit(len(p.steps))
}
