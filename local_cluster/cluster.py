"""One stack's cluster on this machine: started, stopped, and attached to the engine in place of Amazon EKS's."""

import base64
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from local_cluster import provider, supervisor
from local_cluster.account import ASKED_FOR, write_account
from local_cluster.addons import ADDON, VolumesLeftError, put_addon, put_addons, remove_addon
from local_cluster.aws.access_policies import access_policy_objects
from local_cluster.aws.command import write_aws_command
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.aws.pod_identity import pod_identity_webhook
from local_cluster.certificates import authority_file, make_authority
from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.network import LOOPBACK
from local_cluster.nodes.kwok import ANNOTATION
from local_cluster.nodes.kwok import SIMULATED as SIMULATED_NODE
from local_cluster.nodes.node_groups import DrainError, NodeGroups
from local_cluster.nodes.plan import GROUP, planned_nodes
from local_cluster.people import write_kubeconfig
from local_cluster.programs import SIMULATED, find
from local_cluster.python_process import environment, python_command
from local_cluster.settings import ports_of, require_free
from offline.progress import Say, step
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import RefusalError, Resource

_START_SECONDS = 180.0
_STOP_SECONDS = 60.0
_PAUSE_SECONDS = 0.1


class LocalCluster:
    """The cluster of one stack.

    Args:
        directory: where it is kept.
        report: where signs of life go.
    """

    def __init__(self, directory: ClusterDirectory, report: Say) -> None:
        self.directory = directory
        self._report = report
        self._writing = threading.Lock()

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
        # Threads of the engine ask it side by side, so it is made before they do.
        self.api.apply(*access_policy_objects(), pod_identity_webhook(self.directory, self._webhook_url))

    def stop(self) -> bool:
        """End every process of the cluster, and wait until they have; returns whether there were any.

        Raises:
            ClusterError: when they don't end.
        """
        if not self.is_running:
            return False
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
        return True

    def usage(self) -> str:
        """How a person uses the cluster, in lines."""
        contexts = self._write_kubeconfig()
        nodes = self.api.listed("Node")
        simulated = sum(
            1 for each in nodes if (each["metadata"].get("annotations") or {}).get(ANNOTATION) == SIMULATED_NODE
        )
        roles = ", ".join(contexts[1:]) or "none yet"
        return (
            f"The cluster of {self.directory.stack} runs at {self.endpoint}: {simulated} simulated nodes and "
            f"{len(nodes) - simulated} real ones.\n"
            f"  {self.exports()}\n"
            "  kubectl get pods -A\n"
            f"Roles with access, each a context of its own (kubectl --context NAME ...): {roles}\n"
            f"It runs until `make cluster-stop STACK={self.directory.stack}`; `make cluster` goes on from there."
        )

    def exports(self) -> str:
        """A line for a shell, after which its `kubectl` means this cluster."""
        return f'export KUBECONFIG="{self.directory.kubeconfig}" PATH="{self.directory.programs}:$PATH"'

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
            self.settle(inventory)
        resources = inventory.everything
        with self._asking():
            if resource.type == GROUP:
                NodeGroups(self.api, self._report).put(resource.name, planned_nodes(resource, resources))
                # Some add-ons run more pods where there are more nodes.
                put_addons(self.api, resources)
            elif resource.type == ADDON:
                put_addon(self.api, resource, resources)

    def forget(self, resource: Resource) -> None:
        """Drain and remove the nodes of a node group that is deleted, or the pods of an add-on."""
        with self._asking():
            if resource.type == GROUP:
                NodeGroups(self.api, self._report).remove(resource.name)
            elif resource.type == ADDON:
                remove_addon(self.api, resource)

    def settle(self, inventory: Inventory) -> None:
        """Write down what exists."""
        # The engine makes resources side by side.
        with self._writing:
            write_account(self.directory, inventory)

    def _write_kubeconfig(self) -> list[str]:
        deployment = DeploymentFile(self.directory.deployment).latest()
        name = deployment.cluster.identifier if deployment.cluster else self.directory.stack
        return write_kubeconfig(self.directory, self.endpoint, self.certificate_authority, name, deployment)

    @property
    def _webhook_url(self) -> str:
        return f"https://{LOOPBACK}:{ports_of(self.directory).webhooks}"

    @cached_property
    def api(self) -> KubernetesApi:
        """The cluster's API, with an administrator's rights."""
        return KubernetesApi(self.directory, ports_of(self.directory))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """What the cluster answers to a change of the account, in the engine's words."""
        try:
            yield
        except (DrainError, VolumesLeftError) as error:
            raise RefusalError(str(error)) from error
        except (ApiException, HTTPError) as error:
            raise RefusalError(
                f"the cluster of {self.directory.stack} can't follow: {error}\n"
                f"`python -m local_cluster status {self.directory.stack}` says whether it runs"
            ) from error

    def _lay_out_programs(self, programs: dict[str, Path]) -> None:
        write_aws_command(self.directory)
        link = self.directory.programs / "kubectl"
        link.unlink(missing_ok=True)
        link.symlink_to(programs["kubectl"])

    def _launch(self, programs: dict[str, Path]) -> "subprocess.Popen[bytes]":
        told = [f"--program={name}={path}" for name, path in programs.items()]
        command = python_command("local_cluster.running", self.directory, *told)
        with self.directory.log_of("supervisor").open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **environment()},
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
