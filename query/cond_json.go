package query

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// maxNesting is how deep conditions may stand in one another. A condition that a program has put together out of input
// must not take the stack with it.
const maxNesting = 200

// condJSON is a condition as it is written: {"column":"age","op":"gte","value":18}.
type condJSON struct {
	Column string            `json:"column,omitempty"`
	Op     Op                `json:"op,omitempty"`
	As     index.Type        `json:"as,omitzero"` // the type that values are read by, where it is needed
	Value  json.RawMessage   `json:"value,omitempty"`
	Values []json.RawMessage `json:"values,omitzero"`
	Conds  []json.RawMessage `json:"conds,omitzero"`
}

// MarshalJSON writes the condition as an object: {"column":"age","op":"gte","value":18}, {"op":"and","conds":[...]},
// and {} for every row. Values are written as encoding/json writes them, times and UUIDs as text; bytes, and floats that JSON
// has no number for, are text, and "as" tells their type. O(length x nesting).
func (c Cond) MarshalJSON() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	out := condJSON{Column: c.Column, Op: c.Op}
	var err error
	switch ops[c.Op].shape {
	case shapeValue:
		out.Value, out.As, err = writeValue(c.Value)
	case shapeValues:
		out.Values, out.As, err = writeValues(c.Values)
	case shapeConds, shapeAlias:
		out.Conds, err = rawList(c.Conds)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

func rawList[T any](list []T) ([]json.RawMessage, error) {
	out := make([]json.RawMessage, len(list))
	for i := range list {
		raw, err := json.Marshal(list[i])
		if err != nil {
			return nil, err
		}
		out[i] = raw
	}
	return out, nil
}

// UnmarshalJSON reads what [Cond.MarshalJSON] writes. Numbers come back as int64 where they are such, as uint64 or
// float64 where that holds them, and as json.Number otherwise; what is text in JSON, a time say, stays text until the condition is compiled for a table. Unknown operators
// and fields, fields that do not go together, and nesting deeper than 200 are an [types.ErrQuery].
func (c *Cond) UnmarshalJSON(data []byte) error {
	*c = Cond{}
	if _, err := types.ScanJSON(string(data)); err != nil {
		return &types.Error{Kind: types.ErrQuery, Detail: "a condition cannot be read", Cause: err}
	}
	return c.read(data, 0)
}

func (c *Cond) read(data []byte, depth int) error {
	if depth > maxNesting {
		return tooDeep()
	}
	if string(bytes.TrimSpace(data)) == "null" {
		return nil
	}
	var in condJSON
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		if e := types.AsError(err); e != nil {
			return e
		}
		return &types.Error{Kind: types.ErrQuery, Detail: "a condition cannot be read", Cause: err, Hint: "it has " + strings.Join(types.OptionsOf(reflect.TypeFor[condJSON]()), ", ")}
	}
	return c.fill(&in, depth)
}

// fill takes over what was read. Fields must be there exactly when the operator has them.
func (c *Cond) fill(in *condJSON, depth int) (err error) {
	c.Op, c.Column = in.Op, in.Column
	s := ops[in.Op].shape
	for _, field := range []struct {
		name         string
		there, wants bool
	}{
		{"value", in.Value != nil, s == shapeValue},
		{"values", in.Values != nil, s == shapeValues},
		{"conds", in.Conds != nil, s == shapeConds || s == shapeAlias},
		{"as", in.As != index.Invalid, in.As != index.Invalid && (s == shapeValue || s == shapeValues)},
	} {
		if field.there && !field.wants {
			return condError("condition %q takes no %q", in.Op, field.name)
		}
		if field.wants && !field.there {
			return condError("condition %q needs %q", in.Op, field.name)
		}
	}
	if in.Value != nil {
		if c.Value, err = readValueAs(in.Value, in.As); err != nil {
			return err
		}
	}
	for _, raw := range in.Values {
		v, err := readValueAs(raw, in.As)
		if err != nil {
			return err
		}
		c.Values = append(c.Values, v)
	}
	c.Conds = make([]Cond, len(in.Conds))
	for i, raw := range in.Conds {
		if err := c.Conds[i].read(raw, depth+1); err != nil {
			return err
		}
	}
	if len(c.Conds) == 0 {
		c.Conds = nil
	}
	return c.check()
}

// readValue reads any JSON value, whole numbers as int64.
func readValue(raw []byte) (v any, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return nil, &types.Error{Kind: types.ErrQuery, Detail: "a value of a condition cannot be read", Cause: err}
	}
	return plainNumbers(v)
}

func plainNumbers(v any) (_ any, err error) {
	switch v := v.(type) {
	case json.Number:
		return plainNumber(v)
	case []any:
		for i := range v {
			if v[i], err = plainNumbers(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k := range v {
			if v[k], err = plainNumbers(v[k]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

func plainNumber(v json.Number) (any, error) {
	if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil && v != "-0" {
		return n, nil
	}
	if n, err := strconv.ParseUint(v.String(), 10, 64); err == nil {
		return n, nil
	}
	f, err := v.Float64()
	switch {
	case err != nil:
		return nil, &types.Error{Kind: types.ErrQuery, Detail: "a number of a condition is out of range", Cause: err}
	case !types.SaysFloat(v.String(), f):
		return v, nil
	case !strings.ContainsAny(v.String(), "eE"):
		// What a float is written as otherwise stays as it is: a document keeps the zeros at its end.
		if text, err := json.Marshal(f); err != nil || string(text) != v.String() {
			return v, nil
		}
	}
	return f, nil
}

func tooDeep() *types.Error {
	return &types.Error{Kind: types.ErrQuery, State: "54001", Detail: "a condition is nested deeper than " + strconv.Itoa(maxNesting)}
}
