package tests

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/assoc/waterline"
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/internal/budget"
	"github.com/memrel/memrel/table"
)

type nothingRow struct {
	ID   int64
	Name string
}

type nothingLink struct{ ThingID, OtherID int64 }

// nothingWorld is what calls are made on: made anew for each call, since a call may write or end a transaction.
type nothingWorld struct {
	things, others memrel.Table[nothingRow]
	one            *memrel.One[nothingRow, nothingRow]
	many           *memrel.Many[nothingRow, nothingRow]
	links          *memrel.Links[nothingRow, nothingRow, nothingLink]
	db             *memrel.DB
	tx             *memrel.Tx
	ontology       *waterline.Ontology
}

func newNothingWorld() *nothingWorld {
	w := &nothingWorld{things: memrel.TableOf[nothingRow]("things"), others: memrel.TableOf[nothingRow]("others")}
	w.one = memrel.HasOne(w.things, w.others, memrel.As("one"), memrel.Unconstrained())
	w.many = memrel.HasMany(w.things, w.others, memrel.As("many"), memrel.ForeignKey("id"), memrel.Unconstrained())
	w.links = memrel.BelongsToMany(w.things, w.others, memrel.TableOf[nothingLink]("links"), memrel.As("links"))
	w.db = memrel.MustOpen(w.things, w.others, w.many)
	w.db.SetLimits(memrel.Limits{Wait: 10 * time.Second})
	if _, err := w.things.Insert(w.db, nothingRow{Name: "a"}); err != nil {
		panic(err)
	}
	var err error
	if w.ontology, err = waterline.Open([]waterline.Model{{Identity: "thing", Attributes: waterline.Attributes{"name": "string"}}}); err != nil {
		panic(err)
	}
	return w
}

// transaction is one that is under way, of a store that nothing else writes to.
func (w *nothingWorld) transaction() *memrel.Tx {
	if w.tx == nil {
		w.tx = w.db.Fork().Begin()
	}
	return w.tx
}

func (w *nothingWorld) ended() *memrel.Tx {
	tx := w.db.Fork().Begin()
	tx.Rollback()
	return tx
}

func (w *nothingWorld) row() memrel.Row {
	row, _ := memrel.RowsOf("things").Get(w.db, 1)
	return row
}

// receivers are zero values of everything that has methods, and some that are not.
func (w *nothingWorld) receivers() []any {
	collections := nocobase.Of(memrel.Associations(w.db))
	return []any{
		(*memrel.DB)(nil), &memrel.DB{}, w.db, memrel.View{}, w.db.View(), (*memrel.Tx)(nil), &memrel.Tx{}, w.ended(), w.transaction(),
		memrel.Table[nothingRow]{}, w.things, (*memrel.Unique[nothingRow])(nil), &memrel.Unique[nothingRow]{},
		w.things.By(), w.things.By("id"), memrel.Table[nothingRow]{}.By("id"), memrel.Rows{}, memrel.RowsOf("things"), memrel.Model{}, memrel.ModelOf("things"),
		(*memrel.One[nothingRow, nothingRow])(nil), &memrel.One[nothingRow, nothingRow]{}, w.one,
		(*memrel.Many[nothingRow, nothingRow])(nil), &memrel.Many[nothingRow, nothingRow]{}, w.many,
		(*memrel.Links[nothingRow, nothingRow, nothingLink])(nil), &memrel.Links[nothingRow, nothingRow, nothingLink]{}, w.links,
		memrel.Instance{}, memrel.InstanceOf(memrel.Row{}), memrel.InstanceOf(w.row()), memrel.Row{}, w.row(),
		memrel.Cond{}, memrel.Query{}, memrel.Cursor{}, memrel.Schema{}, &memrel.Schema{}, memrel.Column{}, memrel.UniqueKey{}, memrel.Index{},
		memrel.CheckConstraint{}, memrel.Reference{}, memrel.Action(0), memrel.Action(99), memrel.Type(0), memrel.Type(99), memrel.Diagnostic{}, memrel.DropColumn(""), memrel.DropConstraint(""), memrel.SoftDelete(""),
		memrel.ModelSpec{}, memrel.Attribute{}, memrel.AssociationSpec{}, memrel.AssociationOptions{}, memrel.Profile{}, memrel.Clock(nil),
		memrel.SharedReference{}, assoc.Priority(0), assoc.Priority(99), memrel.Pending{}, memrel.DiagnosticFunc(nil), memrel.DeleteHook(nil), cascade.Moment(99),
		memrel.Change{}, memrel.Change{}.Cause, &memrel.Preview{}, (*memrel.Error)(nil), &memrel.Error{}, memrel.Associations(nil), memrel.Associations(w.db),
		nocobase.Collection{}, nocobase.Field{}, &nocobase.Field{}, &nocobase.Index{}, new(nocobase.Names), (*nocobase.Collections)(nil), &nocobase.Collections{}, collections,
		(*waterline.Ontology)(nil), &waterline.Ontology{}, w.ontology, waterline.Collection{}, w.ontology.Collection("thing"), w.ontology.Collection("none"),
		(*waterline.Record)(nil), &waterline.Record{}, &waterline.WriteError{}, new(waterline.Attributes), (*waterline.Preview)(nil), &waterline.Preview{}, &waterline.Preview{Statements: []waterline.PreviewStatement{{}}},
	}
}

