package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"time"

	"github.com/memrel/memrel"
)

// errorClass is the recordings' word for an error; empty if they have none.
func errorClass(err error) string {
	var noRow errNoRow
	switch {
	case errors.As(err, &noRow), errors.Is(err, memrel.ErrNotFound):
		return "noSuchRow"
	case errors.Is(err, memrel.ErrNotNull):
		return "notNull"
	case errors.Is(err, memrel.ErrUnique):
		return "unique"
	case errors.Is(err, memrel.ErrForeignKey):
		return "foreignKey"
	case errors.Is(err, memrel.ErrCheck):
		return "validation"
	case errors.Is(err, memrel.ErrType):
		return "invalidValue"
	case errors.Is(err, memrel.ErrUnknownColumn):
		return "unknownColumn"
	case errors.Is(err, memrel.ErrUnknownAssociation):
		return "eagerLoading"
	case errors.Is(err, memrel.ErrUnknownMethod):
		return "noAccessor"
	case errors.Is(err, memrel.ErrQuery), errors.Is(err, memrel.ErrDefinition):
		return "association"
	}
	return ""
}

// recordedClass is the class of the error that a step was recorded to end in.
func recordedClass(expect map[string]any) string {
	e, ok := expect["error"].(map[string]any)
	if !ok {
		return ""
	}
	class, _ := e["class"].(string)
	return class
}

// differentOutcome compares a step's outcome.
func differentOutcome(expect map[string]any, got any, err error) string {
	var unknown errUnknown
	if errors.As(err, &unknown) {
		return err.Error()
	}
	want := recordedClass(expect)
	if err != nil {
		if class := errorClass(err); want == "" || class != want {
			return fmt.Sprintf("got error %q (%v), want %s", class, err, short(expect))
		}
		return ""
	}
	if want != "" {
		return fmt.Sprintf("got %s, want error %s", short(got), want)
	}
	var plain map[string]any
	if err := redecode(got, &plain); err != nil {
		return err.Error()
	}
	ordered := expect["ordered"] == true
	for _, key := range []string{"row", "rows", "value", "affected", "ok", "tables", "created"} {
		w, wanted := expect[key]
		g, given := plain[key]
		if wanted != given {
			return fmt.Sprintf("got %s, want %s", short(plain), short(expect))
		}
		if !wanted {
			continue
		}
		if a, b := canonical(w, !(ordered && key == "rows")), canonical(g, !(ordered && key == "rows")); a != b {
			return fmt.Sprintf("got %s, want %s", shorten(b), shorten(a))
		}
	}
	return ""
}

func short(v any) string { return shorten(jsonText(v)) }

func shorten(s string) string {
	const most = 600
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

// canonical writes decoded JSON so that what is equal reads equal: lists sorted, but for a top one whose order counts;
// numbers by value; times in UTC with milliseconds; the moment of the step as the runner's clock has it.
func canonical(v any, sortTop bool) string {
	switch v := v.(type) {
	case []any:
		parts := make([]any, len(v))
		for i, e := range v {
			parts[i] = json.RawMessage(canonical(e, true))
		}
		if sortTop {
			sortAny(parts)
		}
		return jsonText(parts)
	case map[string]any:
		out := map[string]json.RawMessage{}
		for k, e := range v {
			out[k] = json.RawMessage(canonical(e, true))
		}
		return jsonText(out)
	case json.Number:
		if r, ok := new(big.Rat).SetString(v.String()); ok {
			return jsonText("#" + r.RatString())
		}
	case string:
		return jsonText(canonicalText(v))
	}
	return jsonText(v)
}

var looksLikeTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`)

func canonicalText(s string) string {
	if s == "$now" {
		return recordedNow.Format(millis)
	}
	if looksLikeTime.MatchString(s) {
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return t.UTC().Format(millis)
		}
	}
	return s
}

const millis = "2006-01-02T15:04:05.000Z"
