package waterline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// Preview is what a call would do to every datastore, as a value.
type Preview struct {
	// Statements are those that touch rows, in the order of work. The last may be one that is refused: then, unless the ontology
	// is not atomic, nothing at all would be done.
	Statements []PreviewStatement `json:"statements"`
	// Dangling are the rows whose keys would refer to no record afterwards, since nothing checks them: across datastores, or where
	// keys are not checked on write.
	Dangling []string `json:"dangling,omitempty"` // ourRedis: orders[1].buyer -> user 2
}

// PreviewStatement is one statement in one datastore.
type PreviewStatement struct {
	Datastore string          `json:"datastore"`
	Preview   *memrel.Preview `json:"preview"`
}

// Err is the error that the call would end with; nil if it would be done.
func (p *Preview) Err() error {
	if p == nil {
		return nil
	}
	for _, s := range p.Statements {
		if s.Preview == nil {
			continue
		}
		if err := s.Preview.Err(); err != nil {
			return err
		}
	}
	return nil
}

// String draws the statements one after another, each beneath the name of its datastore, and then what would dangle.
func (p *Preview) String() string {
	var b strings.Builder
	if p == nil {
		return ""
	}
	for i, s := range p.Statements {
		if i == 0 || p.Statements[i-1].Datastore != s.Datastore {
			fmt.Fprintf(&b, "in %s:\n", s.Datastore)
		}
		if s.Preview != nil {
			b.WriteString(s.Preview.String())
		}
	}
	for _, row := range p.Dangling {
		fmt.Fprintf(&b, "dangling: %s\n", row)
	}
	return b.String()
}

// PreviewDestroy works out what [Collection.Destroy] would do to every datastore, without doing it: the rows of generated junctions
// on either side, wherever they live, what [Criteria].Cascade clears, and the records with what refers to them in their datastore.
// It does the work on forks of the datastores, so that it says exactly what a destroy from this state does. What would stop
// it is in the preview; errors are those of finding the records, and of a datastore that is read-only. O(rows that it would touch
// x log n).
func (c Collection) PreviewDestroy(criteria any) (*Preview, error) {
	const op = "preview destroy"
	if err := c.known(op); err != nil {
		return nil, err
	}
	if c.e.store.readOnly() {
		return nil, errReadOnly(op, c.e)
	}
	if err := c.e.given(op, criteria); err != nil {
		return nil, err
	}
	crit, err := c.e.criteria(criteria)
	if err != nil {
		return nil, err
	}
	w := c.o.reading()
	w.op, w.preview = op, &Preview{}
	found, err := w.find(c.e, crit, nil)
	if err != nil || len(found) == 0 {
		return w.preview, err
	}
	err = w.destroy(c.e, found, crit.Cascade || c.e.CascadeOnDestroy)
	switch {
	case w.preview.Err() != nil:
		return w.preview, nil
	case err != nil:
		return nil, err
	}
	return w.preview, w.leaves(c.e, keysIn(found))
}

// previewed works out a statement, and does it to a fork of its datastore, which is what is read from then on.
func (w *work) previewed(e *entity, preview func(memrel.View) (*memrel.Preview, error), do func(*memrel.DB) ([]memrel.Row, error)) ([]memrel.Row, error) {
	at := &w.views[e.store.index]
	p, err := preview(*at)
	if err != nil {
		return nil, err
	}
	if len(p.Steps) > 0 || p.Err() != nil {
		w.preview.Statements = append(w.preview.Statements, PreviewStatement{e.store.name, p})
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	fork := at.Fork()
	fork.SetLimits(memrel.Limits{Context: e.store.db.Limits().Context})
	rows, err := do(fork)
	*at = viewOf(fork)
	return rows, err
}

// leaves notes the rows that keys of records lead to no more.
func (w *work) leaves(e *entity, keys []any) error {
	for _, from := range w.o.entities {
		for _, a := range from.attrs {
			if a.rel == nil || a.rel.kind != toOne || a.rel.target != e || w.enforced(a.rel) {
				continue
			}
			rows, err := from.handle.Find(w.reader(from), memrel.Query{Where: memrel.In(a.column.Name, keys...)})
			if err != nil {
				return err
			}
			for _, row := range rows {
				w.preview.Dangling = append(w.preview.Dangling, fmt.Sprintf("%s: %s.%s -> %s %s", from.store.name, row.Label(), a.column.Name,
					e.identity, show(row.Get(a.column.Name))))
			}
		}
	}
	slices.Sort(w.preview.Dangling)
	return nil
}
