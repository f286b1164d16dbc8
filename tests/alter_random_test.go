package tests

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/budget"
)

var (
	alterFor  = flag.Duration("alter.for", 0, "alter random stores for so long")
	alterSeed = flag.Uint64("alter.seed", 0, "alter the store of this seed alone")
)

// TestAlteredStoresAreAsThoseDefinedAtOnce alters random stores that have rows, and holds them to their rows and names as they should be,
// and to a store that is defined at once as they are in the end: the same statements do the same in both. A seed that fails is tried with
// fewer steps first.
func TestAlteredStoresAreAsThoseDefinedAtOnce(t *testing.T) {
	if *alterSeed > 0 {
		if at, err := alterStore(*alterSeed, alterSteps); err != nil {
			t.Fatalf("after %d steps: %v", at, err)
		}
		return
	}
	until := time.Now().Add(*alterFor)
	done := 0
	for seed := uint64(1); seed <= uint64(budget.Of(40)) || time.Now().Before(until); seed++ {
		if *alterFor > 0 {
			seed = rand.Uint64()>>1 + 100
		}
		at, err := alterStore(seed, alterSteps)
		if err != nil {
			require.NoError(t, err, "seed %d, step %d (-alter.seed=%d)", seed, at, seed)
		}
		done++
	}
	t.Logf("%d stores", done)
}

const alterSteps = 25

// alterRun is a store that is altered, with what it should have.
type alterRun struct {
	*rand.Rand
	db         *memrel.DB
	associated bool
	rows       map[string][]map[string]any
	names      int
	freed      map[string][]string // by table: names that its columns had
	log        []string
	kept       []keptState
}

// keptState is a state that must stay as it was.
type keptState struct {
	reader memrel.Reader
	dump   string
}

func alterStore(seed uint64, steps int) (at int, err error) {
	x := &alterRun{Rand: rand.New(rand.NewPCG(seed, 1)), associated: seed%2 == 0, freed: map[string][]string{}}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
		if err != nil {
			err = fmt.Errorf("%w\n%s", err, strings.Join(x.log, "\n"))
		}
	}()
	if err := x.begin(); err != nil {
		return 0, err
	}
	var m *mirror
	if !x.associated { // associations are the program's, and in no list
		if m, err = mirrored(x.db); err != nil {
			return 0, err
		}
	}
	for at = range steps {
		if err := x.step(); err != nil {
			return at, err
		}
	}
	if m != nil {
		if err := m.catchUp(true); err != nil {
			return at, err
		}
	}
	for _, k := range x.kept {
		if now := dumpOf(k.reader); now != k.dump {
			return at, fmt.Errorf("a state that was kept has changed:\n%s\n%s", k.dump, now)
		}
	}
	return at, nil
}

func (x *alterRun) name(kind string) string {
	x.names++
	return fmt.Sprintf("%s%d", kind, x.names)
}

// columnName is a name for a column of a table, now and then one that a column of it had before.
func (x *alterRun) columnName(of memrel.Schema) string {
	if had := x.freed[of.Name]; len(had) > 0 && x.IntN(3) == 0 {
		name := pickOf(x.Rand, had)
		if !slices.ContainsFunc(of.Columns, func(c memrel.Column) bool { return c.Name == name }) {
			return name
		}
	}
	return x.name("c")
}

