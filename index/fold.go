package index

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
)

// A CIText is text that is shown as it was given and ordered by its folded form, behind which it is kept as JSON is behind its key. All that
// compares values goes by what they are ordered by, so nothing beyond this file knows of case.

var folder = cases.Fold()

// Fold is text without case, by Unicode's full case folding: "Straße", "STRASSE" and "strasse" are one, "a" and "ä" are not. Letters are not normalized. O(length),
// without allocation for text that is folded already.
func Fold(text string) string {
	changes := false
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			return folder.String(strings.Map(cherokee, text))
		case c >= 'A' && c <= 'Z':
			changes = true
		}
	}
	if !changes {
		return text
	}
	return strings.ToLower(text)
}

// cherokee makes Cherokee's small letters, which cases folds to capitals and these to small ones, all capitals first.
func cherokee(r rune) rune {
	switch {
	case r >= 0xab70 && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case r >= 0x13f8 && r <= 0x13fd:
		return r - 8
	}
	return r
}

// OfCIText is the value of a column of type CIText, of text without a zero byte. It shares the text's bytes if that is folded. O(length).
func OfCIText(text string) Value { return ofKeyed(Fold(text), text) }

// CIText reads a value of type CIText; "" for NULL. It shares the stored bytes.
func (v Value) CIText() string {
	_, text := v.keyed()
	return text
}

// Folded reads a value of type CIText without its case, or one of type String as it is; "" for NULL. It shares the stored bytes.
func (v Value) Folded() string {
	key, _ := v.keyed()
	return key
}
