package cascade

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Preview is what a statement would do, as a value: it says exactly what the statement then does to the state that the
// preview was made on.
type Preview struct {
	Op    string `json:"op"`
	Table string `json:"table"`
	// Steps are the changes in the order of work: one for each row and level.
	Steps []Step `json:"steps"`
	// Counts tells for each table, by name, how many of its rows are touched, and how.
	Counts []Count `json:"counts"`
	// Waiting are the checks that would be put off to the commit.
	Waiting int `json:"waiting,omitempty"`
	// Blockers are the errors that stop the statement; if there is one, nothing at all would be done, and Steps tells how
	// far the planning came. The first is the error that the statement returns.
	Blockers []*types.Error `json:"-"`
}

// Step is one change to one row.
type Step struct {
	Row       string    `json:"row"` // albums[4]
	Table     string    `json:"table"`
	Kind      Kind      `json:"kind"`
	Reference string    `json:"reference,omitempty"` // what led to the row; empty for the rows named
	Level     int       `json:"level"`               // how many references away from a row named
	By        int       `json:"by"`                  // the position in Steps of the row that it was reached from; -1: named
	Before    table.Row `json:"before"`
	After     table.Row `json:"after"`
}

// Count is how many rows of a table a statement touches.
type Count struct {
	Table    string `json:"table"`
	Inserted int    `json:"inserted,omitempty"`
	Updated  int    `json:"updated,omitempty"`
	Deleted  int    `json:"deleted,omitempty"`
}

// Preview works out a statement as [Graph.Plan] does, and tells of it. It changes nothing. The error is for what keeps
// the statement from being worked out at all: a limit, a done context. O(rows touched x log n).
func (g *Graph) Preview(r table.Reader, stmt Statement) (*Preview, error) {
	p := newPlan(g, r, stmt)
	defer p.Release()
	p.preview = true
	err := p.run()
	if errors.Is(err, types.ErrLimit) {
		return nil, err
	}
	out := &Preview{Op: stmt.Op, Table: stmt.Table, Waiting: len(p.pending), Blockers: p.blockers}
	if err != nil && len(out.Blockers) == 0 {
		out.Blockers = []*types.Error{p.explain(err, nil)}
	}
	slices.SortStableFunc(out.Blockers, func(a, b *types.Error) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Constraint, b.Constraint))
	})
	out.Steps = p.exportSteps()
	out.Counts = p.counts()
	return out, nil
}

// exportSteps is the steps for those who asked for a preview. Their labels are cut from one string: to make each by itself would
// cost more than the planning.
func (p *Plan) exportSteps() []Step {
	if len(p.steps) == 0 {
		return nil
	}
	out := make([]Step, len(p.steps))
	var labels []byte
	ends := make([]int, len(p.steps))
	for i := range p.steps {
		s := &p.steps[i]
		out[i] = s.export()
		row := s.old
		if row.IsZero() {
			row = table.RecordOf(out[i].After)
		}
		if row.IsZero() {
			labels = append(labels, table.Row{}.Label()...)
		} else {
			labels = s.layer.def.AppendLabel(labels, row)
		}
		ends[i] = len(labels)
	}
	text, from := string(labels), 0
	for i, end := range ends {
		out[i].Row, from = text[from:end], end
	}
	return out
}

// export is a step without its label.
func (s *step) export() Step {
	def := s.layer.def
	out := Step{Table: def.Name(), Kind: s.kind, Level: int(s.level), By: int(s.by)}
	if s.ref != nil {
		out.Reference = s.ref.Name
	}
	if !s.old.IsZero() {
		out.Before = table.RowOf(def, s.old, nil)
	}
	if !s.now.IsZero() && !s.deleting {
		out.After = table.RowOf(def, s.now, nil)
	}
	return out
}

