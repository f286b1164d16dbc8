package query

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// Cursor is a row's place in an order: the values of the order's columns and of the primary key. The row itself may have
// changed or gone meanwhile. Cursors are values that can be compared; their text fits into a URL. The zero Cursor is no
// place.
type Cursor struct {
	// key is four bytes that tell the order, and the values, encoded as package index does.
	key string
}

const cursorHead = 4

// CursorOf is the place of r in an order of its table; no record has none. Errors are those of an order that a query cannot have.
func (s *Shape) CursorOf(order []Order, r index.Record) (Cursor, error) {
	sorted, err := s.sorting(order)
	if err != nil || r.IsZero() {
		return Cursor{}, err
	}
	key := binary.BigEndian.AppendUint32(nil, sorted.mark(s))
	for _, c := range sorted {
		key = index.AppendValue(key, c.typ, r.At(c.pos))
	}
	return Cursor{string(key)}, nil
}

// mark tells orders apart, so that the cursor of one is not taken for that of another.
func (s sorting) mark(d *Shape) uint32 {
	h := fnv.New32a()
	for i := range s {
		_, _ = fmt.Fprintf(h, "%s %s,", s[i].order(d), s[i].typ)
	}
	return h.Sum32()
}

// IsZero tells whether the cursor is no place.
func (c Cursor) IsZero() bool { return c.key == "" }

// MarshalText writes the cursor in base64, as it may stand in a URL.
func (c Cursor) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, []byte(c.key)), nil
}

// UnmarshalText reads what [Cursor.MarshalText] writes. Text that is not base64 is an [types.ErrQuery]; whether the cursor fits
// a query is found out when that is compiled.
func (c *Cursor) UnmarshalText(text []byte) error {
	key, err := base64.RawURLEncoding.Strict().AppendDecode(nil, text)
	if err != nil {
		return &types.Error{Kind: types.ErrQuery, Detail: "this is not a cursor", Cause: err}
	}
	c.key = string(key)
	return nil
}

// values are the cursor's values for the columns of s.
func (c *Cursor) values(d *Shape, s sorting) ([]index.Value, error) {
	rest := []byte(c.key)
	if len(rest) < cursorHead || binary.BigEndian.Uint32(rest) != s.mark(d) {
		return nil, errCursor()
	}
	rest = rest[cursorHead:]
	vals := make([]index.Value, len(s))
	for i := range s {
		var err error
		if vals[i], rest, err = index.DecodeValue(rest, s[i].typ); err != nil {
			return nil, errCursor()
		}
	}
	if len(rest) > 0 {
		return nil, errCursor()
	}
	return vals, nil
}

func errCursor() error {
	return &types.Error{Kind: types.ErrQuery, Detail: "the cursor is not one of this query",
		Hint: "use a cursor made with the same table and order"}
}
