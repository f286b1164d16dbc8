package bind

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// gormTag is what a field's tag of GORM's says, by the names of its settings in capitals; nil where none is read.
type gormTag map[string]string

func (t gormTag) has(key string) bool {
	_, ok := t[key]
	return ok
}

// on tells whether a setting is there and not switched off, as GORM takes it.
func (t gormTag) on(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return t.has(key) && !strings.EqualFold(t[key], "false") })
}

// list is a setting that names several things.
func (t gormTag) list(key string) (out []string) {
	for name := range strings.SplitSeq(t[key], ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// gormRead are the settings that are read, or have nothing to say here.
var gormRead = strings.Fields(`COLUMN TYPE SERIALIZER SIZE PRIMARYKEY PRIMARY_KEY UNIQUE DEFAULT NOTNULL AUTOINCREMENT EMBEDDED EMBEDDEDPREFIX
	PRECISION SCALE AUTOCREATETIME AUTOUPDATETIME INDEX UNIQUEINDEX - COMMENT FOREIGNKEY REFERENCES MANY2MANY JOINFOREIGNKEY JOINREFERENCES
	POLYMORPHIC POLYMORPHICTYPE POLYMORPHICID POLYMORPHICVALUE CONSTRAINT`)

// gormRefused are those that would be lost, with what cures it.
var gormRefused = map[string]string{
	"CHECK":                  "say it as a CheckConstraint among the parts of TableOf",
	"AUTOINCREMENTINCREMENT": "number the rows before they are inserted",
	"->":                     "leave out of a write what it should not write",
	"<-":                     "leave out of a write what it should not write",
}

// beside is the end of a cure.
const beside = ", and say the rest in a tag `" + tagKey + `:"name,option"` + "` beside this one, which is read in its place"

// parseGORM reads a tag of GORM's: settings between semicolons, which a backslash makes part of a setting.
func parseGORM(text string) (gormTag, *problem) {
	tag := gormTag{}
	for _, part := range splitEscaped(text, ";") {
		key, value, valued := strings.Cut(part, ":")
		if key = strings.ToUpper(strings.TrimSpace(key)); key == "" {
			continue
		}
		if key == "NOT NULL" {
			key = "NOTNULL"
		}
		if !valued {
			value = key
		}
		cure, refused := gormRefused[key]
		switch {
		case key == "<-" && !valued:
			continue // read and written, like any
		case refused:
			return nil, problemf(cure+beside, "its tag of GORM's says %s, which is not kept here", types.QuoteShort(part))
		case !slices.Contains(gormRead, key):
			return nil, problemf("correct it, or leave it out"+beside, "its tag of GORM's says %s, which is no setting", types.QuoteShort(part))
		}
		tag[key] = value
	}
	return tag, nil
}

// splitEscaped cuts at a sign, unless a backslash stands before it.
func splitEscaped(text, sign string) (parts []string) {
	for part := range strings.SplitSeq(text, sign) {
		if last := len(parts) - 1; last >= 0 && strings.HasSuffix(parts[last], `\`) {
			parts[last] = strings.TrimSuffix(parts[last], `\`) + sign + part
			continue
		}
		parts = append(parts, part)
	}
	return parts
}

// options are those of a column that the tag describes.
func (t gormTag) options(of reflect.Type) (o options, p *problem) {
	o = options{name: strings.TrimSpace(t["COLUMN"]), pk: t.on("PRIMARYKEY", "PRIMARY_KEY"), notNull: t.on("NOTNULL"), auto: t.on("AUTOINCREMENT")}
	if t.has("SIZE") {
		if o.size, _ = strconv.Atoi(t["SIZE"]); o.size <= 0 {
			return o, problemf("give a number above 0", "size %s is none", types.QuoteShort(t["SIZE"]))
		}
	}
	if p = t.asType(&o, of); p == nil {
		p = t.asPrecision(&o)
	}
	if p != nil {
		return o, p
	}
	plain, _ := indirect(of)
	o.softDelete = plain.Kind() == reflect.Struct && of.Name() == "DeletedAt" && types.IsNullStruct(of)
	return o, t.asDefault(&o, plain)
}

// asPrecision reads the digits of a second, and of a decimal those in all and after the point. Another number has none that are kept.
func (t gormTag) asPrecision(o *options) *problem {
	digits := "precision"
	if o.typ == index.Decimal {
		digits = "size"
	}
	if t.has("PRECISION") {
		if p := o.setValue(digits, t["PRECISION"]); p != nil {
			return p
		}
	}
	switch {
	case !t.has("SCALE"):
		return nil
	case o.typ != index.Decimal:
		return problemf("say type:decimal, or round what is written"+beside, "its tag of GORM's says %s, which is for decimals", types.QuoteShort("scale:"+t["SCALE"]))
	}
	return o.setValue("scale", t["SCALE"])
}

// asDecimal reads the digits of decimal(10,2); without any it is exact to the last digit. A field that cannot hold it is refused later.
func (t gormTag) asDecimal(o *options, digits string) *problem {
	o.typ = index.Decimal
	size, scale, _ := strings.Cut(digits, ",")
	for _, d := range []struct{ option, text string }{{"size", size}, {"scale", scale}} {
		if text := strings.TrimSpace(d.text); text != "" {
			if p := o.setValue(d.option, text); p != nil {
				return p
			}
		}
	}
	return nil
}

// asEnum reads the names of enum('one','two'); is is false for another type.
func (t gormTag) asEnum(o *options, of reflect.Type) (is bool, p *problem) {
	text := strings.TrimSpace(t["TYPE"])
	if len(text) < 5 || !strings.EqualFold(text[:4], "enum") {
		return false, nil
	}
	in, closed := strings.CutSuffix(strings.TrimSpace(text[4:]), ")")
	in, opened := strings.CutPrefix(in, "(")
	plain, _ := indirect(of)
	if plain.Kind() != reflect.String || !opened || !closed {
		return true, problemf("write type:enum('one','two') for a string"+beside, "its type in the database, %s, is not one for %s here", types.QuoteShort(t["TYPE"]), types.WithArticle(of.String()))
	}
	for rest := in; ; {
		rest, opened = strings.CutPrefix(strings.TrimSpace(rest), "'")
		name, after, ok := unquote(rest)
		if !opened || !ok {
			return true, problemf("write type:enum('one','two')"+beside, "its type in the database, %s, cannot be read", types.QuoteShort(t["TYPE"]))
		}
		o.names = append(o.names, name)
		if rest, ok = strings.CutPrefix(strings.TrimSpace(after), ","); !ok {
			o.typ = index.Enum
			return true, nil
		}
	}
}

// asType reads what the tag says of the column's type.
func (t gormTag) asType(o *options, of reflect.Type) *problem {
	switch name := strings.ToLower(t["SERIALIZER"]); name {
	case "":
	case "json":
		o.typ = index.JSON
		return nil
	default:
		return problemf("keep it as json"+beside, "the serializer %s is not there", types.QuoteShort(name))
	}
	if !t.has("TYPE") {
		return nil
	}
	if is, p := t.asEnum(o, of); is {
		return p
	}
	word, in, _ := strings.Cut(strings.ToLower(t["TYPE"]), "(")
	in = strings.TrimSuffix(in, ")")
	if word = strings.TrimSpace(word); word == "decimal" || word == "numeric" {
		return t.asDecimal(o, in)
	}
	typ, known := gormTypes[word]
	plain, _ := indirect(of)
	if elem, list := strings.CutSuffix(word, "[]"); list && plain.Kind() == reflect.Slice {
		in, _ := indirect(plain.Elem())
		if elem := gormTypes[strings.TrimSpace(elem)]; elem == scalarType(in) || standsFor(scalarType(in), elem) {
			if o.typ = index.ListOf(elem); o.typ.Valid() {
				return nil
			}
		}
		return problemf("leave it out, or write the type of the elements"+beside, "its type in the database, %s, is not one for %s here", types.QuoteShort(t["TYPE"]), types.WithArticle(of.String()))
	}
	if own := scalarType(plain); !known || typ != own && !standsFor(own, typ) && !hasScan(plain) {
		return problemf("leave it out"+beside, "its type in the database, %s, is not one for %s here", types.QuoteShort(t["TYPE"]), types.WithArticle(of.String()))
	}
	if n, err := strconv.Atoi(in); err == nil && typ.IsString() && o.size == 0 {
		o.size = n
	}
	o.typ = typ
	return nil
}

// standsFor tells whether a field of one type may stand for a column of another.
func standsFor(own, column index.Type) bool {
	switch column {
	case index.JSON:
		return true
	case index.UUID, index.CIText:
		return own == index.String
	case index.Date:
		return own == index.Time || own == index.String
	}
	return false
}

// gormTypes are the types of databases that hold what a type of column holds.
var gormTypes = map[string]index.Type{
	"string": index.String, "citext": index.CIText, "text": index.String, "varchar": index.String, "char": index.String, "character varying": index.String, "nvarchar": index.String, "tinytext": index.String,
	"mediumtext": index.String, "longtext": index.String, "int": index.Int, "integer": index.Int, "bigint": index.Int, "uint": index.Int, "float": index.Float, "double": index.Float,
	"double precision": index.Float, "real": index.Float, "bool": index.Bool, "boolean": index.Bool, "time": index.Time, "timestamp": index.Time, "timestamptz": index.Time, "date": index.Date,
	"datetime": index.Time, "bytes": index.Bytes, "blob": index.Bytes, "longblob": index.Bytes, "bytea": index.Bytes, "json": index.JSON, "jsonb": index.JSON, "uuid": index.UUID,
}

// asDefault reads the default: a literal, the time of the insert, and none where GORM leaves it to the database to say NULL.
func (t gormTag) asDefault(o *options, plain reflect.Type) *problem {
	text := strings.TrimSpace(t["DEFAULT"])
	switch {
	case text == "" || strings.EqualFold(text, "null"):
		return nil
	case plain.Kind() != reflect.String && saysNow(text, o, plain):
		o.now = true
		return nil
	case strings.Contains(text, "(") && strings.Contains(text, ")"):
		return problemf("set the field before the insert"+beside, "its default %s is a function of a database", types.QuoteShort(text))
	case plain.Kind() == reflect.String:
		text = strings.Trim(strings.Trim(text, "'"), `"`)
	}
	o.hasDefault, o.literal = true, text
	return nil
}

// saysNow tells whether a default is the time of the insert, in a column that holds it.
func saysNow(text string, o *options, plain reflect.Type) bool {
	if in, ok := strings.CutPrefix(text, "("); ok {
		text = strings.TrimSuffix(in, ")")
	}
	layout := types.NowInSQL(text)
	c, p := columnOf(plain, o.typ)
	return layout != "" && p == nil && c.HoldsNow(layout)
}