// counts tells what the plan comes to, each row once, in one walk over the steps.
func (p *Plan) counts() []Count {
	for i := range p.steps {
		s := &p.steps[i]
		if int(s.first) != i {
			continue
		}
		c, last := &s.layer.count, &p.steps[s.last]
		switch {
		case last.gone():
			c.Deleted++
		case s.old.IsZero() && !last.now.IsZero():
			c.Inserted++
		case !last.now.IsZero():
			c.Updated++
		}
	}
	var out []Count
	for _, l := range p.byName() {
		if l.touched > 0 {
			l.count.Table = l.def.Name()
			out = append(out, l.count)
		}
	}
	return out
}

// Err is the error that the statement would return; nil if it would be done.
func (p *Preview) Err() error {
	if len(p.Blockers) == 0 {
		return nil
	}
	return p.Blockers[0]
}

// MarshalJSON adds the blockers' words.
func (p *Preview) MarshalJSON() ([]byte, error) {
	type plain Preview
	words := make([]string, len(p.Blockers))
	for i, b := range p.Blockers {
		words[i] = b.Error()
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the arrows of paths are for people
	err := e.Encode(struct {
		*plain
		Blockers []string `json:"blockers,omitempty"`
	}{(*plain)(p), words})
	return bytes.TrimSpace(b.Bytes()), err
}

// String draws the preview as a tree, the counts and the blockers beneath:
//
//	delete artists[1]
//	└─ cascade delete albums[4] (albums_artist_fkey)
//	   ├─ cascade delete tracks[17] (tracks_album_fkey)
//	   └─ set null plays[2] (plays_album_fkey): albumId 4 -> NULL
//	1 row of albums deleted, ...
func (p *Preview) String() string {
	var b strings.Builder
	children := make(map[int][]int, len(p.Steps))
	for i, s := range p.Steps {
		children[s.By] = append(children[s.By], i)
	}
	p.draw(&b, children)
	for _, c := range p.Counts {
		fmt.Fprintf(&b, "%s: %s\n", c.Table, c.words())
	}
	if p.Waiting > 0 {
		fmt.Fprintf(&b, "%d checks wait for the commit\n", p.Waiting)
	}
	for _, e := range p.Blockers {
		fmt.Fprintf(&b, "refused: %s\n", e.Error())
	}
	return b.String()
}

// maxIndent is the depth from which on the tree is drawn by the number of the level instead of by lines, so that what is
// printed of a chain grows with its length alone.
const maxIndent = 30

// draw writes the tree below the rows named. It keeps its own stack, since a cascade may be as deep as memory allows.
func (p *Preview) draw(b *strings.Builder, children map[int][]int) {
	type place struct {
		step   int
		indent string
		last   bool
		depth  int
	}
	var stack []place
	push := func(of int, indent string, depth int) {
		for n, i := range slices.Backward(children[of]) {
			stack = append(stack, place{i, indent, n == len(children[of])-1, depth})
		}
	}
	push(-1, "", 0)
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		s := &p.Steps[at.step]
		if s.By < 0 {
			b.WriteString(s.line() + "\n")
			push(at.step, "", 1)
			continue
		}
		branch, below := "├─ ", "│  "
		if at.last {
			branch, below = "└─ ", "   "
		}
		if at.depth >= maxIndent {
			branch, below = fmt.Sprintf("%d: ", at.depth), ""
		}
		b.WriteString(at.indent + branch + s.line() + "\n")
		push(at.step, at.indent+below, at.depth+1)
	}
}

func (s *Step) line() string {
	line := s.Kind.String() + " " + s.Row
	if s.Reference != "" {
		line += " (" + s.Reference + ")"
	}
	if s.Before.IsZero() || s.After.IsZero() {
		return line
	}
	var sets []string
	for _, name := range s.After.Columns() {
		if old, now := s.Before.Show(name), s.After.Show(name); old != now {
			sets = append(sets, name+" "+old+" -> "+now)
		}
	}
	if len(sets) > 0 {
		line += ": " + strings.Join(sets, ", ")
	}
	return line
}

func (c Count) words() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{c.Inserted, "inserted"}, {c.Updated, "updated"}, {c.Deleted, "deleted"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}
