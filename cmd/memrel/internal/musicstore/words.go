package musicstore

import (
	"math/rand/v2"
	"strings"
)

var (
	adjectives = strings.Fields(`Silver Broken Electric Hollow Velvet Burning Quiet Golden Paper Wild Lonely Neon Crooked Midnight
		Distant Gentle Frozen Crimson Restless Painted Borrowed Endless Dusty Shining Hidden Sudden Wooden Secret Faded Tender`)
	nouns = strings.Fields(`River Mirror Engine Garden Harbor Lantern Thunder Orchard Signal Feather Mountain Station Shadow Canyon
		Compass Window Anchor Forest Island Candle Horizon Meadow Parade Satellite Whisper Avenue Bridge Castle Diamond Ocean`)
	plurals = strings.Fields(`Wolves Sparrows Strangers Pilots Dreamers Foxes Machines Sailors Thieves Kings Comets Ghosts Poets
		Rebels Tigers Vandals Brothers Daughters Satellites Shadows`)
	verbs  = strings.Fields(`Chasing Leaving Finding Losing Crossing Burning Following Remembering Painting Holding Stealing Breaking`)
	firsts = strings.Fields(`Ada Bruno Carla Dario Elena Felix Greta Hugo Ines Jonas Katja Leo Mara Nils Olga Pavel Rosa Samir Tilda
		Umar Vera Wanda Yuki Zoe Amara Björn Chloé Diego Esra Farid`)
	lasts = strings.Fields(`Almeida Berg Costa Dvorak Eriksen Fontaine Garcia Hansen Ivanova Jensen Kowalski Lindqvist Moreau Novak
		Okafor Petrov Quist Rossi Santos Tanaka Ueda Varga Weber Yilmaz Zhang Adeyemi Brandt Castillo Doyle Engel`)
	cities = strings.Fields(`Lisbon Oslo Prague Berlin Toronto Lagos Kyoto Lima Dublin Turin Vienna Porto Seoul Quito Ghent Austin`)
	genres = []string{"Rock", "Pop", "Jazz", "Metal", "Blues", "Folk", "Soul", "Electronic", "Hip Hop", "Classical", "Reggae",
		"Country", "Punk", "Latin", "Ambient", "Gospel", "Ska", "Tango"}
	moods = []string{"Morning", "Running", "Rainy Day", "Dinner", "Road Trip", "Focus", "Party", "Late Night", "Summer", "Heartbreak"}
	kinds = []string{"Mix", "Favorites", "Classics", "Discoveries", "Essentials"}
)

func pick(r *rand.Rand, words []string) string { return words[r.IntN(len(words))] }

func artistName(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return pick(r, firsts) + " " + pick(r, lasts)
	case 1:
		return pick(r, firsts) + " & the " + pick(r, plurals)
	case 2:
		return pick(r, adjectives) + " " + pick(r, nouns)
	case 3:
		return pick(r, nouns) + " " + pick(r, plurals)
	}
	return "The " + pick(r, adjectives) + " " + pick(r, plurals)
}

func albumTitle(r *rand.Rand) string {
	switch r.IntN(5) {
	case 0:
		return "Live in " + pick(r, cities)
	case 1:
		return pick(r, nouns) + " & " + pick(r, nouns)
	case 2:
		return pick(r, verbs) + " the " + pick(r, nouns)
	}
	return pick(r, adjectives) + " " + pick(r, nouns)
}

func trackTitle(r *rand.Rand) string {
	switch r.IntN(7) {
	case 0:
		return pick(r, verbs) + " the " + pick(r, nouns)
	case 1:
		return pick(r, nouns) + " of " + pick(r, plurals)
	case 2:
		return pick(r, cities) + " " + pick(r, nouns)
	case 3:
		return pick(r, verbs) + " in " + pick(r, cities)
	case 4:
		return "My " + pick(r, adjectives) + " " + pick(r, nouns)
	}
	return pick(r, adjectives) + " " + pick(r, nouns)
}
