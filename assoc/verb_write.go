package assoc

import (
	"errors"
	"maps"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

func setOfRecords(list []index.Record) map[index.Record]bool {
	out := make(map[index.Record]bool, len(list))
	for _, r := range list {
		out[r] = true
	}
	return out
}

// targets are the stored rows that the association leads to, at most n if n is not 0.
func (v Verbs) targets(r table.Reader, n int) ([]index.Record, error) {
	l, err := bind(r, v.a)
	if err != nil {
		return nil, err
	}
	key, ok, err := v.key(l)
	var out []index.Record
	if ok {
		l.eachFrom(key, func(t, _ index.Record) bool {
			out = append(out, t)
			return len(out) != n
		})
	}
	return out, err
}

// storedAll are the stored rows of targets, each once. The error for one that was soft-deleted is that for one that is not there.
func (v Verbs) storedAll(r table.Reader, targets []Target) ([]index.Record, error) {
	var out []index.Record
	seen := map[index.Record]bool{}
	for _, t := range targets {
		rec, err := v.stored(r.Table(v.a.TargetTable), t.Row)
		if err == nil {
			err = r.Table(v.a.TargetTable).Def().Present(rec)
		}
		if err != nil {
			return nil, err
		}
		if !seen[rec] {
			seen[rec] = true
			out = append(out, rec)
		}
	}
	return out, nil
}

// owned is what the source's rows have: its key, and what the scope asks for.
func (v Verbs) owned() table.Values {
	set := merged(v.a.target.written)
	set[v.a.ForeignKey] = v.source.held(v.a.SourceKey)
	return set
}

func sortedKeys(v table.Values) []string { return slices.Sorted(maps.Keys(v)) }

// storedThere are the stored rows of targets; one that is no row is passed over.
func (v Verbs) storedThere(r table.Reader, targets []Target) (rows []index.Record, err error) {
	for _, t := range targets {
		found, err := v.storedAll(r, []Target{t})
		if err != nil && !errors.Is(err, types.ErrNotFound) {
			return nil, err
		}
		rows = append(rows, found...)
	}
	return rows, nil
}
