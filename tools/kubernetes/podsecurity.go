package main

import (
	"encoding/json"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/pod-security-admission/admission"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

var evaluator = func() policy.Evaluator {
	made, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		fail(err)
	}
	return made
}()

// podSecurity is the verdict of Pod Security admission on a pod, or on the pods that a workload's template makes.
// Admission refuses only the pods; a workload with such a template is taken, and then runs none.
func podSecurity(k known, object json.RawMessage, level, version string) []problem {
	if level == "" {
		return nil
	}
	allowed, err := api.ParseLevel(level)
	if err != nil {
		return []problem{{Check: "pod-security", Reason: "level", Detail: err.Error()}}
	}
	at, err := api.ParseVersion(version)
	if err != nil {
		return []problem{{Check: "pod-security", Reason: "version", Detail: err.Error()}}
	}
	typed, err := legacyscheme.Scheme.New(k.kind)
	if err != nil || json.Unmarshal(object, typed) != nil {
		// The decoder has said what is wrong with it.
		return nil
	}
	return refused(typed, api.LevelVersion{Level: allowed, Version: at})
}

func refused(object runtime.Object, at api.LevelVersion) []problem {
	metadata, spec, err := admission.DefaultPodSpecExtractor{}.ExtractPodSpec(object)
	if err != nil || spec == nil {
		return nil
	}
	var problems []problem
	for _, result := range evaluator.EvaluatePod(at, metadata, spec) {
		if result.Allowed {
			continue
		}
		says := strings.TrimSpace(result.ForbiddenReason + ": " + result.ForbiddenDetail)
		problems = append(problems, problem{Check: "pod-security", Reason: result.ForbiddenReason, Detail: says})
	}
	return problems
}
