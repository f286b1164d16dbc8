package waterline_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

const fleet = `{
	"owner":  {"datastore": "a", "attributes": {"name": "string",
		"boats": {"collection": "boat", "via": "owner"}, "crew": {"collection": "sailor", "via": "owners", "dominant": true}}},
	"boat":   {"datastore": "b", "attributes": {"name": "string", "owner": {"model": "owner"}}},
	"sailor": {"datastore": "b", "attributes": {"name": "string", "owners": {"collection": "owner", "via": "crew"}}}
}`

// manned has 1,000 owners with 10 boats and 10 sailors each.
func manned(b *testing.B, models string) *waterline.Ontology {
	b.Helper()
	o := open(models)
	owners := make([]waterline.Values, 1000)
	for i := range owners {
		boats, crew := make([]any, 10), make([]any, 10)
		for k := range boats {
			boats[k], crew[k] = waterline.Values{"name": "boat"}, 1+(i*7+k*13)%500
		}
		owners[i] = waterline.Values{"name": "owner", "boats": boats, "crew": crew}
	}
	if _, err := o.Collection("sailor").CreateEach(make([]waterline.Values, 500)); err != nil {
		b.Fatal(err)
	}
	if _, err := o.Collection("owner").CreateEach(owners); err != nil {
		b.Fatal(err)
	}
	return o
}

// BenchmarkPopulate populates 1,000 records over two datastores, in turn with the same FindAll in one store, and reports how
// many times its time it takes, by the medians of both.
func BenchmarkPopulate(b *testing.B) {
	two := manned(b, fleet)
	one := manned(b, strings.ReplaceAll(fleet, `"datastore": "b"`, `"datastore": "a"`))
	view := one.Store("a").View()
	for _, attr := range []string{"boats", "crew"} {
		b.Run(attr, func(b *testing.B) {
			var inOne, overTwo []time.Duration
			for b.Loop() {
				inOne = append(inOne, timed(b, func() (int, error) {
					rows, err := memrel.ModelOf("owner").Find(view, memrel.Query{Include: []memrel.Include{{As: attr}}})
					return len(rows), err
				}))
				overTwo = append(overTwo, timed(b, func() (int, error) {
					rows, err := two.Collection("owner").Find(nil, waterline.Populate{Attr: attr})
					return len(rows), err
				}))
			}
			b.ReportMetric(float64(median(inOne)), "ns/FindAll")
			b.ReportMetric(float64(median(overTwo)), "ns/Find")
			b.ReportMetric(float64(median(overTwo))/float64(median(inOne)), "times")
		})
	}
}

func timed(b *testing.B, find func() (int, error)) time.Duration {
	began := time.Now()
	if n, err := find(); n != 1000 || err != nil {
		b.Fatal(n, err)
	}
	return time.Since(began)
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
