package bind

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// options are what a field's tag says.
type options struct {
	name       string
	skip       bool
	pk, auto   bool
	notNull    bool
	null       bool
	softDelete bool
	unique     []keyPart
	index      []keyPart
	hasDefault bool
	now        bool   // the time of the insert is the default
	literal    string // of the default
	size       int
	scale      int
	precision  time.Duration
	names      []string   // of an enum
	typ        index.Type // Invalid: the field's own
	ref        string
	onDelete   table.Action
	onUpdate   table.Action
}

// keyPart is what a column is of a key: its name, "" for a key of this column alone, the order in which the key has the column, and how much
// of it, 0 for all.
type keyPart struct {
	name, order string
	length      int
}

// orderWords are the end of a key's option that says its order.
var orderWords = regexp.MustCompile(`(?i)(?:^| +)(?:(?:asc|desc)(?: +nulls +(?:first|last))?|nulls +(?:first|last))$`)

// lengthWords are the end of a key's option, before its order, that says how much of a column the key has.
var lengthWords = regexp.MustCompile(`\((\d{1,9})\)$`)

// keyPartOf reads "name", "desc", "name(10)", "name desc nulls last" or nothing.
func keyPartOf(value string) (k keyPart) {
	k.name = value
	if at := orderWords.FindStringIndex(value); at != nil {
		k.name, k.order = value[:at[0]], value[at[0]:]
	}
	if at := lengthWords.FindStringSubmatchIndex(k.name); at != nil {
		k.length, _ = strconv.Atoi(k.name[at[2]:at[3]])
		k.name = k.name[:at[0]]
	}
	return k
}

// prefixOf adds to what a key has of its columns.
func (k keyPart) prefixOf(column string, prefix map[string]int) map[string]int {
	if k.length > 0 {
		if prefix == nil {
			prefix = map[string]int{}
		}
		prefix[column] = k.length
	}
	return prefix
}

// orderOf is the order of a column in a key, if it is not the usual one.
func (k keyPart) orderOf(column string) (out []query.Order) {
	if o, err := query.ParseOrder(column, k.order); err == nil && o.Normal() != (query.Order{Column: column}) {
		out = append(out, o)
	}
	return out
}

// problem is what is wrong with a field, and what would help.
type problem struct{ what, cure, state string }

func problemf(cure, format string, args ...any) *problem {
	return &problem{what: fmt.Sprintf(format, args...), cure: cure}
}

// at makes an error of a problem: path names the struct and the field.
func (p *problem) at(table, path string) error {
	return types.Refused(table, p.state, p.cure, "field %s: %s", path, p.what)
}

const tagKey = "memrel"

// parseTag reads the tag of a field.
func parseTag(tag reflect.StructTag) (options, *problem) {
	text, ok := tag.Lookup(tagKey)
	switch {
	case !ok && strings.Contains(unreadPart(string(tag)), tagKey):
		return options{}, problemf("write `memrel:\"name,option\"`: no space after the colon, and double quotes",
			"the tag %s cannot be read", types.QuoteShort(string(tag)))
	case text == "-":
		return options{skip: true}, nil
	}
	parts, p := splitTag(text)
	if p != nil {
		return options{}, p
	}
	o := options{name: strings.TrimSpace(parts[0])}
	if strings.Contains(parts[0], "=") {
		return o, problemf("the column's name comes first and may be empty: \",default=1\"", "the name %s has an =", types.QuoteShort(o.name))
	}
	seen := map[string]bool{}
	for _, part := range parts[1:] {
		key, value, valued := strings.Cut(part, "=")
		if p := o.set(strings.TrimSpace(key), value, valued, seen); p != nil {
			return o, p
		}
	}
	return o, o.contradiction(seen)
}

// unreadPart is what package reflect skips of a tag without a word, because it is not written as key:"value".
func unreadPart(tag string) string {
	for {
		tag = strings.TrimLeft(tag, " ")
		key, rest, _ := strings.Cut(tag, ":")
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil || rest[0] != '"' || strings.ContainsAny(key, " \"") {
			return tag
		}
		tag = rest[len(quoted):]
	}
}

// splitTag cuts a tag at its commas, but for those between single quotes after an equals sign.
func splitTag(text string) ([]string, *problem) {
	var parts []string
	for {
		comma := strings.IndexByte(text, ',')
		quote := strings.Index(text, "='")
		if quote < 0 || comma >= 0 && comma < quote {
			if comma < 0 {
				return append(parts, text), nil
			}
			parts, text = append(parts, text[:comma]), text[comma+1:]
			continue
		}
		value, rest, ok := unquote(text[quote+2:])
		switch {
		case !ok:
			return nil, problemf("end the text with a single quote; two stand for one", "a quoted text does not end in %s", types.QuoteShort(text))
		case rest != "" && rest[0] != ',':
			return nil, problemf("put a comma between options", "%s follows a quoted text", types.QuoteShort(rest))
		}
		parts = append(parts, text[:quote+1]+value)
		if rest == "" {
			return parts, nil
		}
		text = rest[1:]
	}
}

