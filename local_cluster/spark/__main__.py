"""Submits the word count and follows it, inside a cluster's namespaces: `python -m local_cluster.spark`."""

import argparse
import sys
from pathlib import Path

from local_cluster.directory import ClusterDirectory
from local_cluster.spark.application import application_of
from local_cluster.spark.run import Run
from local_cluster.spark.way import Way
from moka_smoke.milestones import HopelessError, follow, summary
from offline.progress import say


def main() -> None:
    """Submit and follow; the exit code is 0 when everything happened."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--way", type=Way, required=True)
    options = parser.parse_args()
    application = application_of(options.project, options.stack)
    run = Run(ClusterDirectory(options.directory, options.stack), application, options.way)
    try:
        run.submit()
    except HopelessError as error:
        sys.exit(str(error))
    outcomes = follow(run.milestones, say)
    print(summary(outcomes))
    sys.exit(0 if all(each.happened for each in outcomes) else 1)


if __name__ == "__main__":
    main()
