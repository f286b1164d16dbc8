package query

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// transform looks for a long segment at all places of a text at once, by convolution. With p the characters of the segment as
// numbers, 0 for any character, w their presence, 0 or 1, and t the text, the segment matches at place i if and only if
//
//	sum over j of w[j] (p[j] - t[i+j])^2  =  sum p[j]^2  -  2 sum p[j] t[i+j]  +  sum w[j] t[i+j]^2  =  0
//
// The last two sums are correlations, for blocks of the text that are four times as long as the segment, in the field of integers
// modulo 2^64 - 2^32 + 1, where they are exact. O((text + pattern) x log(pattern)): no way is known without the logarithm (Clifford and
// Clifford, Simple deterministic wildcard matching, Information Processing Letters 101, 2007, after Fischer and Paterson, 1974).
type transform struct {
	g       segment
	classes map[rune]uint64 // the characters of the segment as numbers from 1; any other is number 0 plus one more than those
	chars   int             // in the segment
	squares uint64          // sum p[j]^2
	p, w    []uint64        // transformed, backwards
	t, tt   []uint64        // a block of text, and its squares
	field   field
}

// newTransform is for a segment of so many steps at the most, and a text of so many bytes.
func newTransform(g segment, steps, text int) *transform {
	x := &transform{g: g, classes: map[rune]uint64{}}
	p := make([]uint64, 0, steps)
	for i, a := range g {
		for range min(i, 1) * a.skip {
			p = append(p, 0)
		}
		for _, r := range a.lit {
			if x.classes[r] == 0 {
				x.classes[r] = uint64(len(x.classes) + 1)
			}
			p = append(p, x.classes[r])
		}
	}
	x.chars = len(p)
	x.field = newField(min(4*x.chars, text))
	n := len(x.field.roots) * 2
	x.p, x.w, x.t, x.tt = make([]uint64, n), make([]uint64, n), make([]uint64, n), make([]uint64, n)
	for j, c := range p {
		if at := x.chars - 1 - j; c != 0 {
			x.p[at], x.w[at] = c, 1
			x.squares = add(x.squares, mul(c, c))
		}
	}
	x.field.forward(x.p)
	x.field.forward(x.w)
	return x
}

func (x *transform) work() int { return x.field.steps }

func (x *transform) find(s string, pos int) int {
	for pos < len(s) {
		places := x.block(s, pos) - x.chars + 1
		if places <= 0 {
			return -1
		}
		x.correlate()
		for i := range places {
			if x.t[i+x.chars-1] == 0 {
				if end := x.g[1:].at(s, pos+len(x.g[0].lit)); end >= 0 && strings.HasPrefix(s[pos:], x.g[0].lit) {
					return end
				}
			}
			_, size := utf8.DecodeRuneInString(s[pos:])
			pos += size
		}
	}
	return -1
}

// block takes in the text from pos on, as much as there is room for, and tells how many characters that is.
func (x *transform) block(s string, pos int) (n int) {
	other := uint64(len(x.classes) + 1)
	for _, r := range s[pos:] {
		if n == len(x.t) {
			break
		}
		c := x.classes[r]
		if c == 0 {
			c = other
		}
		x.t[n], x.tt[n] = c, mul(c, c)
		n++
	}
	clear(x.t[n:])
	clear(x.tt[n:])
	return n
}

// correlate leaves in t, at i + chars - 1, the sum that is 0 if the segment matches at i.
func (x *transform) correlate() {
	x.field.forward(x.t)
	x.field.forward(x.tt)
	for i := range x.t {
		pt := mul(x.p[i], x.t[i])
		x.t[i] = sub(mul(x.w[i], x.tt[i]), add(pt, pt))
	}
	x.field.backward(x.t)
	for i := range x.t {
		x.t[i] = add(x.t[i], x.squares)
	}
}

// modulus is 2^64 - 2^32 + 1, a prime; 7 generates its multiplicative group, which has roots of unity of every order up to 2^32.
const (
	modulus   = 0xffffffff_00000001
	generator = 7
)

// field has the roots of unity of an order that is a power of two, for transforms of that length.
type field struct {
	roots, inverse []uint64 // the powers of a root, and of its inverse, below half of its order
	nth            uint64   // 1 / order
	steps          int      // butterflies done
}

func newField(least int) field {
	n := 1 << bits.Len(uint(least-1))
	f := field{roots: make([]uint64, n/2), inverse: make([]uint64, n/2), nth: power(uint64(n), modulus-2)}
	root := power(generator, (modulus-1)/uint64(n))
	back := power(root, modulus-2)
	for i, r, b := 0, uint64(1), uint64(1); i < n/2; i, r, b = i+1, mul(r, root), mul(b, back) {
		f.roots[i], f.inverse[i] = r, b
	}
	return f
}

// forward transforms a; the order of what comes out is that which backward takes.
func (f *field) forward(a []uint64) {
	for half, stride := len(a)/2, 1; half > 0; half, stride = half/2, stride*2 {
		for at := 0; at < len(a); at += 2 * half {
			low, high := a[at:at+half], a[at+half:at+2*half]
			for i, x := range low {
				y := high[i]
				low[i], high[i] = add(x, y), mul(sub(x, y), f.roots[i*stride])
			}
		}
		f.steps += len(a) / 2
	}
}

func (f *field) backward(a []uint64) {
	for half, stride := 1, len(a)/2; half < len(a); half, stride = half*2, stride/2 {
		for at := 0; at < len(a); at += 2 * half {
			low, high := a[at:at+half], a[at+half:at+2*half]
			for i, x := range low {
				y := mul(high[i], f.inverse[i*stride])
				low[i], high[i] = add(x, y), sub(x, y)
			}
		}
		f.steps += len(a) / 2
	}
	for i := range a {
		a[i] = mul(a[i], f.nth)
	}
}

func add(a, b uint64) uint64 {
	s, carry := bits.Add64(a, b, 0)
	if carry != 0 || s >= modulus {
		s -= modulus
	}
	return s
}

func sub(a, b uint64) uint64 {
	d, borrow := bits.Sub64(a, b, 0)
	if borrow != 0 {
		d += modulus
	}
	return d
}

// mul uses that 2^64 is 2^32 - 1, and 2^96 is -1.
func mul(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	s, borrow := bits.Sub64(low, high>>32, 0)
	if borrow != 0 {
		s += modulus
	}
	return add(s, (high&0xffffffff)*0xffffffff)
}

func power(a, n uint64) uint64 {
	out := uint64(1)
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			out = mul(out, a)
		}
		a = mul(a, a)
	}
	return out
}
