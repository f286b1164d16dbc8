package tests

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/internal/budget"
)

var (
	exactSeed = flag.Uint64("exact.seed", 0, "seed of the random stores; 0 takes the clock")
	exactFor  = flag.Duration("exact.for", 0, "how long to try random stores; 0 is as many as the budget has")
)

// exactStores is how many random stores take a second.
const exactStores = 250

// TestExact makes random stores and holds them to the naive model: what is accepted is kept exactly.
func TestExact(t *testing.T) {
	seed := *exactSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("again: go test ./tests -run TestExact -exact.seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	data, until := make([]byte, 1000), time.Now().Add(*exactFor)
	for tried := 0; time.Now().Before(until) || *exactFor == 0 && tried < budget.Of(exactStores); tried++ {
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		exactRunOf(t, data[:100+random.IntN(900)])
	}
}

// FuzzExact lets the fuzzer draw the stores.
func FuzzExact(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("a store with a few tables, and rows that come and go"))
	for seed := range uint64(8) {
		random, data := rand.New(rand.NewPCG(seed, 1)), make([]byte, 400)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { exactRunOf(t, data[:min(len(data), 1000)]) })
}

// exactRun is a store and the model of it.
type exactRun struct {
	t      *testing.T
	d      *exactDraw
	db     *memrel.DB
	m      *exactModel
	defs   []memrel.Definition
	fields map[string][]nocobase.Field // of collections
	frozen []frozenView
	log    []string
}

// frozenView is a view and the rows that it must show for ever.
type frozenView struct {
	view memrel.View
	rows string
}

func exactRunOf(t *testing.T, data []byte) {
	x := &exactRun{t: t, d: &exactDraw{data}, m: &exactModel{defaults: map[string]any{}, last: map[string]int64{}, rows: map[string][]exactRow{}}}
	if x.d.once(4) {
		x.drawCollections()
	} else {
		x.drawTables()
	}
	db, err := memrel.Open(append(x.defs, exactClock)...)
	if err != nil {
		mustBeOurs(t, err)
		return
	}
	x.db = db
	x.learn()
	for !x.d.done() {
		x.step()
	}
	x.reload()
	for _, f := range x.frozen {
		if got := x.rowsOf(f.view); got != f.rows {
			x.failf("a frozen view shows other rows:\n%s\nit was\n%s", got, f.rows)
		}
	}
	mustBeSound(t, x.db)
}

func (x *exactRun) failf(format string, args ...any) {
	x.t.Helper()
	x.t.Fatalf("%s\n%s", strings.Join(x.log, "\n"), fmt.Sprintf(format, args...))
}

// learn takes over the tables as the store has them now.
func (x *exactRun) learn() {
	x.m.schemas = map[string]memrel.Schema{}
	for _, name := range x.db.View().Tables() {
		x.m.schemas[name], _ = x.db.View().Schema(name)
	}
	for _, s := range x.m.schemas {
		for i := range s.References {
			if r := &s.References[i]; len(r.RefColumns) == 0 {
				r.RefColumns = x.m.schemas[r.Table].PrimaryKey
			}
		}
	}
}

func (x *exactRun) step() {
	name := drawOf(x.d, x.m.tables()...)
	switch x.d.n(24) {
	case 0, 1:
		x.update(name)
	case 2, 3:
		x.delete(name)
	case 4:
		x.reload()
		x.restore(name)
	case 5:
		x.frozen = append(x.frozen, frozenView{x.db.View(), x.rowsOf(x.db.View())})
		if x.d.once(2) {
			x.db = x.db.Fork()
		}
	case 6, 7:
		x.retype(name)
	case 8:
		if x.d.once(4) {
			x.unique(name)
		}
	case 9, 10:
		x.link()
	case 11, 12, 13:
		x.alter(name)
	case 14:
		if x.d.once(4) {
			x.drop(name)
		}
	case 15:
		x.rolledBack()
	case 16, 17:
		x.several(name)
	default:
		x.insert(name)
	}
	x.compare()
}

