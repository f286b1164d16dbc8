package index

import "strings"

// JSON text is kept as it is shown, and ordered by what it says: numbers that differ in the zeros at the end of their
// fractions alone (1.5 and 1.50) are equal, as in PostgreSQL's jsonb. Most texts have no such zeros and are their own
// key. A text that has is kept behind its key; no text of JSON has a zero byte.
//
//	{"n":1.5}    {"n":1.5}
//	{"n":1.50}   {"n":1.5} 00 {"n":1.50} 00

// ofKeyed is text that is kept behind what it is ordered by, or alone if that is the same. It has no zero byte.
func ofKeyed(key, text string) Value {
	if key == text {
		return OfString(text)
	}
	return OfString(key + "\x00" + text + "\x00")
}

// keyed is what [ofKeyed] was made of. It shares the stored bytes.
func (v Value) keyed() (key, text string) {
	s := v.Str()
	if len(s) == 0 || s[len(s)-1] != 0 {
		return s, s
	}
	key, text, _ = strings.Cut(s[:len(s)-1], "\x00")
	return key, text
}

// OfJSON is the value of a column of type JSON, of its canonical text. O(length).
func OfJSON(text string) Value {
	if !strings.Contains(text, ".") {
		return OfString(text)
	}
	key, _ := jsonKeyOf(text)
	return ofKeyed(key, text)
}

// JSON reads a value of type JSON: its canonical text; "" for NULL. It shares the stored bytes.
func (v Value) JSON() string {
	_, text := v.keyed()
	return text
}

// JSONKey is what JSON is ordered by: its text without the zeros at the end of fractions.
func (v Value) JSONKey() string {
	key, _ := v.keyed()
	return key
}

// textOf is the bytes that a value of a text type is ordered by.
func textOf(t Type, v Value) string {
	switch t {
	case JSON, CIText:
		key, _ := v.keyed()
		return key
	case Decimal:
		return v.decimalKey()
	}
	return v.Str()
}

// jsonKeyOf is canonical text without the zeros at the end of fractions.
func jsonKeyOf(text string) (key string, differs bool) {
	var b strings.Builder
	done := 0 // how much of the text is in b
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '.':
			end := i + 1
			for end < len(text) && text[end] >= '0' && text[end] <= '9' {
				end++
			}
			keep := i + len(strings.TrimRight(text[i:end], "0"))
			if keep == i+1 {
				keep = i // not even the point
			}
			if keep < end {
				b.WriteString(text[done:keep])
				done, differs = end, true
			}
			i = end - 1
		}
	}
	if !differs {
		return text, false
	}
	b.WriteString(text[done:])
	return b.String(), true
}