// unquote reads up to the closing quote; two quotes are one.
func unquote(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '\'')
		if i < 0 {
			return "", "", false
		}
		b.WriteString(s[:i])
		if s = s[i+1:]; !strings.HasPrefix(s, "'") {
			return b.String(), s, true
		}
		b.WriteByte('\'')
		s = s[1:]
	}
}

const knownOptions = "options are pk, auto, notnull, null, softdelete, unique, index, default=, defaultnow, size=, scale=, precision=, type=, enum=, ref=, ondelete= and onupdate="

// set carries out one option.
func (o *options) set(key, value string, valued bool, seen map[string]bool) *problem {
	repeatable := key == "unique" || key == "index"
	mark := key
	if repeatable {
		mark = key + "=" + value
	}
	if seen[mark] {
		return problemf("keep one", "option %s is given twice", types.QuoteShort(mark))
	}
	seen[key], seen[mark] = true, true
	flag, isFlag := map[string]*bool{"pk": &o.pk, "auto": &o.auto, "notnull": &o.notNull, "null": &o.null, "softdelete": &o.softDelete, "defaultnow": &o.now}[key]
	switch {
	case isFlag && valued:
		return problemf("write "+key+" alone", "option %s takes no value", key)
	case isFlag:
		*flag = true
		return nil
	case repeatable && !valued:
		return o.setValue(key, "")
	case key == "":
		return problemf("drop the comma; "+knownOptions, "an option is empty")
	}
	if p := o.setValue(key, value); p != nil {
		return p
	}
	if !valued || value == "" && key != "default" {
		return problemf("write "+key+"=value", "option %s needs a value", key)
	}
	return nil
}

func (o *options) setValue(key, value string) (p *problem) {
	switch key {
	case "unique":
		o.unique = append(o.unique, keyPartOf(value))
	case "index":
		o.index = append(o.index, keyPartOf(value))
	case "default":
		o.hasDefault, o.literal = true, value
	case "ref":
		o.ref = value
	case "size":
		n, err := strconv.Atoi(value)
		if err != nil || n <= 0 {
			return problemf("give a number above 0", "size %s is none", types.QuoteShort(value))
		}
		o.size = n
	case "scale":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return problemf("give a number, 0 or above", "scale %s is none", types.QuoteShort(value))
		}
		o.scale = n
	case "precision":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > 9 {
			return problemf("give the digits after the point of a second, 0 to 9", "precision %s is none", types.QuoteShort(value))
		}
		o.precision = types.PrecisionOf(n)
	case "enum":
		o.typ, o.names = index.Enum, strings.Split(value, ",")
	case "type":
		if t, err := index.ParseType(value); err == nil && t != index.Enum && o.typ == index.Enum {
			return problemf("keep one", "type=%s and enum= contradict each other", value)
		}
		t, err := index.ParseType(value)
		if err != nil {
			return problemf("use int, uint, float, bool, string, bytes, time, uuid, json, date, timeofday, decimal, enum or list<...>", "type %s is unknown", types.QuoteShort(value))
		}
		o.typ = t
	case "ondelete":
		o.onDelete, p = tagAction(value)
	case "onupdate":
		o.onUpdate, p = tagAction(value)
	default:
		return problemf(knownOptions, "option %s is unknown", types.QuoteShort(key))
	}
	return p
}

func tagAction(value string) (table.Action, *problem) {
	a, err := table.ParseAction(value)
	if err != nil || a == table.Unspecified {
		return a, problemf("use cascade, set null, set default, restrict or no action", "action %s is unknown", types.QuoteShort(value))
	}
	return a, nil
}

// contradiction finds options that cannot stand together.
func (o *options) contradiction(seen map[string]bool) *problem {
	for _, pair := range [...][2]string{{"null", "notnull"}, {"null", "pk"}, {"auto", "default"}, {"auto", "null"}, {"default", "defaultnow"}, {"auto", "defaultnow"}} {
		if seen[pair[0]] && seen[pair[1]] {
			return problemf("keep one of them", "%s and %s contradict each other", pair[0], pair[1])
		}
	}
	if (seen["ondelete"] || seen["onupdate"]) && !seen["ref"] {
		return problemf("add ref=table, or drop the action", "ondelete and onupdate belong to a ref")
	}
	return nil
}
