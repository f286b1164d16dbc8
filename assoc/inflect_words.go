package assoc

import "strings"

// The words and endings below are those of common English as the recorded inflector sees it: where English leaves a
// choice (index, indexes or indices) the recordings have made it.

// pair is an irregular word in both forms. Anywhere means that any word may end in it: grandchild, woman.
type pair struct {
	singular, plural string
	anywhere         bool
}

var irregulars = []pair{
	{"human", "humans", true}, {"german", "germans", true}, {"roman", "romans", true}, {"shaman", "shamans", true},
	{"talisman", "talismans", true}, {"ottoman", "ottomans", true}, {"specimen", "specimens", true},
	{"regimen", "regimens", true}, {"omen", "omens", false}, {"abdomen", "abdomens", true}, {"acumen", "acumens", true},
	{"person", "people", true}, {"man", "men", true}, {"child", "children", true},
	{"mouse", "mice", true}, {"louse", "lice", false}, {"goose", "geese", false}, {"foot", "feet", true},
	{"tooth", "teeth", true}, {"ox", "oxen", false}, {"quiz", "quizzes", true}, {"die", "dice", false},
	{"leaf", "leaves", true}, {"loaf", "loaves", true}, {"hoof", "hooves", true},
	{"move", "moves", true}, {"sex", "sexes", true}, {"movie", "movies", true}, {"cookie", "cookies", true},
	{"zombie", "zombies", true}, {"selfie", "selfies", true}, {"calorie", "calories", true}, {"pie", "pies", false},
	{"tie", "ties", false}, {"lie", "lies", false}, {"rookie", "rookies", true}, {"genie", "genies", false},
	{"brownie", "brownies", true}, {"hoodie", "hoodies", true}, {"smoothie", "smoothies", true},
	{"prairie", "prairies", true}, {"eerie", "eeries", false}, {"birdie", "birdies", true}, {"cutie", "cuties", true},
	{"criterion", "criteria", true}, {"datum", "data", true}, {"medium", "media", true}, {"bacterium", "bacteria", true},
	{"curriculum", "curricula", true}, {"memorandum", "memoranda", true}, {"erratum", "errata", true},
	{"stratum", "strata", true}, {"addendum", "addenda", true}, {"symposium", "symposia", true},
	{"stadium", "stadia", true}, {"aquarium", "aquaria", true}, {"quantum", "quanta", true},
	{"genus", "genera", false}, {"phenomenon", "phenomena", true},
	{"index", "indices", true}, {"vertex", "vertices", true}, {"matrix", "matrices", true}, {"appendix", "appendices", true},
	{"vortex", "vortices", true}, {"codex", "codices", true},
	{"database", "databases", true}, {"basis", "bases", false}, {"oasis", "oases", false}, {"axis", "axes", false},
	{"crisis", "crises", true}, {"testis", "testes", false}, {"diagnosis", "diagnoses", true},
	{"prognosis", "prognoses", true}, {"neurosis", "neuroses", true}, {"psychosis", "psychoses", true},
	{"thesis", "theses", true}, {"analysis", "analyses", true},
	{"emphasis", "emphases", true}, {"synopsis", "synopses", true}, {"ellipsis", "ellipses", true},
	{"nemesis", "nemeses", true}, {"genesis", "geneses", true}, {"metamorphosis", "metamorphoses", true},
	{"gas", "gases", false}, {"lens", "lenses", false}, {"canvas", "canvases", true}, {"atlas", "atlases", false},
	{"bias", "biases", false}, {"alias", "aliases", true}, {"status", "statuses", true}, {"bus", "buses", true},
	{"virus", "viruses", true}, {"octopus", "octopuses", true}, {"campus", "campuses", true}, {"bonus", "bonuses", true},
	{"census", "censuses", true}, {"corpus", "corpuses", true}, {"circus", "circuses", true}, {"focus", "focuses", true},
	{"chorus", "choruses", true}, {"minus", "minuses", false}, {"plus", "pluses", false}, {"walrus", "walruses", false},
	{"surplus", "surpluses", false}, {"apparatus", "apparatuses", false}, {"prospectus", "prospectuses", false},
	{"lotus", "lotuses", false}, {"genius", "geniuses", false}, {"radius", "radii", false}, {"stimulus", "stimuli", false},
	{"nucleus", "nuclei", false}, {"cactus", "cacti", false}, {"alumnus", "alumni", false}, {"fungus", "fungi", false},
	{"iris", "irises", false}, {"penis", "penises", false}, {"chaos", "chaoses", false}, {"cosmos", "cosmoses", false},
	{"menu", "menus", true}, {"bureau", "bureaus", true}, {"tableau", "tableaus", false}, {"plateau", "plateaus", false}, {"guru", "gurus", false}, {"emu", "emus", false}, {"haiku", "haikus", false},
	{"yeti", "yetis", false}, {"taxi", "taxis", false}, {"ski", "skis", false}, {"kiwi", "kiwis", false},
	{"alibi", "alibis", false}, {"bikini", "bikinis", false}, {"api", "apis", true}, {"kpi", "kpis", true},
	{"uri", "uris", true}, {"rabbi", "rabbis", false}, {"safari", "safaris", false}, {"khaki", "khakis", false},
	{"wiki", "wikis", true}, {"emoji", "emojis", true}, {"gpu", "gpus", true}, {"cpu", "cpus", true}, {"sku", "skus", true},
	{"shoe", "shoes", true}, {"toe", "toes", false}, {"foe", "foes", false}, {"canoe", "canoes", false},
	{"cache", "caches", true}, {"ache", "aches", false}, {"headache", "headaches", false}, {"niche", "niches", false}, {"avalanche", "avalanches", false},
	{"axe", "axes", false}, {"believe", "believes", true}, {"safe", "safes", false}, {"giraffe", "giraffes", false},
	{"cafe", "cafes", false}, {"belief", "beliefs", true}, {"chief", "chiefs", true}, {"gulf", "gulfs", false},
	{"golf", "golfs", false}, {"turf", "turfs", false}, {"surf", "surfs", false}, {"serf", "serfs", false},
	{"glove", "gloves", true}, {"wave", "waves", true}, {"curve", "curves", true}, {"valve", "valves", true},
	{"nerve", "nerves", true}, {"olive", "olives", true}, {"archive", "archives", true}, {"drive", "drives", true},
	{"hive", "hives", true}, {"sleeve", "sleeves", true}, {"eve", "eves", false}, {"stove", "stoves", false},
	{"cave", "caves", true}, {"slave", "slaves", true}, {"grave", "graves", true}, {"reserve", "reserves", true},
	{"serve", "serves", true}, {"dive", "dives", false}, {"five", "fives", false}, {"native", "natives", true},
	{"alternative", "alternatives", true}, {"objective", "objectives", true}, {"perspective", "perspectives", true},
	{"directive", "directives", true}, {"executive", "executives", true}, {"detective", "detectives", true},
	{"initiative", "initiatives", true}, {"narrative", "narratives", true}, {"representative", "representatives", true},
}

