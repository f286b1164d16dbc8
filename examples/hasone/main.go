// Command hasone: each user has one profile, which keeps the foreign key.
package main

import (
	"fmt"

	"github.com/memrel/memrel"
)

type User struct {
	ID    int64
	Email string
}

type Profile struct {
	ID     int64
	UserID *int64 `memrel:",unique"` // unique: no two profiles of one user; a pointer: a profile may be nobody's
	Bio    string
}

var (
	Users       = memrel.TableOf[User]("users")
	Profiles    = memrel.TableOf[Profile]("profiles")
	UserProfile = memrel.HasOne(Users, Profiles, memrel.OnDelete(memrel.Cascade))
)

func main() {
	db := memrel.MustOpen(Users, Profiles, UserProfile)
	ann, _ := Users.Insert(db, User{Email: "ann@example.com"})

	first, _ := UserProfile.Create(db, &ann, Profile{Bio: "Writes Go."})
	fmt.Println("created:", first.Bio, "of user", *first.UserID)

	_, err := UserProfile.Create(db, &ann, Profile{Bio: "Again."})
	fmt.Println("a second one:", err)

	// Set puts another in its place, and lets go of the one that was there.
	second, _ := Profiles.Insert(db, Profile{Bio: "Writes books."})
	UserProfile.Set(db, &ann, &second)
	now, ok := UserProfile.Get(db, ann)
	fmt.Println("set:", now.Bio, ok)
	first, _ = Profiles.Get(db, first.ID)
	fmt.Println("let go of:", first.Bio, first.UserID == nil)

	// A condition may ask for what an association leads to.
	writers, _ := Users.Find(db, memrel.Query{Where: memrel.Some("profile", memrel.Like("bio", "%books%"))})
	fmt.Println("found by her profile:", writers[0].Email)

	Users.Delete(db, ann.ID) // and her profile goes with her
	left, _ := Profiles.Count(db, memrel.Cond{})
	fmt.Println("profiles left:", left)
}