// agree holds what the store said of a statement to what the model says. lenient: the store may refuse what comes out well
// in the end, since it looks level by level.
func (x *exactRun) agree(what string, err error, why string, next *exactModel, lenient bool) {
	x.log = append(x.log, fmt.Sprintf("%s: %v (%s)", what, err, why))
	switch {
	case err == nil && why == "":
		x.m = next
	case err == nil:
		x.failf("accepted in spite of the model: %s", why)
	case why == "" && !lenient && !errors.Is(err, memrel.ErrCheck):
		x.failf("refused in spite of the model")
	case why == "type" && !errors.Is(err, memrel.ErrType) && !errors.Is(err, memrel.ErrNotNull): // of which a NULL beside it is told first
		x.failf("a value does not fit, and the error is another")
	default:
		mustBeOurs(x.t, err)
	}
}

func (x *exactRun) compare() {
	if got, want := x.rowsOf(x.db.View()), x.modelRows(); got != want {
		x.failf("the store has\n%s\nthe model\n%s", got, want)
	}
}

func (x *exactRun) modelRows() string {
	var b strings.Builder
	shown := x.m.shown()
	for _, name := range x.m.tables() {
		fmt.Fprintf(&b, "%s\n  %s\n", name, strings.Join(shown[name], "\n  "))
	}
	return b.String()
}

func (x *exactRun) rowsOf(v memrel.View) string {
	var b strings.Builder
	for _, name := range v.Tables() {
		s, _ := v.Schema(name)
		var lines []string
		for row := range memrel.RowsOf(name).All(memrel.WithDeleted(v)) {
			lines = append(lines, exactLine(s, exactRow(row.Values())))
		}
		slices.Sort(lines)
		fmt.Fprintf(&b, "%s\n  %s\n", name, strings.Join(lines, "\n  "))
	}
	return b.String()
}

// valueFor draws a value of a column, most often a key that there is for a foreign key.
func (x *exactRun) valueFor(m *exactModel, name string, c *memrel.Column, parents map[string]exactRow) drawn {
	for _, ref := range m.schemas[name].References {
		at := slices.Index(ref.Columns, c.Name)
		if at < 0 || parents[ref.Name] == nil {
			continue
		}
		v := parents[ref.Name][ref.RefColumns[at]]
		n, isInt := v.(int64)
		text, isText := v.(string)
		ok := !(isInt && !intFits(c, n)) && !(isText && c.Type.IsString() && c.Size > 0 && len([]rune(text)) > c.Size)
		return drawn{v, v, ok}
	}
	return x.d.value(c)
}

// drawParents draws for each reference of a table, most often, a row that it may lead to.
func (x *exactRun) drawParents(m *exactModel, name string) map[string]exactRow {
	out := map[string]exactRow{}
	for _, ref := range m.schemas[name].References {
		if rows := m.rows[ref.Table]; len(rows) > 0 && !x.d.once(4) {
			out[ref.Name] = drawOf(x.d, rows...)
		}
	}
	return out
}

// drawRow draws values of some columns; ok is false if one does not fit.
func (x *exactRun) drawRow(m *exactModel, name string, skip int) (given memrel.Values, want exactRow, ok bool) {
	given, want, ok = memrel.Values{}, exactRow{}, true
	s, parents := m.schemas[name], x.drawParents(m, name)
	for i := range s.Columns {
		c := &s.Columns[i]
		if c.Name == s.SoftDelete || stamped(c) || x.d.once(skip) {
			continue
		}
		v := x.valueFor(m, name, c, parents)
		given[c.Name], want[c.Name], ok = v.given, v.want, ok && v.ok
	}
	return given, want, ok
}

func (x *exactRun) insert(name string) {
	next := x.m.clone()
	given, want, ok := x.drawRow(next, name, 4)
	what := fmt.Sprintf("insert %s %v", name, want)
	_, err := memrel.RowsOf(name).Insert(x.db, given)
	why := "type"
	if ok {
		why = next.insert(name, want)
	}
	x.agree(what, err, why, next, false)
}

