package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// mostGuesses bounds how often one object is judged.
const mostGuesses = 12

// acrossUnknowns judges an object that holds unknown values: only what is refused whatever they are is a problem.
//
// The unknowns are guessed again and again: as a placeholder that suits each field's type, as left out, as every value
// that was refused, which is what a reference to a missing name needs, and as what stands under the same key elsewhere
// in the object, which is what a selector needs. A problem at or below an unknown value is never one.
func acrossUnknowns(k known, asked request, verdict func(object, old json.RawMessage) []problem) ([]problem, error) {
	if asked.Unknown == "" || !bytes.Contains(asked.Object, []byte(asked.Unknown)) {
		return verdict(asked.Object, asked.Old), nil
	}
	placeholders := filler{unknown: asked.Unknown, guess: placeholder}
	object, err := placeholders.filled(k, asked.Object)
	if err != nil {
		return nil, err
	}
	problems := placeholders.judged(verdict(object, asked.Old))
	guesses := append([]guess{leftOut}, refusedValues(problems)...)
	guesses = append(guesses, placeholders.sameKeys()...)
	for _, each := range guesses[:min(len(guesses), mostGuesses)] {
		if len(problems) == 0 {
			break
		}
		again := filler{unknown: asked.Unknown, guess: each}
		object, err := again.filled(k, asked.Object)
		if err != nil {
			return nil, err
		}
		problems = both(problems, verdict(object, asked.Old))
	}
	return problems, nil
}

// both keeps the problems that the other verdict names too.
func both(problems, others []problem) []problem {
	seen := map[string]bool{}
	for _, each := range others {
		seen[each.Check+each.Reason+each.Field] = true
	}
	var kept []problem
	for _, each := range problems {
		if seen[each.Check+each.Reason+each.Field] {
			kept = append(kept, each)
		}
	}
	return kept
}

// refusedValues are guesses made of the values that problems name.
func refusedValues(problems []problem) []guess {
	texts := map[string]bool{}
	for _, each := range problems {
		if each.value != nil {
			texts[fmt.Sprint(each.value)] = true
		}
	}
	var guesses []guess
	for _, text := range sortedKeys(texts) {
		guesses = append(guesses, func(wanted reflect.Type, _ string, count int) any { return shaped(wanted, text, count) })
	}
	return guesses
}

// sameKeys are guesses made of the texts that stand under an unknown's own key.
func (f *filler) sameKeys() []guess {
	most := 0
	for _, texts := range f.texts {
		most = max(most, len(texts))
	}
	var guesses []guess
	for turn := range most {
		guesses = append(guesses, func(wanted reflect.Type, key string, count int) any {
			if texts := f.texts[key]; len(texts) > 0 {
				return shaped(wanted, texts[turn%len(texts)], count)
			}
			return placeholder(wanted, key, count)
		})
	}
	return guesses
}

// guess is a value for the count-th unknown, which stands under a key and should have a type; nil leaves it out.
type guess func(wanted reflect.Type, key string, count int) any

func leftOut(reflect.Type, string, int) any { return nil }

func placeholder(wanted reflect.Type, _ string, count int) any {
	return shaped(wanted, fmt.Sprintf("unknown-%d", count), count)
}

// shaped is a value of a type: the text where it may be any text, else something plausible that differs by count.
func shaped(wanted reflect.Type, text string, count int) any {
	if wanted == nil {
		return text
	}
	switch wanted {
	case reflect.TypeFor[resource.Quantity]():
		if _, err := resource.ParseQuantity(text); err == nil {
			return text
		}
		return "1"
	case reflect.TypeFor[intstr.IntOrString]():
		return count
	case reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.MicroTime]():
		return "2026-01-01T00:00:00Z"
	}
	switch wanted.Kind() {
	case reflect.Bool:
		return false
	case reflect.Int, reflect.Int32, reflect.Int64:
		number := json.Number(text)
		if _, err := number.Int64(); err == nil {
			return number
		}
		return count
	case reflect.Slice:
		if wanted.Elem().Kind() == reflect.Uint8 {
			return ""
		}
		return []any{}
	case reflect.Map, reflect.Struct:
		return map[string]any{}
	}
	return text
}

// filler replaces the unknown values of an object and remembers where they were.
type filler struct {
	unknown string
	guess   guess
	count   int
	places  []string
	// texts are the known texts under each key.
	texts map[string][]string
}

func (f *filler) filled(k known, object json.RawMessage) (json.RawMessage, error) {
	typed, err := legacyscheme.Scheme.New(k.kind)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.UseNumber()
	var content any
	if err := decoder.Decode(&content); err != nil {
		return nil, err
	}
	f.texts = map[string][]string{}
	return json.Marshal(f.fill(content, reflect.TypeOf(typed), "", ""))
}

func (f *filler) fill(value any, wanted reflect.Type, key, place string) any {
	for wanted != nil && wanted.Kind() == reflect.Pointer {
		wanted = wanted.Elem()
	}
	switch content := value.(type) {
	case string:
		if content != f.unknown {
			if !slices.Contains(f.texts[key], content) {
				f.texts[key] = append(f.texts[key], content)
			}
			return value
		}
		f.places = append(f.places, place)
		f.count++
		return f.guess(wanted, key, f.count)
	case []any:
		for index, item := range content {
			filled := f.fill(item, element(wanted), key, fmt.Sprintf("%s[%d]", place, index))
			if filled == nil {
				// Leaving an item out would give those behind it other places.
				filled = shaped(element(wanted), "unknown", f.count)
			}
			content[index] = filled
		}
	case map[string]any:
		for _, key := range sortedKeys(content) {
			inner, below := member(wanted, key)
			filled := f.fill(content[key], inner, key, strings.TrimPrefix(place+below, "."))
			if filled == nil {
				delete(content, key)
			} else {
				content[key] = filled
			}
		}
	}
	return value
}

// judged leaves out what is at or below an unknown value.
func (f *filler) judged(problems []problem) []problem {
	var kept []problem
	for _, each := range problems {
		if !f.covers(each.Field) {
			kept = append(kept, each)
		}
	}
	return kept
}

func (f *filler) covers(place string) bool {
	for _, unknown := range f.places {
		rest, below := strings.CutPrefix(place, unknown)
		if below && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

func sortedKeys[V any](content map[string]V) []string {
	return slices.Sorted(maps.Keys(content))
}
