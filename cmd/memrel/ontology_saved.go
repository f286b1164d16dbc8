package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// containerMagic begins a file of several datastores, which [waterline.Ontology.Save] writes.
const containerMagic = "ontology "

// isSaved tells whether a file is a saved store, or several.
func isSaved(name string) bool {
	return beginsWith(name, containerMagic) || beginsWith(name, "memrel ")
}

// itself is the source without --ontology where that names a saved ontology and nothing else is to be read: its rows are meant.
func (s source) itself() source {
	if isSaved(s.Ontology) && (s.dir == "" || s.dir == ".") {
		s.dir, s.Ontology = s.Ontology, ""
	}
	return s
}

// eachKept is the source once for each datastore that was saved with its models.
func (s source) eachKept() ([]source, *waterline.Ontology, error) {
	if s.definedBy != (definedBy{}) {
		return []source{s}, nil, nil
	}
	models, stores, err := s.kept()
	if err != nil {
		return nil, nil, err
	}
	if models == nil {
		return []source{s}, nil, nil
	}
	o, err := overSaved(models, stores)
	if err != nil {
		return nil, nil, usagef("%s: %s", s.dir, strings.TrimPrefix(err.Error(), "memrel: "))
	}
	return stores, o, nil
}

// overSaved is the ontology over the stores that were saved; datastores that were not are empty, and none of the sources.
func overSaved(models []waterline.Model, stores []source) (*waterline.Ontology, error) {
	all, err := waterline.Open(models)
	if err != nil {
		return nil, err
	}
	var have []*memrel.DB
	var options []waterline.Option
	for _, name := range all.Datastores() {
		if i := slices.IndexFunc(stores, func(s source) bool { return s.datastore == name }); i >= 0 {
			have = append(have, stores[i].db)
		} else {
			options = append(options, waterline.Datastore(name, memrel.MustOpen()))
		}
	}
	return waterline.Reopen(have, options...)
}

// kept are the models that were saved, and the source of each datastore that was saved with them; none if no ontology was.
func (s source) kept() (models []waterline.Model, stores []source, err error) {
	switch {
	case beginsWith(s.dir, containerMagic):
		return s.container()
	case s.saved():
		models, store, err := s.keptStore()
		if err != nil || models == nil {
			return nil, nil, err
		}
		return models, []source{store}, nil
	}
	return s.keptFolder()
}

// container reads a file of several datastores.
func (s source) container() (models []waterline.Model, stores []source, err error) {
	f, err := os.Open(s.dir)
	if err != nil {
		return nil, nil, usage{err}
	}
	defer func() { _ = f.Close() }()
	o, err := waterline.Load(f)
	if err != nil {
		return nil, nil, usagef("%s: %s", s.dir, strings.TrimPrefix(err.Error(), "memrel: load: "))
	}
	for _, name := range o.Datastores() {
		in := s
		in.datastore, in.db = name, o.Store(name)
		stores = append(stores, in)
		if models, _, err = waterline.Kept(in.db.View()); err != nil {
			return nil, nil, usage{err}
		}
	}
	return models, stores, nil
}

// keptStore reads a file of one store; models is nil if it keeps none.
func (s source) keptStore() (models []waterline.Model, store source, err error) {
	if s.db, err = s.read(); err != nil {
		return nil, s, err
	}
	models, s.datastore, err = waterline.Kept(s.db.View())
	if err != nil { // it is a store like any other
		return nil, s, nil
	}
	return models, s, nil
}

// keptFolder reads a directory of files, each of one datastore of the same ontology.
func (s source) keptFolder() (models []waterline.Model, stores []source, err error) {
	entries, unread := os.ReadDir(s.dir)
	if _, missing := os.Stat(s.file()); unread != nil || missing == nil {
		return nil, nil, nil // what reads the directory next says why it cannot
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), savedAs) {
			continue
		}
		of, store, err := source{dir: filepath.Join(s.dir, e.Name())}.keptStore()
		if err != nil || of == nil {
			return nil, nil, err
		}
		models = of
		stores = append(stores, store)
	}
	return models, stores, nil
}
