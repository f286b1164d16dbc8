package assoc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Pluralize is the plural of an English word, or of a name that ends in one: SalesPerson becomes SalesPeople. The case of
// the letters is kept. A word that is a plural already stays.
func Pluralize(word string) string {
	if uncountable(word) {
		return word
	}
	if p, form, ok := irregular(word); ok {
		return swap(word, form, p.plural)
	}
	return swapEnding(word, pluralEndings)
}

// Singularize is the singular of an English word, or of a name that ends in one. A word that is a singular already stays.
func Singularize(word string) string {
	if uncountable(word) {
		return word
	}
	if p, form, ok := irregular(word); ok {
		return swap(word, form, p.singular)
	}
	return swapEnding(word, singularEndings)
}

func uncountable(word string) bool { return uncountables[strings.ToLower(word)] }

// irregular finds the irregular word that a name ends in, the longest there is, and the form that it stands in there.
func irregular(name string) (p pair, form string, ok bool) {
	lower := strings.ToLower(name)
	for _, have := range irregulars {
		for _, f := range [...]string{have.plural, have.singular} {
			if len(f) > len(form) && strings.HasSuffix(lower, f) && startsWord(name, len(name)-len(f), have.anywhere) {
				p, form, ok = have, f, true
			}
		}
	}
	return p, form, ok
}

// swap replaces a form at the end of a name.
func swap(name, form, by string) string {
	if form == by {
		return name
	}
	at := len(name) - len(form)
	return name[:at] + likeCase(name[at:], by)
}

// startsWord tells whether an irregular word at a position of a name stands by itself there: at the beginning, after a
// sign, or as a word of a camelCase name. Anywhere will do for words that compounds end in: grandchild.
func startsWord(name string, at int, anywhere bool) bool {
	if anywhere || at == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(name[:at])
	first, _ := utf8.DecodeRuneInString(name[at:])
	return !unicode.IsLetter(before) || unicode.IsUpper(first) && !unicode.IsUpper(before)
}

// likeCase gives a replacement the case of what it replaces: letters that both have stay as they are; the others are all
// capitals, a capital at first, or none.
func likeCase(model, word string) string {
	switch lower := strings.ToLower(model); {
	case strings.HasPrefix(word, lower):
		return model + word[len(model):]
	case strings.HasPrefix(lower, word):
		return model[:len(word)]
	case model == strings.ToUpper(model) && len(model) > 1:
		return strings.ToUpper(word)
	case unicode.IsUpper(rune(model[0])):
		return upperFirst(word)
	}
	return word
}

// swapEnding applies the first rule that fits.
func swapEnding(word string, rules []ending) string {
	lower := strings.ToLower(word)
	for i := range rules {
		if r := &rules[i]; r.fits(lower) {
			return word[:len(word)-r.cut] + r.put
		}
	}
	return word
}

// fits tells whether a word in lower case ends as the rule says.
func (r *ending) fits(word string) bool {
	if r.from == "" {
		return true
	}
	for from := range strings.FieldsSeq(r.from) {
		before, ends := strings.CutSuffix(word, from)
		if ends && (!r.whole || before == "") && (r.notAfter == "" || before != "" && !strings.ContainsRune(r.notAfter, rune(before[len(before)-1]))) {
			return true
		}
	}
	return false
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