// begin makes the store: a few tables that refer to one another.
func (x *alterRun) begin() error {
	var defs []memrel.Definition
	var made []memrel.Schema
	for range 2 + x.IntN(2) {
		s := memrel.Schema{Name: x.name("t"), Columns: memrel.Columns{{Name: x.name("c"), Type: memrel.Int}}}
		s.PrimaryKey = []string{s.Columns[0].Name}
		for range 2 + x.IntN(3) {
			s.Columns = append(s.Columns, x.column())
		}
		for _, to := range append(made, s) {
			if x.IntN(2) == 0 {
				continue
			}
			c := memrel.Column{Name: x.name("c"), Type: memrel.Int}
			s.Columns = append(s.Columns, c)
			s.References = append(s.References, memrel.Reference{Name: x.name("k"), Columns: []string{c.Name}, Table: to.Name, RefColumns: slices.Clone(to.PrimaryKey),
				OnDelete: []memrel.Action{memrel.NoAction, memrel.Cascade, memrel.SetNull}[x.IntN(3)], OnUpdate: memrel.Cascade, Deferrable: x.IntN(4) == 0})
			if x.associated {
				defs = append(defs, assoc.Spec{Source: s.Name, Kind: assoc.BelongsTo, Target: to.Name, Options: assoc.Options{As: x.name("a"), ForeignKey: c.Name}},
					assoc.Spec{Source: to.Name, Kind: assoc.HasMany, Target: s.Name, Options: assoc.Options{As: x.name("a"), ForeignKey: c.Name}})
			}
		}
		if refs := s.References; x.associated && len(refs) > 1 {
			defs = append(defs, assoc.Spec{Source: refs[0].Table, Kind: assoc.BelongsToMany, Target: refs[1].Table, Options: assoc.Options{As: x.name("a"),
				Through: s.Name, NotUnique: true, ForeignKey: refs[0].Columns[0], OtherKey: refs[1].Columns[0]}})
		}
		made = append(made, s)
	}
	var all []memrel.Definition
	for _, s := range made {
		all = append(all, s)
	}
	db, err := memrel.Open(append(all, defs...)...)
	if err != nil {
		return err
	}
	x.db = db
	x.fill(20)
	return nil
}

func (x *alterRun) column() memrel.Column {
	return memrel.Column{Name: x.name("c"), Type: []memrel.Type{memrel.Int, memrel.String}[x.IntN(2)]}
}

func (x *alterRun) value(c memrel.Column) any {
	switch {
	case x.IntN(8) == 0:
		return nil
	case c.Type == memrel.String:
		return []string{"1", "2", "3", "x"}[min(x.IntN(12), 3)]
	}
	return int64(x.IntN(8))
}

// fill carries out statements, and takes the rows that they leave for those that should be there: [alterRun.alike] holds what statements do
// to another store.
func (x *alterRun) fill(n int) {
	for range n {
		x.statement().do(x.db)
	}
	x.rows = map[string][]map[string]any{}
	for _, name := range x.db.View().Tables() {
		for row := range memrel.RowsOf(name).All(x.db) {
			x.rows[name] = append(x.rows[name], row.Values())
		}
	}
}

// alterStatement is a statement that is carried out on more stores than one.
type alterStatement struct {
	what string
	do   func(w memrel.Writer) string
}

func (x *alterRun) statement() alterStatement {
	view := x.db.View()
	name := pickOf(x.Rand, view.Tables())
	s, _ := view.Schema(name)
	rows := memrel.RowsOf(name)
	values := memrel.Values{}
	for _, c := range s.Columns {
		if x.IntN(3) > 0 || slices.Contains(s.PrimaryKey, c.Name) {
			values[c.Name] = x.value(c)
		}
	}
	c := s.Columns[x.IntN(len(s.Columns))]
	where := memrel.Eq(c.Name, x.value(c))
	told := func(n int, err error) string { return fmt.Sprint(n, err) }
	switch x.IntN(4) {
	case 0:
		return alterStatement{fmt.Sprint("delete ", name, where), func(w memrel.Writer) string {
			out, err := rows.DeleteWhere(w, where)
			return told(len(out), err)
		}}
	case 1:
		set := memrel.Values{c.Name: x.value(c)}
		return alterStatement{fmt.Sprint("update ", name, where, set), func(w memrel.Writer) string {
			out, err := rows.UpdateWhere(w, where, set)
			return told(len(out), err)
		}}
	}
	return alterStatement{fmt.Sprint("insert ", name, values), func(w memrel.Writer) string {
		row, err := rows.Insert(w, values)
		return fmt.Sprint(row, err)
	}}
}

