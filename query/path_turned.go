package query

import (
	"slices"

	"github.com/memrel/memrel/index"
)

// Spans of values are in the order of the values, NULL last. A key that descends, or has NULL first, goes through them in another: here
// they are turned into its own. A key that has the beginning of a column alone finds more than the values asked for, which are tested then.

// inOrder are points in the order of a key's column, one for each value that the key has.
func inOrder(c index.Column, points []span) []span {
	if !c.Turned() || len(points) < 2 {
		return points
	}
	points = slices.Clone(points)
	slices.SortStableFunc(points, func(a, b span) int { return c.Compare(a.low, b.low) })
	return slices.CompactFunc(points, func(a, b span) bool { return c.Compare(a.low, b.low) == 0 })
}

// widened are spans up to the ends of what a key has of their values.
func widened(c *index.Column, spans []span) []span {
	if c.Prefix == 0 {
		return spans
	}
	out := slices.Clone(spans)
	for i := range out {
		s := &out[i]
		if !s.bottom && !s.low.IsNull() {
			s.low, s.lowOpen = c.Cut(s.low), false
		}
		if !s.high.IsNull() {
			s.high, s.highOpen = c.Cut(s.high), false
		}
	}
	return unite(c.Type, out)
}

// reach is a range of a column's values from one end to the other in the order of a key.
type reach struct {
	low, high         index.Value
	lowOpen, highOpen bool
	noLow, noHigh     bool // there is no such end
}

// reachesOf are spans in the order of a key's column: from the other end if it descends, and NULL apart where the key has it apart.
func reachesOf(c *index.Column, spans []span) []reach {
	out := make([]reach, 0, len(spans)+1)
	null := false
	for i := range spans {
		s := &spans[i]
		switch {
		case c.Desc == c.NullsFirst: // NULL is the greatest, as it is for spans
			out = append(out, s.reach())
		case s.bottom && s.hasNull():
			return []reach{{noLow: true, noHigh: true}}
		default:
			null = null || s.hasNull()
			if s.bottom || !s.low.IsNull() {
				out = append(out, s.valuesFromNull())
			}
		}
	}
	nullEnd := reach{low: index.Null, high: index.Null}
	if c.Desc {
		for i := range out {
			out[i] = out[i].turned()
		}
		slices.Reverse(out)
		if null {
			out = append(out, nullEnd)
		}
	} else if null {
		out = slices.Insert(out, 0, nullEnd)
	}
	return out
}

// reach is the span from its lower end to its upper one, with NULL at the top.
func (s *span) reach() reach {
	return reach{s.low, s.high, s.lowOpen, s.highOpen, s.bottom, s.hasNull()}
}

// valuesFromNull are the values of the span where NULL is below them all.
func (s *span) valuesFromNull() reach {
	r := reach{s.low, s.high, s.lowOpen, s.highOpen, false, s.high.IsNull()}
	if s.bottom {
		r.low, r.lowOpen = index.Null, true
	}
	return r
}

// turned is the range from the other end.
func (r reach) turned() reach {
	return reach{r.high, r.low, r.highOpen, r.lowOpen, r.noHigh, r.noLow}
}

// turnedRanges are those that begin with a prefix and go on in one of the spans of next, whose column has an order of its own.
func (b *prefixes) turnedRanges(c *index.Column, next *domain) []index.Range {
	reaches := reachesOf(c, widened(c, next.spans))
	out := make([]index.Range, 0, b.count*len(reaches))
	for i := range b.count {
		pre := b.at(i)
		for _, s := range reaches {
			r := index.Range{Low: pre, High: pre}
			if !s.noLow {
				r.Low, r.LowOpen = append(pre, s.low), s.lowOpen
			}
			if !s.noHigh {
				r.High, r.HighOpen = append(pre, s.high), s.highOpen
			}
			out = append(out, r)
		}
	}
	return out
}