// nothingFunctions are the functions of the packages that are used from outside. Those that are generic are tried on one type.
var nothingFunctions = map[string]map[string]any{
	"..": {
		"Open": memrel.Open, "MustOpen": memrel.MustOpen, "Load": memrel.Load, "LoadContext": memrel.LoadContext, "Associations": memrel.Associations, "WithDeleted": memrel.WithDeleted, "Hard": memrel.Hard, "TableOf": memrel.TableOf[nothingRow], "RowsOf": memrel.RowsOf, "ModelOf": memrel.ModelOf,
		"InstanceOf": memrel.InstanceOf, "With": memrel.With, "HasOne": memrel.HasOne[nothingRow, nothingRow], "BelongsTo": memrel.BelongsTo[nothingRow, nothingRow],
		"HasMany": memrel.HasMany[nothingRow, nothingRow], "BelongsToMany": memrel.BelongsToMany[nothingRow, nothingRow, nothingLink],
		"ForeignKey": memrel.ForeignKey, "OtherKey": memrel.OtherKey,
		"As": memrel.As, "Diff": memrel.Diff,
		"Scope": memrel.Scope, "OnDelete": memrel.OnDelete, "OnUpdate": memrel.OnUpdate, "Unconstrained": memrel.Unconstrained, "ListOf": memrel.ListOf,
		"Eq": memrel.Eq, "Ne": memrel.Ne, "Lt": memrel.Lt, "Lte": memrel.Lte, "Gt": memrel.Gt, "Gte": memrel.Gte, "In": memrel.In, "NotIn": memrel.NotIn, "Between": memrel.Between,
		"Like": memrel.Like, "NotLike": memrel.NotLike, "IsNull": memrel.IsNull, "NotNull": memrel.NotNull, "And": memrel.And, "Or": memrel.Or, "Not": memrel.Not, "Some": memrel.Some,
		"Every": memrel.Every, "None": memrel.None, "CountOf": memrel.CountOf,
	},
	"../assoc/nocobase": {
		"CheckOnWrite": nocobase.CheckOnWrite, "DataType": nocobase.DataType, "MaxIdentifier": nocobase.MaxIdentifier, "RemoveCollection": nocobase.RemoveCollection,
		"RemoveField": nocobase.RemoveField, "SetField": nocobase.SetField, "UniqueKeys": nocobase.UniqueKeys, "Parse": nocobase.Parse, "Of": nocobase.Of,
	},
	"../assoc/waterline": {
		"Open": waterline.Open, "Load": waterline.Load, "LoadContext": waterline.LoadContext, "Parse": waterline.Parse, "Definitions": waterline.Definitions, "Atomic": waterline.Atomic, "CheckOnWrite": waterline.CheckOnWrite,
		"Datastore": waterline.Datastore, "Kept": waterline.Kept, "Reopen": waterline.Reopen, "Saved": waterline.Saved, "OnCall": waterline.OnCall, "OnDiagnostic": waterline.OnDiagnostic, "ReadOnly": waterline.ReadOnly,
	},
}

