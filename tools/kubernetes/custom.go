package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/crdserverscheme"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// defined is a version of a custom kind, and what the API server does with its objects.
type defined struct {
	known
	schema *structuralschema.Structural
	// preserves tells that fields which the schema does not name stay.
	preserves bool
}

type versionOf struct {
	definition [sha256.Size]byte
	version    string
}

// compiled keeps what definitions were made of: rules take a moment to compile.
var compiled = map[versionOf]defined{}

// judgeCustom gives the verdict on an object whose kind a definition brings. One that holds an unknown value is left
// unjudged: its rules look at several values at once.
func judgeCustom(asked request) ([]problem, error) {
	var header metav1.TypeMeta
	if err := json.Unmarshal(asked.Object, &header); err != nil {
		return nil, fmt.Errorf("apiVersion and kind are not text: %w", err)
	}
	kind := schema.FromAPIVersionAndKind(header.APIVersion, header.Kind)
	if asked.Unknown != "" && bytes.Contains(asked.Object, []byte(asked.Unknown)) {
		return nil, nil
	}
	key := versionOf{sha256.Sum256(asked.Definition), kind.Version}
	found, ok := compiled[key]
	if !ok {
		made, err := definedBy(asked.Definition, kind)
		if err != nil {
			return nil, err
		}
		compiled[key], found = made, made
	}
	return found.verdict(asked.Object, asked.Old), nil
}

func definedBy(definition json.RawMessage, kind schema.GroupVersionKind) (defined, error) {
	decoded, err := runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), definition)
	if err != nil {
		return defined{}, err
	}
	crd, ok := decoded.(*apiextensions.CustomResourceDefinition)
	if !ok {
		return defined{}, fmt.Errorf("%T is no CustomResourceDefinition", decoded)
	}
	version := slices.IndexFunc(crd.Spec.Versions, func(each apiextensions.CustomResourceDefinitionVersion) bool {
		return each.Name == kind.Version && each.Served
	})
	if version < 0 {
		return defined{}, fmt.Errorf("%s serves no version %q", crd.Name, kind.Version)
	}
	given, err := apiextensions.GetSchemaForVersion(crd, kind.Version)
	if err != nil {
		return defined{}, err
	}
	if given == nil || given.OpenAPIV3Schema == nil {
		return defined{}, fmt.Errorf("%s has no schema of version %q", crd.Name, kind.Version)
	}
	structural, err := structuralschema.NewStructural(given.OpenAPIV3Schema)
	if err != nil {
		return defined{}, err
	}
	validator, _, err := validation.NewSchemaValidator(given.OpenAPIV3Schema)
	if err != nil {
		return defined{}, err
	}
	subresources, err := apiextensions.GetSubresourcesForVersion(crd, kind.Version)
	if err != nil {
		return defined{}, err
	}
	var status *apiextensions.CustomResourceSubresourceStatus
	var scale *apiextensions.CustomResourceSubresourceScale
	if subresources != nil {
		status, scale = subresources.Status, subresources.Scale
	}
	typer := crdserverscheme.NewUnstructuredObjectTyper()
	scoped := crd.Spec.Scope == apiextensions.NamespaceScoped
	strategy := customresource.NewStrategy(typer, scoped, kind, validator, nil, structural, status, scale, nil)
	preserves := crd.Spec.PreserveUnknownFields != nil && *crd.Spec.PreserveUnknownFields
	return defined{known{kind, strategy}, structural, preserves}, nil
}

// verdict prunes, defaults and validates one object, or the update of an old one.
func (d defined) verdict(object, old json.RawMessage) []problem {
	decoded, problems := d.decoded(object)
	if decoded == nil {
		return problems
	}
	if len(old) == 0 {
		return append(problems, invalid(d.creation(decoded))...)
	}
	before, _ := d.decoded(old)
	if before == nil {
		return problems
	}
	return append(problems, invalid(d.update(decoded, before))...)
}

// decoded is the object with its defaults and without what its definition does not know, which is a problem each; nil
// where its metadata can't be decoded.
func (d defined) decoded(object json.RawMessage) (runtime.Object, []problem) {
	content := map[string]any{}
	if err := utiljson.Unmarshal(object, &content); err != nil {
		return nil, []problem{{Check: "decoding", Reason: "undecodable", Detail: err.Error()}}
	}
	options := objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true}
	metadata, found, unknown, err := objectmeta.GetObjectMetaWithOptions(content, options)
	if err != nil {
		return nil, []problem{{Check: "decoding", Reason: "undecodable", Field: "metadata", Detail: err.Error()}}
	}
	if !d.preserves {
		tracked := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
		unknown = append(unknown, pruning.PruneWithOptions(content, d.schema, true, tracked)...)
		defaulting.PruneNonNullableNullsWithoutDefaults(content, d.schema)
	}
	coerced := objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true}
	failed, paths := objectmeta.CoerceWithOptions(nil, content, d.schema, false, coerced)
	if failed != nil {
		return nil, []problem{{Check: "decoding", Reason: "undecodable", Field: failed.Field, Detail: detail(failed)}}
	}
	var problems []problem
	for _, place := range append(unknown, paths...) {
		said := "the kind's definition has no such field there"
		problems = append(problems, problem{Check: "decoding", Reason: "unknown field", Field: place, Detail: said})
	}
	made := &unstructured.Unstructured{Object: content}
	made.SetGroupVersionKind(d.kind)
	if found {
		if err := objectmeta.SetObjectMeta(content, metadata); err != nil {
			return nil, append(problems, problem{Check: "decoding", Reason: "undecodable", Detail: err.Error()})
		}
	}
	defaulting.Default(content, d.schema)
	return made, problems
}
