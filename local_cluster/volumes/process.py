"""The process that answers claims of EBS storage classes: `python -m local_cluster.volumes.process`.

It looks at all claims and volumes again and again, as the driver's own helpers do on a resync, rather than to watch:
one machine has few of them.
"""

import argparse
import sys
import time
from pathlib import Path

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from local_cluster.directory import ClusterDirectory
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.process import Process
from local_cluster.python_process import python_process
from local_cluster.settings import ports_of
from local_cluster.volumes.provisioner import Provisioner

_PAUSE_SECONDS = 0.5


def volumes(directory: ClusterDirectory) -> Process:
    """The process."""
    return python_process("volumes", "local_cluster.volumes.process", directory)


def main() -> None:
    """Provide volumes until told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    options = parser.parse_args()
    directory = ClusterDirectory(options.directory, options.stack)
    provisioner = Provisioner(KubernetesApi(directory, ports_of(directory)), directory.volumes)
    while True:
        try:
            provisioner.look()
        except (ApiException, HTTPError) as error:
            # Somebody else changed the object meanwhile, or the API server is busy: the next look sees what is so then.
            print(error, file=sys.stderr, flush=True)
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    main()
