// Command kubernetes answers what an API server would say of Kubernetes objects, without a cluster.
//
// It reads one request a line on standard input and writes one answer a line on standard output, in the same order,
// until its input ends. Decoding, defaulting and validation are the API server's own code, and so is Pod Security
// admission, and who owns a field. Left out is what needs a cluster: quotas, webhooks, references to other objects,
// allocation of addresses.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"k8s.io/kubernetes/pkg/capabilities"
)

// request is one object to judge, or one chart to render.
type request struct {
	ID     int             `json:"id"`
	Object json.RawMessage `json:"object,omitempty"`
	Chart  *installation   `json:"chart,omitempty"`
	// Definition is the CustomResourceDefinition of Object's kind, for a kind that is not Kubernetes' own.
	Definition json.RawMessage `json:"definition,omitempty"`
	// Old is the object that Object updates; a creation has none.
	Old json.RawMessage `json:"old,omitempty"`
	// Unknown is the text that stands for a value which is not known yet.
	Unknown string `json:"unknown,omitempty"`
	// Level and Version are the Pod Security policy of the object's namespace; an empty level asks for no verdict.
	Level   string `json:"level,omitempty"`
	Version string `json:"version,omitempty"`
	// Takeover asks whether another field manager could apply the same object.
	Takeover bool `json:"takeover,omitempty"`
}

// answer says what is wrong with one object, or what a chart renders to.
type answer struct {
	ID       int       `json:"id"`
	Problems []problem `json:"problems"`
	// Rendering is there for a chart that can be rendered.
	Rendering *rendering `json:"rendering,omitempty"`
	// Unsupported says why the object could not be judged at all.
	Unsupported string `json:"unsupported,omitempty"`
	// Custom tells that it is of a kind that some definition must bring.
	Custom bool `json:"custom,omitempty"`
}

// problem is one thing that the API server or Helm refuses.
type problem struct {
	// Check is "decoding", "validation", "pod-security", "takeover" or "chart".
	Check string `json:"check"`
	// Reason is the API server's class of the problem, such as "Required value".
	Reason string `json:"reason"`
	// Field is the path in the object, empty for the object as a whole.
	Field string `json:"field"`
	// Detail is the API server's explanation.
	Detail string `json:"detail"`

	value any
}

const longestLine = 64 * 1024 * 1024

func main() {
	// EKS lets containers be privileged, and leaves it to Pod Security to forbid it.
	capabilities.Setup(true, 0)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 0, 1024*1024), longestLine)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := answers.Encode(respond(lines.Bytes())); err != nil {
			fail(err)
		}
	}
	if err := lines.Err(); err != nil {
		fail(err)
	}
}

// respond judges the object of one line, or renders its chart.
func respond(line []byte) answer {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Unsupported: fmt.Sprintf("not a request: %v", err)}
	}
	if asked.Chart != nil {
		rendering, problems := asked.Chart.render()
		return answer{ID: asked.ID, Problems: append([]problem{}, problems...), Rendering: rendering}
	}
	problems, err := judge(asked)
	if err != nil {
		return answer{ID: asked.ID, Unsupported: err.Error(), Custom: errors.Is(err, errCustom)}
	}
	return answer{ID: asked.ID, Problems: append([]problem{}, problems...)}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
