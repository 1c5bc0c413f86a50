"""One stack's cluster on this machine: started, stopped, and asked."""

import base64
import shutil
import subprocess
import time
from functools import cached_property
from pathlib import Path

from local_cluster import supervisor
from local_cluster.aws.access_policies import access_policy_objects
from local_cluster.aws.command import write_aws_command
from local_cluster.aws.pod_identity import pod_identity_webhook
from local_cluster.certificates import authority_file, make_authority
from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.launch import launch
from local_cluster.network import LOOPBACK
from local_cluster.nodes.real.admission import node_webhook
from local_cluster.nodes.real.clean_up import clean_up
from local_cluster.nodes.real.requirements import require_real_nodes
from local_cluster.nodes.real.runtime import find_runtime
from local_cluster.programs.sets import REAL, SIMULATED, find_programs
from local_cluster.settings import choose_real_nodes, ports_of, require_free, settings_of
from local_cluster.volumes.csi_node import csi_driver
from offline.progress import Say, Standing, step

_START_SECONDS = 180.0
_STOP_SECONDS = 60.0
_PAUSE_SECONDS = 0.1
# etcd's log and database are 64 MiB each before anything is in them.
_LEAST_MIB = 512


class LocalCluster:
    """The cluster of one stack.

    Args:
        directory: where it is kept.
        report: where signs of life go.
    """

    def __init__(self, directory: ClusterDirectory, report: Say) -> None:
        self.directory = directory
        self._report = report
        self._was_started_here = False

    def abandon(self) -> None:
        """End it if it was started by this process, whose user stopped it: what nobody waits for must not go on."""
        if self._was_started_here:
            self.stop()

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

    def start(self, real_nodes: int | None = None) -> None:
        """Start the cluster, unless it runs; what was in it is in it again.

        Args:
            real_nodes: how many nodes run containers; as before unless given. A cluster that runs with another number
                is stopped first.

        Raises:
            ClusterError: when it does not start; the message names the process and the end of its log.
            MissingToolError: when a program can't be had.
        """
        if real_nodes is not None:
            self._choose(real_nodes)
        programs = self._programs()
        if not self.is_running:
            self._start(programs)
        # Even where it runs: whoever started it may have been stopped before this.
        ports = ports_of(self.directory)
        self.api.apply(
            *access_policy_objects(), pod_identity_webhook(self.directory, f"https://{LOOPBACK}:{ports.webhooks}")
        )
        webhook = node_webhook(self.directory, ports)
        if self.real_nodes:
            self.api.apply(webhook, csi_driver())
        else:
            self.api.remove(webhook)

    @property
    def real_nodes(self) -> int:
        """How many of its nodes run containers."""
        return settings_of(self.directory).real_nodes

    def _choose(self, real_nodes: int) -> None:
        self.directory.make()
        if real_nodes != self.real_nodes:
            self.stop()
            choose_real_nodes(self.directory, real_nodes)

    def _programs(self) -> dict[str, Path]:
        if not self.real_nodes:
            return find_programs(SIMULATED, self._report)
        require_real_nodes()
        find_runtime(self._report)
        return find_programs((*SIMULATED, *REAL), self._report)

    def _start(self, programs: dict[str, Path]) -> None:
        self.directory.make()
        make_authority(self.directory)
        self._clean_up()
        settings = settings_of(self.directory)
        require_free(settings.ports, self.directory)
        self._lay_out_programs(programs)
        self.directory.status.unlink(missing_ok=True)
        self.directory.stop_request.unlink(missing_ok=True)
        with step(f"starting the cluster of {self.directory.stack}", self._report, self._how_far, quiet_if_short=True):
            launched = launch(self.directory, settings, programs)
            self._was_started_here = True
            self._wait_until_ready(launched)

    def _clean_up(self) -> None:
        """Take away what real nodes left on the machine, if they were ended without a chance to."""
        if self.directory.namespaces.exists() and self.real_nodes:
            clean_up(self.directory)

    def stop(self) -> bool:
        """End every process of the cluster, and wait until they have; returns whether there were any.

        Raises:
            ClusterError: when they don't end.
        """
        if not self.is_running:
            self._clean_up()
            return False
        self._was_started_here = False
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
        self._clean_up()
        return True

    @property
    def endpoint(self) -> str:
        """URL of the API server."""
        return f"https://{LOOPBACK}:{ports_of(self.directory).api_server}"

    @property
    def certificate_authority(self) -> str:
        """Base64 of the authority that signed the API server's certificate."""
        return base64.b64encode(authority_file(self.directory).read_bytes()).decode()

    @cached_property
    def api(self) -> KubernetesApi:
        """The cluster's API, with an administrator's rights."""
        return KubernetesApi(self.directory, ports_of(self.directory))

    def _lay_out_programs(self, programs: dict[str, Path]) -> None:
        write_aws_command(self.directory)
        link = self.directory.programs / "kubectl"
        link.unlink(missing_ok=True)
        link.symlink_to(programs["kubectl"])

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
                    f"{self._room()}What it stores is kept; run the same command again once the cause is mended."
                )
            time.sleep(_PAUSE_SECONDS)
        self.stop()
        raise ClusterError(
            f"The cluster of {self.directory.stack} is not ready after {_START_SECONDS:.0f} s "
            f"({self._how_far()}); its logs are in {self.directory.logs}."
        )

    def _room(self) -> str:
        """What to say of the disk, where it may be the cause: programs tell of a full one in many ways."""
        free_mib = shutil.disk_usage(self.directory.root).free // 1024**2
        if free_mib >= _LEAST_MIB:
            return ""
        return f"The disk of {self.directory.root} has {free_mib} MiB left, and etcd alone takes 200: make room. "

    def _how_far(self) -> Standing:
        status = supervisor.read_status(self.directory)
        return Standing(f"{status.get('state', '')} {status.get('detail', '')}".strip())
