// Package schemafile reads definitions from a JSON file, in three forms that it tells apart by shape.
//
// A list of memrel.Schema, or an object whose "tables" is that list, is memrel's own form; `memrel schema` writes it.
//
// An object with "models" or "associations" has these in Sequelize's words, and may have such "tables" beside them:
//
//	{"models": [
//	   {"name": "User", "columns": [{"name": "email", "type": "STRING", "allowNull": false, "unique": true}],
//	    "options": {"timestamps": true}},
//	   {"name": "Post", "columns": [{"name": "title", "type": "STRING"}]}],
//	 "associations": [
//	   {"source": "User", "kind": "hasMany", "target": "Post", "options": {"as": "articles", "foreignKey": "authorId", "onDelete": "CASCADE"}},
//	   {"source": "Post", "kind": "belongsToMany", "target": "Tag", "options": {"through": "PostTags", "otherKey": {"name": "tagId"}}}]}
//
// Any other object is keyed by the name of the table, with the types of SQL (an ENUM with its values and the lists of PostgreSQL among
// them). A default that is a text is read as databases tell it: 'a' and 'a'::text are the text in the quotes, NULL is none,
// CURRENT_TIMESTAMP the time of the insert, an expression is refused, and other text is a value of the column's type as it stands. (In
// the two forms above a text is a value, whatever it looks like.)
//
//	{"Album": {
//	  "columns": [
//	    {"name": "AlbumId", "type": "INTEGER", "allowNull": false},
//	    {"name": "Title", "type": "NVARCHAR(160)", "allowNull": false, "unique": true, "default": "?"}],
//	  "primaryKey": ["AlbumId"],
//	  "unique": [["Title", "ArtistId"]],
//	  "foreignKeys": [{"column": "ArtistId", "references": {"table": "Artist", "column": "ArtistId"},
//	                   "onDelete": "CASCADE", "onUpdate": "NO ACTION"}]}}
//
// A key that the form does not have is an error, since a misspelled one would change what the definition says. Whether the
// tables fit together is for memrel.Open to say.
package schemafile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// Error is what is wrong with a schema file, and where.
type Error struct {
	File string // empty where text was parsed
	Line int    // 0 if it is about the whole file
	Text string
}

// Error reads: schema.json:12: table Album: unknown type "INTEGR"; known are ...
func (e *Error) Error() string {
	s := e.Text
	if e.Line > 0 {
		s = fmt.Sprintf("%d: %s", e.Line, s)
	}
	switch {
	case e.File == "":
		return strings.TrimSpace(s)
	case e.Line > 0:
		return e.File + ":" + s
	}
	return e.File + ": " + s
}

// Definitions are what a file defines.
type Definitions struct {
	Tables       []memrel.Schema
	Models       []memrel.ModelSpec
	Associations []memrel.AssociationSpec
}

// All are the definitions, as a store takes them.
func (d Definitions) All() (out []memrel.Definition) {
	for _, s := range d.Tables {
		out = append(out, s)
	}
	for _, m := range d.Models {
		out = append(out, m)
	}
	for _, a := range d.Associations {
		out = append(out, a)
	}
	return out
}

// Read reads a file.
func Read(path string) (Definitions, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Definitions{}, &Error{File: path, Text: "there is no such file; name the schema with --schema FILE, or put it beside the data as schema.json"}
	}
	if err != nil {
		return Definitions{}, err
	}
	defs, err := Parse(data)
	var e *Error
	if errors.As(err, &e) {
		e.File = filepath.Base(path)
	}
	return defs, err
}

