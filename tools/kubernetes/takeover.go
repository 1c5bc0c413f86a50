package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/value"
)

// converter knows which fields of each kind are atomic, and the keys of lists; its schema takes a moment to read.
var converter = sync.OnceValue(func() managedfields.TypeConverter {
	return applyconfigurations.NewTypeConverter(legacyscheme.Scheme)
})

// takeover is what refuses another field manager that applies the very object that stands, without force, as the next
// run does after one that ended before it saved its state. An atomic value is one field: where the API server has filled
// something in below it, the same application again would take that away from whoever owns the field.
//
// Values are compared as the provider sends them, which rewrites quantities and drops what is empty. Left out is what
// admission fills in, such as tolerations of a pod that no controller makes.
func (k known) takeover(object json.RawMessage) []problem {
	if len(k.verdict(object, nil)) > 0 {
		// It does not come to stand.
		return nil
	}
	sent, stored := k.sent(object), k.stored(object)
	if sent == nil || stored == nil {
		return nil
	}
	owned, err := converter().ObjectToTyped(&unstructured.Unstructured{Object: sent})
	if err != nil {
		return nil
	}
	live, err := converter().ObjectToTyped(&unstructured.Unstructured{Object: stored})
	if err != nil {
		return nil
	}
	merged, err := live.Merge(owned)
	if err != nil {
		return nil
	}
	changes, err := live.Compare(merged)
	if err != nil {
		return nil
	}
	fields, err := owned.ToFieldSet()
	if err != nil {
		return nil
	}
	var problems []problem
	changes.Modified.Union(changes.Added).Intersection(fields).Iterate(func(path fieldpath.Path) {
		place, given := found(sent, path)
		_, filled := found(stored, path)
		problems = append(problems, problem{
			Check: "takeover", Reason: "left out", Field: place, Detail: strings.Join(leftOutOf(given, filled, ""), ", "),
		})
	})
	return problems
}

// sent is the object as the provider applies it: without what is empty, and with quantities as the API server writes them.
func (k known) sent(object json.RawMessage) map[string]any {
	typed, err := legacyscheme.Scheme.New(k.kind)
	var raw map[string]any
	if err != nil || json.Unmarshal(object, typed) != nil || json.Unmarshal(object, &raw) != nil {
		return nil
	}
	if secret, ok := typed.(*corev1.Secret); ok && len(secret.StringData) > 0 {
		// The provider encodes them itself.
		secret.StringData = nil
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		return nil
	}
	pruned, _ := pruned(content, raw).(map[string]any)
	return pruned
}

// pruned leaves out what the typed object has and the object did not.
func pruned(content, like any) any {
	switch wanted := like.(type) {
	case map[string]any:
		if members, ok := content.(map[string]any); ok {
			kept := map[string]any{}
			for key, member := range members {
				if inner, there := wanted[key]; there {
					kept[key] = pruned(member, inner)
				}
			}
			return kept
		}
	case []any:
		if items, ok := content.([]any); ok && len(items) == len(wanted) {
			kept := make([]any, len(items))
			for index, item := range items {
				kept[index] = pruned(item, wanted[index])
			}
			return kept
		}
	}
	return content
}

// stored is the object as the API server would return it: with its defaults.
func (k known) stored(object json.RawMessage) map[string]any {
	decoded, _ := k.decoded(object)
	if decoded == nil {
		return nil
	}
	metadata, err := meta.Accessor(decoded)
	if err != nil {
		return nil
	}
	k.strategy.PrepareForCreate(k.context(metadata), decoded)
	versioned, err := legacyscheme.Scheme.ConvertToVersion(decoded, k.kind.GroupVersion())
	if err != nil {
		return nil
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(versioned)
	if err != nil {
		return nil
	}
	return content
}

// found is what stands at a path, and the path as the API server's errors write it.
func found(content any, path fieldpath.Path) (string, any) {
	place := ""
	for _, step := range path {
		switch {
		case step.FieldName != nil:
			members, _ := content.(map[string]any)
			content = members[*step.FieldName]
			place += "." + *step.FieldName
		default:
			items, _ := content.([]any)
			index := slices.IndexFunc(items, func(item any) bool { return isAt(step, item) })
			if index < 0 {
				return strings.TrimPrefix(place, "."), nil
			}
			content = items[index]
			place += fmt.Sprintf("[%d]", index)
		}
	}
	return strings.TrimPrefix(place, "."), content
}

// isAt tells whether an item of a list is the one that a path names by its keys, or by its value. A key that is left out
// has its default in the path.
func isAt(step fieldpath.PathElement, item any) bool {
	if step.Key == nil {
		return step.Value != nil && value.Equals(*step.Value, value.NewValueInterface(item))
	}
	members, _ := item.(map[string]any)
	for _, key := range *step.Key {
		if member, there := members[key.Name]; there && !value.Equals(key.Value, value.NewValueInterface(member)) {
			return false
		}
	}
	return true
}

// leftOutOf is each field below a value that the API server has filled in, with what it has put there.
func leftOutOf(given, filled any, place string) []string {
	if members, ok := filled.(map[string]any); ok {
		own, _ := given.(map[string]any)
		var told []string
		for _, key := range sortedKeys(members) {
			told = append(told, leftOutOf(own[key], members[key], place+"."+key)...)
		}
		return told
	}
	if items, ok := filled.([]any); ok {
		if own, _ := given.([]any); len(own) == len(items) {
			var told []string
			for index, item := range items {
				told = append(told, leftOutOf(own[index], item, fmt.Sprintf("%s[%d]", place, index))...)
			}
			return told
		}
	}
	if filled == nil || reflect.DeepEqual(given, filled) {
		return nil
	}
	text, _ := json.Marshal(filled)
	return []string{fmt.Sprintf("%s: %s", strings.TrimPrefix(place, "."), text)}
}
