package waterline

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// Criteria says which records are meant, and what of them is wanted. Wherever a method takes criteria, a primary key, a list
// of primary keys, a [Where] or nil, which is every record, stand for a Criteria too. A method that changes or destroys records takes
// no nil: Where{} is every record there.
type Criteria struct {
	Where Where `json:"where,omitempty"`
	// Sort is "name", "name DESC", "name ASC, age DESC", a list of such texts, or {"name": "DESC"} with 1 and -1 as well.
	Sort any `json:"sort,omitempty"`
	Skip int `json:"skip,omitempty"`
	// Limit is the most records; nil is no limit, and 0 no record.
	Limit *int `json:"limit,omitempty"`
	// Select are the attributes wanted, beside the primary key and what is populated; all if nil.
	Select []string `json:"select,omitempty"`
	// Cascade has a destroy clear the foreign keys that collections of the destroyed records go by, and destroy the records
	// that join them to others. Without it that is left to the references there are.
	Cascade bool `json:"cascade,omitempty"`
}

// Where are conditions that are all true of a record: the value of an attribute, a list of values of which it has one, or
// modifiers:
//
//	Where{"name": "fido", "age": Where{">": 2}, "owner": []int{1, 2}, "or": []Where{{"type": "dog"}, {"type": "cat"}}}
//
// The modifiers are <, <=, >, >=, != (also of a list), in, nin, contains, startsWith, endsWith and like, the words lessThan,
// lessThanOrEqual, greaterThan, greaterThanOrEqual and ! for some of them. Case counts. "or" and "and" take lists of
// conditions. A record without a value satisfies != and nin, and of the others only an attribute that is to be nil.
type Where map[string]any

// Populate asks for what an association leads to. Where, sort, skip, limit and select are for each record by itself, and for
// collections alone; what is selected has its primary key, and in a one-to-many the key of the record, in any case.
type Populate struct {
	Attr   string   `json:"attr"`
	Where  Where    `json:"where,omitempty"`
	Sort   any      `json:"sort,omitempty"`
	Skip   int      `json:"skip,omitempty"`
	Limit  *int     `json:"limit,omitempty"`
	Select []string `json:"select,omitempty"`
}

// question is compiled criteria.
type question struct {
	where  memrel.Cond
	order  []memrel.Order
	skip   int
	limit  int // less than 0: none
	fields []*attr
}

// criteria is what stands for a Criteria.
func (e *entity) criteria(v any) (Criteria, error) {
	switch v := v.(type) {
	case nil:
		return Criteria{}, nil
	case Criteria:
		return v, nil
	case Where:
		return Criteria{Where: v}, nil
	case map[string]any:
		return Criteria{Where: v}, nil
	}
	if _, many := list(v); !many {
		if _, err := e.key1(v); err != nil {
			return Criteria{}, err
		}
	}
	return Criteria{Where: Where{e.pk.name: v}}, nil
}

// given refuses to write to every record because somebody has no criteria.
func (e *entity) given(op string, criteria any) error {
	if criteria != nil {
		return nil
	}
	return refused(memrel.ErrQuery, op, e, "write Where{} to mean every record", "there are no criteria")
}

// compile works out criteria.
func (e *entity) compile(c Criteria) (q question, err error) {
	if q.where, err = e.conditions(c.Where, 0); err != nil {
		return q, err
	}
	if q.order, err = e.order(c.Sort); err != nil {
		return q, err
	}
	if q.skip, q.limit = c.Skip, -1; c.Limit != nil {
		q.limit = *c.Limit
	}
	if q.skip < 0 || c.Limit != nil && *c.Limit < 0 {
		return q, refused(memrel.ErrQuery, "find", e, "leave them out, or give numbers from 0", "skip and limit are not negative")
	}
	q.fields, err = e.selection(c.Select)
	return q, err
}

