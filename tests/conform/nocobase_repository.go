package main

import (
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase/repository"
)

// inHand are rows as a write returns them. What is nested in them the recorded system shows as it has it in hand, partly
// filled or stale, so that only the columns of a collection are compared; what was stored the steps after it show.
type inHand struct {
	collection string
	rows       any
}

// valuesOf are the values of a step, and whether they are a list.
func valuesOf(v any) (list []memrel.Values, many bool, err error) {
	all, many := v.([]any)
	if !many && v != nil {
		all = []any{v}
	}
	for _, e := range all {
		object, ok := e.(map[string]any)
		if !ok {
			return nil, many, errUnknown{"values " + jsonText(e)}
		}
		list = append(list, object)
	}
	return list, many, nil
}

func (st *collectionStep) repository() repository.Repository { return repository.Of(st.Collection) }

// writer is what a repository and a relation have in common that writes.
type writer interface {
	Create(memrel.Writer, memrel.Values, repository.Write) (repository.Record, error)
	CreateMany(memrel.Writer, []memrel.Values, repository.Write) ([]repository.Record, error)
	Update(memrel.Writer, repository.Find, memrel.Values, repository.Write) ([]repository.Record, error)
	FirstOrCreate(memrel.Writer, []string, memrel.Values, repository.Write) (repository.Record, bool, error)
	UpdateOrCreate(memrel.Writer, []string, memrel.Values, repository.Write) (repository.Record, bool, error)
}

func (p *collectionRun) writeStep(st *collectionStep) (any, error) {
	if _, many := st.Values.([]any); many && st.Op == "update" {
		st.Records = st.Values
		return p.updateMany(st)
	}
	rows, created, err := p.write(st.repository(), st.Op, &st.repositoryOptions)
	if row, one := rows.(repository.Record); one && st.Op == "updateOrCreate" && !created {
		rows = []repository.Record{row}
	}
	return inHand{st.Collection, rows}, err
}

// write carries out a method that writes rows.
func (p *collectionRun) write(of writer, method string, o *repositoryOptions) (rows any, created bool, err error) {
	list, many, err := valuesOf(o.Values)
	switch {
	case err != nil:
		return nil, false, err
	case many && method == "create":
		rows, err = of.CreateMany(p.tx, list, o.Write)
	case many || len(list) != 1:
		err = errUnknown{"values " + jsonText(o.Values)}
	case method == "create":
		rows, err = of.Create(p.tx, list[0], o.Write)
	case method == "update":
		rows, err = of.Update(p.tx, o.Find, list[0], o.Write)
	case method == "firstOrCreate":
		rows, created, err = of.FirstOrCreate(p.tx, o.FilterKeys, list[0], o.Write)
	default:
		rows, created, err = of.UpdateOrCreate(p.tx, o.FilterKeys, list[0], o.Write)
	}
	return rows, created, err
}

func (p *collectionRun) updateMany(st *collectionStep) (any, error) {
	list, _, err := valuesOf(st.Records)
	if err != nil {
		return nil, err
	}
	rows, err := st.repository().UpdateMany(p.tx, list)
	return inHand{st.Collection, rows}, err
}

func (p *collectionRun) destroy(st *collectionStep) (any, error) {
	if st.Truncate {
		return st.repository().Truncate(p.tx, st.Find)
	}
	n, err := st.repository().Destroy(p.tx, st.Find)
	if n == 0 && st.FilterByTk == nil && len(st.Filter) == 0 { // nothing is named
		return nil, err
	}
	return n, err
}

// instanceDestroy deletes a row by itself: nobody is told of a set of rows first.
func (p *collectionRun) instanceDestroy(st *collectionStep) (any, error) {
	row, ok, err := st.repository().FindOne(p.tx, repository.Find{Filter: st.Where})
	if err != nil || !ok {
		return nil, err
	}
	return nil, p.alone(row.Instance().Delete(p.tx))
}

// alone leaves out what was told of a set of rows first.
func (p *collectionRun) alone(err error) error {
	if len(p.events) > 0 && p.events[0].When == memrel.BeforeRows {
		p.events = p.events[1:]
	}
	return err
}

// finder is what a repository and a relation have in common.
type finder interface {
	Find(memrel.Reader, repository.Find) ([]repository.Record, error)
	FindOne(memrel.Reader, repository.Find) (repository.Record, bool, error)
	FindAndCount(memrel.Reader, repository.Find) ([]repository.Record, int, error)
	Count(memrel.Reader, repository.Find) (int, error)
	Aggregate(r memrel.Reader, method, column string, by repository.Find) (any, error)
}

