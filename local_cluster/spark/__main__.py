"""Submits the word count and follows it, inside a cluster's namespaces: `python -m local_cluster.spark`."""

import argparse
import sys
from pathlib import Path

from components.account import Account
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.directory import ClusterDirectory
from local_cluster.spark.run import Run
from moka_smoke.milestones import HopelessError, follow, summary
from moka_smoke.word_count import WordCount
from offline.progress import say


def main() -> None:
    """Submit and follow; the exit code is 0 when everything happened."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    for name in ("--image", "--team", "--bucket", "--prefix"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    directory = ClusterDirectory(options.directory, options.stack)
    deployment = DeploymentFile(directory.deployment).latest()
    account = Account(options.stack, deployment.account_id, deployment.region)
    run = Run(directory, WordCount(account, options.image, options.team, options.bucket, options.prefix))
    try:
        run.submit()
    except HopelessError as error:
        sys.exit(str(error))
    outcomes = follow(run.milestones, say)
    print(summary(outcomes))
    sys.exit(0 if all(each.happened for each in outcomes) else 1)


if __name__ == "__main__":
    main()
