// Writes a database of vulnerabilities for Trivy, out of a list on standard input: vulnerabilities DIRECTORY.
//
// The real one is published in a container registry, and another one each day. This one is for tests, which say what is
// vulnerable.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/aquasecurity/trivy-db/pkg/db"
	"github.com/aquasecurity/trivy-db/pkg/metadata"
	"github.com/aquasecurity/trivy-db/pkg/types"
	"github.com/aquasecurity/trivy-db/pkg/vulnsrc/vulnerability"
	bolt "go.etcd.io/bbolt"
)

// A vulnerability of a package; Fixed is empty while there is no fix, and Platform such as "debian 13".
type planted struct {
	ID, Severity, Platform, Package, Fixed string
}

func main() {
	var all []planted
	if err := json.NewDecoder(os.Stdin).Decode(&all); err != nil {
		log.Fatal(err)
	}
	directory := filepath.Join(os.Args[1], "db")
	if err := db.Init(directory); err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if err := (db.Config{}).BatchUpdate(func(tx *bolt.Tx) error { return write(tx, all) }); err != nil {
		log.Fatal(err)
	}
	now := time.Now().UTC()
	written := metadata.Metadata{Version: db.SchemaVersion, UpdatedAt: now, NextUpdate: now.Add(24 * time.Hour), DownloadedAt: now}
	if err := metadata.NewClient(directory).Update(written); err != nil {
		log.Fatal(err)
	}
}

func write(tx *bolt.Tx, all []planted) error {
	operation := db.Config{}
	for _, each := range all {
		severity, err := types.NewSeverity(each.Severity)
		if err != nil {
			return err
		}
		source := types.DataSource{ID: vulnerability.Debian, Name: "planted"}
		if err := operation.PutDataSource(tx, each.Platform, source); err != nil {
			return err
		}
		advisory := types.Advisory{FixedVersion: each.Fixed}
		if err := operation.PutAdvisoryDetail(tx, each.ID, each.Package, []string{each.Platform}, advisory); err != nil {
			return err
		}
		if err := operation.SaveAdvisoryDetails(tx, each.ID); err != nil {
			return err
		}
		if err := operation.PutVulnerability(tx, each.ID, types.Vulnerability{Severity: severity.String()}); err != nil {
			return err
		}
	}
	return nil
}
