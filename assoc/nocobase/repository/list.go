package repository

import (
	"slices"

	"github.com/memrel/memrel"
)

// List is a column of one row that is a list: a field of type array or set. It is a value.
type List struct {
	l   Relation
	key any
}

// ListOf is the column of one row, which is named by the collection's own key, where the relation is a column that is a list.
func (l Relation) ListOf(key any) List { return List{l, key} }

// open finds the row, and the elements of its list.
func (l List) open(s *session) (c *place, row memrel.Instance, list []any, err error) {
	if c, err = s.at(l.l.source); err != nil {
		return c, row, nil, err
	}
	if f, ok := s.all.Field(c.name, l.l.name); !ok || f.Type != "array" && f.Type != "set" {
		return c, row, nil, c.refused("name a field of type array or set", "Field must be of type Array")
	}
	rows, err := c.instances(&Find{FilterByTk: l.key, Limit: 1}, c.key())
	switch {
	case err != nil:
		return c, row, nil, err
	case len(rows) == 0 || !truthy(l.key):
		return c, row, nil, &memrel.Error{Kind: memrel.ErrNotFound, Op: s.op, Table: c.table, Detail: "there is no source " + key(l.key), Hint: "name a row of " + c.name}
	}
	return c, rows[0], elements(rows[0].Value(l.l.name)), nil
}

// Get is the list: its elements as JSON has them, with numbers as they are written; nil if the column is NULL. Errors as
// [Repository.Find], and [memrel.ErrNotFound] if there is no such row.
func (l List) Get(r memrel.Reader) ([]any, error) {
	_, _, list, err := l.open(reading("find", r))
	return list, err
}

// Set makes elements the list, which is stored in the order of its elements as text. Errors as [List.Get] and [memrel.Handle.Update].
func (l List) Set(w memrel.Writer, elements ...any) error {
	return l.write("set", w, func([]any) []any { return elements })
}

// Add adds elements to the list. Errors as [List.Set].
func (l List) Add(w memrel.Writer, elements ...any) error {
	return l.write("add", w, func(had []any) []any { return append(had, elements...) })
}

// Remove takes all elements that are equal to some out of the list. Errors as [List.Set].
func (l List) Remove(w memrel.Writer, elements ...any) error {
	return l.write("remove", w, func(had []any) []any { return without(had, elements) })
}

// Toggle takes an element out of the list if it is in it, and else adds it. Errors as [List.Set].
func (l List) Toggle(w memrel.Writer, element any) error {
	return l.write("toggle", w, func(had []any) []any {
		if left := without(had, []any{element}); len(left) < len(had) {
			return left
		}
		return append(had, element)
	})
}

// without are the elements of a list that are none of others.
func without(list, others []any) []any {
	return slices.DeleteFunc(slices.Clone(list), func(e any) bool {
		return slices.ContainsFunc(others, func(o any) bool { return written(o) == written(e) })
	})
}

func (l List) write(op string, w memrel.Writer, change func([]any) []any) error {
	return writing(op, w, func(s *session) error {
		c, row, list, err := l.open(s)
		if err != nil {
			return err
		}
		_, err = c.write(row, c.own(map[string]any{l.l.name: append([]any{}, change(list)...)}))
		return err
	})
}
