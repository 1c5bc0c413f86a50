"""A stack that is up on a cluster of this machine, and what a drill asks of it."""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from components.settings import STACKS
from local_cluster.cluster import LocalCluster
from local_cluster.stack import local_stack
from local_cluster.usage import usage
from offline.engine import OfflineEngine
from offline.progress import silent
from offline.summary import Summary
from tests.checks.mistakes_settings import put
from tests.stack_files import settings_tree, stack_file
from tests.stacks.project_copy import copy_of_project
from tests.telemetry.process import wait_until as patiently

_PATIENCE_SECONDS = 180.0
SYSTEM_GROUP = "system"
RELEASE = "kubernetes:helm.sh/v3:Release"


class RunningStack:
    """One stack and its cluster.

    Args:
        stack: its name.
        directory: where state, and a copy of the project if one is changed, go.
        real_nodes: how many of its nodes run containers.
    """

    def __init__(self, stack: str, directory: Path, real_nodes: int = 0) -> None:
        self.name = stack
        self.real_nodes = real_nodes
        self._directory = directory
        self._project = STACKS.parent
        self._changes: dict[str, Any] = {}
        self.home = directory / "home"

    @cached_property
    def cluster(self) -> LocalCluster:
        """The cluster."""
        return local_stack(self._project, self.home, self.name, silent)[1]

    def up(self) -> Summary:
        """Start the cluster unless it runs, and bring the stack up."""
        self.cluster.start(self.real_nodes)
        return self._engine.up(self.name)

    @property
    def _engine(self) -> OfflineEngine:
        # What is asked here is the cluster; `make test` asks the judges about the same stacks.
        return local_stack(self._project, self.home, self.name, silent, judges=tuple)[0]

    @property
    def state_file(self) -> Path:
        """Where the engine keeps the stack's state."""
        return self._engine.state(self.name).file

    def change(self, changes: dict[str, Any]) -> None:
        """Write another stack file, in a copy of the project; earlier changes stay.

        Args:
            changes: path of a setting, such as monitoring/volume_gib, to its value.
        """
        self._copy_project()
        self._changes |= changes
        tree = settings_tree(self.name)
        for path, value in self._changes.items():
            put(path, value)(tree)
        document = {"config": {"moka:settings": tree}}
        stack_file(self.name, self._project / "stacks").write_text(yaml.safe_dump(document))

    def change_file(self, path: str, old: str, new: str) -> None:
        """Write another text into a file of a copy of the project; earlier changes stay.

        Args:
            path: of the file, below the project's directory.
            old: what stands there, once.
            new: what stands there instead.
        """
        self._copy_project()
        file = self._project / path
        text = file.read_text()
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        file.write_text(text.replace(old, new))

    def _copy_project(self) -> None:
        if self._project == STACKS.parent:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._project = copy_of_project(self._directory / "project")

    def preview(self) -> Summary:
        """What another `up` would do."""
        return self._engine.preview(self.name)

    def destroy(self) -> Summary:
        """Take the stack down."""
        return self._engine.destroy(self.name)

    def forget_last_objects(self) -> list[str]:
        """Take the objects that nothing else needs out of the state, as a run does that ends before it is saved.

        Returns their types. Leaves out releases, which Helm gives to nobody who does not know them: docs/changes.md.
        """
        forgotten = self._forget(lambda each: each["type"].startswith("kubernetes:") and each["type"] != RELEASE)
        return [each["type"] for each in forgotten]

    def forget_release(self, name: str) -> dict[str, Any]:
        """The same with a release alone, which nothing else needs; returns what the state said of it."""
        (forgotten,) = self._forget(lambda each: each["type"] == RELEASE and each["id"].endswith(f"/{name}"))
        return forgotten

    def _forget(self, is_meant: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        state = self._engine.state(self.name)
        deployment = state.deployment()
        resources = deployment["resources"]
        text = [(each["urn"], json.dumps({**each, "urn": ""})) for each in resources]
        forgotten = [
            each
            for each in resources
            if is_meant(each) and not any(each["urn"] in other for urn, other in text if urn != each["urn"])
        ]
        state.replace({**deployment, "resources": [each for each in resources if each not in forgotten]})
        return forgotten

    def pulumi(self, *words: str) -> str:
        """What a command of the `pulumi` CLI says."""
        return self._engine.pulumi(self.name, words)

    def listed(self, kind: str, api_version: str = "v1", **selectors: Any) -> list[dict[str, Any]]:
        """Objects of a kind."""
        return self.cluster.api.listed(kind, api_version, **selectors)

    def kubectl(self, *arguments: str, context: str = "") -> "subprocess.CompletedProcess[str]":
        """The ordinary kubectl, with the kubeconfig that people get."""
        cluster = self.cluster
        usage(cluster)
        command = [str(cluster.directory.programs / "kubectl"), "--kubeconfig", str(cluster.directory.kubeconfig)]
        command += ["--context", context] if context else []
        return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, timeout=60)

    def not_running(self) -> list[str]:
        """Pods that are not ready, each with what the scheduler or its node says of it."""
        found = []
        for pod in self.listed("Pod"):
            status, metadata = pod["status"], pod["metadata"]
            conditions = {each["type"]: each for each in status.get("conditions") or []}
            owners = [each["kind"] for each in metadata.get("ownerReferences") or []]
            # Jobs have an end, and the log canary's is to fail where nothing ships logs.
            if status.get("phase") == "Succeeded" or (status.get("phase") == "Failed" and "Job" in owners):
                continue
            if conditions.get("Ready", {}).get("status") == "True":
                continue
            place = f"{status.get('phase')} on {pod['spec'].get('nodeName')}"
            reason = conditions.get("PodScheduled", {}).get("message", place)
            found.append(f"{metadata['namespace']}/{metadata['name']}: {reason}")
        return found

    def missing(self) -> list[str]:
        """Workloads that have fewer ready pods than they should."""
        found = []
        for kind, wanted, ready in (
            ("Deployment", lambda each: each["spec"]["replicas"], "readyReplicas"),
            ("StatefulSet", lambda each: each["spec"]["replicas"], "readyReplicas"),
            ("DaemonSet", lambda each: each["status"]["desiredNumberScheduled"], "numberReady"),
        ):
            for each in self.listed(kind, "apps/v1"):
                if each["status"].get(ready, 0) < wanted(each):
                    found.append(f"{kind} {each['metadata']['namespace']}/{each['metadata']['name']}")
        return found

    def incomplete(self) -> list[str]:
        """Workloads and pods that are not there yet."""
        return [*self.missing(), *self.not_running()]

    def converges(self) -> None:
        """Wait until every workload has its pods, and all pods run."""
        wait_until(lambda: not self.incomplete(), self.incomplete)

    def end(self) -> None:
        """Stop the cluster, and delete what it stores."""
        self.cluster.stop()
        shutil.rmtree(self._directory, ignore_errors=True)


def wait_until(happened: Callable[[], bool], detail: Callable[[], Sequence[str]]) -> None:
    """Look again and again until something of a cluster is so; fails with the detail when it is not in time."""
    patiently("the cluster", _PATIENCE_SECONDS, happened, lambda: json.dumps(list(detail()), indent=2))
