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

// rowSet is what a repository and a relation of a row have in common.
type rowSet interface {
	Find(memrel.Reader, repository.Find) ([]repository.Record, error)
	FindOne(memrel.Reader, repository.Find) (repository.Record, bool, error)
	FindAndCount(memrel.Reader, repository.Find) ([]repository.Record, int, error)
	Count(memrel.Reader, repository.Find) (int, error)
	Aggregate(r memrel.Reader, method, column string, by repository.Find) (any, error)
	Create(memrel.Writer, memrel.Values, repository.Write) (repository.Record, error)
	CreateMany(memrel.Writer, []memrel.Values, repository.Write) ([]repository.Record, error)
	Update(memrel.Writer, repository.Find, memrel.Values, repository.Write) ([]repository.Record, error)
	FirstOrCreate(memrel.Writer, []string, memrel.Values, repository.Write) (repository.Record, bool, error)
	UpdateOrCreate(memrel.Writer, []string, memrel.Values, repository.Write) (repository.Record, bool, error)
}

// call carries out a method.
func (p *collectionRun) call(of rowSet, method string, o *repositoryOptions) (any, error) {
	values := append(o.Values.rows, nil)[0]
	switch method {
	case "find":
		return of.Find(p.reader(), o.Find)
	case "findOne":
		row, _, err := of.FindOne(p.reader(), o.Find)
		return row, err
	case "count":
		return of.Count(p.reader(), o.Find)
	case "findAndCount":
		rows, n, err := of.FindAndCount(p.reader(), o.Find)
		return []any{rows, n}, err
	case "aggregate":
		return of.Aggregate(p.reader(), o.Method, o.Field.name, o.Find)
	case "create":
		if o.Values.many {
			return of.CreateMany(p.tx, o.Values.rows, o.Write)
		}
		return of.Create(p.tx, values, o.Write)
	case "update":
		return of.Update(p.tx, o.Find, values, o.Write)
	case "firstOrCreate":
		row, _, err := of.FirstOrCreate(p.tx, o.FilterKeys, values, o.Write)
		return row, err
	case "updateOrCreate":
		row, created, err := of.UpdateOrCreate(p.tx, o.FilterKeys, values, o.Write)
		if _, whole := of.(repository.Repository); whole && !created {
			return []repository.Record{row}, err
		}
		return row, err
	}
	return nil, errUnknown{"method " + method}
}

func (st *collectionStep) repository() repository.Repository { return repository.Of(st.Collection) }

func (p *collectionRun) find(st *collectionStep) (any, error) {
	return p.call(st.repository(), st.Op, &st.repositoryOptions)
}

func (p *collectionRun) write(st *collectionStep) (rows any, err error) {
	if st.Op == "updateMany" || st.Op == "update" && st.Values.many {
		rows, err = st.repository().UpdateMany(p.tx, append(st.Records.rows, st.Values.rows...))
	} else {
		rows, err = p.find(st)
	}
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
	if err == nil && !ok {
		err = memrel.ErrNotFound
	}
	if err != nil {
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

// association is the one that a path names: posts.tags.
func (p *collectionRun) association(path string) *assoc.Association {
	collection, as, _ := strings.Cut(path, ".")
	return p.set().Association(p.collections().Table(collection), as)
}

// relation carries out a method of the relation of one row. What it is given are options, or keys instead.
func (p *collectionRun) relation(st *collectionStep) (any, error) {
	collection, as, _ := strings.Cut(st.Path, ".")
	field, _ := p.collections().Field(collection, as)
	if field.Type == "array" || field.Type == "set" {
		return p.list(repository.Of(collection).Relation(as).ListOf(st.Of), st)
	}
	of, target, one := repository.Of(collection).Relation(as).Of(st.Of), field.Target, false
	if a := p.association(st.Path); a != nil {
		target, one = p.named(a.TargetTable), !a.Kind.Many()
	}
	var o repositoryOptions
	keys := st.Args
	if options, given := append(st.Args, nil)[0].(map[string]any); given {
		if err := strictlyAs(options, &o); err != nil {
			return nil, errUnknown{err.Error()}
		}
		keys = []any{o.Tk}
	} else if len(keys) > 0 {
		o.FilterByTk = keys[0]
	}
	if change := map[string]change{"set": of.Set, "add": of.Add, "remove": of.Remove, "toggle": of.Toggle}[st.Method]; change != nil {
		return nil, change(p.tx, keys...)
	}
	switch st.Method {
	case "destroy":
		err := of.Destroy(p.tx, o.Find)
		if one {
			err = p.alone(err)
		}
		return true, err
	case "firstOrCreate", "updateOrCreate":
		o.Write = repository.Write{} // which there they do not take
	}
	rows, err := p.call(of, st.Method, &o)
	if list, many := rows.([]repository.Record); many && one { // the library gives a list
		rows = append(list, repository.Record{})[0]
	}
	if st.Method == "create" || st.Method == "update" || o.FilterKeys != nil {
		return inHand{target, rows}, err
	}
	return rows, err
}

type change = func(w memrel.Writer, elements ...any) error

// list carries out a method of a column that is a list. Its elements are the first of what it is given, or are in that.
func (p *collectionRun) list(of repository.List, st *collectionStep) (any, error) {
	elements := st.Args[:min(1, len(st.Args)):1]
	if list, is := append(elements, nil)[0].([]any); is {
		elements = list
	}
	if st.Method == "find" || st.Method == "get" {
		return of.Get(p.reader())
	}
	toggle := func(w memrel.Writer, elements ...any) error { return of.Toggle(w, elements[0]) }
	if change := map[string]change{"set": of.Set, "add": of.Add, "remove": of.Remove, "toggle": toggle}[st.Method]; change != nil {
		return nil, change(p.tx, elements...)
	}
	return nil, errUnknown{"method " + st.Method}
}

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
