package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// check runs a scenario in the words of each engine that it was recorded on. It passes if one of them did the same from the
// first step to the final rows, and departs if one differs by a rule alone.
func (s *ontologyScenario) check() (difference, departure string) {
	if len(s.Recorded) == 0 {
		return "cannot be run: nothing is recorded", ""
	}
	var differences []string
	for _, engine := range slices.Backward(slices.Sorted(maps.Keys(s.Recorded))) {
		p := &ontologyRun{s: s, engine: engine, recorded: s.Recorded[engine]}
		difference := p.guarded()
		switch {
		case difference == "" && p.rule == nil:
			return "", ""
		case difference == "" && departure == "":
			departure = fmt.Sprintf("%s, as against %s: %s", p.rule.name, engine, p.strict)
		}
		differences = append(differences, engine+": "+difference)
	}
	if departure != "" {
		return "", departure
	}
	return strings.Join(differences, "; "), ""
}

// ontologyRun is one run in the words of one engine.
type ontologyRun struct {
	s        *ontologyScenario
	engine   string
	recorded ontologyRecorded
	o        *waterline.Ontology
	stores   map[string]*memrel.DB
	held     map[string]*waterline.Record
	removes  map[string][]*ontologyStep // by instance, those that wait for its save

	at     int                            // the step
	rules  []*departureRule[ontologyTurn] // that steps so far fell under
	rule   *departureRule[ontologyTurn]   // by which the run differs
	strict string                         // how
}

// guarded runs; a panic is a difference like any other.
func (p *ontologyRun) guarded() (difference string) {
	defer func() {
		if r := recover(); r != nil {
			difference = fmt.Sprintf("panic: %v", r)
		}
	}()
	return p.play()
}

// play carries out all steps up to the first difference.
func (p *ontologyRun) play() string {
	err := p.open()
	p.at = -1
	p.meet(ontologyTurn{ontologyScenario: p.s}, err)
	difference := p.outcome("init", p.recorded.Init, err, func() string { return "" })
	switch {
	case difference != "" && slices.Contains(p.rules, refusedDominance):
		return p.by(refusedDominance, difference)
	case difference != "" || err != nil:
		return difference
	}
	if difference := p.layout(); difference != "" {
		return "layout: " + difference
	}
	if len(p.recorded.Steps) != len(p.s.Steps) {
		return fmt.Sprintf("cannot be run: %d steps, %d outcomes", len(p.s.Steps), len(p.recorded.Steps))
	}
	for i := range p.s.Steps {
		st := &p.s.Steps[i]
		p.at = i
		foreign := p.removesForeign(st)
		got, err := p.step(st)
		if unknown := (errUnknown{}); errors.As(err, &unknown) {
			return unknown.Error()
		}
		p.meet(ontologyTurn{p.s, st, foreign}, err)
		difference := p.outcome(st.Op, p.recorded.Steps[i], err, func() string { return p.compare(st, p.recorded.Steps[i].OK, got) })
		if difference != "" {
			return p.unless(ownChildren, fmt.Sprintf("step %d (%s %s%s): %s", i, st.Op, st.Model, st.On, difference))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.stores)) {
		for err := range p.stores[name].Check() {
			return err.Error()
		}
	}
	if difference := p.compareTables(p.recorded.Tables, p.tables()); difference != "" {
		return p.unless(ownChildren, "final rows: "+difference)
	}
	return ""
}

// unless is a difference, unless the run fell under a rule that lets what follows differ.
func (p *ontologyRun) unless(r *departureRule[ontologyTurn], difference string) string {
	if slices.Contains(p.rules, r) {
		return p.by(r, difference)
	}
	return difference
}

