package waterline_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// three are models over three datastores: what a shop has of its customers, the products, and their visits.
const three = `{
	"customer": {"datastore": "a", "attributes": {"name": "string",
		"wishlist": {"collection": "product", "via": "wishedBy", "dominant": true},
		"visits": {"collection": "visit", "via": "customer"}}},
	"product": {"datastore": "b", "attributes": {"name": {"type": "string", "required": true},
		"wishedBy": {"collection": "customer", "via": "wishlist"}}},
	"visit": {"datastore": "c", "attributes": {"page": {"type": "string", "unique": true}, "customer": {"model": "customer"}}}
}`

var errInjected = errors.New("out of reach")

// held is what all datastores hold, as bytes.
func held(t *testing.T, o *waterline.Ontology) string {
	t.Helper()
	var b bytes.Buffer
	for _, name := range o.Datastores() {
		fmt.Fprintln(&b, name)
		require.NoError(t, o.Store(name).View().Save(&b))
	}
	return b.String()
}

func noViolations(t *testing.T, o *waterline.Ontology) {
	t.Helper()
	for err := range o.Check() {
		t.Error(err)
	}
}

// TestASaveRefusedInTheThirdDatastoreLeavesAllAsTheyWere injects failures at random points of saves over three datastores:
// a statement in the third, or its commit.
func TestASaveRefusedInTheThirdDatastoreLeavesAllAsTheyWere(t *testing.T) {
	calls, failAt := 0, 0
	o := open(three, waterline.OnCall(func(c waterline.Call) error {
		if c.Datastore != "c" {
			return nil
		}
		if calls++; calls == failAt {
			return errInjected
		}
		return nil
	}))
	random, points := rand.New(rand.NewPCG(1, 2)), map[int]bool{}
	for n := range 200 {
		failAt = 0
		customer, err := o.Collection("customer").Create(waterline.Values{"name": "ann", "wishlist": []any{waterline.Values{"name": "socks"}},
			"visits": []any{waterline.Values{"page": fmt.Sprint(n, "/first")}}})
		require.NoError(t, err)
		adds := 1 + random.IntN(5)
		customer.Set("name", fmt.Sprint("ann", n))
		for i := range adds {
			require.NoError(t, customer.Add("wishlist", waterline.Values{"name": fmt.Sprint("p", i)}))
			require.NoError(t, customer.Add("visits", waterline.Values{"page": fmt.Sprint(n, "/", i)}))
		}
		require.NoError(t, customer.Remove("visits", 1))
		contacts := adds + 2 // the visits added, the one removed, the commit

		before := held(t, o)
		calls, failAt = 0, 1+random.IntN(contacts)
		points[failAt] = true
		require.ErrorIs(t, customer.Save(), errInjected, "point %d", failAt)
		require.Equal(t, before, held(t, o), "point %d of save %d", failAt, n)

		calls, failAt = 0, 0
		require.NoError(t, customer.Save(), "what waited goes on waiting")
		require.Equal(t, contacts, calls)
		require.NotEqual(t, before, held(t, o))
	}
	require.Len(t, points, 7)
	noViolations(t, o)
}

// TestASaveRefusedByTheThirdDatastoreItself is refused by a unique key there.
func TestASaveRefusedByTheThirdDatastoreItself(t *testing.T) {
	o := open(three)
	Customer := o.Collection("customer")
	ann, err := Customer.Create(waterline.Values{"name": "ann", "visits": []any{waterline.Values{"page": "/"}}})
	require.NoError(t, err)
	ann.Set("name", "bob")
	require.NoError(t, ann.Add("wishlist", waterline.Values{"name": "socks"}))
	require.NoError(t, ann.Add("visits", waterline.Values{"page": "/"}))
	before := held(t, o)
	err = ann.Save()
	require.ErrorIs(t, err, memrel.ErrUnique)
	var failed *waterline.WriteError
	require.ErrorAs(t, err, &failed)
	require.Len(t, failed.Failed, 1)
	require.Equal(t, "insert", failed.Failed[0].Type)
	require.Equal(t, "visit", failed.Failed[0].Collection)
	require.False(t, failed.Published)
	require.Equal(t, before, held(t, o))
	noViolations(t, o)
}

// TestWithoutAtomicWhatCouldBeDoneStaysDone is the recorded behavior.
func TestWithoutAtomicWhatCouldBeDoneStaysDone(t *testing.T) {
	o := open(three, waterline.Atomic(false))
	ann, err := o.Collection("customer").Create(waterline.Values{"name": "ann"})
	require.NoError(t, err)
	ann.Set("name", "bob")
	require.NoError(t, ann.Add("wishlist", 7, waterline.Values{"name": "socks"}))
	require.NoError(t, ann.Remove("visits", waterline.Values{"page": "/"}))
	err = ann.Save()
	var failed *waterline.WriteError
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.Published)
	require.Len(t, failed.Failed, 2)
	require.Equal(t, map[string]any{"customer_wishlist": int64(1), "product_wishedBy": int64(7)}, failed.Failed[0].Criteria)
	found, err := o.Collection("customer").FindOne(1, waterline.Populate{Attr: "wishlist"})
	require.NoError(t, err)
	require.Equal(t, "bob", found.Get("name"))
	require.Len(t, found.Many("wishlist"), 1)
	require.NoError(t, ann.Save(), "nothing waits any more")
	noViolations(t, o)
}

// TestReadersSeeAllOfACallOrNothing reads through the ontology while calls write to two datastores.
func TestReadersSeeAllOfACallOrNothing(t *testing.T) {
	o := open(three)
	Customer := o.Collection("customer")
	var writer sync.WaitGroup
	writer.Go(func() {
		for range 100 {
			_, err := Customer.Create(waterline.Values{"name": "ann", "visits": []any{waterline.Values{}, waterline.Values{}}})
			if err != nil {
				t.Error(err)
			}
		}
	})
	for range 200 {
		found, err := Customer.Find(nil, waterline.Populate{Attr: "visits"})
		require.NoError(t, err)
		for _, c := range found {
			require.Len(t, c.Many("visits"), 2)
		}
	}
	writer.Wait()
	noViolations(t, o)
}
