package memrel_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/memrel/memrel"
)

// Member is the row of examples on views and keys.
type Member struct {
	ID    int64
	Email string `memrel:",unique"`
}

var Members = memrel.TableOf[Member]("members")

func ExampleView_Save() {
	Members := memrel.TableOf[Member]("members")
	db := memrel.MustOpen(Members)
	_, _ = Members.Insert(db, Member{Email: "ann@example.com"})

	var file bytes.Buffer
	_ = db.View().Save(&file)
	back, err := memrel.Load(&file, Members)
	if err != nil {
		fmt.Println(err)
		return
	}
	ann, _ := Members.Get(back, 1)
	fmt.Println(ann.Email)
	// Output: ann@example.com
}

func ExampleLoadContext() {
	db := memrel.MustOpen(Members)
	_, _ = Members.Insert(db, Member{Email: "ann@example.com"})
	ctx, cancel := context.WithCancel(context.Background())

	var file bytes.Buffer
	_ = db.View().WithContext(ctx).Save(&file)
	cancel()
	_, err := memrel.LoadContext(ctx, &file, Members)
	fmt.Println(errors.Is(err, memrel.ErrLimit), errors.Is(err, context.Canceled))
	// Output: true true
}

func ExampleView_WithContext() {
	db := memrel.MustOpen(Members)
	_, _ = Members.Insert(db, Member{Email: "ann@example.com"})
	view := db.View()

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Members.Find(view.WithContext(ctx), memrel.Query{})
	fmt.Println(errors.Is(err, context.Canceled))
	all, err := Members.Find(view, memrel.Query{})
	fmt.Println(len(all), err)
	// Output:
	// true
	// 1 <nil>
}

func ExampleTable_By() {
	Members := memrel.TableOf[Member]("members")
	MembersByEmail := Members.By("email")

	db := memrel.MustOpen(Members)
	_, _ = Members.Insert(db, Member{Email: "ann@example.com"})
	ann, ok := MembersByEmail.Get(db.View(), "ann@example.com")
	fmt.Println(ann.ID, ok)
	// Output: 1 true
}

func ExampleDiff() {
	db := memrel.MustOpen(Members)
	_, _ = Members.InsertAll(db, []Member{{Email: "ann@example.com"}, {Email: "bob@example.com"}})

	fork := db.Fork()
	_, _ = Members.Update(fork, memrel.Values{"email": "anna@example.com"}, 1)
	_, _ = Members.Delete(fork, 2)
	_, _ = Members.Insert(fork, Member{Email: "cid@example.com"})

	different, err := memrel.Diff(db, fork)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(different)
	for row := range different.Rows() {
		fmt.Println(row.Label(), row.Columns())
	}
	// Output:
	// ~ members[1]: email: "ann@example.com" -> "anna@example.com"
	// - members{id: 2, email: "bob@example.com"}
	// + members{id: 3, email: "cid@example.com"}
	// members[1] [email]
	// members[2] []
	// members[3] []
}
