package tests

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/memrel/memrel"
)

// mirror is a store that another is made of by its change lists alone.
type mirror struct {
	of, db  *memrel.DB
	lists   [][]byte
	backs   [][]byte // the inverse of each
	before  bool     // lists have old cells
	bytes   int
	rows    int
	commits int
}

// mirrored begins a mirror of a store, as that is.
func mirrored(of *memrel.DB) (*mirror, error) {
	m := &mirror{of: of}
	if err := of.Feed().Attach(m, memrel.SeenAtOnce); err != nil {
		return nil, err
	}
	m.db = of.Fork()
	return m, nil
}

// Append notes a commit.
func (m *mirror) Append(c memrel.Commit) (func() error, error) {
	m.lists = append(m.lists, c.Append(nil, m.before))
	m.backs = append(m.backs, c.List().Inverse().Append(nil, m.before))
	m.bytes += len(m.lists[len(m.lists)-1])
	m.rows += c.List().Len()
	m.before = !m.before
	return nil, nil
}

// catchUp applies what was noted. With whole it holds each state to its inverse, and in the end the mirror to what it mirrors, byte for byte.
func (m *mirror) catchUp(whole bool) error {
	var was []byte
	if whole {
		was = saved(m.db)
	}
	for i, list := range m.lists {
		c, err := m.db.Feed().Apply(list)
		if err != nil {
			return fmt.Errorf("list %d of %d: %w", i, len(m.lists), err)
		}
		if again := c.Append(nil, len(list) > 1 && list[1]&1 != 0); !bytes.Equal(list, again) {
			return fmt.Errorf("list %d: what was applied is %x, not %x", i, again, list)
		}
		m.commits++
		if !whole {
			continue
		}
		back := m.db.Fork()
		if _, err := back.Feed().Apply(m.backs[i]); err != nil {
			return fmt.Errorf("the inverse of list %d: %w", i, err)
		}
		if !bytes.Equal(unnumbered(was), unnumbered(saved(back))) {
			return fmt.Errorf("the inverse of list %d does not give back the state before", i)
		}
		was = saved(m.db)
	}
	m.lists, m.backs = nil, nil
	if whole && !bytes.Equal(was, saved(m.of)) {
		return errors.New("the lists do not give the state after")
	}
	return nil
}

// saved is a store as a file.
func saved(db *memrel.DB) []byte {
	var b bytes.Buffer
	if err := db.View().Save(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// unnumbered is a file of version 3 without its number.
func unnumbered(file []byte) []byte { return file[len("memrel 3\n")+16:] }
