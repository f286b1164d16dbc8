package assoc

import "strings"

// Words are inflected by endings, as the recorded inflector does it: of the Latin words those in -tum and -ium have a plural in -a,
// those in -vertex, -index and -matrix one in -ices, the others -s or -es; -lf and -rf become -lves and -rves, -fe becomes -ves, and
// other words in -f take an s.

// pair is a word that the endings make no word of, in both forms: cookie would be the cooky of cookies, focus have no plural. Anywhere
// that any word may end in it: grandchild, woman.
type pair struct {
	singular, plural string
	anywhere         bool
}

var irregulars = []pair{
	{"human", "humans", true}, {"german", "germans", true}, {"roman", "romans", true}, {"shaman", "shamans", true},
	{"talisman", "talismans", true}, {"ottoman", "ottomans", true}, {"specimen", "specimens", true},
	{"regimen", "regimens", true}, {"omen", "omens", false}, {"abdomen", "abdomens", true}, {"acumen", "acumens", true},
	{"man", "men", true}, {"goose", "geese", false}, {"foot", "feet", false}, {"tooth", "teeth", false},

	{"cookie", "cookies", true}, {"zombie", "zombies", true}, {"selfie", "selfies", true}, {"calorie", "calories", true},
	{"pie", "pies", false}, {"tie", "ties", false}, {"lie", "lies", false}, {"rookie", "rookies", true},
	{"genie", "genies", false}, {"brownie", "brownies", true}, {"hoodie", "hoodies", true},
	{"smoothie", "smoothies", true}, {"prairie", "prairies", true}, {"eerie", "eeries", false},
	{"birdie", "birdies", true}, {"cutie", "cuties", true}, {"genus", "genera", false}, {"phenomenon", "phenomena", true},
	{"oasis", "oases", false}, {"axis", "axes", false}, {"neurosis", "neuroses", true}, {"psychosis", "psychoses", true},
	{"analysis", "analyses", true}, {"emphasis", "emphases", true}, {"ellipsis", "ellipses", true},
	{"nemesis", "nemeses", true}, {"genesis", "geneses", true}, {"metamorphosis", "metamorphoses", true},
	{"gas", "gases", false}, {"lens", "lenses", false}, {"atlas", "atlases", false}, {"bias", "biases", false},
	{"census", "censuses", true}, {"corpus", "corpuses", true}, {"circus", "circuses", true}, {"focus", "focuses", true},
	{"chorus", "choruses", true}, {"plus", "pluses", false}, {"walrus", "walruses", false},
	{"surplus", "surpluses", false}, {"apparatus", "apparatuses", false}, {"prospectus", "prospectuses", false},
	{"lotus", "lotuses", false}, {"genius", "geniuses", false}, {"radius", "radii", false},
	{"stimulus", "stimuli", false}, {"nucleus", "nuclei", false}, {"cactus", "cacti", false},
	{"alumnus", "alumni", false}, {"fungus", "fungi", false}, {"iris", "irises", false}, {"penis", "penises", false},
	{"cosmos", "cosmoses", false}, {"taxi", "taxis", false}, {"shoe", "shoes", true}, {"toe", "toes", false},
	{"foe", "foes", false}, {"canoe", "canoes", false}, {"cache", "caches", true}, {"ache", "aches", false},
	{"headache", "headaches", false}, {"niche", "niches", false}, {"avalanche", "avalanches", false},
	{"axe", "axes", false}, {"believe", "believes", true}, {"safe", "safes", false}, {"cafe", "cafes", false},
	{"gulf", "gulfs", false}, {"turf", "turfs", false}, {"surf", "surfs", false}, {"serf", "serfs", false},
	{"valve", "valves", true}, {"nerve", "nerves", true}, {"olive", "olives", true}, {"sleeve", "sleeves", true},
	{"eve", "eves", false}, {"reserve", "reserves", true}, {"serve", "serves", true}, {"dive", "dives", false},
	{"five", "fives", false},
}

// uncountables have one form.
var uncountables = wordSet(`accommodation adulthood advertising advice aggression aid air aircraft alcohol anger applause arithmetic assistance
	athletics bacon baggage beef biology blood botany bread butter carbon cardboard cash cattle chalk chaos chess
	clothing countryside crossroads dancing deer dignity dirt dust economics education electricity engineering
	enjoyment envy equipment ethics evidence evolution fame fiction flour flu food fuel fun furniture gallows garbage
	garlic genetics gold golf gossip gratitude grief guilt gymnastics happiness hardware harm hate hatred headquarters
	health heat help homework honesty honey hospitality housework humour hunger hydrogen ice importance inflation
	information innocence iron irony jam jewelry judo karate knowledge lack laughter lava leather leisure lightning
	linguine linguini linguistics literature litter livestock logic loneliness luck luggage macaroni machinery magic
	management mankind marble mathematics mayonnaise measles methane milk minus money mud mumps music nature
	news nitrogen nonsense nurture nutrition obedience obesity offspring oxygen pasta patience physics poetry police
	pollution poverty pride psychology publicity punctuation quartz racism relaxation reliability research respect
	revenge rice rubbish rum safety scenery seafood seaside series shame sheep shopping sleep smoke smoking snow soap
	software soil spaghetti species steam stuff stupidity sunshine swine symmetry tennis thirst thunder timber traffic
	transportation trust underwear unemployment unity validity veal vegetarianism vegetation vengeance violence
	vitality warmth wealth weather welfare wheat wildlife wisdom yoga zinc zoology`)

