package query

import (
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// Plain is a condition on the table's columns that shares nothing with c and whose values are of plain Go types: what pointers,
// Valuers and structs say of the columns they are compared with. Errors as [Shape.CompileCond], which accepts c.
func (s *Shape) Plain(c Cond) (Cond, error) {
	c.Values, c.Conds = slices.Clone(c.Values), slices.Clone(c.Conds)
	for i := range c.Conds {
		var err error
		if c.Conds[i], err = s.Plain(c.Conds[i]); err != nil {
			return c, err
		}
	}
	pos, ok := s.pos[c.Column]
	if !ok || c.OnAssociation() {
		return c, nil
	}
	var err error
	if c.Value, err = plainValue(&s.columns[pos], c.Value); err != nil {
		return c, s.Blame(err)
	}
	for i := range c.Values {
		if c.Values[i], err = plainValue(&s.columns[pos], c.Values[i]); err != nil {
			return c, s.Blame(err)
		}
	}
	return c, nil
}

func plainValue(c *types.Column, v any) (any, error) {
	n, isNumber := v.(json.Number)
	_, isRaw := v.(json.RawMessage)
	switch {
	case isNumber && c.Type != index.JSON:
		return plainNumber(n)
	case types.IsPlain(v) && !isNumber && !isRaw:
		return types.Clone(v), nil
	}
	if _, nan, ok := number(v); ok && !nan && c.Type.IsNumber() {
		r := reflect.Indirect(reflect.ValueOf(v))
		for r.Kind() == reflect.Pointer {
			r = r.Elem()
		}
		switch {
		case r.CanInt():
			return r.Int(), nil
		case r.CanUint():
			return r.Uint(), nil
		}
		return r.Float(), nil
	}
	val, err := bare(c).FromGo(v)
	return types.ToGo(c.Type, val), err
}

// Same tells whether two predicates of one table test the same. O(size).
func (p *Predicate) Same(o *Predicate) bool { return p.root.same(&o.root) }

func (n *node) same(o *node) bool {
	values := func(a, b index.Value) bool { return index.Equal(n.typ, a, b) }
	if n.kind != o.kind || n.accept != o.accept || n.negate != o.negate || n.null != o.null || n.konst != o.konst ||
		n.typ != o.typ || n.pos != o.pos || n.alias != nil || o.alias != nil || len(n.kids) != len(o.kids) {
		return false
	}
	if !values(n.val, o.val) || !slices.EqualFunc(n.vals, o.vals, values) || n.like != nil && n.like.text != o.like.text {
		return false
	}
	for i := range n.kids {
		if !n.kids[i].same(&o.kids[i]) {
			return false
		}
	}
	return true
}

// writeValue is a value as it stands in JSON. as is the type to read it by, where JSON alone would not tell: bytes, and
// floats that JSON has no number for.
func writeValue(v any) (raw json.RawMessage, as index.Type, err error) {
	switch x := v.(type) {
	case []byte:
		as = index.Bytes
	case float64:
		if x-x != 0 { // NaN and the infinities
			as = index.Float
		}
	case float32:
		return writeValue(float64(x))
	case time.Time:
		v = types.FormatTime(x)
	case [16]byte:
		v = types.FormatUUID(x)
	case []any:
		return writeList(x)
	}
	if as != index.Invalid {
		c := types.Column{Type: as}
		val, err := c.FromGo(v)
		if err != nil {
			return nil, as, err
		}
		v = types.ToJSON(as, val)
	}
	raw, err = json.Marshal(v)
	return raw, as, err
}

func writeList(list []any) (raw json.RawMessage, as index.Type, err error) {
	raws := make([]json.RawMessage, len(list))
	for i, e := range list {
		var elem index.Type
		if raws[i], elem, err = writeValue(e); err != nil {
			return nil, as, err
		}
		if elem != index.Invalid && !elem.IsList() {
			as = index.ListOf(elem)
		}
	}
	raw, err = json.Marshal(raws)
	return raw, as, err
}

// writeValues is writeValue for several, with the one type that tells of all of them.
func writeValues(list []any) (raws []json.RawMessage, as index.Type, err error) {
	raws = make([]json.RawMessage, len(list))
	for i, v := range list {
		var t index.Type
		if raws[i], t, err = writeValue(v); err != nil {
			return nil, as, err
		}
		if t != index.Invalid {
			as = t
		}
	}
	return raws, as, nil
}

// readValueAs reads what writeValue writes.
func readValueAs(raw json.RawMessage, as index.Type) (any, error) {
	var text string
	switch {
	case as == index.Invalid:
		return readValue(raw)
	case as.IsList() && raw[0] == '[':
		text = string(raw)
	case raw[0] != '"':
		return readValue(raw)
	default:
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, err
		}
	}
	c := types.Column{Name: "value", Type: as}
	v, err := c.FromText(text)
	if err != nil {
		return nil, &types.Error{Kind: types.ErrQuery, Detail: "a value of a condition cannot be read", Cause: err}
	}
	return types.ToGo(as, v), nil
}
