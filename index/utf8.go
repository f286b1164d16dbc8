package index

import (
	"strings"
	"unicode/utf8"
	"unsafe"
)

// IsText tells whether a string is text as columns hold it: UTF-8 without a zero byte. O(length), eight bytes at a time
// while they are ASCII.
func IsText(s string) bool {
	n := len(s)
	p := unsafe.Pointer(unsafe.StringData(s))
	switch {
	case n >= 8:
		odd := oddBytes(*(*uint64)(unsafe.Add(p, n-8)))
		for i := 0; i < n-8; i += 8 {
			odd |= oddBytes(*(*uint64)(unsafe.Add(p, i)))
		}
		return odd == 0 || isTextSlow(s)
	case n >= 4:
		w := uint64(*(*uint32)(p)) | uint64(*(*uint32)(unsafe.Add(p, n-4)))<<32
		return oddBytes(w) == 0 || isTextSlow(s)
	}
	for i := range n {
		if s[i]-1 >= 0x7f {
			return isTextSlow(s)
		}
	}
	return true
}

// oddBytes is not 0 if one of eight bytes is zero or not ASCII.
func oddBytes(w uint64) uint64 {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	return (w - ones | w) & high
}

func isTextSlow(s string) bool { return strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) }
