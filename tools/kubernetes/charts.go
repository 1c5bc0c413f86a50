package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// kubernetesVersion is what charts are told of the cluster: that of the checks here.
const kubernetesVersion = "v1.35.4"

// installation is a chart, and what it is given.
type installation struct {
	// Path is of the chart's directory, or of its archive.
	Path      string         `json:"path"`
	Release   string         `json:"release"`
	Namespace string         `json:"namespace"`
	Values    map[string]any `json:"values"`
}

// rendering is what Helm makes of a chart.
type rendering struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	AppVersion string `json:"appVersion"`
	// Objects are in the order in which Helm makes them; Definitions come before them, and Hooks around them.
	Definitions []any `json:"definitions"`
	Objects     []any `json:"objects"`
	Hooks       []any `json:"hooks"`
}

// render is action.Install of Helm, as far as it needs no cluster. Values that the chart does not know are problems,
// which Helm would not tell.
func (asked installation) render() (*rendering, []problem) {
	loaded, err := loader.Load(asked.Path)
	if err != nil {
		return nil, refusal("chart", fmt.Sprintf("Helm can't load the chart: %v", err))
	}
	problems := unknownValues(loaded, asked.Values)
	if loaded.Metadata.Type != "" && loaded.Metadata.Type != "application" {
		return nil, append(problems, refusal("chart", "charts of type "+loaded.Metadata.Type+" can't be installed")...)
	}
	if wanted := loaded.Metadata.KubeVersion; wanted != "" && !chartutil.IsCompatibleRange(wanted, kubernetesVersion) {
		said := fmt.Sprintf("the chart needs Kubernetes %s, and the cluster runs %s", wanted, kubernetesVersion)
		return nil, append(problems, refusal("chart", said)...)
	}
	if err := chartutil.ValidateReleaseName(asked.Release); err != nil {
		return nil, append(problems, refusal("name", err.Error())...)
	}
	values, err := asked.forTemplates(loaded)
	if err != nil {
		return nil, append(problems, refusal("values", err.Error())...)
	}
	files, err := engine.Render(loaded, values)
	if err != nil {
		return nil, append(problems, refusal("values", fmt.Sprintf("a template fails: %v", err))...)
	}
	made, err := sorted(loaded, files)
	if err != nil {
		return nil, append(problems, refusal("values", fmt.Sprintf("a template renders no objects: %v", err))...)
	}
	return made, problems
}

// forTemplates are the values that templates see: the chart's own under those that are given, which its schema allows.
func (asked installation) forTemplates(loaded *chart.Chart) (chartutil.Values, error) {
	if err := chartutil.ProcessDependenciesWithMerge(loaded, asked.Values); err != nil {
		return nil, err
	}
	version, err := chartutil.ParseKubeVersion(kubernetesVersion)
	if err != nil {
		return nil, err
	}
	capabilities := chartutil.DefaultCapabilities.Copy()
	capabilities.KubeVersion = *version
	options := chartutil.ReleaseOptions{
		Name: asked.Release, Namespace: asked.Namespace, Revision: 1, IsInstall: true,
	}
	return chartutil.ToRenderValuesWithSchemaValidation(loaded, asked.Values, options, capabilities, false)
}

func sorted(loaded *chart.Chart, files map[string]string) (*rendering, error) {
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(files, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, err
	}
	made := &rendering{
		Name: loaded.Name(), Version: loaded.Metadata.Version, AppVersion: loaded.AppVersion(),
		Definitions: []any{}, Objects: []any{}, Hooks: []any{},
	}
	for _, each := range loaded.CRDObjects() {
		if made.Definitions, err = withObjects(made.Definitions, string(each.File.Data)); err != nil {
			return nil, fmt.Errorf("%s: %w", each.Filename, err)
		}
	}
	for _, each := range manifests {
		if made.Objects, err = withObjects(made.Objects, each.Content); err != nil {
			return nil, fmt.Errorf("%s: %w", each.Name, err)
		}
	}
	for _, each := range hooks {
		if made.Hooks, err = withObjects(made.Hooks, each.Manifest); err != nil {
			return nil, fmt.Errorf("%s: %w", each.Path, err)
		}
	}
	return made, nil
}

func withObjects(objects []any, manifests string) ([]any, error) {
	for _, each := range releaseutil.SplitManifests(manifests) {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(each), &object); err != nil {
			return nil, err
		}
		if len(object) > 0 {
			objects = append(objects, object)
		}
	}
	return objects, nil
}

func refusal(place, says string) []problem {
	return []problem{{Check: "chart", Reason: "refused", Field: place, Detail: says}}
}

// unknownValues are values that no value of the chart stands for: a template that reads one by another name goes on
// with its default, and nobody hears of it.
func unknownValues(loaded *chart.Chart, given map[string]any) []problem {
	known := map[string]any{"global": map[string]any{}}
	for key, value := range loaded.Values {
		known[key] = value
	}
	for _, each := range loaded.Dependencies() {
		if _, there := known[each.Name()]; !there {
			known[each.Name()] = each.Values
		}
	}
	return unknown(given, known, "values")
}

func unknown(given any, known any, place string) []problem {
	wanted, isMap := known.(map[string]any)
	members, areMembers := given.(map[string]any)
	switch {
	case given == nil || isEmpty(known):
		return nil
	case isMap != areMembers || kindOfValue(given) != kindOfValue(known):
		said := fmt.Sprintf("the chart has %s there", kindOfValue(known))
		return []problem{{Check: "chart", Reason: "wrong type", Field: place, Detail: said}}
	case !areMembers || isFree(place):
		return nil
	}
	var problems []problem
	for _, key := range sortedKeys(members) {
		below := place + "." + key
		if strings.ContainsAny(key, "./") {
			below = place + "[" + key + "]"
		}
		value, there := wanted[key]
		if !there {
			text, _ := json.Marshal(sortedKeys(wanted))
			said := fmt.Sprintf("the chart has no such value there; it has %s", text)
			problems = append(problems, problem{Check: "chart", Reason: "unknown value", Field: below, Detail: said})
			continue
		}
		problems = append(problems, unknown(members[key], value, below)...)
	}
	return problems
}

// isEmpty tells of a default that says nothing of what may stand there.
func isEmpty(known any) bool {
	switch content := known.(type) {
	case nil:
		return true
	case string:
		return content == ""
	case map[string]any:
		return len(content) == 0
	case []any:
		return len(content) == 0
	}
	return false
}

func kindOfValue(value any) string {
	switch value.(type) {
	case map[string]any:
		return "a map"
	case []any:
		return "a list"
	case bool:
		return "true or false"
	case string:
		return "a text"
	}
	return "a number"
}

// freeMaps are parts of Kubernetes objects, which a chart hands on as they are: their fields are judged there.
var freeMaps = []string{
	"annotations", "labels", "nodeselector", "affinity", "securitycontext", "resources", "strategy",
}

func isFree(place string) bool {
	last := strings.ToLower(strings.TrimPrefix(filepath.Ext(place), "."))
	for _, each := range freeMaps {
		if strings.HasSuffix(last, each) {
			return true
		}
	}
	return false
}