func (p *collectionRun) findStep(st *collectionStep) (any, error) {
	return p.find(st.repository(), st.Op, st.Find, st.Method, st.Field.name)
}

// find carries out a method that reads.
func (p *collectionRun) find(of finder, method string, by repository.Find, aggregate, column string) (any, error) {
	switch method {
	case "find":
		return of.Find(p.reader(), by)
	case "findOne":
		row, _, err := of.FindOne(p.reader(), by)
		return row, err
	case "count":
		return of.Count(p.reader(), by)
	case "findAndCount":
		rows, n, err := of.FindAndCount(p.reader(), by)
		return []any{rows, n}, err
	case "aggregate":
		return of.Aggregate(p.reader(), aggregate, column, by)
	}
	return nil, errUnknown{"method " + method}
}

// association is the one that a path names: posts.tags.
func (p *collectionRun) association(path string) *assoc.Association {
	collection, as, _ := strings.Cut(path, ".")
	return p.set().Association(p.collections().Table(collection), as)
}

// relation carries out a method of the relation of one row. What it is given are options, or keys instead.
func (p *collectionRun) relation(st *collectionStep) (any, error) {
	collection, as, _ := strings.Cut(st.Path, ".")
	relation, a := repository.Of(collection).Relation(as), p.association(st.Path)
	field, _ := p.collections().Field(collection, as)
	if field.Type == "array" || field.Type == "set" {
		return p.list(relation.ListOf(st.Of), st)
	}
	of, target := relation.Of(st.Of), field.Target
	if a != nil {
		target = p.named(a.TargetTable)
	}
	var o repositoryOptions
	keys := st.Args
	if len(st.Args) > 0 && isObject(st.Args[0]) {
		if err := strictlyAs(st.Args[0], &o); err != nil {
			return nil, errUnknown{err.Error()}
		}
		keys = []any{o.Tk}
	}
	if change := changes(of.Set, of.Add, of.Remove, of.Toggle)[st.Method]; change != nil {
		return nil, change(p.tx, keys...)
	}
	switch st.Method {
	case "destroy":
		if len(keys) > 0 && !isObject(st.Args[0]) {
			o.FilterByTk = keys[0]
		}
		err := of.Destroy(p.tx, o.Find)
		if a != nil && !a.Kind.Many() {
			err = p.alone(err)
		}
		return true, err
	case "create", "update", "firstOrCreate", "updateOrCreate":
		if st.Method != "create" && st.Method != "update" {
			o.Write = repository.Write{} // which there it does not take
		}
		rows, _, err := p.write(of, st.Method, &o)
		return inHand{target, oneOf(a, rows)}, err
	}
	rows, err := p.find(of, st.Method, o.Find, o.Method, o.Field.name)
	return oneOf(a, rows), err
}

// changes are the methods that change what a relation leads to, or what is in a list.
func changes(set, add, remove, toggle change) map[string]change {
	return map[string]change{"set": set, "add": add, "remove": remove, "toggle": toggle}
}

type change = func(w memrel.Writer, elements ...any) error

// list carries out a method of a column that is a list. Its elements are the first of what it is given, or are in that.
func (p *collectionRun) list(of repository.List, st *collectionStep) (any, error) {
	elements := st.Args[:min(1, len(st.Args))]
	if len(elements) > 0 && isList(elements[0]) {
		elements = elements[0].([]any)
	}
	toggle := func(w memrel.Writer, elements ...any) error { return of.Toggle(w, elements[0]) }
	change := changes(of.Set, of.Add, of.Remove, toggle)[st.Method]
	switch {
	case change != nil:
		return nil, change(p.tx, elements...)
	case st.Method == "find" || st.Method == "get":
		return of.Get(p.reader())
	}
	return nil, errUnknown{"method " + st.Method}
}

// oneOf is the row that a relation to one gives, where the library gives a list.
func oneOf(a *assoc.Association, rows any) any {
	list, many := rows.([]repository.Record)
	if !many || a == nil || a.Kind.Many() {
		return rows
	}
	return append(list, repository.Record{})[0]
}

func isObject(v any) bool { _, is := v.(map[string]any); return is }

func isList(v any) bool { _, is := v.([]any); return is }

// dump are the rows of tables as they are stored.
func (p *collectionRun) dump(st *collectionStep) (any, error) {
	out := map[string]any{}
	for _, c := range st.Collections {
		rows, err := memrel.ModelOf(p.info(c.name).Table).Find(p.reader(), memrel.Query{Deleted: true})
		if err != nil {
			return nil, err
		}
		out[c.name] = append([]memrel.Instance{}, rows...)
	}
	return out, nil
}