// TestNothingIsRefused: what is asked of nothing, or given nothing that it needs, is an error.
func TestNothingIsRefused(t *testing.T) {
	var noTable memrel.Table[nothingRow]
	var noKey *memrel.Unique[nothingRow]
	var noLinks *memrel.Links[nothingRow, nothingRow, nothingLink]
	var noTx memrel.Tx
	w := newNothingWorld()
	for name, try := range map[string]func() error{
		"open a nil definition": func() error { _, err := memrel.Open(nil); return err },
		"open a nil handle":     func() error { _, err := memrel.Open(noTable); return err },
		"define a nil handle":   func() error { return w.db.Define(noTable) },
		"associate nil tables":  func() error { return w.db.Define(memrel.HasOne(noTable, noTable)) },
		"insert by nil":         func() error { _, err := noTable.Insert(w.db, nothingRow{}); return err },
		"bind nil":              func() error { return noTable.Bind(w.db) },
		"bind a nil key":        func() error { return noKey.Bind(w.db) },
		"bind a key of nil":     func() error { return noTable.By("id").Bind(w.db) },
		"add by nil":            func() error { return noLinks.AddWith(w.db, nothingRow{ID: 1}, nothingLink{}, nothingRow{ID: 1}) },
		"set of nil":            func() error { return w.one.Set(w.db, nil, nil) },
		"load nil":              func() error { _, err := memrel.Load(nil); return err },
		"save to nil":           func() error { return w.db.View().Save(nil) },
		"commit nothing":        noTx.Commit,
		"define in nothing":     func() error { return noTx.Define(memrel.Schema{Name: "x"}) },
		"nest in nothing":       func() error { return noTx.Update(func(*memrel.Tx) error { return nil }) },
		"read nothing":          func() error { _, err := w.things.Find(&noTx, memrel.Query{}); return err },
		"parse nil":             func() error { _, err := nocobase.Parse(nil); return err },
		"waterline nil option":  func() error { _, err := waterline.Open(nil, nil); return err },
		"waterline nil store":   func() error { _, err := waterline.Open(nil, waterline.Datastore("x", nil)); return err },
		"waterline nil view":    func() error { _, err := waterline.Open(nil, waterline.ReadOnly("x", (*memrel.DB)(nil))); return err },
		"waterline load nil":    func() error { _, err := waterline.Load(nil); return err },
		"waterline save to nil": func() error { return w.ontology.Save(nil) },
		"waterline parse nil":   func() error { _, err := waterline.Parse(nil); return err },
		"waterline nil handle":  func() error { _, err := (*waterline.Ontology)(nil).Collection("x").Create(nil); return err },
	} {
		t.Run(name, func(t *testing.T) {
			require.Error(t, try())
			sound(t, w.db)
		})
	}
}

// TestNothingMakesNothingPanic calls every exported function and method with zero receivers and arguments, and with some that are
// not: what comes is an error, or nothing, or a panic that says in words of ours what to change; never one of Go's own, or a hang.
func TestNothingMakesNothingPanic(t *testing.T) {
	for dir, functions := range nothingFunctions {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			require.ElementsMatch(t, exportedFunctions(t, dir), slices.Collect(maps.Keys(functions)), "every function is tried")
			for name, f := range functions {
				callWithNothing(t, name, func(*nothingWorld) reflect.Value { return reflect.ValueOf(f) })
			}
		})
	}
	for i, r := range newNothingWorld().receivers() {
		t.Run(fmt.Sprintf("%d %T", i, r), func(t *testing.T) {
			t.Parallel()
			for m := range reflect.TypeOf(r).NumMethod() {
				if storesOwn(reflect.TypeOf(r).Method(m)) {
					continue
				}
				name := fmt.Sprintf("%T.%s", r, reflect.TypeOf(r).Method(m).Name)
				callWithNothing(t, name, func(w *nothingWorld) reflect.Value { return reflect.ValueOf(w.receivers()[i]).Method(m) })
			}
		})
	}
}

