"""The process: `python -m local_cluster.aws --directory ROOT --stack dev --deployment FILE --webhook-port N`.

With `--bridge` it gives pods of real nodes their AWS, too. It ends by SIGTERM.
"""

import argparse
import logging
import resource
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from local_cluster.aws.deployment import DeploymentFile
from local_cluster.aws.pod_identity import AGENT_ADDRESS
from local_cluster.aws.webhooks import serve_aws_webhooks
from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK

_SECONDS_BETWEEN_LOOKS = 1.0


def main(arguments: Sequence[str]) -> int:
    """Serve until told to end; returns the exit code."""
    given = _parse(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    directory = ClusterDirectory(given.directory.resolve(), given.stack)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    file = DeploymentFile(given.deployment.resolve(), directory.applications)
    with ExitStack() as stack:
        try:
            server = serve_aws_webhooks(directory, file, given.webhook_port)
            stack.callback(server.stop)
            print(f"webhooks: https://{LOOPBACK}:{server.port}", flush=True)
            if not given.bridge:
                pods = None
            else:
                # Every object that is open is a file, once it is large.
                _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
                resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
                # moto takes 100 MB, which a cluster without real nodes has no use for.
                pods = import_module("local_cluster.aws.pods").serve_pods(directory, file, given)
                stack.callback(pods.stop)
        except (OSError, ValueError) as problem:
            print(f"local_cluster.aws: {problem}. See --help for the addresses and ports", file=sys.stderr)
            return 1
        while not ended.wait(_SECONDS_BETWEEN_LOOKS):
            if pods is not None:
                _follow(pods.follow)
    return 0


def _follow(follow: Callable[[], None]) -> None:
    try:
        follow()
    except Exception:
        # What is served stays served; the requests that it concerns say the same.
        logging.getLogger(__name__).exception("the deployment could not be followed")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local_cluster.aws", description="What AWS gives a local cluster.")
    parser.add_argument("--directory", type=Path, required=True, help="of the cluster; it holds pki/ca.crt and ca.key")
    parser.add_argument("--stack", required=True)
    parser.add_argument("--deployment", type=Path, required=True, help="the engine's state file of the stack")
    parser.add_argument("--webhook-port", type=int, default=0, help="of the API server's webhooks on 127.0.0.1; 0: any")
    parser.add_argument("--bridge", default="", help="address of the bridge of real nodes; without it pods get no AWS")
    parser.add_argument("--front-port", type=int, default=443, help="of AWS on the bridge; 0: any")
    parser.add_argument("--agent-address", default=AGENT_ADDRESS, help="of the pod identity agent")
    parser.add_argument("--agent-port", type=int, default=80, help="of the pod identity agent; 0: any")
    parser.add_argument("--api-server", default="", help="the API server; what ROOT/kubeconfig says unless given")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
