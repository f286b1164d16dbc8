package assoc

import (
	"sync"

	"github.com/memrel/memrel/types"
)

// HandedOut is the set for those who must not change the store through it: models, associations, references and what else
// its methods return are copies, made where they are asked for. It is the same as long as the set is. O(1).
func (s *Set) HandedOut() *Set {
	if s == nil || s.copies {
		return s
	}
	if s.out == nil {
		return s.copied()
	}
	return s.out
}

func (s *Set) copied() *Set {
	out := *s
	out.copies, out.kept = true, &sync.Map{}
	return &out
}

// finish makes the set that is handed out, once the set is as it will be.
func (s *Set) finish() { s.out = s.copied() }

// Keep is what a user of a set has worked out of it under a name: resolve is called when the name, for that type, is first asked for, and
// what it gives is the same from then on as long as the set is, so that copies are made once and not at every call. Of two calls at once
// both may resolve it, and one is kept. What is kept is read from any goroutine, and never changed. A nil set keeps nothing. O(1).
func Keep[T any](s *Set, name string, resolve func() *T) *T {
	if s == nil || s.kept == nil {
		return resolve()
	}
	kept, there := s.kept.Load(keptAs[T]{name})
	if !there {
		kept, _ = s.kept.LoadOrStore(keptAs[T]{name}, resolve())
	}
	return kept.(*T)
}

// keptAs is what is kept of one type under a name.
type keptAs[T any] struct{ name string }

// copyOut is v, copied if the set is handed out.
func copyOut[T any](s *Set, v T) T {
	if s == nil || !s.copies {
		return v
	}
	return types.Clone(v)
}

// associationsOut are associations, copied if the set is handed out.
func (s *Set) associationsOut(list []*Association) []*Association {
	if s == nil || !s.copies || list == nil {
		return list
	}
	out := make([]*Association, len(list))
	for i, a := range list {
		out[i] = s.associationOut(a)
	}
	return out
}

func (s *Set) associationOut(a *Association) *Association {
	if a == nil || !s.copies {
		return a
	}
	return &Association{Spec: types.Clone(a.Spec), Kind: a.Kind, Source: a.Source, Target: a.Target,
		SourceTable: a.SourceTable, TargetTable: a.TargetTable, Junction: a.Junction, As: a.As, Names: a.Names, Aliased: a.Aliased,
		ForeignKey: a.ForeignKey, OtherKey: a.OtherKey, SourceKey: a.SourceKey, TargetKey: a.TargetKey, Through: a.Through}
}