// storesOwn tells whether a method is called by the store alone, since what it takes is made by nobody else.
func storesOwn(m reflect.Method) bool {
	for i := range m.Type.NumIn() - 1 {
		switch m.Type.In(i + 1) {
		case reflect.TypeFor[*table.Batch](), reflect.TypeFor[table.Reader](), reflect.TypeFor[*assoc.Creation](), reflect.TypeFor[*assoc.DetachedRow]():
			return true
		}
	}
	return false
}

func exportedFunctions(t *testing.T, dir string) (names []string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		f, err := parser.ParseFile(token.NewFileSet(), file, text, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}

// callWithNothing calls a function with the first candidate for every argument, then each other candidate for one of them that the budget
// has, the second at least, and all that is nothing together.
func callWithNothing(t *testing.T, name string, in func(*nothingWorld) reflect.Value) {
	t.Helper()
	f := in(newNothingWorld()).Type()
	choices := make([]int, f.NumIn())
	try := func() {
		w := newNothingWorld()
		args := make([]reflect.Value, len(choices))
		for i, c := range choices {
			all := w.candidates(f.In(i), f.IsVariadic() && i == len(choices)-1)
			args[i] = all[c%len(all)]
		}
		w.call(t, name, in(w), args)
	}
	w := newNothingWorld()
	for i := range choices {
		candidates := len(w.candidates(f.In(i), f.IsVariadic() && i == len(choices)-1))
		for c := range min(candidates, max(2, budget.Of(candidates))) {
			choices[i] = c
			try()
		}
		choices[i] = 0
	}
	for i := range choices {
		choices[i] = 1 // nothing
	}
	try()
}

// candidates are arguments of a type: one that is sound, then nothing, then others.
func (w *nothingWorld) candidates(in reflect.Type, variadic bool) []reflect.Value {
	zero := reflect.Zero(in)
	list := func(sound any, others ...any) []reflect.Value {
		out := []reflect.Value{reflect.ValueOf(sound), zero}
		for _, o := range others {
			out = append(out, reflect.ValueOf(o))
		}
		return slices.DeleteFunc(out, func(v reflect.Value) bool { return !v.Type().AssignableTo(in) })
	}
	switch in {
	case reflect.TypeFor[memrel.Reader](), reflect.TypeFor[memrel.Writer]():
		return list(w.db, (*memrel.DB)(nil), &memrel.DB{}, (*memrel.Tx)(nil), &memrel.Tx{}, w.ended(), w.transaction(), memrel.View{}, w.db.View(),
			memrel.WithDeleted(nil), memrel.WithDeleted((*memrel.DB)(nil)), memrel.WithDeleted(w.ended()), memrel.Hard(nil), memrel.Hard((*memrel.Tx)(nil)), memrel.Hard(w.ended()), memrel.Hard(w.db))
	case reflect.TypeFor[memrel.Definition](), reflect.TypeFor[memrel.Part]():
		return list(memrel.Column{Name: "c", Type: memrel.Int}, memrel.Schema{}, (*memrel.Schema)(nil), memrel.Table[nothingRow]{}, memrel.Rows{}, memrel.RowsOf("things"), memrel.Clock(nil),
			memrel.DiagnosticFunc(nil), memrel.DeleteHook(nil), (*memrel.One[nothingRow, nothingRow])(nil), &memrel.Many[nothingRow, nothingRow]{}, (*memrel.Column)(nil), (*memrel.CheckConstraint)(nil),
			memrel.Model{}.HasMany(memrel.Model{}), memrel.ModelSpec{}, memrel.CheckConstraint{}, memrel.UniqueKey{}, memrel.Reference{}, memrel.Index{}, memrel.DropColumn(""), memrel.SoftDelete(""), memrel.SoftDelete("none"), nocobase.Collection{},
			memrel.Profile{}, (*memrel.Profile)(nil), memrel.Form{}, (*memrel.Form)(nil))
	case reflect.TypeFor[io.Reader]():
		return list(strings.NewReader("[]"))
	case reflect.TypeFor[io.Writer]():
		return list(io.Discard)
	case reflect.TypeFor[any]():
		return list(1, "things", (*int)(nil), []any{nil}, memrel.Key(nil), memrel.Row{}, memrel.Instance{}, []memrel.Instance{{}}, (*waterline.Record)(nil), map[string]any(nil), func() {})
	case reflect.TypeFor[memrel.Cond]():
		return list(memrel.Eq("id", 1), memrel.Not(memrel.Cond{}), memrel.Cond{Op: 200}, memrel.Cond{Op: 9}, memrel.Or(), memrel.Some("", memrel.Cond{}), memrel.In("id"))
	}
	switch in.Kind() {
	case reflect.String:
		return []reflect.Value{reflect.ValueOf("things").Convert(in), zero, reflect.ValueOf("getMany").Convert(in), reflect.ValueOf("many").Convert(in), reflect.ValueOf("id").Convert(in)}
	case reflect.Func:
		return []reflect.Value{reflect.MakeFunc(in, func([]reflect.Value) (out []reflect.Value) {
			for i := range in.NumOut() {
				out = append(out, reflect.Zero(in.Out(i)))
			}
			return out
		}), zero}
	case reflect.Pointer:
		return []reflect.Value{reflect.New(in.Elem()), zero}
	case reflect.Map:
		filled := reflect.MakeMap(in)
		if in.Elem() == reflect.TypeFor[any]() {
			filled.SetMapIndex(reflect.ValueOf("name").Convert(in.Key()), reflect.Zero(in.Elem()))
		}
		return []reflect.Value{filled, zero}
	case reflect.Slice:
		var out []reflect.Value
		for _, e := range w.candidates(in.Elem(), false) {
			s := reflect.MakeSlice(in, 0, 1)
			out = append(out, reflect.Append(s, e))
		}
		return append(out[:1], append([]reflect.Value{zero}, out[1:]...)...)
	}
	return []reflect.Value{zero, zero}
}

// call makes a call, walks what it gives, and ends transactions.
func (w *nothingWorld) call(t *testing.T, name string, f reflect.Value, args []reflect.Value) {
	t.Helper()
	defer func() {
		switch p := recover().(type) {
		case nil:
		case error:
			var said string
			if said = p.Error(); !strings.HasPrefix(said, "memrel: ") {
				t.Errorf("%s(%v) panics: %v", name, described(args), p)
			}
		default:
			if !strings.HasPrefix(fmt.Sprint(p), "memrel: ") {
				t.Errorf("%s(%v) panics: %v", name, described(args), p)
			}
		}
		if w.tx != nil {
			w.tx.Rollback()
		}
		sound(t, w.db)
	}()
	var out []reflect.Value
	if f.Type().IsVariadic() {
		out = f.CallSlice(args)
	} else {
		out = f.Call(args)
	}
	for _, o := range out {
		w.use(o)
	}
}

// use does with a result what a caller would: asks an error for its words, and walks an iterator.
func (w *nothingWorld) use(o reflect.Value) {
	if !o.IsValid() || o.Kind() == reflect.Interface && o.IsNil() {
		return
	}
	switch v := o.Interface().(type) {
	case error:
		_ = v.Error()
	case *memrel.Tx:
		v.Rollback()
	case fmt.Stringer:
		if o.Kind() != reflect.Pointer || !o.IsNil() {
			_ = v.String()
		}
	}
	if o.Kind() == reflect.Func && !o.IsNil() && o.Type().NumIn() == 1 && o.Type().In(0).Kind() == reflect.Func {
		o.Call([]reflect.Value{reflect.MakeFunc(o.Type().In(0), func([]reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf(true)} })})
	}
}

func described(args []reflect.Value) (out []string) {
	for _, a := range args {
		out = append(out, fmt.Sprintf("%s %.40v", a.Type(), a))
	}
	return out
}
