// Command yunikorn answers what YuniKorn would say of a queue file, without a cluster.
//
// It reads one question on standard input and writes one answer on standard output. Reading and checking the file,
// making its queues and placing applications are YuniKorn's own code. Left out is what it says of capacity, which it
// knows from nodes.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/apache/yunikorn-core/pkg/common/configs"
	"github.com/apache/yunikorn-core/pkg/common/security"
	"github.com/apache/yunikorn-core/pkg/scheduler/objects"
	"github.com/apache/yunikorn-core/pkg/scheduler/placement"
	"github.com/apache/yunikorn-core/pkg/scheduler/policies"
	"github.com/apache/yunikorn-scheduler-interface/lib/go/si"
)

// question is a queue file, and the namespaces of applications that it has to place.
type question struct {
	File       string   `json:"file"`
	Namespaces []string `json:"namespaces"`
}

// answer is what YuniKorn makes of it.
type answer struct {
	// Refused says why the file is not taken.
	Refused string `json:"refused,omitempty"`
	// Ignored are properties of queues that are passed over without a word, each with its queue.
	Ignored []string `json:"ignored"`
	// Placed is the queue of an application in each namespace; empty where it is rejected.
	Placed map[string]string `json:"placed"`
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(respond(asked)); err != nil {
		fail(err)
	}
}

func respond(asked question) answer {
	given := answer{Ignored: []string{}, Placed: map[string]string{}}
	config, err := configs.LoadSchedulerConfigFromByteArray([]byte(asked.File))
	if err != nil {
		given.Refused = err.Error()
		return given
	}
	for _, partition := range config.Partitions {
		if partition.Name != configs.DefaultPartition {
			continue
		}
		queues := map[string]*objects.Queue{}
		if err := made(partition.Queues[0], nil, objects.NewAppQueueMapping(), queues, &given.Ignored); err != nil {
			given.Refused = err.Error()
			return given
		}
		for _, namespace := range asked.Namespaces {
			given.Placed[namespace] = place(partition.PlacementRules, queues, namespace)
		}
	}
	return given
}

// made puts a queue and those below it into the tree, and into queues by their paths.
func made(
	config configs.QueueConfig, parent *objects.Queue, apps *objects.AppQueueMapping,
	queues map[string]*objects.Queue, ignored *[]string,
) error {
	queue, err := objects.NewConfiguredQueue(config, parent, true, apps)
	if err != nil {
		return err
	}
	queues[queue.GetQueuePath()] = queue
	for key, value := range config.Properties {
		if err := readable(key, value); err != nil {
			*ignored = append(*ignored, fmt.Sprintf("%s of %s: %v", key, queue.GetQueuePath(), err))
		}
	}
	for _, child := range config.Queues {
		if err := made(child, queue, apps, queues, ignored); err != nil {
			return err
		}
	}
	return nil
}

// place is the queue of an application in a namespace.
func place(rules []configs.PlacementRule, queues map[string]*objects.Queue, namespace string) string {
	find := func(path string) *objects.Queue { return queues[strings.ToLower(path)] }
	application := objects.NewApplication(
		&si.AddApplicationRequest{ApplicationID: namespace, Tags: map[string]string{"namespace": namespace}},
		security.UserGroup{User: "somebody"}, nil, "",
	)
	if err := placement.NewPlacementManager(rules, find, true).PlaceApplication(application); err != nil {
		return ""
	}
	return application.GetQueuePath()
}

// readable says why a queue would pass a property over; it writes such properties to its debug log alone.
func readable(key, value string) (err error) {
	switch key {
	case configs.ApplicationSortPolicy:
		_, err = policies.SortPolicyFromString(value)
	case configs.PriorityPolicy:
		_, err = policies.PriorityPolicyFromString(value)
	case configs.PreemptionPolicy:
		_, err = policies.PreemptionPolicyFromString(value)
	case configs.PriorityOffset:
		_, err = strconv.ParseInt(value, 10, 32)
	case configs.ApplicationUnschedulableAsksBackoff:
		_, err = strconv.ParseUint(value, 10, 64)
	case configs.PreemptionDelay, configs.QuotaPreemptionDelay, configs.ApplicationUnschedulableAsksBackoffDelay:
		_, err = time.ParseDuration(value)
	case configs.ApplicationSortPriority:
		if value != configs.ApplicationSortPriorityEnabled && value != configs.ApplicationSortPriorityDisabled {
			err = fmt.Errorf("%q is neither enabled nor disabled", value)
		}
	default:
		err = fmt.Errorf("there is no such property")
	}
	return err
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
