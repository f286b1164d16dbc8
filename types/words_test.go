package types

import "testing"

func TestWords(t *testing.T) {
	for in, want := range map[string]string{"foo_id": "fooId", "user_profile_id": "userProfileId", "Foo_id": "FooId", "a-b c": "aBC"} {
		if got := Camelize(in); got != want {
			t.Errorf("camelize %s: got %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{"fooId": "foo_id", "UserProfile": "user_profile", "HTTPServer": "http_server", "a_b": "a_b"} {
		if got := Underscore(in); got != want {
			t.Errorf("underscore %s: got %s, want %s", in, got, want)
		}
	}
}
