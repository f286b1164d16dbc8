package index

import (
	"unicode/utf8"
	"unsafe"
)

// IsText tells whether a string is text as columns hold it: UTF-8 without a zero byte. O(length), eight bytes at a time
// while they are ASCII.
func IsText(s string) bool {
	const (
		ones = 0x0101010101010101
		high = 0x8080808080808080
	)
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), i))
		if (w-ones|w)&high != 0 { // a zero byte, or one that is not ASCII, or to be looked at again
			return isTextSlow(s[i:])
		}
	}
	for ; i < len(s); i++ {
		if s[i]-1 >= 0x7f {
			return isTextSlow(s[i:])
		}
	}
	return true
}

func isTextSlow(s string) bool {
	for i := range len(s) {
		if s[i] == 0 {
			return false
		}
	}
	return utf8.ValidString(s)
}