func pickOf[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// step alters the store in one way.
func (x *alterRun) step() error {
	switch x.IntN(12) {
	case 0:
		x.kept = append(x.kept, keptState{x.db.View(), dumpOf(x.db)})
	case 1:
		x.kept = append(x.kept, keptState{x.db, dumpOf(x.db)})
		x.db = x.db.Fork()
	}
	if x.IntN(3) == 0 {
		x.fill(5)
	}
	name := pickOf(x.Rand, x.db.View().Tables())
	s, _ := x.db.View().Schema(name)
	a := x.alteration(s)
	before, schemas := dumpOf(x.db), schemasOf(x.db)
	x.log = append(x.log, fmt.Sprintf("alter %s: %T %+v", name, a.part, a.part))
	if x.IntN(4) == 0 { // which a rollback leaves as it was
		tx := x.db.Begin()
		_ = tx.Alter(name, a.part)
		tx.Rollback()
		if dumpOf(x.db) != before {
			return fmt.Errorf("a rollback has left something")
		}
	}
	err := x.db.Alter(name, a.part)
	x.log[len(x.log)-1] += fmt.Sprint(" -> ", err)
	switch {
	case err != nil && a.succeeds:
		return fmt.Errorf("it is refused: %w", err)
	case err != nil:
		if dumpOf(x.db) != before || fmt.Sprint(schemasOf(x.db)) != fmt.Sprint(schemas) {
			return fmt.Errorf("it is refused and has left something: %w", err)
		}
		return nil
	case a.fails:
		return fmt.Errorf("it is not refused")
	}
	if a.rows != nil {
		a.rows()
	}
	if a.from != "" {
		if err := x.renamed(schemas, a); err != nil {
			return err
		}
	}
	return x.holds()
}

// alteration is a part, with what it should come to.
type alteration struct {
	part            memrel.Part
	succeeds, fails bool   // as far as it is known
	rows            func() // what becomes of the rows
	from, to        string // what is renamed
}

func (x *alterRun) alteration(s memrel.Schema) alteration {
	c := pickOf(x.Rand, s.Columns)
	each := func(do func(row map[string]any)) func() {
		return func() {
			for _, row := range x.rows[s.Name] {
				do(row)
			}
		}
	}
	switch x.IntN(13) {
	case 0, 1:
		to := x.name("t")
		return alteration{part: memrel.Rename{To: to}, succeeds: true, from: s.Name, to: to, rows: func() {
			x.rows[to], x.freed[to] = x.rows[s.Name], x.freed[s.Name]
			delete(x.rows, s.Name)
		}}
	case 2, 3:
		to := x.columnName(s)
		return alteration{part: memrel.Rename{Column: c.Name, To: to}, succeeds: true, from: c.Name, to: to, rows: func() {
			x.freed[s.Name] = append(x.freed[s.Name], c.Name)
			each(func(row map[string]any) {
				row[to] = row[c.Name]
				delete(row, c.Name)
			})()
		}}
	case 4:
		if names := constraintsOf(s); len(names) > 0 {
			from, to := pickOf(x.Rand, names), x.name("k")
			return alteration{part: memrel.Rename{Constraint: from, To: to}, succeeds: true, from: from, to: to}
		}
		fallthrough
	case 5:
		c := x.column()
		c.Name, c.Default = x.columnName(s), x.value(c)
		return alteration{part: c, succeeds: true, rows: each(func(row map[string]any) { row[c.Name] = c.Default })}
	case 6:
		gone := func() {
			x.freed[s.Name] = append(x.freed[s.Name], c.Name)
			each(func(row map[string]any) { delete(row, c.Name) })()
		}
		if x.IntN(2) == 0 {
			return alteration{part: memrel.DropColumn(c.Name), rows: gone}
		}
		return alteration{part: memrel.DropColumnCascade(c.Name), rows: gone, succeeds: !slices.Contains(s.PrimaryKey, c.Name) && !x.associated}
	case 7, 8:
		return x.changed(s, c)
	case 9:
		names := []string{c.Name, s.PrimaryKey[0]}
		if names[0] == names[1] {
			names = names[:1]
		}
		return alteration{part: memrel.PrimaryKey(names)}
	case 10:
		var names []string
		for _, i := range x.Perm(len(s.Columns))[:1+x.IntN(len(s.Columns))] {
			names = append(names, s.Columns[i].Name)
		}
		return alteration{part: memrel.ColumnOrder(names), succeeds: true}
	case 11:
		if names := constraintsOf(s); len(names) > 0 && !x.associated {
			return alteration{part: memrel.DropConstraint(pickOf(x.Rand, names))}
		}
		fallthrough
	default:
		return alteration{part: x.added(s, c)}
	}
}

// added is a key, an index, a check or a reference.
func (x *alterRun) added(s memrel.Schema, c memrel.Column) memrel.Part {
	switch x.IntN(5) {
	case 0:
		return memrel.UniqueKey{Name: x.name("k"), Columns: []string{c.Name, s.PrimaryKey[0]}[:1+x.IntN(2)], Deferrable: x.IntN(3) == 0}
	case 1:
		return memrel.Index{Name: x.name("k"), Columns: []string{c.Name}, Order: []memrel.Order{{Column: c.Name, Desc: x.IntN(2) == 0}}}
	case 2:
		return memrel.CheckConstraint{Name: x.name("k"), Where: memrel.Or(memrel.IsNull(c.Name), memrel.Ne(c.Name, x.value(memrel.Column{Type: c.Type})))}
	}
	to, _ := x.db.View().Schema(pickOf(x.Rand, x.db.View().Tables()))
	return memrel.Reference{Name: x.name("k"), Columns: []string{c.Name}, Table: to.Name, OnDelete: memrel.Cascade, Unchecked: x.IntN(4) == 0}
}

// changed is a column of another type, or with NOT NULL or without.
func (x *alterRun) changed(s memrel.Schema, c memrel.Column) alteration {
	from := c.Name
	free := !slices.Contains(s.PrimaryKey, from) && len(s.Checks) == 0 && len(s.References) == 0 && !x.referred(s.Name)
	fails := false
	if x.IntN(3) == 0 {
		c.NotNull = !c.NotNull
		for _, row := range x.rows[s.Name] {
			fails = fails || c.NotNull && row[from] == nil
		}
		return alteration{part: memrel.ChangeColumn(c), fails: fails, succeeds: !fails && !slices.Contains(s.PrimaryKey, from)}
	}
	convert := func(v any) any { return fmt.Sprint(v) }
	if c.Type == memrel.Int {
		c.Type = memrel.String
	} else {
		c.Type = memrel.Int
		convert = func(v any) any {
			n, err := strconv.ParseInt(v.(string), 10, 64)
			fails = fails || err != nil
			return n
		}
	}
	if c.Default != nil {
		c.Default = convert(c.Default)
		fails = false
		if c.Type == memrel.Int {
			c.Default = nil
		}
	}
	next := map[int]any{}
	for i, row := range x.rows[s.Name] {
		if row[from] != nil {
			next[i] = convert(row[from])
		}
	}
	return alteration{part: memrel.ChangeColumn(c), fails: fails, succeeds: free && !fails, rows: func() {
		for i, v := range next {
			x.rows[s.Name][i][from] = v
		}
	}}
}

func (x *alterRun) referred(name string) bool {
	for _, r := range x.db.References(name) {
		if r.Table == name {
			return true
		}
	}
	return false
}

func constraintsOf(s memrel.Schema) (names []string) {
	for _, u := range s.Unique {
		names = append(names, u.Name)
	}
	for _, k := range s.Indexes {
		names = append(names, k.Name)
	}
	for _, c := range s.Checks {
		names = append(names, c.Name)
	}
	for _, r := range s.References {
		names = append(names, r.Name)
	}
	return names
}

func schemasOf(r memrel.Reader) map[string]string {
	out := map[string]string{}
	view := viewOf(r)
	for _, name := range view.Tables() {
		s, _ := view.Schema(name)
		text, err := json.Marshal(s)
		if err != nil {
			panic(err)
		}
		out[name] = string(text)
	}
	return out
}

func viewOf(r memrel.Reader) memrel.View {
	if db, ok := r.(*memrel.DB); ok {
		return db.View()
	}
	return r.(memrel.View)
}

// renamed holds the definitions to those of before in which a name was replaced as text.
func (x *alterRun) renamed(before map[string]string, a alteration) error {
	for name, text := range before {
		want := strings.ReplaceAll(text, strconv.Quote(a.from), strconv.Quote(a.to))
		if name == a.from {
			name = a.to
		}
		have := schemasOf(x.db)[name]
		if have != want {
			return fmt.Errorf("%s is\n%s, not\n%s", name, have, want)
		}
	}
	return nil
}

// holds holds the store to its rows, to what must stay true, and to one that is defined at once.
func (x *alterRun) holds() error {
	for err := range x.db.Check() {
		return err
	}
	for _, name := range x.db.View().Tables() {
		var have, want []string
		for row := range memrel.RowsOf(name).All(x.db) {
			have = append(have, fmt.Sprint(row.Values()))
		}
		for _, row := range x.rows[name] {
			want = append(want, fmt.Sprint(memrel.Values(row)))
		}
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			return fmt.Errorf("rows of %s are\n%v, not\n%v in %v, %v", name, have, want, schemasOf(x.db)[name], memrel.Associations(x.db).Specs())
		}
	}
	return x.alike()
}

