package tests_test

import (
	"errors"
	"maps"
	"slices"

	"github.com/memrel/memrel"
)

// What the naive model makes of each statement: the kind of the error, nil if it is done. A model that returns an error is not as it
// was, and is thrown away.

func (m *softModel) rowsOf(table string) map[int64]softRow {
	return map[string]map[int64]softRow{"authors": m.authors, "books": m.books, "cards": m.cards, "labels": m.labels}[table]
}

func (m *softModel) insert(table string, id int64, author *int64) error {
	rows := m.rowsOf(table)
	if _, taken := rows[id]; taken {
		return memrel.ErrUnique
	}
	rows[id] = softRow{author: author}
	return m.refers(author)
}

func (m *softModel) refers(author *int64) error {
	if author != nil {
		if _, ok := m.authors[*author]; !ok {
			return memrel.ErrForeignKey
		}
	}
	return nil
}

// upsert inserts a row, or writes one, which comes back.
func (m *softModel) upsert(table string, id int64, author *int64) error {
	before, had := m.rowsOf(table)[id]
	m.rowsOf(table)[id] = softRow{author: author}
	if had && !before.gone && before.author != nil && author != nil && *before.author == *author {
		return nil
	}
	return m.refers(author)
}

func (m *softModel) delete(table string, id int64, hard bool) error {
	r, ok := m.rowsOf(table)[id]
	if !ok || r.gone && !hard {
		return memrel.ErrNotFound
	}
	m.takeAway(table, id, hard)
	return nil
}

// takeAway deletes a row and what goes with it.
func (m *softModel) takeAway(table string, id int64, hard bool) {
	rows := m.rowsOf(table)
	if hard {
		delete(rows, id)
	} else {
		r := rows[id]
		r.gone = true
		rows[id] = r
	}
	if table == "authors" {
		for _, child := range []string{"books", "cards"} {
			for _, of := range softShown(m.rowsOf(child), false, softOwnedBy(id)) {
				m.takeAway(child, of, hard)
			}
		}
	}
	end, ok := map[string]int{"books": 0, "labels": 1}[table]
	for pair, s := range m.stickers {
		if ok && pair[end] == id && !s.gone {
			m.unlink(pair, hard)
		}
	}
}

func (m *softModel) unlink(pair [2]int64, hard bool) {
	if hard {
		delete(m.stickers, pair)
		return
	}
	s := m.stickers[pair]
	s.gone = true
	m.stickers[pair] = s
}

func (m *softModel) restore(table string, id int64) error {
	r, ok := m.rowsOf(table)[id]
	switch {
	case !ok:
		return memrel.ErrNotFound
	case !r.gone:
		return nil
	}
	r.gone = false
	m.rowsOf(table)[id] = r
	return m.refers(r.author)
}

// target is a row that a verb is to lead to.
func (m *softModel) target(table string, id int64, missing error) error {
	r, ok := m.rowsOf(table)[id]
	switch {
	case !ok:
		return missing
	case r.gone:
		return memrel.ErrNotFound
	}
	return nil
}

// link makes links of a book, those that are there staying as they are.
func (m *softModel) link(book int64, note string, labels ...int64) error {
	for _, missing := range []bool{false, true} { // soft-deleted targets first
		for _, l := range labels {
			s, linked := m.stickers[[2]int64{book, l}]
			err := m.target("labels", l, memrel.ErrForeignKey)
			if errors.Is(err, memrel.ErrNotFound) || err != nil && missing && (!linked || s.gone) {
				return err
			}
		}
	}
	for _, l := range labels {
		pair := [2]int64{book, l}
		if s, linked := m.stickers[pair]; linked && !s.gone {
			if note != "" {
				m.stickers[pair] = softRow{note: note}
			}
			continue
		}
		if _, ok := m.books[book]; !ok {
			return memrel.ErrForeignKey
		}
		m.stickers[pair] = softRow{note: note}
	}
	return nil
}

func (m *softModel) removeLink(book, label int64, hard bool) {
	s, ok := m.stickers[[2]int64{book, label}]
	if ok && (hard || !s.gone) && m.target("labels", label, memrel.ErrNotFound) == nil {
		m.unlink([2]int64{book, label}, hard)
	}
}

func (m *softModel) setLinks(book int64, labels ...int64) error {
	for _, l := range m.labelsOf(book, false, false) {
		if !slices.Contains(labels, l) {
			m.unlink([2]int64{book, l}, false)
		}
	}
	return m.link(book, "", labels...)
}

// own gives books to an author; take tells that others lose theirs.
func (m *softModel) own(author int64, take bool, books ...int64) error {
	for _, b := range books {
		if err := m.target("books", b, memrel.ErrNotFound); err != nil {
			return err
		}
	}
	if had := m.booksOf(author, false); take {
		for _, b := range had {
			if !slices.Contains(books, b) {
				m.books[b] = softRow{}
			}
		}
	}
	for _, b := range books {
		if a := m.books[b].author; a != nil && *a == author {
			continue
		}
		m.books[b] = softRow{author: &author}
		if err := m.refers(&author); err != nil {
			return err
		}
	}
	return nil
}

func (m *softModel) belong(book, author int64) error {
	if a, ok := m.authors[author]; ok && a.gone {
		return memrel.ErrNotFound
	}
	if err := m.target("books", book, memrel.ErrNotFound); err != nil {
		return err
	}
	m.books[book] = softRow{author: &author}
	return m.refers(&author)
}

// where are the books of an author that a statement by condition finds.
func (m *softModel) deleteWhere(author int64, hard bool) error {
	for _, b := range m.booksOf(author, hard) {
		m.takeAway("books", b, hard)
	}
	return nil
}

func (m *softModel) restoreWhere(author int64) error {
	for _, b := range m.booksOf(author, true) {
		if err := m.restore("books", b); err != nil {
			return err
		}
	}
	return nil
}

// links are the pairs of books and labels, in order.
func (m *softModel) links() [][2]int64 {
	return slices.SortedFunc(maps.Keys(m.stickers), func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
}
