package types

import (
	"strings"
	"unicode"
)

// Camelize joins the parts of a name: user_profile_id becomes userProfileId. Letters that begin no part stay.
func Camelize(s string) string {
	var b strings.Builder
	up := false
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r == '_' || r == '-' || unicode.IsSpace(r):
			up = true
		case up:
			b.WriteRune(unicode.ToUpper(r))
			up = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Underscore is the reverse: userProfileId becomes user_profile_id, HTTPServer http_server.
func Underscore(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && runes[i-1] != '_' &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.ReplaceAll(b.String(), "-", "_")
}
