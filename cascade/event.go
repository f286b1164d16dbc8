package cascade

import (
	"fmt"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// DeleteEvent tells of rows that a statement deletes, softly or not.
type DeleteEvent struct {
	When  Moment
	Op    string // the statement: "delete"
	Table string // of the rows, which need not be the statement's
	// Row is the row as it was before the delete; none for BeforeRows.
	Row table.Row
	// Reference is the name of the foreign key that led to the rows; empty for those that the statement names.
	Reference string
}

// Moment is when a [DeleteEvent] is told.
type Moment uint8

// The moments of a delete. A statement that is refused has told of what it came to until then.
const (
	// BeforeRows is before rows of one table are deleted together: those that the statement names, also if there are none, or
	// those that refer by one reference to rows being deleted (in a sequential cascade: to one such row).
	BeforeRows Moment = iota
	// BeforeRow is before one of these rows is.
	BeforeRow
	// AfterRow is when the statement is done. In a sequential cascade it is, for rows that a reference led to, when they are deleted:
	// before the next reference is worked, which may yet refuse the statement.
	AfterRow
)

var momentNames = [...]string{"before rows", "before row", "after row"}

// String names the moment: "before row".
func (m Moment) String() string {
	if int(m) < len(momentNames) {
		return momentNames[m]
	}
	return fmt.Sprintf("Moment(%d)", uint8(m))
}

// announce tells of rows that are going to be deleted.
func (p *Plan) announce(when Moment, name, reference string, rec index.Record) error {
	if p.stmt.Before == nil {
		return nil
	}
	e := DeleteEvent{When: when, Op: p.stmt.Op, Table: name, Reference: reference}
	if !rec.IsZero() {
		e.Row = table.RowOf(p.graph.node(name).def, rec, nil)
	}
	return p.stmt.tellBefore(e)
}

func (s *Statement) tellBefore(e DeleteEvent) error {
	err := s.Before(e)
	if err == nil {
		return nil
	}
	subject := e.Table
	if !e.Row.IsZero() {
		subject = e.Row.Label()
	}
	return &types.Error{Kind: types.ErrCheck, Op: s.Op, Table: e.Table, Cause: err,
		Detail: fmt.Sprintf("a hook refuses to have %s deleted", subject)}
}

// AnnounceNone tells of a statement that is to delete rows and has found none, which needs no plan. Errors as [Graph.Plan].
func (s *Statement) AnnounceNone() error {
	if s.Before == nil {
		return nil
	}
	return s.tellBefore(DeleteEvent{When: BeforeRows, Op: s.Op, Table: s.Table})
}

func (p *Plan) announceStep(i int32) error {
	s := &p.steps[i]
	return p.announce(BeforeRow, s.layer.def.Name(), s.reference(), s.old)
}

func (s *step) reference() string {
	if s.ref == nil {
		return ""
	}
	return s.ref.Name
}

// announceLevel tells of the rows that the steps of a level delete.
func (p *Plan) announceLevel(from, to int) error {
	if p.stmt.Before == nil || p.seq.done {
		return nil
	}
	var last *step
	for i := from; i < to; i++ {
		s := &p.steps[i]
		if !s.gone() {
			continue
		}
		if last == nil || last.ref != s.ref {
			if err := p.announce(BeforeRows, s.layer.def.Name(), s.reference(), index.Record{}); err != nil {
				return err
			}
		}
		if err := p.announceStep(int32(i)); err != nil {
			return err
		}
		last = s
	}
	return nil
}

// TellAfter tells [Statement.After] of the rows that were deleted and are not told of yet, once the plan has been applied: in a
// sequential cascade the rows that the statement names, by level all of them, the deepest level first.
func (p *Plan) TellAfter() {
	if p.stmt.After == nil {
		return
	}
	if p.seq.done {
		p.tellBatch(0)
		return
	}
	for to := len(p.steps); to > 0; {
		from := to - 1
		for from > 0 && p.steps[from-1].level == p.steps[from].level {
			from--
		}
		for i := from; i < to; i++ {
			if p.steps[i].gone() {
				p.tellAfter(int32(i))
			}
		}
		to = from
	}
}

// tellBatch tells of the rows of a batch that is removed.
func (p *Plan) tellBatch(n int32) {
	if p.stmt.After == nil {
		return
	}
	for i := p.seq.batches[n].from; i < p.seq.batches[n].to; i++ {
		p.tellAfter(i)
	}
}

func (p *Plan) tellAfter(i int32) {
	s := &p.steps[i]
	p.stmt.After(DeleteEvent{When: AfterRow, Op: p.stmt.Op, Table: s.layer.def.Name(), Reference: s.reference(),
		Row: table.RowOf(s.layer.def, s.old, nil)})
}
