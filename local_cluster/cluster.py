"""One stack's cluster on this machine: started, stopped, and attached to the engine in place of Amazon EKS's."""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local_cluster import provider, supervisor
from local_cluster.account import ASKED_FOR, write_account
from local_cluster.certificates import authority_file, make_authority
from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.network import LOOPBACK
from local_cluster.nodes.node_groups import DrainError, NodeGroups
from local_cluster.nodes.plan import GROUP, planned_nodes
from local_cluster.programs import SIMULATED, find
from local_cluster.settings import ports_of, require_free
from offline.progress import Say, step
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import RefusalError, Resource

_START_SECONDS = 180.0
_STOP_SECONDS = 60.0
_PAUSE_SECONDS = 0.1
_PACKAGE_ROOT = Path(__file__).resolve().parent.parent


class LocalCluster:
    """The cluster of one stack.

    Args:
        directory: where it is kept.
        report: where signs of life go.
    """

    def __init__(self, directory: ClusterDirectory, report: Say) -> None:
        self.directory = directory
        self._report = report

    @property
    def is_running(self) -> bool:
        """Whether its processes run."""
        if not self.directory.lock.exists():
            return False
        lock = supervisor.hold(self.directory)
        if lock is None:
            return True
        lock.close()
        return False

    def start(self) -> None:
        """Start the cluster, unless it runs; what was in it is in it again.

        Raises:
            ClusterError: when it does not start; the message names the process and the end of its log.
            MissingToolError: when a program can't be had.
        """
        programs = find(SIMULATED, self._report)
        if self.is_running:
            return
        self.directory.make()
        make_authority(self.directory)
        require_free(ports_of(self.directory), self.directory)
        self._lay_out_programs(programs)
        self.directory.status.unlink(missing_ok=True)
        with step(f"starting the cluster of {self.directory.stack}", self._report, self._how_far, quiet_if_short=True):
            self._wait_until_ready(self._launch(programs))

    def stop(self) -> None:
        """End every process of the cluster, if there are any, and wait until they have.

        Raises:
            ClusterError: when they don't end.
        """
        if not self.is_running:
            return
        self.directory.stop_request.touch()
        deadline = time.monotonic() + _STOP_SECONDS
        with step(f"stopping the cluster of {self.directory.stack}", self._report, quiet_if_short=True):
            while self.is_running:
                if time.monotonic() > deadline:
                    raise ClusterError(
                        f"The cluster of {self.directory.stack} does not end within {_STOP_SECONDS:.0f} s; "
                        f"{self.directory.log_of('supervisor')} says what it waits for."
                    )
                time.sleep(_PAUSE_SECONDS)

    @property
    def endpoint(self) -> str:
        """URL of the API server."""
        return f"https://{LOOPBACK}:{ports_of(self.directory).api_server}"

    @property
    def certificate_authority(self) -> str:
        """Base64 of the authority that signed the API server's certificate."""
        return base64.b64encode(authority_file(self.directory).read_bytes()).decode()

    @contextmanager
    def provider(self) -> Iterator[int]:
        """Pulumi's Kubernetes provider, for one operation of the engine; yields its port."""
        program = find(SIMULATED, self._report)["pulumi-resource-kubernetes"]
        with provider.serve(program, self.directory) as port:
            yield port

    def follow(self, resource: Resource, inventory: Inventory) -> None:
        """Give the cluster the nodes of a node group that was made or changed, and tell it whom it must know."""
        if resource.type in ASKED_FOR:
            write_account(self.directory, inventory)
        if resource.type == GROUP:
            self._node_groups(lambda groups: groups.put(resource.name, planned_nodes(resource, inventory.everything)))

    def forget(self, resource: Resource) -> None:
        """Drain and remove the nodes of a node group that is deleted."""
        if resource.type == GROUP:
            self._node_groups(lambda groups: groups.remove(resource.name))

    def settle(self, inventory: Inventory) -> None:
        """A run has ended: write down what exists."""
        write_account(self.directory, inventory)

    def api(self) -> KubernetesApi:
        """The cluster's API, with an administrator's rights."""
        return KubernetesApi(self.directory, ports_of(self.directory))

    def _node_groups(self, act: Callable[[NodeGroups], None]) -> None:
        try:
            act(NodeGroups(self.api(), self._report))
        except DrainError as error:
            raise RefusalError(str(error)) from error

    def _lay_out_programs(self, programs: dict[str, Path]) -> None:
        link = self.directory.programs / "kubectl"
        link.unlink(missing_ok=True)
        link.symlink_to(programs["kubectl"])

    def _launch(self, programs: dict[str, Path]) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "local_cluster.running", "--directory", str(self.directory.root)]
        command += ["--stack", self.directory.stack]
        command += [f"--program={name}={path}" for name, path in programs.items()]
        paths = [str(_PACKAGE_ROOT), os.environ.get("PYTHONPATH", "")]
        with self.directory.log_of("supervisor").open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},
                start_new_session=True,
            )

    def _wait_until_ready(self, launched: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            status = supervisor.read_status(self.directory)
            if status.get("state") == supervisor.READY:
                return
            if launched.poll() is not None:
                reason = supervisor.read_status(self.directory).get("detail")
                log = self.directory.log_of("supervisor")
                raise ClusterError(
                    f"The cluster of {self.directory.stack} did not start: {reason or f'{log} says why.'}\n"
                    "What it stores is kept; run the same command again once the cause is mended."
                )
            time.sleep(_PAUSE_SECONDS)
        self.stop()
        raise ClusterError(
            f"The cluster of {self.directory.stack} is not ready after {_START_SECONDS:.0f} s "
            f"({self._how_far()}); its logs are in {self.directory.logs}."
        )

    def _how_far(self) -> str:
        status = supervisor.read_status(self.directory)
        return f"{status.get('state', '')} {status.get('detail', '')}".strip()