// uncountables have one form.
var uncountables = wordSet(`advice aircraft baggage bread butter cash chess cattle clothing cotton crossroads deer dust
	economics education electricity energy equipment ethics evidence fiction fuel fun furniture garbage gold gossip
	happiness hardware headquarters health homework honey ice information jewelry knowledge linguistics literature
	livestock luck luggage machinery magic mankind mathematics means measles milk money mumps music nature news
	nonsense offspring oxygen patience physics poetry police pollution rain research rice salmon sand scenery series
	sheep shopping shrimp software soap soil species steam sunshine swine tennis thunder traffic transportation
	violence weather wheat wildlife wood`)

func wordSet(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// ending is a rule: a word that ends in one of from loses cut letters and gets put.
type ending struct {
	from []string
	cut  int
	put  string
}

// pluralEndings and singularEndings are tried in order.
var (
	pluralEndings = []ending{
		{[]string{"ss", "sh", "ch", "x"}, 0, "es"},
		{[]string{"sis"}, 2, "es"},
		{[]string{"bus"}, 0, "es"},
		{[]string{"s"}, 1, "s"}, // in lower case, as recorded
		{[]string{"ay", "ey", "iy", "oy"}, 0, "s"},
		{[]string{"quy"}, 1, "ies"},
		{[]string{"uy"}, 0, "s"},
		{[]string{"y"}, 1, "ies"},
		{[]string{"lf", "rf"}, 1, "ves"},
		{[]string{"ffe"}, 0, "s"},
		{[]string{"fe"}, 2, "ves"},
		{[]string{"tomato", "potato", "buffalo"}, 0, "es"},
		{[]string{""}, 0, "s"},
	}
	singularEndings = []ending{
		{[]string{"ss", "us", "is"}, 0, ""},
		{[]string{"ies"}, 3, "y"},
		{[]string{"sses", "shes", "ches", "xes", "buses"}, 2, ""},
		{[]string{"lves", "rves"}, 3, "f"},
		{[]string{"aves", "oves", "eves", "tives"}, 1, ""},
		{[]string{"ives"}, 3, "fe"},
		{[]string{"oes"}, 2, ""},
		{[]string{"s"}, 1, ""},
	}
)
