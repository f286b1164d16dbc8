package cascade

import (
	"time"

	"github.com/memrel/memrel/index"
)

// remove deletes a row, or in a sequential cascade begins to: there it stays until its references have been worked.
func (p *Plan) remove(l *layer, r row, ref *Ref, by int32, kind Kind) error {
	if p.sequential {
		p.beginDelete(l, r, ref, by, kind)
		return nil
	}
	now, err := p.deleted(l, r.rec)
	if err != nil {
		return p.explain(err, p.pathTo(by))
	}
	p.touch(l, r, now, ref, by, kind)
	return nil
}

// deleted is what a delete makes of a record: none, or one with the time where the table deletes softly.
func (p *Plan) deleted(l *layer, rec index.Record) (index.Record, error) {
	if p.stmt.Hard || l.def.SoftDelete() < 0 {
		return index.Record{}, nil
	}
	if p.at.IsZero() {
		p.at = time.Now()
		if p.stmt.Now != nil {
			p.at = p.stmt.Now()
		}
	}
	now, err := l.def.SoftDeleted(rec, p.at)
	if err == nil {
		err = l.def.CheckRecord(now)
	}
	return now, err
}
