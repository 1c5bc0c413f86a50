package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// misfit is the path of the first value that the object's type can't take, which the decoder names without the indices
// of lists, or not at all; empty where every value fits.
func (k known) misfit(object json.RawMessage) string {
	typed, err := legacyscheme.Scheme.New(k.kind)
	var content any
	if err != nil || json.Unmarshal(object, &content) != nil {
		return ""
	}
	place, _ := misfit(content, reflect.TypeOf(typed), "")
	return place
}

func misfit(value any, wanted reflect.Type, place string) (string, bool) {
	if wanted == nil || fits(value, wanted) {
		return "", false
	}
	for wanted.Kind() == reflect.Pointer {
		wanted = wanted.Elem()
	}
	switch content := value.(type) {
	case []any:
		for index, item := range content {
			if inner, found := misfit(item, element(wanted), fmt.Sprintf("%s[%d]", place, index)); found {
				return inner, true
			}
		}
	case map[string]any:
		for _, key := range sortedKeys(content) {
			kind, below := member(wanted, key)
			if inner, found := misfit(content[key], kind, strings.TrimPrefix(place+below, ".")); found {
				return inner, true
			}
		}
	}
	return place, true
}

// fits tells whether a value can be decoded into a type.
func fits(value any, wanted reflect.Type) bool {
	text, err := json.Marshal(value)
	return err == nil && json.Unmarshal(text, reflect.New(wanted).Interface()) == nil
}

func element(wanted reflect.Type) reflect.Type {
	if wanted != nil && wanted.Kind() == reflect.Slice {
		return wanted.Elem()
	}
	return nil
}

// member is the type behind a key, and how paths name it.
func member(wanted reflect.Type, key string) (reflect.Type, string) {
	switch {
	case wanted == nil:
		return nil, "." + key
	case wanted.Kind() == reflect.Map:
		return wanted.Elem(), "[" + key + "]"
	case wanted.Kind() != reflect.Struct:
		return nil, "." + key
	}
	for index := range wanted.NumField() {
		field := wanted.Field(index)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == key {
			return field.Type, "." + key
		}
		if name == "" && (field.Anonymous || strings.Contains(options, "inline")) {
			if inner, _ := member(field.Type, key); inner != nil {
				return inner, "." + key
			}
		}
	}
	return nil, "." + key
}
