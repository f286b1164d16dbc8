package index

import (
	"encoding/binary"
	"flag"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

var seedFlag = flag.Uint64("seed", 0, "seed of the random tests; 0 for a new one each run")

// draw gives a number below n. Random tests draw from a generator, fuzz targets from their bytes, so that both make
// values in the same way.
type draw func(n int) int

// randomDraw is a draw that a failing test tells how to repeat.
func randomDraw(t *testing.T) draw {
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat with: go test ./index -run '%s' -seed %d", t.Name(), seed)
		}
	})
	return rand.New(rand.NewPCG(seed, 0)).IntN
}

// bytesDraw draws from data, and 0 when that has run out.
func bytesDraw(data []byte) draw {
	return func(n int) int {
		var word [8]byte
		size := 8
		if n <= 256 {
			size = 1
		}
		data = data[copy(word[:size], data):]
		return int(binary.LittleEndian.Uint64(word[:]) % uint64(n))
	}
}

func pick[T any](d draw, from ...T) T { return from[d(len(from))] }

func (d draw) bits() uint64 { return uint64(d(1<<32))<<32 | uint64(d(1<<32)) }

// allTypes is every type of the package.
func allTypes() (out []Type) {
	for t := Int; t < listKind; t++ {
		out = append(out, t)
		if list := ListOf(t); list.Valid() {
			out = append(out, list)
		}
	}
	return out
}

var drawnNames = []string{"b", "a", "", "c"}

// value is any value of the type, NULL once in eight.
func (d draw) value(t Type) Value {
	if d(8) == 0 {
		return Null
	}
	return d.present(t)
}

func (d draw) present(t Type) Value {
	switch t {
	case Int:
		return OfInt(d.integer())
	case Uint:
		return OfUint(d.unsigned())
	case Enum:
		return OfEnum(drawnNames, d(len(drawnNames)))
	case Float:
		return OfFloat(d.float())
	case Bool:
		return OfBool(d(2) == 1)
	case Bytes:
		return OfBytes([]byte(d.text()))
	case Time:
		return d.instant()
	case UUID:
		var u [16]byte
		for i := range d(17) {
			u[i] = pick[byte](d, 0, 1, 0xff, byte(d(256)))
		}
		return OfUUID(u)
	case Date:
		v, _ := ofDay(pick(d, minDay, maxDay, -1, 0, 1, int64(d.bits())%maxDay))
		return v
	case TimeOfDay:
		v, _ := OfTimeOfDay(time.Duration(pick(d, 0, 1, secondsPerDay*int64(time.Second), int64(d(secondsPerDay))*int64(time.Second))))
		return v
	case Decimal:
		return d.decimal()
	}
	if t == JSON {
		return OfJSON(pick(d, `"a"`, `[1]`, `[1.0]`, `[1.00,2.50]`, `[1.00,2.5]`, `{"a":1.5}`, `{"a":1.50}`, `"1.0"`, `"\\1.0\""`, `10.00`, `10`, `null`))
	}
	if t == CIText {
		return OfCIText(pick(d, "", "a", "A", "Ab", "aB", "ab", "abcdefghI", "ABCDEFGHI", "Ä", "ä", "ß", "SS", "ss", "日本", "z"))
	}
	if t == String {
		return OfString(pick(d, "", "a", "ab", "abcdefgh", "abcdefghi", "abcdefghijklmnopq", "ä", "日本", "z", "\U0010ffff", "\x01"))
	}
	if t.IsList() {
		elems := make([]Value, d(4))
		for i := range elems {
			elems[i] = d.value(t.Elem())
		}
		return OfList(elems)
	}
	return OfString(d.text())
}

func (d draw) integer() int64 {
	switch d(4) {
	case 0:
		return int64(d.bits())
	case 1:
		return pick[int64](d, math.MinInt64, math.MinInt64+1, math.MaxInt64-1, math.MaxInt64, math.MinInt32-1, math.MinInt32,
			math.MinInt32+1, math.MaxInt32-1, math.MaxInt32, math.MaxInt32+1, 1<<40, -1<<40)
	default:
		return int64(d(7)) - 3
	}
}

func (d draw) unsigned() uint64 {
	return pick(d, uint64(d(7)), uint64(d.integer()), math.MaxInt64, math.MaxInt64+1, math.MaxUint64-1, math.MaxUint64, math.MaxUint64-math.MaxInt32)
}

func (d draw) float() float64 {
	switch d(4) {
	case 0:
		return math.Float64frombits(d.bits()) // any NaN among them
	case 1:
		return pick(d, math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), math.SmallestNonzeroFloat64,
			-math.SmallestNonzeroFloat64, 0x1p-1022, -0x1p-1022, math.MaxFloat64, -math.MaxFloat64)
	default:
		return float64(d(9)-4) / 2
	}
}

func (d draw) decimal() Value {
	whole := pick(d, "0", "1", "9", "10", "123", strconv.Itoa(1+d(1_000_000)), "1"+strings.Repeat("0", d(300)), "9"+strings.Repeat("9", d(40)))
	fraction := pick(d, "", "", ".0", ".5", ".50", ".05", "."+strconv.Itoa(d(1000)), "."+strings.Repeat("0", d(300))+"1")
	v, ok := OfDecimal(pick(d, "", "-") + whole + fraction)
	if !ok { // -0
		v, _ = OfDecimal(whole + fraction)
	}
	return v
}

func (d draw) text() string {
	s := pick(d, "", "", "a", "abcdefg", "abcdefgh", "abcdefgh\x00", "\xff\xff\xff\xff\xff\xff\xff\xff", "a long beginning that is shared")
	for range d(4) {
		s += pick(d, "\x00", "\x01", "\x02", "\xff", "a", "b", string([]byte{byte(d(256))}))
	}
	return s
}

func (d draw) instant() Value {
	s := pick(d, minSeconds, maxSeconds, 0, -1, 1, int64(d.bits())%maxSeconds)
	v, ok := OfTime(time.Unix(s, int64(pick(d, 0, 1, 999, 1000, 1001, 999_999_999, d(1_000_000_000)))))
	if !ok {
		panic("an instant in range was refused")
	}
	return v
}
