package tests

import (
	"github.com/memrel/memrel"
	"github.com/memrel/memrel/table"
)

// A program is a list of operations over a few stores, read from bytes: so random programs are random bytes, and the
// fuzzer can make programs too. Each operation makes sense in any state, so that any part of a program is a program.

type kind int

const (
	insert kind = iota
	upsert
	updateKey
	updateWhere
	shift
	deleteKey
	deleteWhere
	truncate
	find
	begin
	commit
	rollback
	savepoint
	rollbackTo
	release
	nest
	unnest
	fork
	look
	forkView
	define
	drop
	alter
	kinds
)

// weights are how often each kind comes up.
var weights = [kinds]int{insert: 24, upsert: 8, updateKey: 9, updateWhere: 6, shift: 3, deleteKey: 8, deleteWhere: 3,
	truncate: 2, find: 4, begin: 6, commit: 4, rollback: 2, savepoint: 4, rollbackTo: 4, release: 1, nest: 4, unnest: 4,
	fork: 2, look: 2, forkView: 1, define: 8, drop: 1, alter: 10}

// op is one operation, as data. Each kind uses the fields that it needs.
type op struct {
	kind   kind
	store  int // which store; which view for forkView
	table  string
	values []memrel.Values // rows to insert or upsert; one for updates
	where  memrel.Cond
	key    memrel.Key
	on     []string
	part   memrel.Part
	with   memrel.Truncation
	mark   string
	mode   int // how a nested transaction ends; by how much keys shift
}

// base are the tables of the model's programs: one for each action, alone on its way, since the order of several
// actions is told by the recordings. The reference from nodes is to nodes.
var base = []memrel.Schema{
	{Name: "users", PrimaryKey: []string{"id"}, Columns: []memrel.Column{
		{Name: "id", Type: memrel.Int, AutoIncrement: true},
		{Name: "email", Type: memrel.String},
		{Name: "nick", Type: memrel.String},
		{Name: "age", Type: memrel.Int, Default: int64(3)},
	}, Unique: []memrel.UniqueKey{
		{Name: "users_email_key", Columns: []string{"email"}},
		{Name: "users_nick_key", Columns: []string{"nick", "age"}, NullsNotDistinct: true},
	}, Checks: []memrel.CheckConstraint{{Name: "grown", Where: memrel.Gte("age", int64(0))}}},
	{Name: "posts", Numbering: table.KeepNumbers, PrimaryKey: []string{"id"}, Columns: []memrel.Column{
		{Name: "id", Type: memrel.Int, AutoIncrement: true},
		{Name: "author", Type: memrel.Int, NotNull: true},
		{Name: "slug", Type: memrel.String},
	}, Unique: []memrel.UniqueKey{{Name: "posts_slug_key", Columns: []string{"author", "slug"}}},
		References: []memrel.Reference{{Name: "posts_author_fkey", Columns: []string{"author"}, Table: "users",
			OnDelete: memrel.Cascade, OnUpdate: memrel.Cascade}}},
	{Name: "comments", Numbering: table.KeepNumbers, PrimaryKey: []string{"id"}, Columns: []memrel.Column{
		{Name: "id", Type: memrel.Int, AutoIncrement: true},
		{Name: "post", Type: memrel.Int},
		{Name: "reviewer", Type: memrel.Int},
	}, References: []memrel.Reference{
		{Name: "comments_post_fkey", Columns: []string{"post"}, Table: "posts", OnDelete: memrel.SetNull, OnUpdate: memrel.Cascade},
		{Name: "comments_reviewer_fkey", Columns: []string{"reviewer"}, Table: "users"},
	}},
	{Name: "badges", PrimaryKey: []string{"user", "name"}, Columns: []memrel.Column{
		{Name: "user", Type: memrel.Int},
		{Name: "name", Type: memrel.String},
	}, References: []memrel.Reference{{Name: "badges_user_fkey", Columns: []string{"user"}, Table: "users",
		OnDelete: memrel.Restrict, OnUpdate: memrel.Cascade}}},
	{Name: "awards", PrimaryKey: []string{"id"}, Columns: []memrel.Column{
		{Name: "id", Type: memrel.Int, AutoIncrement: true},
		{Name: "user", Type: memrel.Int},
		{Name: "badge", Type: memrel.String},
	}, References: []memrel.Reference{{Name: "awards_badge_fkey", Columns: []string{"user", "badge"}, Table: "badges",
		RefColumns: []string{"user", "name"}, OnDelete: memrel.Cascade, OnUpdate: memrel.Cascade}}},
	{Name: "nodes", PrimaryKey: []string{"id"}, Columns: []memrel.Column{
		{Name: "id", Type: memrel.Int},
		{Name: "parent", Type: memrel.Int},
	}, References: []memrel.Reference{{Name: "nodes_parent_fkey", Columns: []string{"parent"}, Table: "nodes"}}},
}

