package tests

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// exactModel is a store as naively as can be: rows in lists, found by looking at all of them, and every rule asked of every
// row after every statement. It knows the tables from what the store says of them, and values from who drew them.
type exactModel struct {
	schemas    map[string]memrel.Schema
	rows       map[string][]exactRow
	last       map[string]int64
	defaults   map[string]any      // table.column -> the value that must come back
	touched    int                 // rows that the last statement led to
	hard       bool                // the statement deletes for good, and finds soft-deleted rows
	begun      map[string]exactRow // rows by identity, as they were once the statement had changed those that it names
	restricted bool                // a key that is referred to with RESTRICT looks otherwise
}

type exactRow map[string]any

func (m *exactModel) clone() *exactModel {
	out := &exactModel{schemas: m.schemas, rows: map[string][]exactRow{}, last: maps.Clone(m.last), defaults: maps.Clone(m.defaults)}
	for name, rows := range m.rows {
		for _, r := range rows {
			out.rows[name] = append(out.rows[name], maps.Clone(r))
		}
	}
	return out
}

func (m *exactModel) tables() []string { return slices.Sorted(maps.Keys(m.schemas)) }

func exactColumn(s memrel.Schema, name string) *memrel.Column {
	for i := range s.Columns {
		if s.Columns[i].Name == name {
			return &s.Columns[i]
		}
	}
	return nil
}

func softGone(s memrel.Schema, r exactRow) bool { return s.SoftDelete != "" && r[s.SoftDelete] != nil }

func keyOf(s memrel.Schema, r exactRow, columns []string) (key string, null bool) {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i], null = equally(exactColumn(s, c).Type, r[c]), null || r[c] == nil
	}
	return strings.Join(parts, "\x00"), null
}

// complete fills in what a row was not given. It returns why it cannot.
func (m *exactModel) complete(table string, r exactRow) string {
	for i := range m.schemas[table].Columns {
		c := &m.schemas[table].Columns[i]
		if _, given := r[c.Name]; given {
			continue
		}
		r[c.Name] = nil
		switch {
		case c.AutoIncrement:
			if m.last[table] == math.MaxInt64 || !intFits(c, m.last[table]+1) {
				return "fit"
			}
			m.last[table]++
			r[c.Name] = m.last[table]
		case c.DefaultNow:
			r[c.Name] = exactNowIn(c)
		default:
			r[c.Name] = m.defaults[table+"."+c.Name]
		}
	}
	return ""
}

// insert adds a row. It returns why that cannot be.
func (m *exactModel) insert(table string, r exactRow) string {
	if why := m.complete(table, r); why != "" {
		return why
	}
	m.rows[table] = append(m.rows[table], r)
	m.note(table, r)
	return m.broken()
}

func (m *exactModel) note(table string, r exactRow) {
	for _, c := range m.schemas[table].Columns {
		if n, ok := r[c.Name].(int64); ok && c.AutoIncrement {
			m.last[table] = max(m.last[table], n)
		}
	}
}

func (m *exactModel) find(table string, key []any) exactRow {
	s := m.schemas[table]
	for _, r := range m.rows[table] {
		if softGone(s, r) && !m.hard {
			continue
		}
		same := true
		for i, c := range s.PrimaryKey {
			of := exactColumn(s, c).Type
			same = same && equally(of, r[c]) == equally(of, key[i])
		}
		if same {
			return r
		}
	}
	return nil
}

// update writes into a row, and follows the references to it.
func (m *exactModel) update(table string, r exactRow, set exactRow) string {
	m.touched = 0
	old := maps.Clone(r)
	maps.Copy(r, set)
	m.note(table, r)
	m.begin()
	m.follow(table, old, r)
	return m.broken()
}

func (m *exactModel) delete(table string, r exactRow) string {
	m.touched = -1
	m.begin()
	m.remove(table, r)
	return m.broken()
}

// restore brings a soft-deleted row back.
func (m *exactModel) restore(table string, r exactRow) string {
	r[m.schemas[table].SoftDelete] = nil
	return m.broken()
}

func (m *exactModel) begin() {
	m.begun = map[string]exactRow{}
	for _, rows := range m.rows {
		for _, r := range rows {
			m.begun[identity(r)] = maps.Clone(r)
		}
	}
}

func identity(r exactRow) string { return fmt.Sprintf("%p", r) }

func (m *exactModel) there(table string, r exactRow) bool {
	return slices.ContainsFunc(m.rows[table], func(x exactRow) bool { return identity(x) == identity(r) })
}

func (m *exactModel) remove(table string, r exactRow) {
	s := m.schemas[table]
	m.touched++
	old := maps.Clone(r)
	if s.SoftDelete != "" && !m.hard {
		r[s.SoftDelete] = "gone"
		for _, ref := range s.References { // a row that is deleted and set to NULL is deleted
			for _, c := range ref.Columns {
				r[c] = m.begun[identity(r)][c]
			}
		}
	} else {
		m.rows[table] = slices.DeleteFunc(m.rows[table], func(x exactRow) bool { return identity(x) == identity(r) })
	}
	m.follow(table, old, nil)
}

// follow does to the rows that refer to one what their references say. now is nil for a row that is deleted: rows that go with it go
// before others are written, so that what refers to them goes too.
func (m *exactModel) follow(table string, old, now exactRow) {
	if now == nil {
		m.followBy(table, old, now, func(r memrel.Reference) bool { return r.OnDelete == memrel.Cascade })
	}
	m.followBy(table, old, now, func(r memrel.Reference) bool { return now != nil || r.OnDelete != memrel.Cascade })
}

