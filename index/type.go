package index

import (
	"fmt"
	"strings"
)

// Type is the type of a column. Scalars are the constants below; a list is made with [ListOf].
type Type uint16

// The scalar types.
const (
	Invalid   Type = iota
	Int            // int64
	Float          // float64; -0 equals 0, NaN equals itself and sorts last, as in PostgreSQL
	Bool           // false sorts before true
	String         // text in UTF-8 without a zero byte, sorted by byte, which is by code point
	Bytes          // any bytes
	Time           // an instant with nanoseconds, years -290,000 to 290,000; the zone is not kept
	UUID           // 16 bytes
	JSON           // canonical text (sorted keys, no spaces), sorted by byte but for zeros at the end of fractions
	Date           // a day of the calendar, years -290,000 to 290,000
	TimeOfDay      // nanoseconds since midnight, 0:00 to 24:00
	Decimal        // an exact decimal number of up to 131,072 digits before and 16,383 after the point, which keeps its scale: 1.50 equals 1.5
	Uint           // uint64
	Enum           // one of the names that its column lists, sorted by their places there
	CIText         // text in which case does not count: equal and sorted by what [Fold] makes of it
	listKind
)

const (
	kindMask  = 0xff
	elemShift = 8
)

var typeNames = [...]string{"invalid", "int", "float", "bool", "string", "bytes", "time", "uuid", "json", "date", "timeofday", "decimal", "uint", "enum", "citext", "list"}

// ListOf is the type of a list of scalars. Lists sort element by element; a list sorts after its own beginnings. The
// list of something that is not a scalar is [Invalid], and that of an Enum or a CIText.
func ListOf(elem Type) Type {
	if elem == Invalid || elem == Enum || elem == CIText || elem >= listKind {
		return Invalid
	}
	return listKind | elem<<elemShift
}

// IsNumber tells whether values are numbers; those of different kinds compare by what they are worth.
func (t Type) IsNumber() bool { return t == Int || t == Float || t == Decimal || t == Uint }

// IsList tells whether t is a list.
func (t Type) IsList() bool { return t&kindMask == listKind }

// IsString tells whether values are text that people read, with case or without.
func (t Type) IsString() bool { return t == String || t == CIText }

// isInteger tells whether values are whole numbers of 64 bits that sort as such.
func (t Type) isInteger() bool { return t == Int || t == Uint || t == Date || t == TimeOfDay }

// sign is the bit of a whole number that is turned over to sort it among numbers without a sign: none of what has no sign.
func (t Type) sign() uint64 {
	if t == Uint {
		return 0
	}
	return signBit
}

// isText tells whether values are strings of bytes that sort as such.
func (t Type) isText() bool { return t == String || t == Bytes || t == UUID }

// Elem is the type of a list's elements, [Invalid] for a scalar.
func (t Type) Elem() Type { return t >> elemShift }

// Valid tells whether t is one of the types of this package.
func (t Type) Valid() bool {
	if t.IsList() {
		return t == ListOf(t.Elem())
	}
	return t != Invalid && t < listKind
}

// String is the type's name, as [ParseType] reads it: "int", "list<string>".
func (t Type) String() string {
	if t.IsList() {
		return "list<" + t.Elem().String() + ">"
	}
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("type(%d)", uint16(t))
}

// ParseType reads what [Type.String] writes.
func ParseType(s string) (Type, error) {
	t := parseScalar(s)
	if inner, ok := strings.CutPrefix(s, "list<"); ok {
		if inner, ok = strings.CutSuffix(inner, ">"); ok {
			t = ListOf(parseScalar(inner))
		}
	}
	if t == Invalid {
		return t, fmt.Errorf("unknown column type %q; known are %s and list<...>", s, strings.Join(typeNames[Int:listKind], ", "))
	}
	return t, nil
}

func parseScalar(s string) Type {
	for t := Int; t < listKind; t++ {
		if typeNames[t] == s {
			return t
		}
	}
	return Invalid
}

// MarshalText makes a type a string in JSON.
func (t Type) MarshalText() ([]byte, error) {
	if !t.Valid() {
		return nil, fmt.Errorf("cannot write the invalid column type %d", uint16(t))
	}
	return []byte(t.String()), nil
}

// UnmarshalText is the reverse of [Type.MarshalText].
func (t *Type) UnmarshalText(text []byte) (err error) {
	*t, err = ParseType(string(text))
	return err
}