// someRow is a row to be named by its key.
func (x *exactRun) someRow(m *exactModel, name string) (exactRow, []any) {
	if len(m.rows[name]) == 0 {
		return nil, nil
	}
	r := drawOf(x.d, m.rows[name]...)
	var key []any
	for _, c := range m.schemas[name].PrimaryKey {
		key = append(key, r[c])
	}
	return m.find(name, key), key
}

func (x *exactRun) update(name string) {
	next := x.m.clone()
	r, key := x.someRow(next, name)
	if key == nil {
		return
	}
	given, want, ok := x.drawRow(next, name, 2)
	_, err := memrel.RowsOf(name).Update(x.db, given, memrel.Key(key))
	why := "no row"
	switch {
	case !ok:
		why = "type"
	case r != nil:
		why = next.update(name, r, want)
	}
	x.agree(fmt.Sprintf("update %s %v %v", name, key, want), err, why, next, next.touched > 0)
}

func (x *exactRun) delete(name string) {
	next := x.m.clone()
	next.hard = x.d.once(3)
	r, key := x.someRow(next, name)
	if key == nil {
		return
	}
	var w memrel.Writer = x.db
	if next.hard {
		w = memrel.Hard(x.db)
	}
	_, err := memrel.RowsOf(name).Delete(w, key...)
	why := "no row"
	if r != nil {
		why = next.delete(name, r)
	}
	x.agree(fmt.Sprintf("delete %s %v, hard %v", name, key, next.hard), err, why, next, next.touched > 0)
	x.m.hard = false
	x.adopt()
}

func (x *exactRun) restore(name string) {
	next := x.m.clone()
	next.hard = true
	r, key := x.someRow(next, name)
	next.hard = false
	if key == nil || next.schemas[name].SoftDelete == "" {
		return
	}
	_, err := memrel.RowsOf(name).Restore(x.db, key...)
	x.agree(fmt.Sprintf("restore %s %v", name, key), err, next.restore(name, r), next, false)
}

// adopt takes over what softly deleted rows hold in foreign keys: whether a row that goes is set to NULL before depends on
// the levels at which the store comes to it.
func (x *exactRun) adopt() {
	for name, s := range x.m.schemas {
		for row := range memrel.RowsOf(name).All(memrel.WithDeleted(x.db)) {
			for _, r := range x.m.rows[name] {
				if !softGone(s, r) || exactly(row.Key()) != exactly(pairOf(s, r)) {
					continue
				}
				for _, ref := range s.References {
					for _, c := range ref.Columns {
						r[c] = row.Get(c)
					}
				}
			}
		}
	}
}

// reload saves the store and goes on with what was loaded.
func (x *exactRun) reload() {
	x.log = append(x.log, "reload")
	var file bytes.Buffer
	if err := x.db.View().Save(&file); err != nil {
		x.failf("save: %v", err)
	}
	back, err := memrel.Load(bytes.NewReader(file.Bytes()), exactClock)
	if err != nil {
		x.failf("load: %v", err)
	}
	var again bytes.Buffer
	if err := back.View().Save(&again); err != nil || !bytes.Equal(file.Bytes(), again.Bytes()) {
		at := 13
		for at < min(file.Len(), again.Len()) && file.Bytes()[at] == again.Bytes()[at] || at < 20 {
			at++
		}
		x.failf("what was loaded is saved as another file: %v\n%.300q\n%.300q", err, file.Bytes()[at-40:], again.Bytes()[at-40:])
	}
	mustBeSound(x.t, back)
	if x.db = back; x.fields != nil {
		x.fields = nil // collections are tables in a file
	}
	x.learn()
	x.compare()
}

