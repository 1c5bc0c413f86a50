"""The process that the API server has its keys encrypted by: `python -m local_cluster.encryption.process`.

It runs in the cluster's directory, and ends by SIGTERM.
"""

import argparse
import signal
import threading
from pathlib import Path

from local_cluster.aws.deployment import DeploymentFile
from local_cluster.directory import ClusterDirectory
from local_cluster.encryption.configuration import address, socket_file
from local_cluster.encryption.key_service import KeyService, encryption_key
from local_cluster.encryption.messages import SERVICE
from local_cluster.process import Process
from local_cluster.python_process import python_process
from local_cluster.rpc_server import serve


def encryption_provider(directory: ClusterDirectory) -> Process:
    """The process."""
    socket = socket_file(directory)
    # One that a killed process left would be taken for this one's.
    socket.unlink(missing_ok=True)
    return python_process("encryption-provider", "local_cluster.encryption.process", directory, is_ready=socket.exists)


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    options = parser.parse_args()
    directory = ClusterDirectory(options.directory, options.stack)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    account = DeploymentFile(directory.deployment)
    service = KeyService(directory.aws, lambda: encryption_key(account.latest()))
    server = serve(address(directory), SERVICE, service.handlers)
    ended.wait()
    server.stop(grace=None).wait()


if __name__ == "__main__":
    main()