// removesForeign tells whether a step saves an instance that is to remove what is another's child.
func (p *ontologyRun) removesForeign(st *ontologyStep) bool {
	r := p.held[st.On]
	if st.Op != "save" || r == nil {
		return false
	}
	waiting := p.removes[st.On]
	delete(p.removes, st.On)
	return slices.ContainsFunc(waiting, func(remove *ontologyStep) bool {
		a := p.modelOf(r).Attributes[remove.Attr]
		target := p.s.model(a.Collection)
		if target == nil || target.Attributes[a.Via].Model == "" {
			return false
		}
		children, err := p.o.Collection(a.Collection).Find(remove.Value)
		return err == nil && slices.ContainsFunc(children, func(child *waterline.Record) bool {
			parent := child.Get(a.Via)
			return parent != nil && parent != r.Key()
		})
	})
}

// outcome compares that there was an error, or what there was instead.
func (p *ontologyRun) outcome(what string, want ontologyOutcome, err error, same func() string) string {
	switch {
	case err != nil && want.Error == nil:
		return fmt.Sprintf("got error %v", err)
	case err == nil && want.Error != nil:
		return fmt.Sprintf("%s: want error %.80s", what, want.Error)
	case err != nil:
		return ""
	}
	return same()
}

// meet notes the rules that a step falls under.
func (p *ontologyRun) meet(turn ontologyTurn, err error) {
	for _, r := range ontologyDepartures {
		if r.applies(turn, err) && !slices.Contains(p.rules, r) {
			p.rules = append(p.rules, r)
		}
	}
}

// by notes that the run differs, but by rules alone.
func (p *ontologyRun) by(r *departureRule[ontologyTurn], difference string) string {
	if p.rule == nil {
		p.rule, p.strict = r, difference
	}
	return ""
}

// early tells whether the engine is one of 0.10 to 0.12. These write the names of junctions that they make in lower case, and
// leave attributes without a value out; later ones fill in the empty text and 0.
func (p *ontologyRun) early() bool { return p.engine != "0.15" }

func (p *ontologyRun) open() (err error) {
	p.stores, p.held, p.removes = map[string]*memrel.DB{}, map[string]*waterline.Record{}, map[string][]*ontologyStep{}
	options := []waterline.Option{waterline.CheckOnWrite(false), waterline.Atomic(false)}
	for _, d := range p.s.Datastores {
		p.stores[d.Name] = memrel.MustOpen()
		options = append(options, waterline.Datastore(d.Name, p.stores[d.Name]))
	}
	var models []waterline.Model
	for _, m := range p.s.Models {
		models = append(models, p.model(m))
	}
	p.o, err = waterline.Open(models, options...)
	return err
}

// model is a model in the engine's words.
func (p *ontologyRun) model(m ontologyModel) waterline.Model {
	out := waterline.Model{Identity: m.Identity, Datastore: m.Datastore, TableName: m.TableName, CascadeOnDestroy: m.CascadeOnDestroy,
		Attributes: waterline.Attributes{}}
	for name, a := range m.Attributes {
		attr := waterline.Attribute{Type: a.Type, ColumnName: a.ColumnName, PrimaryKey: a.PrimaryKey, AutoIncrement: a.AutoIncrement,
			Unique: a.Unique, Required: a.Required, Model: a.Model, Collection: a.Collection, Via: a.Via, Through: a.Through, Dominant: a.Dominant}
		if !p.early() && !a.PrimaryKey && !a.AutoIncrement && !a.Required {
			switch a.Type {
			case "string":
				attr.DefaultsTo = ""
			case "number":
				attr.DefaultsTo = 0
			}
		}
		out.Attributes[name] = attr
	}
	return out
}

// step carries out one step.
func (p *ontologyRun) step(st *ontologyStep) (any, error) {
	c := p.o.Collection(st.Model)
	switch st.Op {
	case "create":
		return one(c.Create(st.Values))
	case "update":
		return c.Update(criteriaOf(st), st.Values)
	case "destroy":
		return c.Destroy(criteriaOf(st))
	case "find":
		populate, err := populateOf(st)
		if err != nil {
			return nil, err
		}
		return c.Find(criteriaOf(st), populate...)
	case "findOne", "load":
		populate, err := populateOf(st)
		if err != nil {
			return nil, err
		}
		r, err := c.FindOne(criteriaOf(st), populate...)
		if st.Op == "load" {
			p.held[st.As] = r
		}
		return one(r, err)
	case "addToCollection":
		return nil, c.AddToCollection(st.IDs, st.Attr, st.Members)
	case "removeFromCollection":
		return nil, c.RemoveFromCollection(st.IDs, st.Attr, st.Members)
	case "replaceCollection":
		return nil, c.ReplaceCollection(st.IDs, st.Attr, st.Members)
	case "tables":
		return p.tables(), nil
	}
	return p.onInstance(st)
}