// link makes or breaks a link of the association that there may be.
func (x *exactRun) link() {
	next := x.m.clone()
	a := memrel.Associations(x.db).Association("t0", "links")
	if a == nil || len(next.rows["t1"]) == 0 {
		return
	}
	r, key := x.someRow(next, "t0")
	to := drawOf(x.d, next.rows["t1"]...)
	if r == nil || softGone(next.schemas["t1"], to) {
		return
	}
	row, found := memrel.RowsOf("t0").Get(x.db, key...)
	if !found {
		return
	}
	want := exactRow{a.ForeignKey: r[a.SourceKey], a.OtherKey: to[a.TargetKey]}
	had := next.find(a.Junction, pairOf(next.schemas[a.Junction], want))
	if x.d.once(2) {
		err, why := memrel.InstanceOf(row).Remove(x.db, "links", to[a.TargetKey]), ""
		if had != nil {
			why = next.delete(a.Junction, had)
		}
		x.agree(fmt.Sprintf("unlink %v", want), err, why, next, false)
		return
	}
	err, why := memrel.InstanceOf(row).Add(x.db, "links", to[a.TargetKey]), ""
	if had == nil {
		why = next.insert(a.Junction, want)
	}
	x.agree(fmt.Sprintf("link %v", want), err, why, next, false)
}

func pairOf(s memrel.Schema, r exactRow) (key []any) {
	for _, c := range s.PrimaryKey {
		key = append(key, r[c])
	}
	return key
}

func (x *exactRun) unique(name string) {
	s := x.m.schemas[name]
	u := memrel.UniqueKey{Name: fmt.Sprintf("u%d", len(x.log)), Columns: []string{drawOf(x.d, s.Columns...).Name}, NullsNotDistinct: x.d.once(2)}
	if u.Columns[0] == s.SoftDelete {
		return // the time is not the model's to know
	}
	err := x.db.Alter(name, u)
	next := x.m.clone()
	next.schemas = map[string]memrel.Schema{}
	for n, s := range x.m.schemas {
		next.schemas[n] = s
	}
	s.Unique = append(slices.Clone(s.Unique), u)
	next.schemas[name] = s
	x.agree(fmt.Sprintf("unique %s %v", name, u), err, next.broken(), next, false)
	x.learn()
}

// retype gives a column that nothing uses another type, or other bounds.
func (x *exactRun) retype(name string) {
	s := x.m.schemas[name]
	c := drawOf(x.d, s.Columns...)
	if stamped(&c) || c.AutoIncrement || inUse(s, c.Name) {
		return
	}
	to := x.d.column(c.Name)
	to.NotNull = false
	change := func(to memrel.Column) error { return x.db.Alter(name, memrel.DropColumn(c.Name), to) }
	if f := x.field(name, c.Name); f != nil {
		f.Type, f.DefaultValue = drawOf(x.d, exactFields...), nil
		to = columnOfField(*f)
		change = func(memrel.Column) error { return x.db.Define(nocobase.SetField(name, *f)) }
	} else if memrel.Associations(x.db).Table(name) != nil {
		return // what an association brought stays
	}
	next, known, why := x.m.clone(), true, ""
	delete(next.defaults, name+"."+c.Name)
	for _, r := range next.rows[name] {
		want, sure, ok := exactRetype(&c, &to, r[c.Name])
		if known = known && sure; sure && !ok {
			why = "type"
		}
		r[c.Name] = want
	}
	err := change(to)
	x.log = append(x.log, fmt.Sprintf("retype %s.%s from %s(%d) to %s(%d) %v: %v", name, c.Name, c.Type, c.Size, to.Type, to.Size, to.Unsigned, err))
	switch {
	case err != nil && (why == "type" || !known):
		var e *memrel.Error
		if !errors.Is(err, memrel.ErrType) || !errors.As(err, &e) || len(e.Rows) == 0 {
			x.failf("the rows that do not fit are not named: %v", err)
		}
		return
	case err != nil || why != "":
		x.failf("the model says %q", why)
	}
	x.keep(name, c.Name, next, known)
	x.m = next
	x.learn()
}