func wordSet(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// ending is a rule: a word that ends in one of from loses cut letters and gets put; one that loses and gets nothing stays. Whole
// that there is nothing before it; notAfter that there is a letter before it, but none of these.
type ending struct {
	from     string
	whole    bool
	notAfter string
	cut      int
	put      string
}

// pluralEndings and singularEndings are tried in order: first those of words that are in that form already.
var (
	pluralEndings = []ending{
		{from: "men women", whole: true}, {from: "people children ta ia"},
		{from: "analyses bases diagnoses parentheses prognoses synopses theses databases drives hives tives curves lves rves"},
		{from: "ves", notAfter: "fo"}, {from: "ies", notAfter: "aeiouy"}, {from: "quies series movies xes ches sses shes"},
		{from: "mice lice buses oes shoes crises axes testes octopuses viruses aliases canvases statuses campuses"},
		{from: "summonses bonuses oxen whereases criteria", whole: true}, {from: "matrices quizzes"},

		{from: "man woman", whole: true, cut: 2, put: "en"}, {from: "person", cut: 4, put: "ople"}, {from: "child", put: "ren"},
		{from: "drive", put: "s"}, {from: "ox", whole: true, put: "en"}, {from: "axis testis", cut: 2, put: "es"},
		{from: "octopus virus alias status canvas campus", put: "es"}, {from: "summons bonus", whole: true, put: "es"}, {from: "bus", put: "es"},
		{from: "buffalo tomato potato", put: "es"}, {from: "tum ium", cut: 2, put: "a"}, {from: "sis", cut: 2, put: "es"},
		{from: "fe", notAfter: "f", cut: 2, put: "ves"}, {from: "lf rf", cut: 1, put: "ves"}, {from: "hive tive", put: "s"},
		{from: "y", notAfter: "aeiouy", cut: 1, put: "ies"}, {from: "quy", cut: 1, put: "ies"}, {from: "matrix vertex index", cut: 2, put: "ices"},
		{from: "x ch ss sh", put: "es"}, {from: "mouse louse", cut: 4, put: "ice"}, {from: "quiz", put: "zes"}, {from: "whereas", whole: true, put: "es"},
		{from: "criterion", whole: true, cut: 2, put: "a"},
		{from: "s", cut: 1, put: "s"}, // in lower case, as recorded
		{put: "s"},
	}
	singularEndings = []ending{
		{from: "man woman", whole: true}, {from: "person child drive"}, {from: "ox summons bonus whereas criterion", whole: true},
		{from: "axis testis octopus virus alias status canvas campus bus buffalo tomato potato tum ium sis lf rf hive tive quy"},
		{from: "fe", notAfter: "f"}, {from: "y", notAfter: "aeiouy"}, {from: "x ch ss sh matrix mouse louse quiz"},

		{from: "men women", whole: true, cut: 2, put: "an"}, {from: "people", cut: 4, put: "rson"}, {from: "children", cut: 3},
		{from: "databases drives curves", cut: 1}, {from: "criteria", whole: true, cut: 1, put: "on"}, {from: "ta ia", cut: 1, put: "um"},
		{from: "bases diagnoses parentheses prognoses synopses theses", cut: 2, put: "is"}, {from: "hives tives", cut: 1},
		{from: "lves rves", cut: 3, put: "f"}, {from: "aves", cut: 1}, {from: "ves", notAfter: "fo", cut: 3, put: "fe"}, {from: "movies", cut: 1},
		{from: "ies", notAfter: "aeiouy", cut: 3, put: "y"}, {from: "quies", cut: 3, put: "y"}, {from: "xes ches sses shes", cut: 2},
		{from: "mice lice", cut: 3, put: "ouse"}, {from: "buses oes", cut: 2}, {from: "crises axes testes", cut: 2, put: "is"},
		{from: "octopuses viruses aliases canvases statuses campuses", cut: 2}, {from: "summonses bonuses oxen whereases", whole: true, cut: 2},
		{from: "matrices", cut: 3, put: "x"}, {from: "vertices indices", cut: 4, put: "ex"}, {from: "quizzes", cut: 3}, {from: "ss"},
		{from: "s", cut: 1},
	}
)
