// Command pulumi-resource-kubernetes is Pulumi's Kubernetes provider, from its published module.
//
// The project's own main package embeds files that its build writes; here they lie beside the directory of the program.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is set by the linker.
var version string

func main() {
	program, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	place := filepath.Dir(filepath.Dir(program))
	provider.Serve("kubernetes", version, read(place, "schema.json"), read(place, "terraform-mapping.json"))
}

func read(place, name string) []byte {
	content, err := os.ReadFile(filepath.Join(place, name))
	if err != nil {
		log.Fatal(err)
	}
	return content
}