// keep takes over values whose conversion the model does not know: none may have become NULL.
func (x *exactRun) keep(name, column string, next *exactModel, known bool) {
	if known {
		return
	}
	s, _ := x.db.View().Schema(name)
	for _, r := range next.rows[name] {
		row, ok := memrel.RowsOf(name).Get(memrel.WithDeleted(x.db), pairOf(s, r)...)
		for all := range memrel.RowsOf(name).All(memrel.WithDeleted(x.db)) {
			if !ok && fmt.Sprint(all.Key()) == fmt.Sprint(pairOf(s, r)) {
				row = all
			}
		}
		if r[column] != nil && row.Get(column) == nil {
			x.failf("%s became NULL", exactly(r[column]))
		}
		r[column] = row.Get(column)
	}
}

// exactRetype is a value under another column; sure tells that the model knows what must come out.
func exactRetype(from, to *memrel.Column, v any) (want any, sure, ok bool) {
	short := func(s string) (any, bool, bool) {
		return s, true, to.Size == 0 || len([]rune(s)) <= to.Size
	}
	text, isText := v.(string)
	at, isTime := v.(time.Time)
	switch {
	case v == nil:
		return nil, true, true
	case to.Precision > 0 && isTime && from.Type == to.Type:
		return v, true, exactTime(to, at).Equal(at)
	case to.Precision > 0:
		return v, false, true
	case from.Type == memrel.Enum && to.Type.IsString():
		return short(text)
	case to.Type == memrel.Enum && (from.Type == memrel.Enum || from.Type.IsString()):
		return v, true, isText && slices.Contains(to.Names, text)
	}
	whole := func(n int64) (any, bool, bool) { return n, true, intFits(to, n) }
	switch v := v.(type) {
	case int64:
		switch to.Type {
		case memrel.Int:
			return whole(v)
		case memrel.Uint:
			return uint64(v), true, v >= 0
		case memrel.String, memrel.CIText:
			return short(strconv.FormatInt(v, 10))
		case memrel.Float:
			f := float64(v)
			return f, true, f < 1<<63 && int64(f) == v
		case memrel.JSON:
			return json.RawMessage(strconv.FormatInt(v, 10)), true, true
		case memrel.Decimal:
			shown, _, ok := exactDecimal(to, strconv.FormatInt(v, 10))
			return shown, true, ok
		}
		return v, true, false
	case uint64:
		switch to.Type {
		case memrel.Int:
			return int64(v), true, v <= math.MaxInt64 && intFits(to, int64(v))
		case memrel.Float:
			f := float64(v)
			return f, true, f < 1<<64 && uint64(f) == v
		case memrel.String, memrel.CIText:
			return short(strconv.FormatUint(v, 10))
		case memrel.Decimal:
			shown, _, ok := exactDecimal(to, strconv.FormatUint(v, 10))
			return shown, true, ok
		}
	case float64:
		if to.Type == memrel.Int {
			ok := v == math.Trunc(v) && v >= -1<<63 && v < 1<<63
			return int64(v), true, ok && intFits(to, int64(v))
		}
	case bool:
		if to.Type.IsString() {
			return short(strconv.FormatBool(v))
		}
	case []byte:
		if to.Type.IsString() {
			return v, true, false
		}
	case json.RawMessage:
		if to.Type.IsString() {
			return short(string(v))
		}
	case string:
		switch {
		case from.Type == memrel.Decimal && to.Type == memrel.Decimal:
			shown, same, ok := exactDecimal(to, v)
			return shown, true, same && ok
		case !from.Type.IsString():
		case to.Type.IsString():
			return short(v)
		case to.Type == memrel.Int:
			n, err := strconv.ParseInt(v, 10, 64)
			return n, true, err == nil && intFits(to, n)
		case to.Type == memrel.Uint:
			n, err := strconv.ParseUint(v, 10, 64)
			return n, true, err == nil
		}
	}
	return v, from.Type == to.Type, true
}

// inUse tells whether something of the table keeps a column from being dropped.
func inUse(s memrel.Schema, column string) bool {
	own := s.Clone()
	return own.Alter(memrel.DropColumn(column)) != nil
}
