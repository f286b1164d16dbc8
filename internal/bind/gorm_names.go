package bind

import (
	"reflect"
	"strings"
)

// gormInitialisms are the abbreviations that GORM's naming strategy takes for words, in its order.
var gormInitialisms = strings.Fields("API ASCII CPU CSS DNS EOF GUID HTML HTTP HTTPS ID IP JSON LHS QPS RAM RHS RPC SLA SMTP SSH TLS TTL UID UI UUID URI URL UTF8 VM XML XSRF XSS")

var gormReplacer = func() *strings.Replacer {
	var pairs []string
	for _, word := range gormInitialisms {
		pairs = append(pairs, word, word[:1]+strings.ToLower(word[1:]))
	}
	return strings.NewReplacer(pairs...)
}()

// gormName is the name in the database that GORM's naming strategy (gorm.io/gorm/schema) makes of one in Go: UserID is user_id.
func gormName(name string) string {
	s := gormReplacer.Replace(name)
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if !isUpperASCII(c) {
			b.WriteByte(c)
			continue
		}
		if i > 0 && gormCuts(s, i) {
			b.WriteByte('_')
		}
		b.WriteByte(c + 'a' - 'A')
	}
	return b.String()
}

// gormCuts tells whether a word begins with the capital at i.
func gormCuts(s string, i int) bool {
	lastUpper := isUpperASCII(s[i-1])
	if i+1 == len(s) {
		return !lastUpper
	}
	next := s[i+1]
	if lastUpper && (isUpperASCII(next) || next >= '0' && next <= '9') {
		return false
	}
	return s[i-1] != '_' && next != '_'
}

func isUpperASCII(c byte) bool { return c >= 'A' && c <= 'Z' }

// Words are the plural and the singular of words.
type Words struct{ Plural, Singular func(string) string }

// TableName is the name that GORM gives to the table of a struct: what its method TableName says, or the plural of its name.
func (w Words) TableName(s Struct) string {
	if t, ok := newValue(s.Type).(interface{ TableName() string }); ok {
		return t.TableName()
	}
	return w.Plural(gormName(s.Type.Name()))
}

// gormJunction is the name of the table of a junction.
func (w Words) gormJunction(name string) string {
	if strings.ToLower(name) == name {
		return name
	}
	return w.Plural(gormName(name))
}

// newValue is a new value of a type, for what its methods say.
func newValue(t reflect.Type) any { return reflect.New(t).Interface() }