// start is what programs find.
var start = []op{
	{kind: insert, table: "users", values: []memrel.Values{{"email": "a"}, {"email": "b", "age": int64(4)}, {"nick": "a"}, {"nick": "b"}, {"nick": "c"}}},
	{kind: insert, table: "posts", values: []memrel.Values{{"author": int64(1), "slug": "a"}, {"author": int64(1), "slug": "b"}, {"author": int64(3), "slug": "a"}}},
	{kind: insert, table: "comments", values: []memrel.Values{{"post": int64(1), "reviewer": int64(2)}, {"post": int64(1)}, {"post": int64(3)}}},
	{kind: insert, table: "badges", values: []memrel.Values{{"user": int64(4), "name": "a"}, {"user": int64(4), "name": "b"}}},
	{kind: insert, table: "awards", values: []memrel.Values{{"user": int64(4), "badge": "a"}, {"user": int64(9)}}},
	{kind: insert, table: "nodes", values: []memrel.Values{{"id": int64(1)}, {"id": int64(2), "parent": int64(1)}, {"id": int64(3), "parent": int64(3)}}},
}

// extra are columns that programs add and drop.
var extra = []memrel.Column{
	{Name: "x", Type: memrel.Int},
	{Name: "y", Type: memrel.Int, NotNull: true, Default: int64(7)},
	{Name: "z", Type: memrel.String, Default: "d"},
	{Name: "w", Type: memrel.String, NotNull: true}, // refused unless the table is empty
}

// choices turns bytes into choices. When they are used up it chooses the first of everything.
type choices struct{ data []byte }

func (s *choices) below(n int) int {
	if len(s.data) == 0 {
		return 0
	}
	b := int(s.data[0])
	s.data = s.data[1:]
	return b % n
}

func (s *choices) oneIn(n int) bool { return s.below(n) == 1 }

func pickOne[T any](s *choices, list []T) T { return list[s.below(len(list))] }

// program reads operations until the bytes are used up.
func program(data []byte) (ops []op) {
	var all []kind
	for k, n := range weights {
		for range n {
			all = append(all, kind(k))
		}
	}
	s := &choices{data}
	for len(s.data) > 0 {
		ops = append(ops, s.op(pickOne(s, all)))
	}
	return ops
}

func (s *choices) op(k kind) op {
	t := pickOne(s, base)
	o := op{kind: k, store: s.below(4), table: t.Name}
	columns := append(t.Columns[:len(t.Columns):len(t.Columns)], extra...)
	switch k {
	case drop, define:
		o.table = pickOne(s, []string{"comments", "awards", "nodes", "badges"}) // to badges others refer
	case insert:
		for range max(1, s.below(8)-3) { // mostly one
			o.values = append(o.values, s.newRow(t))
		}
	case upsert:
		for range max(1, s.below(6)-2) {
			o.values = append(o.values, s.newRow(t))
		}
		if s.oneIn(2) && len(t.Unique) > 0 {
			o.on = pickOne(s, t.Unique).Columns
		}
	case updateKey, updateWhere:
		set := memrel.Values{}
		for range 1 + s.below(2) {
			c := pickOne(s, t.Columns)
			if s.oneIn(12) {
				c = pickOne(s, extra)
			}
			set[c.Name] = s.value(c)
		}
		o.values, o.key, o.where = []memrel.Values{set}, s.key(t), s.where(t.Columns)
	case shift:
		o.where, o.mode = s.where(t.Columns), 1+s.below(2)
	case deleteKey:
		o.key = s.key(t)
	case deleteWhere, find:
		o.where = s.where(t.Columns)
	case truncate:
		for range s.below(4) {
			o.with.With = append(o.with.With, pickOne(s, base).Name)
		}
		o.with.Cascade, o.with.Restart = s.oneIn(3), s.oneIn(2)
	case savepoint, rollbackTo, release:
		o.mark = pickOne(s, []string{"a", "b"})
	case unnest:
		o.mode = s.below(4)
	case alter:
		o.part = s.part(t, columns)
	}
	return o
}