// Parse reads the text of a schema file.
func Parse(data []byte) (d Definitions, err error) {
	p := parser{text: bytes.TrimPrefix(data, []byte("\ufeff"))}
	raw, err := p.value(0, p.text)
	if err != nil {
		return d, err
	}
	if at, err := types.ScanJSON(string(p.text)); err != nil {
		return d, p.errorf(at, "%v", err)
	}
	switch {
	case raw[0] == '[':
		return d, p.strict(part{raw, bytes.Index(p.text, raw)}, &d.Tables)
	case raw[0] != '{':
		return d, p.errorf(0, "a schema is a list of tables, or an object with a table under each name")
	}
	fields, err := p.object(raw)
	if err != nil {
		return d, err
	}
	for _, f := range fields {
		if f.raw[0] == '[' && (f.name == "tables" || f.name == "models" || f.name == "associations") {
			return p.lists(fields)
		}
	}
	d.Tables, err = p.keyed(fields)
	return d, err
}

// lists reads the lists of an object: tables in memrel's own form, models and associations.
func (p *parser) lists(fields []field) (d Definitions, err error) {
	for _, f := range fields {
		switch f.name {
		case "tables":
			err = p.strict(f.part, &d.Tables)
		case "models":
			d.Models, err = p.models(f.part)
		case "associations":
			d.Associations, err = p.associations(f.part)
		default:
			err = p.errorf(f.at, "unknown field %q beside \"tables\", \"models\" and \"associations\"", f.name)
		}
		if err != nil {
			return Definitions{}, err
		}
	}
	return d, nil
}

// parser knows the whole text, to tell the line of what it reads.
type parser struct{ text []byte }

func (p *parser) errorf(offset int, format string, args ...any) error {
	offset = max(min(offset, len(p.text)), 0)
	return &Error{Line: 1 + bytes.Count(p.text[:offset], []byte("\n")), Text: fmt.Sprintf(format, args...)}
}

// part is a value in the text, at its offset.
type part struct {
	raw []byte
	at  int
}

// field is a member of an object.
type field struct {
	name string
	part
}

// value is the one JSON value that text, which begins at an offset, consists of.
func (p *parser) value(at int, text []byte) (json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return nil, p.broken(at, dec, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, p.errorf(at+int(dec.InputOffset()), "something follows the JSON value: remove it")
	}
	return raw, nil
}

// broken says in which line JSON is wrong.
func (p *parser) broken(at int, dec *json.Decoder, err error) error {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return p.errorf(len(p.text), "the JSON ends too early: is the file whole?")
	case errors.As(err, &syntax):
		return p.errorf(at+int(syntax.Offset)-1, "this is not JSON: %v", err)
	case errors.As(err, &typ):
		return p.errorf(at+int(typ.Offset)-1, "%q holds a JSON %s where it cannot; %s", typ.Field, typ.Value, misfit(typ))
	}
	return p.errorf(at+int(dec.InputOffset()), "%s", strings.TrimPrefix(strings.TrimPrefix(err.Error(), "json: "), "memrel: "))
}

// object lists the members of an object in their order; none may be there twice.
func (p *parser) object(raw []byte) ([]field, error) {
	base := bytes.Index(p.text, raw)
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return nil, p.broken(base, dec, err)
	}
	var fields []field
	seen := map[string]bool{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, p.broken(base, dec, err)
		}
		name, _ := key.(string)
		if seen[name] {
			return nil, p.errorf(base+int(dec.InputOffset()), "%q is there twice: rename or remove one", name)
		}
		seen[name] = true
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, p.broken(base, dec, err)
		}
		fields = append(fields, field{name, part{value, base + int(dec.InputOffset()) - len(value)}})
	}
	return fields, nil
}

// strict fills v from a value that may have no other members than v has.
func (p *parser) strict(in part, v any) error {
	dec := json.NewDecoder(bytes.NewReader(in.raw))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	err := dec.Decode(v)
	if err == nil {
		return nil
	}
	if m := unknownField.FindStringSubmatch(err.Error()); m != nil {
		known := knownFields(in.raw, v, m[1])
		return p.errorf(in.at+max(bytes.Index(in.raw, []byte(`"`+m[1]+`"`)), 0), "unknown field %q; %s; there are %s", m[1], types.CureOf(m[1], known), strings.Join(known, ", "))
	}
	return p.broken(in.at, dec, err)
}
