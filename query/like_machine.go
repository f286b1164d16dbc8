package query

import (
	"math/bits"
	"slices"
	"unicode/utf8"
)

// machine looks for a segment at all places of a text at once. Bit i of a set of states tells that there is a place from which
// the first i+1 steps match up to here; a step is a byte of a literal, or an arbitrary character:
//
//	a_b   steps  a  _  b      text  x a a c b
//	                          bit 0   a a
//	                          bit 1     _ _
//	                          bit 2         b   the last one: found
//
// A character may be several bytes long. What follows on it waits in the set of the byte at which it ends, at most four bytes on.
// O(steps + length x steps / 64), however often the segment nearly matches.
type machine struct {
	words int
	last  int                     // the step that ends the segment
	done  int                     // words looked at
	bytes [256]states             // the steps that a byte may be
	chars states                  // the steps that are any character
	ends  [utf8.UTFMax + 1]states // by where, modulo their number: the steps done
}

type states []uint64

func (s states) set(i int) { s[i/64] |= 1 << (i % 64) }

func (s states) has(i int) bool { return s[i/64]>>(i%64)&1 != 0 }

// machineSteps is up to how many steps a segment is looked for by a machine: it takes as long as a transform then.
const machineSteps = 4096

// findAtOnce is find, but for the skip of the first atom.
func (g segment) findAtOnce(s string, pos int) int {
	steps := g.steps()
	if steps > len(s)-pos {
		return -1
	}
	return g.searcher(steps, s[pos:]).find(s, pos)
}

// searcher looks for a segment at all places of a text at once.
type searcher interface {
	// find is the first place at which a match that begins at pos or later ends, -1 if there is none. The first step is a literal.
	find(s string, pos int) int
	// work is how many elementary steps it has taken: words or butterflies.
	work() int
}

// searcher is the one for a segment of so many steps. Bytes that are no text may ask for a character to be cut, which only a machine can.
func (g segment) searcher(steps int, text string) searcher {
	if steps > machineSteps && g.isText() && utf8.ValidString(text) {
		return newTransform(g, steps, len(text))
	}
	return newMachine(g, steps)
}

func (g segment) isText() bool {
	return !slices.ContainsFunc(g, func(a atom) bool { return !utf8.ValidString(a.lit) })
}

// steps are those of the segment, but for the skip of the first atom.
func (g segment) steps() int {
	n := len(g[0].lit)
	for _, a := range g[1:] {
		n += a.skip + len(a.lit)
	}
	return n
}

// newMachine makes a machine for a segment of so many steps.
func newMachine(g segment, steps int) *machine {
	m := &machine{words: (steps + 63) / 64, last: steps - 1}
	m.chars = make(states, m.words)
	for i := range m.ends {
		m.ends[i] = make(states, m.words)
	}
	at := 0
	for n, a := range g {
		for range min(n, 1) * a.skip {
			m.chars.set(at)
			at++
		}
		for _, b := range []byte(a.lit) {
			if m.bytes[b] == nil {
				m.bytes[b] = make(states, m.words)
			}
			m.bytes[b].set(at)
			at++
		}
	}
	return m
}

func (m *machine) work() int { return m.done }

func (m *machine) find(s string, pos int) int {
	for ; pos < len(s); pos++ {
		m.done += m.words
		_, size := utf8.DecodeRuneInString(s[pos:])
		here := m.ends[pos%len(m.ends)]
		m.step(here, m.ends[(pos+1)%len(m.ends)], m.ends[(pos+size)%len(m.ends)], m.bytes[s[pos]])
		clear(here)
		if m.ends[(pos+1)%len(m.ends)].has(m.last) {
			return pos + 1
		}
	}
	return -1
}

// step goes on from the steps done here: by a byte to next, by a character to after.
func (m *machine) step(here, next, after, byByte states) {
	carry := uint64(1) // a match may begin anywhere
	for i, w := range here {
		ready, out := bits.Add64(w, w, carry)
		carry = out
		if byByte != nil {
			next[i] |= ready & byByte[i]
		}
		after[i] |= ready & m.chars[i]
	}
}
