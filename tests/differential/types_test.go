package differential

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// TestPrecisionOnPostgres rounds random times and times of day at every precision.
func TestPrecisionOnPostgres(t *testing.T) {
	peer := connect(t, "differential_precision")
	if err := peer.connect(); err != nil {
		t.Fatal(err)
	}
	const layout = "2006-01-02 15:04:05.999999"
	for digits := range 7 {
		var given, asked []string
		var clocks []string
		for range 400 {
			micros := rand.Int64N(1_000_000)
			if rand.IntN(2) == 0 { // a half, or beside one
				step := types.PrecisionOf(digits).Microseconds()
				micros = min(max(micros/step*step+step/2+rand.Int64N(3)-1, 0), 999_999)
			}
			at := time.Unix(rand.Int64N(4_000_000_000)-500_000_000, micros*1000).UTC()
			given, clocks = append(given, at.Format(layout)), append(clocks, at.Format("15:04:05.999999"))
			asked = append(asked, fmt.Sprintf("('%s'::timestamp(%d)::text, '%s'::time(%d)::text)", given[len(given)-1], digits, clocks[len(clocks)-1], digits))
		}
		result, err := peer.db.Exec(background, "VALUES "+strings.Join(asked, ", ")).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		moment := memrel.Column{Name: "at", Type: memrel.Time, Precision: types.PrecisionOf(digits)}
		clock := memrel.Column{Name: "at", Type: memrel.TimeOfDay, Precision: types.PrecisionOf(digits)}
		for i, row := range result[0].Rows {
			v, err := moment.FromText(given[i])
			if got := v.Time().Format(layout); err != nil || got != string(row[0]) {
				t.Errorf("%s at %d digits is %s here, %s there (%v)", given[i], digits, got, row[0], err)
			}
			since, err := clock.FromText(clocks[i])
			if got := types.ToGo(memrel.TimeOfDay, since); err != nil || got != string(row[1]) {
				t.Errorf("%s at %d digits is %v here, %s there (%v)", clocks[i], digits, got, row[1], err)
			}
		}
	}
}

// TestEnumsOnPostgres sorts and compares the names of an enum.
func TestEnumsOnPostgres(t *testing.T) {
	peer := connect(t, "differential_enums")
	if err := peer.connect(); err != nil {
		t.Fatal(err)
	}
	names := []string{"new", "Open", "", "it's", "done"}
	list, quoted := memrel.Column{Name: "e", Type: memrel.Enum, Names: names}, make([]string, len(names))
	db := memrel.MustOpen(memrel.Schema{Name: "t", PrimaryKey: []string{"e"}, Columns: memrel.Columns{list}})
	for i, name := range names {
		quoted[i] = literal(name)
	}
	for _, i := range rand.Perm(len(names)) {
		if _, err := memrel.RowsOf("t").Insert(db, memrel.Values{"e": names[i]}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		rows, err := memrel.RowsOf("t").Find(db, memrel.Query{Where: memrel.Gte("e", name), Order: []memrel.Order{{Column: "e", Desc: true}}})
		if err != nil {
			t.Fatal(err)
		}
		var here, there []string
		for _, r := range rows {
			here = append(here, r.Get("e").(string))
		}
		result, err := peer.db.Exec(background, "DROP TYPE IF EXISTS e; CREATE TYPE e AS ENUM ("+strings.Join(quoted, ", ")+
			"); SELECT jsonb_agg(x ORDER BY x DESC) FROM unnest(enum_range(NULL::e)) x WHERE x >= "+literal(name)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(result[2].Rows[0][0], &there); err != nil || !slices.Equal(here, there) {
			t.Errorf("from %q on: %q here, %q there (%v)", name, here, there, err)
		}
	}
	for err := range db.Check() {
		t.Error(err)
	}
}