// selection are the attributes wanted; nil is all.
func (e *entity) selection(names []string) ([]*attr, error) {
	if names == nil {
		return nil, nil
	}
	fields := []*attr{e.pk}
	for _, name := range names {
		a, err := e.field(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(fields, a) {
			fields = append(fields, a)
		}
	}
	return fields, nil
}

// field is the attribute of that name that is a column.
func (e *entity) field(name string) (*attr, error) {
	a := e.attribute(name)
	switch {
	case a == nil:
		return nil, refused(memrel.ErrUnknownColumn, "find", e, "name one of its attributes", "there is no attribute "+name)
	case !a.isColumn():
		return nil, refused(memrel.ErrQuery, "find", e, "populate it, or ask the other side", "the collection "+name+" has no value")
	}
	return a, nil
}

// order reads a sort.
func (e *entity) order(v any) (out []memrel.Order, err error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		for part := range strings.SplitSeq(v, ",") {
			words := strings.Fields(part)
			if len(words) == 0 || len(words) > 2 {
				return nil, e.noSort(v)
			}
			o, err := e.by(words[0], strings.Join(words[1:], ""))
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
		return out, nil
	}
	if m, ok := mapOf(v); ok {
		if len(m) != 1 {
			return nil, refused(memrel.ErrQuery, "find", e, "write a list, or one text", "a sort by several attributes needs an order of them")
		}
		for name, dir := range m {
			o, err := e.by(name, fmt.Sprint(dir))
			return []memrel.Order{o}, err
		}
	}
	items, ok := list(v)
	if !ok {
		return nil, e.noSort(v)
	}
	for _, item := range items {
		part, err := e.order(item)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

func (e *entity) noSort(v any) error {
	return refused(memrel.ErrQuery, "find", e, `write "name ASC" or "name DESC"`, fmt.Sprintf("%v is no sort", v))
}

// by is a sort by one attribute.
func (e *entity) by(name, direction string) (memrel.Order, error) {
	a, err := e.field(name)
	if err != nil {
		return memrel.Order{}, err
	}
	switch strings.ToLower(direction) {
	case "", "asc", "1":
		return memrel.Order{Column: a.column.Name}, nil
	case "desc", "-1", "0":
		return memrel.Order{Column: a.column.Name, Desc: true}, nil
	}
	return memrel.Order{}, e.noSort(name + " " + direction)
}

// mapOf is a value that is a map with names for keys.
func mapOf(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case Where:
		return v, true
	case memrel.Values:
		return v, true
	}
	return nil, false
}

// list is a value that is a list, but for bytes, which are a value.
func list(v any) ([]any, bool) {
	switch v := v.(type) {
	case nil, []byte, json.RawMessage, json.Number:
		return nil, false
	case []any:
		return v, true
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice {
		return nil, false
	}
	out := make([]any, r.Len())
	for i := range out {
		out[i] = r.Index(i).Interface()
	}
	return out, true
}

// key1 is a primary key as rows have it. A record stands for its key.
func (e *entity) key1(v any) (any, error) {
	if v = plain(v); v == nil {
		return nil, refused(memrel.ErrType, "find", e, "give a primary key", "nil is no primary key")
	}
	stored, err := e.pk.column.FromGo(v)
	if err != nil {
		return nil, refused(memrel.ErrType, "find", e, "give a value of the type of "+e.pk.name, fmt.Sprintf("%v is no primary key: %v", v, err))
	}
	return types.ToGo(e.pk.column.Type, stored), nil
}

// keys are primary keys, each once: of one key, or of a list.
func (e *entity) keys(v any) ([]any, error) {
	items, ok := list(v)
	if !ok {
		items = []any{v}
	}
	out, met := make([]any, 0, len(items)), make(map[any]bool, len(items))
	for _, item := range items {
		key, err := e.key1(item)
		if err != nil {
			return nil, err
		}
		if !met[key] {
			met[key] = true
			out = append(out, key)
		}
	}
	return out, nil
}

// show writes a key for people.
func show(key any) string {
	if s, ok := key.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(key)
}
