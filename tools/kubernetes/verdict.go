package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"

	genericrequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
)

// strict refuses unknown and duplicate fields, as the API server does for `fieldValidation=Strict`.
var strict = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)

// known is the kind of an object, and what the API server does with it.
type known struct {
	kind     schema.GroupVersionKind
	strategy strategy
}

// errCustom says that a kind belongs to no group of Kubernetes itself.
var errCustom = errors.New("it is none of Kubernetes' own")

// judge gives the verdict on the object of a request.
func judge(asked request) ([]problem, error) {
	if len(asked.Definition) > 0 {
		return judgeCustom(asked)
	}
	kind, err := kindOf(asked.Object)
	if err != nil {
		return nil, err
	}
	return acrossUnknowns(kind, asked, func(object, old json.RawMessage) []problem {
		if asked.Takeover {
			return kind.takeover(object)
		}
		return append(kind.verdict(object, old), podSecurity(kind, object, asked.Level, asked.Version)...)
	})
}

func kindOf(object json.RawMessage) (known, error) {
	var header metav1.TypeMeta
	if err := json.Unmarshal(object, &header); err != nil {
		return known{}, fmt.Errorf("apiVersion and kind are not text: %w", err)
	}
	kind := schema.FromAPIVersionAndKind(header.APIVersion, header.Kind)
	found, ok := strategies[kind.Group+"/"+kind.Kind]
	if !ok && !legacyscheme.Scheme.IsGroupRegistered(kind.Group) {
		return known{}, fmt.Errorf("kind %s of %q is not known here: %w", header.Kind, header.APIVersion, errCustom)
	}
	if !ok {
		return known{}, fmt.Errorf("kind %s of %q is not known here", header.Kind, header.APIVersion)
	}
	if !legacyscheme.Scheme.Recognizes(kind) {
		return known{}, fmt.Errorf("%s has no version %q of kind %s", kind.Group, kind.Version, kind.Kind)
	}
	return known{kind, found}, nil
}

// verdict decodes, defaults and validates one object, or the update of an old one.
func (k known) verdict(object, old json.RawMessage) []problem {
	decoded, problems := k.decoded(object)
	if decoded == nil {
		return problems
	}
	if len(old) == 0 {
		return append(problems, invalid(k.creation(decoded))...)
	}
	// The old object is stored already, so nothing is said of it.
	before, _ := k.decoded(old)
	if before == nil {
		return problems
	}
	return append(problems, invalid(k.update(decoded, before))...)
}

// creation is rest.BeforeCreate with the fields that fail; every strategy validates metadata too.
func (k known) creation(object runtime.Object) field.ErrorList {
	metadata, _ := meta.Accessor(object)
	// As rest.FillObjectMetaSystemFields does; a Job's labels are made of it.
	metadata.SetUID("new")
	context := k.context(metadata)
	k.strategy.PrepareForCreate(context, object)
	return k.strategy.Validate(context, object)
}

// update is rest.BeforeUpdate with the fields that fail.
func (k known) update(object, old runtime.Object) field.ErrorList {
	metadata, _ := meta.Accessor(object)
	before, _ := meta.Accessor(old)
	before.SetUID("stored")
	before.SetResourceVersion("1")
	metadata.SetUID("stored")
	metadata.SetResourceVersion("1")
	context := k.context(metadata)
	// The old object got what a creation fills in, and a patch keeps it.
	k.strategy.PrepareForCreate(context, old)
	k.strategy.PrepareForCreate(context, object)
	bound(old)
	k.strategy.PrepareForUpdate(context, object, old)
	return k.strategy.ValidateUpdate(context, object, old)
}

// bound does what controllers have done to a claim before anybody changes it: its volume is there, as large as asked for.
func bound(object runtime.Object) {
	if claim, ok := object.(*core.PersistentVolumeClaim); ok {
		claim.Status.Phase = core.ClaimBound
		claim.Status.Capacity = claim.Spec.Resources.Requests.DeepCopy()
	}
}

func (k known) context(metadata metav1.Object) context.Context {
	base := genericrequest.WithNamespace(context.Background(), metadata.GetNamespace())
	return genericrequest.WithRequestInfo(base, &genericrequest.RequestInfo{
		APIGroup: k.kind.Group, APIVersion: k.kind.Version, Namespace: metadata.GetNamespace(), Name: metadata.GetName(),
	})
}

// decoded is the object in the API server's internal form with its defaults; nil where it can't be decoded.
func (k known) decoded(object json.RawMessage) (runtime.Object, []problem) {
	decoded, err := runtime.Decode(strict.UniversalDecoder(), object)
	if err == nil {
		return allocated(decoded), nil
	}
	var failures interface{ Errors() []error }
	if runtime.IsStrictDecodingError(err) && errors.As(err, &failures) {
		var problems []problem
		for _, each := range failures.Errors() {
			problems = append(problems, k.undecodable(each, object))
		}
		lenient, err := runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), object)
		if err != nil {
			return nil, append(problems, k.undecodable(err, object))
		}
		return allocated(lenient), problems
	}
	return nil, []problem{k.undecodable(err, object)}
}

// address is one that the allocator may give.
var address = map[core.IPFamily]string{core.IPv4Protocol: "172.20.0.10", core.IPv6Protocol: "fd00::10"}

// allocated does what the API server's allocator of service addresses does before validation.
func allocated(object runtime.Object) runtime.Object {
	service, ok := object.(*core.Service)
	if !ok {
		return object
	}
	if service.Spec.Type == core.ServiceTypeExternalName {
		return object
	}
	if len(service.Spec.IPFamilies) == 0 {
		service.Spec.IPFamilies = []core.IPFamily{core.IPv4Protocol}
		if strings.Contains(service.Spec.ClusterIP, ":") {
			service.Spec.IPFamilies = []core.IPFamily{core.IPv6Protocol}
		}
	}
	if service.Spec.ClusterIP == "" {
		service.Spec.ClusterIP = address[service.Spec.IPFamilies[0]]
	}
	if len(service.Spec.ClusterIPs) == 0 {
		service.Spec.ClusterIPs = []string{service.Spec.ClusterIP}
	}
	if service.Spec.IPFamilyPolicy == nil {
		single := core.IPFamilyPolicySingleStack
		service.Spec.IPFamilyPolicy = &single
	}
	return object
}

func invalid(errs field.ErrorList) []problem {
	var problems []problem
	for _, each := range errs {
		problems = append(problems, problem{
			Check: "validation", Reason: each.Type.String(), Field: each.Field, Detail: detail(each), value: each.BadValue,
		})
	}
	return problems
}

func detail(err *field.Error) string {
	if err.Detail != "" {
		return err.Detail
	}
	return strings.ToLower(err.Type.String())
}

// strictness is how the decoder says that a field is unknown, or is there twice.
var strictness = regexp.MustCompile(`^(unknown|duplicate) field "([^"]+)"$`)

var detailOf = map[string]string{"unknown": "the API has no such field there", "duplicate": "it is given twice"}

func (k known) undecodable(err error, object json.RawMessage) problem {
	if match := strictness.FindStringSubmatch(err.Error()); match != nil {
		return problem{Check: "decoding", Reason: match[1] + " field", Field: match[2], Detail: detailOf[match[1]]}
	}
	return problem{Check: "decoding", Reason: "undecodable", Field: k.misfit(object), Detail: err.Error()}
}