// followBy is follow for some of the references.
func (m *exactModel) followBy(table string, old, now exactRow, by func(memrel.Reference) bool) {
	for _, child := range m.tables() {
		s := m.schemas[child]
		for _, ref := range s.References {
			if ref.Table != table || !by(ref) {
				continue
			}
			was, null := keyOf(m.schemas[table], old, ref.RefColumns)
			looksAsBefore := func(c string) bool { return exactly(old[c]) == exactly(now[c]) } // a key may look otherwise and be equal
			if null || now != nil && !slices.ContainsFunc(ref.RefColumns, func(c string) bool { return !looksAsBefore(c) }) {
				continue
			}
			for _, r := range slices.Clone(m.rows[child]) {
				key, _ := keyOf(s, r, ref.Columns)
				if begun, _ := keyOf(s, m.begun[identity(r)], ref.Columns); key != was || begun != was || softGone(s, r) || !m.there(child, r) {
					continue
				}
				if is, _ := keyOf(m.schemas[table], now, ref.RefColumns); now != nil && is == was && ref.OnUpdate == memrel.Restrict {
					m.restricted = true // PostgreSQL too refuses another look of a key that is referred to
				}
				m.act(child, ref, r, now)
			}
		}
	}
}

func (m *exactModel) act(child string, ref memrel.Reference, r, parent exactRow) {
	action := ref.OnUpdate
	if parent == nil {
		action = ref.OnDelete
	}
	before := maps.Clone(r)
	for i, c := range ref.Columns {
		switch {
		case action == memrel.Cascade && parent == nil:
			m.remove(child, r)
			return
		case action == memrel.Cascade:
			r[c] = parent[ref.RefColumns[i]]
		case action == memrel.SetNull:
			r[c] = nil
		case action == memrel.SetDefault:
			r[c] = m.defaults[child+"."+c]
		case parent == nil && m.schemas[ref.Table].SoftDelete != "" && !m.hard:
			m.touched++ // the row keeps its key: whether that is enough is not the model's to know
			return
		default:
			return
		}
	}
	m.touched++
	m.follow(child, before, r)
}

// broken is the first rule that a row breaks.
func (m *exactModel) broken() string {
	if m.restricted {
		return "reference"
	}
	for _, name := range m.tables() {
		s := m.schemas[name]
		for _, r := range m.rows[name] {
			for i := range s.Columns {
				c := &s.Columns[i]
				n, isInt := r[c.Name].(int64)
				text, isText := r[c.Name].(string)
				switch {
				case c.NotNull && r[c.Name] == nil:
					return "not null"
				case isInt && c.Type == memrel.Int && !intFits(c, n), isText && c.Type.IsString() && c.Size > 0 && len([]rune(text)) > c.Size:
					return "fit"
				}
			}
			for _, ref := range s.References {
				key, null := keyOf(s, r, ref.Columns)
				if !null && !softGone(s, r) && !m.has(ref, key) || ref.MatchFull && !softGone(s, r) && partlyNull(r, ref.Columns) {
					return "reference"
				}
			}
		}
		for _, u := range append(slices.Clone(s.Unique), memrel.UniqueKey{Columns: s.PrimaryKey}) {
			seen := map[string]bool{}
			for _, r := range m.rows[name] {
				key, null := keyOf(s, beginnings(r, u.Prefix), u.Columns)
				if null && !u.NullsNotDistinct {
					continue
				}
				if seen[key] {
					return fmt.Sprintf("unique %s %v %q", name, u.Columns, key)
				}
				seen[key] = true
			}
		}
	}
	return ""
}

// beginnings are a row with what a key has of its texts and bytes.
func beginnings(r exactRow, prefix map[string]int) exactRow {
	if len(prefix) == 0 {
		return r
	}
	out := maps.Clone(r)
	for name, n := range prefix {
		switch v := r[name].(type) {
		case string:
			chars := []rune(v)
			out[name] = string(chars[:min(n, len(chars))])
		case []byte:
			out[name] = v[:min(n, len(v))]
		}
	}
	return out
}

func partlyNull(r exactRow, columns []string) bool {
	null := func(c string) bool { return r[c] == nil }
	return slices.ContainsFunc(columns, null) && !(slices.IndexFunc(columns, func(c string) bool { return !null(c) }) < 0)
}

// has tells whether there is a row with a key. A soft-deleted one keeps its keys, and can be referred to.
func (m *exactModel) has(ref memrel.Reference, key string) bool {
	for _, r := range m.rows[ref.Table] {
		if have, _ := keyOf(m.schemas[ref.Table], r, ref.RefColumns); have == key {
			return true
		}
	}
	return false
}

// shown is every row of every table, exactly, in an order of its own.
func (m *exactModel) shown() map[string][]string {
	out := map[string][]string{}
	for name, rows := range m.rows {
		for _, r := range rows {
			out[name] = append(out[name], exactLine(m.schemas[name], r))
		}
		slices.Sort(out[name])
	}
	return out
}

func exactLine(s memrel.Schema, r exactRow) string {
	var b strings.Builder
	for _, c := range s.Columns {
		v := r[c.Name]
		if c.Name == s.SoftDelete && v != nil {
			v = "gone"
		}
		fmt.Fprintf(&b, "%s: %s; ", c.Name, exactly(v))
	}
	return b.String()
}