func (s *choices) newRow(t memrel.Schema) memrel.Values {
	values := memrel.Values{}
	for _, c := range t.Columns {
		if odds := s.below(10); odds < 1 || !c.AutoIncrement && odds < 9 {
			values[c.Name] = s.value(c)
		}
	}
	if s.oneIn(20) {
		c := pickOne(s, extra)
		values[c.Name] = s.value(c)
	}
	return values
}

// value is one for a column, now and then NULL, and seldom of the wrong type.
func (s *choices) value(c memrel.Column) any {
	text := c.Type == memrel.String
	switch odds := s.below(120); {
	case odds < 4, odds < 18 && !c.NotNull:
		return nil
	case odds == 18:
		text = !text
	}
	if text {
		return pickOne(s, []string{"a", "b", "", "ab", "a\x01", "ä", "c", "d"})
	}
	if s.oneIn(40) {
		return int64(-1)
	}
	return int64(s.below(9))
}

func (s *choices) key(t memrel.Schema) (key memrel.Key) {
	for _, name := range t.PrimaryKey {
		c, _ := rows{schema: t}.column(name)
		key = append(key, s.plain(c))
	}
	return key
}

// plain is a value of the column's type.
func (s *choices) plain(c memrel.Column) any {
	if c.Type == memrel.String {
		return pickOne(s, []string{"a", "b", "", "ab", "a\x01"})
	}
	return int64(s.below(9))
}

func (s *choices) where(columns []memrel.Column) memrel.Cond { return s.whereTo(8, columns) }

// whereTo is a condition that is nested no deeper than that: the store bounds it, the model does not.
func (s *choices) whereTo(depth int, columns []memrel.Column) memrel.Cond {
	c := pickOne(s, columns)
	if s.oneIn(12) {
		c = pickOne(s, extra)
	}
	kind := s.below(16)
	if depth == 0 && kind >= 6 && kind <= 8 {
		kind = 15
	}
	switch kind {
	case 0:
		return memrel.IsNull(c.Name)
	case 1:
		return memrel.NotNull(c.Name)
	case 2:
		return memrel.Ne(c.Name, s.plain(c))
	case 3:
		return memrel.Lt(c.Name, s.plain(c))
	case 4:
		return memrel.Gte(c.Name, s.plain(c))
	case 5:
		return memrel.In(c.Name, s.plain(c), s.plain(c))
	case 6:
		return memrel.And(s.whereTo(depth-1, columns), s.whereTo(depth-1, columns))
	case 7:
		return memrel.Or(s.whereTo(depth-1, columns), s.whereTo(depth-1, columns))
	case 8:
		return memrel.Not(s.whereTo(depth-1, columns))
	}
	return memrel.Eq(c.Name, s.plain(c))
}

// part is something for a table to gain or lose.
func (s *choices) part(t memrel.Schema, columns []memrel.Column) memrel.Part {
	c := pickOne(s, columns)
	switch s.below(8) {
	case 0, 1:
		return pickOne(s, extra)
	case 2:
		return memrel.DropColumn(c.Name)
	case 3:
		return memrel.UniqueKey{Name: "unique_" + c.Name, Columns: []string{c.Name}, NullsNotDistinct: s.oneIn(3)}
	case 4:
		return memrel.Index{Name: "index_" + c.Name, Columns: []string{c.Name}}
	case 5:
		return memrel.DropConstraint(pickOne(s, []string{"unique_", "index_"}) + c.Name)
	case 6:
		names := []memrel.DropConstraint{"no_such"}
		for _, r := range t.References {
			names = append(names, memrel.DropConstraint(r.Name))
		}
		return pickOne(s, names)
	}
	if len(t.References) == 0 {
		return pickOne(s, extra)
	}
	return pickOne(s, t.References)
}
