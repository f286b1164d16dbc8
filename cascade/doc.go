// Package cascade keeps references straight: it decides what a delete or a change of key does to the rows that refer to
// the rows changed, whether a row's parent exists, and when each of these is checked.
//
// It owns the graph of foreign keys ([Graph]), the planner ([Graph.Plan]) and the deferred checks ([Deferred]). It does
// not own rows, keys or transactions: it reads any state of the store through [table.Reader], returns a [Plan] and
// writes nothing but by [Plan.Apply].
//
// # The order of work
//
// A statement is worked off in levels. Level 0 is what the statement does to the rows it names, all of them; they never
// block one another. Each further level is everything one reference away from what the level before changed:
//
//	level 0   delete artists[1]
//	level 1     albums[4] by albums_artist_fkey (CASCADE), fans[2].artist = NULL by fans_artist_fkey (SET NULL)
//	level 2       tracks[17], tracks[18] by tracks_album_fkey (CASCADE)
//
// Inside a level the order is fixed and does not depend on how or when references were declared:
//
//  1. cascading deletes, then SET NULL, SET DEFAULT, cascading key updates; ties by the name of the reference. A row both
//     deleted and rewritten at one level is deleted.
//  2. NOT NULL, MATCH FULL and checks of the rows rewritten, then unique keys, on the rows that the level leaves. So
//     id = id + 1 works whatever the order of the rows.
//  3. RESTRICT and NO ACTION: does a row still hold the old key? A NO ACTION passes if another row has taken the key
//     over, and waits for the commit when deferred. SET DEFAULT looks again in the same way, since the default may be the
//     key that went. Then the parents of rows whose reference the level before changed.
//
// The children of a key are the rows that held it when the statement had changed its own rows, and still hold it: so a
// cascade never sweeps up the rows that another one has just moved onto that key. A row is deleted once, so cycles end.
// Nothing recurses: depth is bounded by memory alone.
//
// This is the order of PostgreSQL's trigger queue, breadth first, made independent of the order in which constraints
// were created (recorded from PostgreSQL 15; see docs/cascades.md for where SQLite differs).
//
// # Sequential cascades
//
// A [Graph] may have numbers for its references. Then a statement that only deletes is not worked by level: the references
// to a row are worked one after another, each to its end, and the row is there until all of them are done; rows that are
// deleted together are worked side by side, first in, first out. The steps that come of it are then taken for level 0, for what keys
// that were written set off and for what has to hold in the end. docs/cascades.md has the rules, docs/adr/0011 the reasons.
//
// In both orders a delete may be a soft one ([table.Schema.SoftDelete]): the row stays, and is not found any more. And a
// reference may be unchecked ([table.Reference.Unchecked]): its actions act, but nothing looks for a parent.
//
// Cost: O(log n) for each reference that meets a changed key, and O(log n) for each row reached; tables are never
// scanned.
//
// There is no compatibility promise below the root package.
package cascade