// onInstance carries out a step on an instance that was loaded.
func (p *ontologyRun) onInstance(st *ontologyStep) (any, error) {
	r := p.held[st.On]
	if r == nil && st.On != "" {
		return nil, fmt.Errorf("no instance %s", st.On)
	}
	switch st.Op {
	case "add":
		return nil, r.Add(st.Attr, st.Value)
	case "remove":
		p.removes[st.On] = append(p.removes[st.On], st)
		return nil, r.Remove(st.Attr, st.Value)
	case "set":
		return nil, setAt(r, st.Path, st.Value)
	case "read":
		return r, nil
	case "destroyInstance":
		return p.o.Collection(p.modelOf(r).Identity).Destroy(r.Key())
	case "save":
		if err := r.Save(); err != nil || p.engine != "0.10" {
			return nil, err
		}
		return p.found(r)
	}
	return nil, errUnknown{"operation " + st.Op}
}

// found is the record of an instance with all its associations, which a save of 0.10 hands over.
func (p *ontologyRun) found(r *waterline.Record) (any, error) {
	model := p.modelOf(r)
	var populate []waterline.Populate
	for _, name := range slices.Sorted(maps.Keys(model.Attributes)) {
		if a := model.Attributes[name]; a.Model != "" || a.Collection != "" {
			populate = append(populate, waterline.Populate{Attr: name})
		}
	}
	return one(p.o.Collection(model.Identity).FindOne(r.Key(), populate...))
}

// modelOf is the model that an instance was loaded of.
func (p *ontologyRun) modelOf(r *waterline.Record) *ontologyModel {
	for i := range p.s.Steps {
		if st := &p.s.Steps[i]; st.Op == "load" && p.held[st.As] == r {
			return p.s.model(st.Model)
		}
	}
	return nil
}

func (s *ontologyScenario) model(identity string) *ontologyModel {
	for i := range s.Models {
		if s.Models[i].Identity == identity {
			return &s.Models[i]
		}
	}
	return nil
}

// one is a record, or nil and no record that is nil.
func one(r *waterline.Record, err error) (any, error) {
	if r == nil {
		return nil, err
	}
	return r, err
}

// setAt assigns to an instance, or to a record populated in it.
func setAt(r *waterline.Record, path []any, v any) error {
	for len(path) > 1 && r != nil {
		name, _ := path[0].(string)
		if at, ok := path[1].(json.Number); ok {
			i, err := at.Int64()
			many := r.Many(name)
			if err != nil || i < 0 || int(i) >= len(many) {
				return fmt.Errorf("no record %v of %s", at, name)
			}
			r, path = many[i], path[2:]
			continue
		}
		r, path = r.One(name), path[1:]
	}
	if r == nil || len(path) == 0 {
		return errUnknown{fmt.Sprintf("path %v", path)}
	}
	name, _ := path[0].(string)
	r.Set(name, v)
	return nil
}

func criteriaOf(st *ontologyStep) waterline.Criteria {
	return waterline.Criteria{Where: st.Where, Sort: st.Sort, Skip: st.Skip, Limit: st.Limit, Select: st.Select, Cascade: st.Cascade}
}

func populateOf(st *ontologyStep) (out []waterline.Populate, err error) {
	for _, entry := range st.Populate {
		p := waterline.Populate{}
		if name, ok := entry.(string); ok {
			p.Attr = name
		} else if err := strictlyAs(entry, &p); err != nil {
			return nil, errUnknown{err.Error()}
		}
		out = append(out, p)
	}
	return out, nil
}
