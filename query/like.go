package query

import (
	"strings"
	"unicode/utf8"

	"github.com/memrel/memrel/types"
)

// pattern is a LIKE pattern taken apart at its percent signs:
//
//	a%b_c%d      head "a"   mid "b_c"   tail "d"
//	a_c          head "a_c", no percent sign
//
// Since % matches anything, the leftmost place for each segment in the middle is as good as any other, so a match never
// goes back: O(length) where segments are literal. One that contains _ is tried place by place while that is O(length) too; when
// it is not, a [machine] tries all places at once, or for a long segment a [transform]. A pattern costs
//
//	O(pattern + text)                    whose segments are literal, or nearly match at few places
//	O(pattern + text x min(k / 64, 64))  with a segment of k bytes that contains _, up to 4,096
//	O((pattern + text) x log k)          with a longer one: for these no linear way is known
type pattern struct {
	text string
	any  bool // there is a percent sign
	head segment
	mid  []segment
	tail segment
}

// segment is a sequence of atoms.
type segment []atom

// atom is skip arbitrary characters followed by a literal. Only the first atom of a segment may have skip 0, and only
// the last one an empty literal.
type atom struct {
	skip int
	lit  string
}

// CheckPattern tells whether text is a LIKE pattern. One that ends in the middle of an escape is an [types.ErrQuery], which a
// predicate with it would be too: for whoever reads a pattern and knows where it stood. O(length).
func CheckPattern(text string) error {
	_, err := parsePattern(text)
	return err
}

// Matcher tells of texts whether they match a LIKE pattern. Errors as [CheckPattern].
func Matcher(pattern string) (func(text string) bool, error) {
	p, err := parsePattern(pattern)
	if err != nil {
		return nil, err
	}
	return p.match, nil
}

// parsePattern takes a pattern apart. One that ends in the middle of an escape is an [types.ErrQuery].
func parsePattern(text string) (*pattern, error) {
	p := &pattern{text: text}
	var segs []segment
	var seg segment
	var lit []byte
	skip := 0
	flush := func() {
		if skip > 0 || len(lit) > 0 {
			seg = append(seg, atom{skip, string(lit)})
		}
		skip, lit = 0, nil
	}
	for i := 0; i < len(text); i++ {
		switch ch := text[i]; ch {
		case '%':
			flush()
			segs, seg = append(segs, seg), nil
		case '_':
			if len(lit) > 0 {
				flush()
			}
			skip++
		case '\\':
			if i++; i == len(text) {
				return nil, &types.Error{Kind: types.ErrQuery, State: "22025", Detail: "the pattern " + quote(text) + " ends in an escape",
					Hint: `write \\ for a backslash`}
			}
			lit = append(lit, text[i])
		default:
			lit = append(lit, ch)
		}
	}
	flush()
	if p.any = len(segs) > 0; !p.any {
		p.head = seg
		return p, nil
	}
	p.head, p.tail = segs[0], seg
	for _, s := range segs[1:] {
		if len(s) > 0 {
			p.mid = append(p.mid, s)
		}
	}
	return p, nil
}

// prefix is the literal that every match begins with. whole tells that what begins with it matches, exact that only the
// prefix itself does.
func (p *pattern) prefix() (lit string, whole, exact bool) {
	if len(p.head) > 0 && p.head[0].skip == 0 {
		lit = p.head[0].lit
	}
	plain := len(p.head) == 0 || len(p.head) == 1 && p.head[0].skip == 0
	return lit, plain && p.any && len(p.mid) == 0 && len(p.tail) == 0, plain && !p.any
}

// match tells whether s matches. It does not allocate.
func (p *pattern) match(s string) bool {
	end := p.head.at(s, 0)
	if end < 0 {
		return false
	}
	if !p.any {
		return end == len(s)
	}
	for _, seg := range p.mid {
		if end = seg.find(s, end); end < 0 {
			return false
		}
	}
	return p.tail.endOf(s[end:])
}

// at matches the segment at s[pos:] and returns where it ends, -1 if it does not match.
func (g segment) at(s string, pos int) int {
	for _, a := range g {
		if pos = skipRunes(s, pos, a.skip); pos < 0 || !strings.HasPrefix(s[pos:], a.lit) {
			return -1
		}
		pos += len(a.lit)
	}
	return pos
}

// What find looks at before it goes over to a machine: so many bytes for each byte of the text, and as many more as it costs to
// make one, so that short texts never do.
const (
	patience  = 8
	machining = 8192
)

// find matches the segment at the first place from pos on and returns where it ends, -1 if there is none. Places are tried one
// after another, as long as few of them get far.
func (g segment) find(s string, pos int) int {
	// After a percent sign, leading underscores only say how much there must be before the rest.
	if pos = skipRunes(s, pos, g[0].skip); pos < 0 {
		return -1
	}
	if len(g) == 1 {
		if i := strings.Index(s[pos:], g[0].lit); i >= 0 {
			return pos + i + len(g[0].lit)
		}
		return -1
	}
	for effort := machining + patience*(len(s)-pos); ; {
		i := strings.Index(s[pos:], g[0].lit)
		if i < 0 {
			return -1
		}
		pos += i
		end, got := g.from(s, pos)
		if end >= 0 {
			return end
		}
		if effort -= got - pos; effort < 0 {
			return g.findAtOnce(s, pos)
		}
		if pos = skipRunes(s, pos, 1); pos < 0 {
			return -1
		}
	}
}

// from matches what follows the skip of the first atom at s[pos:]. It returns where that ends, -1 if it does not match, and
// how far it got.
func (g segment) from(s string, pos int) (end, got int) {
	pos += len(g[0].lit)
	for _, a := range g[1:] {
		to := skipRunes(s, pos, a.skip)
		if to < 0 {
			return -1, len(s)
		}
		if !strings.HasPrefix(s[to:], a.lit) {
			return -1, to + len(a.lit)
		}
		pos = to + len(a.lit)
	}
	return pos, pos
}

// endOf tells whether s ends with the segment.
func (g segment) endOf(s string) bool {
	for i := len(g) - 1; i >= 0; i-- {
		if !strings.HasSuffix(s, g[i].lit) {
			return false
		}
		s = s[:len(s)-len(g[i].lit)]
		for range g[i].skip {
			if len(s) == 0 {
				return false
			}
			_, size := utf8.DecodeLastRuneInString(s)
			s = s[:len(s)-size]
		}
	}
	return true
}

// skipRunes is the position n characters after pos, -1 if s ends before. A byte that is not UTF-8 counts as one.
func skipRunes(s string, pos, n int) int {
	for ; n > 0; n-- {
		if pos >= len(s) {
			return -1
		}
		_, size := utf8.DecodeRuneInString(s[pos:])
		pos += size
	}
	return pos
}
