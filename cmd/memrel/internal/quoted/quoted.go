// Package quoted reads text in quotes, as SQL has it: within them the quote twice is the quote itself.
package quoted

import "strings"

// Cut reads the text in quotes with which s begins, and gives what follows it. ok is false if s does not begin with the quote, or the
// quote is not closed.
func Cut(s, quote string) (text, rest string, ok bool) {
	rest, ok = strings.CutPrefix(s, quote)
	for ok {
		part, after, closed := strings.Cut(rest, quote)
		if !closed {
			return "", "", false
		}
		text += part
		if rest, ok = strings.CutPrefix(after, quote); !ok {
			return text, after, true
		}
		text += quote
	}
	return "", "", false
}
