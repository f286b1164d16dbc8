package assoc

import (
	"encoding/json"
	"os"
	"testing"
)

// TestWordsAgree compares with the recorded names; entries marked quirk are not English and may differ.
func TestWordsAgree(t *testing.T) {
	text, err := os.ReadFile("../tests/testdata/naming/words.json")
	if err != nil {
		t.Fatal(err)
	}
	var words []struct {
		Model, Singular, Plural, Table, AliasSingular, Add, AddMultiple string
		Quirk                                                           bool
	}
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if w.Quirk {
			continue
		}
		singular := Singularize(w.Plural)
		got := [...]string{Singularize(w.Model), Pluralize(w.Model), singular, "add" + upperFirst(singular), "add" + upperFirst(w.Plural)}
		want := [...]string{w.Singular, w.Plural, w.AliasSingular, w.Add, w.AddMultiple}
		if got != want {
			t.Errorf("%s: got %v, want %v", w.Model, got, want)
		}
	}
}

func TestWordsBesideTheRecordings(t *testing.T) {
	for _, c := range [][2]string{
		{"Woman", "Women"}, {"grandchild", "grandchildren"}, {"Leave", "Leaves"}, {"Wife", "Wives"}, {"Knife", "Knives"},
		{"Potato", "Potatoes"}, {"City", "Cities"}, {"Guy", "Guys"}, {"Colloquy", "Colloquies"}, {"Box", "Boxes"},
		{"Sheep", "Sheep"}, {"order_item", "order_items"}, {"Cookie", "Cookies"}, {"Purchase", "Purchases"},
		{"Response", "Responses"}, {"Address", "Addresses"}, {"Wolf", "Wolves"}, {"Olive", "Olives"}, {"House", "Houses"},
		{"Hypothesis", "Hypotheses"}, {"Analysis", "Analyses"}, {"Campus", "Campuses"}, {"Datum", "Data"},
		{"Moose", "Mooses"}, {"Person", "People"}, {"Fox", "Foxes"}, {"mailbox", "mailboxes"}, {"Shoe", "Shoes"}, {"API", "APIs"}, {"Specimen", "Specimens"}, {"Bureau", "Bureaus"}, {"Salesman", "Salesmen"},
	} {
		if got := Pluralize(c[0]); got != c[1] {
			t.Errorf("plural of %s: got %s, want %s", c[0], got, c[1])
		}
		if got := Singularize(c[1]); got != c[0] {
			t.Errorf("singular of %s: got %s, want %s", c[1], got, c[0])
		}
		if got := Pluralize(c[1]); got != c[1] {
			t.Errorf("plural of %s: got %s", c[1], got)
		}
		if got := Singularize(c[0]); got != c[0] {
			t.Errorf("singular of %s: got %s", c[0], got)
		}
	}
}

// TestLatinAndGermanEndings are words by the rules of their endings, which are the recorded inflector's.
func TestLatinAndGermanEndings(t *testing.T) {
	for _, c := range [][2]string{
		{"Datum", "Data"}, {"Stadium", "Stadia"}, {"Momentum", "Momenta"}, {"Podium", "Podia"}, {"Album", "Albums"}, {"Museum", "Museums"},
		{"Forum", "Forums"}, {"Curriculum", "Curriculums"}, {"Memorandum", "Memorandums"},
		{"Index", "Indices"}, {"Vertex", "Vertices"}, {"Matrix", "Matrices"}, {"Appendix", "Appendixes"}, {"Codex", "Codexes"}, {"Suffix", "Suffixes"},
		{"Shelf", "Shelves"}, {"Calf", "Calves"}, {"Scarf", "Scarves"}, {"Roof", "Roofs"}, {"Proof", "Proofs"}, {"Chef", "Chefs"}, {"Cliff", "Cliffs"},
		{"Knife", "Knives"}, {"Giraffe", "Giraffes"}, {"ProductMatrix", "ProductMatrices"}, {"UserDatum", "UserData"},
	} {
		got := [...]string{Pluralize(c[0]), Singularize(c[1]), Pluralize(c[1]), Singularize(c[0])}
		if want := [...]string{c[1], c[0], c[1], c[0]}; got != want {
			t.Errorf("%s: got %v, want %v", c[0], got, want)
		}
	}
}