// alike carries out statements on a fork of the store, and on one that is defined at once.
func (x *alterRun) alike() error {
	var file bytes.Buffer
	if err := x.db.View().Save(&file); err != nil {
		return err
	}
	var defs []memrel.Definition
	for _, name := range x.db.View().Tables() {
		s, _ := x.db.View().Schema(name)
		defs = append(defs, s)
	}
	for _, s := range memrel.Associations(x.db).Specs().Associations {
		defs = append(defs, s)
	}
	atOnce, err := memrel.Load(&file, defs...)
	if err != nil {
		return fmt.Errorf("defined at once it is refused: %w", err)
	}
	if a, b := schemasOf(x.db), schemasOf(atOnce); fmt.Sprint(a) != fmt.Sprint(b) {
		return fmt.Errorf("defined at once it is\n%v, not\n%v", b, a)
	}
	altered := x.db.Fork()
	for range 6 {
		s := x.statement()
		if a, b := s.do(altered), s.do(atOnce); a != b {
			return fmt.Errorf("%s: %s; defined at once %s", s.what, a, b)
		}
	}
	for _, db := range []*memrel.DB{altered, atOnce} {
		for err := range db.Check() {
			return err
		}
	}
	if a, b := dumpOf(altered), dumpOf(atOnce); a != b {
		return fmt.Errorf("rows differ:\n%s\n%s", a, b)
	}
	return x.led(altered, atOnce)
}

// led compares where associations lead.
func (x *alterRun) led(altered, atOnce *memrel.DB) error {
	for _, a := range memrel.Associations(altered).Associations() {
		q := memrel.Query{Include: []memrel.Include{{As: a.As}}}
		have, err := memrel.ModelOf(a.SourceTable).Find(altered, q)
		if err != nil {
			return fmt.Errorf("%s: %w", a, err)
		}
		want, err := memrel.ModelOf(a.SourceTable).Find(atOnce, q)
		if err != nil {
			return err
		}
		h, _ := json.Marshal(have)
		w, _ := json.Marshal(want)
		if string(h) != string(w) {
			return fmt.Errorf("%s leads to\n%s, defined at once to\n%s", a, h, w)
		}
	}
	return nil
}

func dumpOf(r memrel.Reader) string {
	var b strings.Builder
	for _, name := range viewOf(r).Tables() {
		for row := range memrel.RowsOf(name).All(r) {
			fmt.Fprintln(&b, row)
		}
	}
	return b.String()
}
