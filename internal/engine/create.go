package engine

import (
	"maps"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// CreateOne adds a row by the rules of its model, which fits whom it is for. Errors as [Insert].
func CreateOne(w Target, name string, fits Fitter, values table.Values) (row *assoc.DetachedRow, err error) {
	const op = "insert"
	tx, err := w.begin(op, keepsRowsPrivate)
	if err != nil {
		return nil, err
	}
	defer tx.endStatement(&err)
	return tx.createOne(op, name, fits, values)
}

func (tx *Tx) createOne(op, name string, fits Fitter, values table.Values) (*assoc.DetachedRow, error) {
	t, err := tx.table(op, name)
	if err != nil {
		return nil, err
	}
	def := t.Def()
	set := tx.associations().Fills(def.Name(), values, assoc.Created)
	numbers := t.Numbers()
	rec, err := def.NewRecord(values, numbers.Last(), set[:]...)
	if err == nil {
		numbers = numbersAfter(def, numbers, rec)
		err = reads(fits, def, rec)
	}
	if err != nil {
		return nil, tx.spent(t, numbers, Attempted(op, def.Name(), err))
	}
	w := tx.writer(1)
	if err := tx.written(w, tx.addTo(w, def.Name(), []index.Record{rec})); err != nil {
		return nil, tx.spent(tx.state().Table(def.Name()), numbers, err)
	}
	return assoc.Detach(table.RowOf(def, rec, nil)), nil
}

// Create adds rows, with the rows that includes name among their values, as an [assoc.Creation]: all or none, which fit whom they are for.
// Errors as [Insert], [types.ErrUnknownAssociation] and [types.ErrQuery].
func Create(w Target, fits Fitter, c *assoc.Creation) (err error) {
	tx, err := w.begin("insert", keepsRowsPrivate)
	if err != nil {
		return err
	}
	if len(c.Include) == 0 && fits == nil {
		defer tx.endStatement(&err)
		return tx.create("insert", c)
	}
	all, err := w.whole(tx, "insert")
	if err != nil {
		return err
	}
	defer all.undo()
	err = all.tx.create("insert", c)
	for i := 0; err == nil && i < len(c.Made); i++ {
		row := c.Made[i].Row()
		err = Attempted("insert", c.Table, reads(fits, table.DefOf(row), table.RecordOf(row)))
	}
	return all.end(err)
}

// creating is the sequence of a creation.
type creating struct{ c *assoc.Creation }

func (c creating) next(set *assoc.Set, state table.Reader, made []index.Record) (assoc.Step, bool, error) {
	return set.NextOf(c.c, state, made)
}

func (tx *Tx) create(op string, c *assoc.Creation) error {
	t, err := tx.table(op, c.Table)
	if err != nil {
		return err
	}
	c.Table = t.Def().Name()
	if len(c.Include) > 0 {
		return Attempted(op, c.Table, tx.steps(op, creating{c}))
	}
	recs := make([]index.Record, len(c.Rows))
	if err := tx.insert(op, t, nil, tx.associations().Plain(c), nil, recs); err != nil {
		return err
	}
	c.Took(t.Def(), recs)
	return nil
}

// FindOrCreate is the first row with the values of where, or one that is created with these and others, in one statement; created
// tells which it was. Errors as [Insert].
func FindOrCreate(w Target, name string, fits Fitter, where, others table.Values) (row *assoc.DetachedRow, created bool, err error) {
	const op = "find or create"
	tx, err := w.begin(op, exposesRows)
	if err != nil {
		return nil, false, err
	}
	defer tx.endStatement(&err)
	found, err := Source{tx.reading()}.FindAll(name, query.Query{Where: assoc.Matching(where), Limit: 1})
	if err != nil {
		return nil, false, Attempted(op, name, err)
	}
	if len(found) > 0 {
		return found[0], false, nil
	}
	values := maps.Clone(where)
	if values == nil {
		values = table.Values{}
	}
	maps.Copy(values, others)
	row, err = tx.createOne(op, name, fits, values)
	return row, err == nil, err
}

// Increment adds to columns of the rows for which a condition is true, in one statement; see [table.Def.Sums]. Errors as
// [ExecuteAll].
func Increment(w Target, name string, fits Fitter, where query.Cond, by table.Values) (def *table.Def, recs []index.Record, err error) {
	const op = "increment"
	tx, err := w.begin(op, exposesRows)
	if err != nil {
		return nil, nil, err
	}
	defer tx.endStatement(&err)
	t, err := tx.table(op, name)
	if err != nil {
		return nil, nil, err
	}
	sums, err := t.Def().Sums(by)
	if err != nil {
		return nil, nil, Attempted(op, t.Def().Name(), err)
	}
	return tx.changeAll(&Change{Op: op, Table: t.Def().Name(), Fit: fits, Where: where, Each: sums}, nil)
}
