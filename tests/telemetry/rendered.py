"""What a container of the monitoring stack is given: command line, variables, and files with their paths."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from components.monitoring.settings import MonitoringSettings
from tests.components.monitoring.environment import DAEMON_SET, DEPLOYMENT, SHAPES, STATEFUL_SET, build
from tests.components.workloads.pods import CONFIG_MAP, pod
from tests.recorder import Recorder, Registration
from tests.stack_files import ENVIRONMENTS, settings

Text = Callable[[str], str]

AGENT = (DAEMON_SET, "collectors-agent")
CLUSTER = (DEPLOYMENT, "collectors-cluster")
PROMETHEUS = (STATEFUL_SET, "prometheus-0")
ALERTMANAGER = (STATEFUL_SET, "alertmanager-0")

# The four stacks, and shapes that settings allow beyond them.
CASES: dict[str, Callable[[], MonitoringSettings]] = {
    **{stack: lambda stack=stack: settings(stack).monitoring for stack in ENVIRONMENTS},
    **{f"shape-{name}": lambda shape=shape: shape for name, shape in SHAPES.items()},
}

# What the kubelet tells a container of its pod, by the field's path.
FIELDS = {
    "spec.nodeName": "node-1",
    "status.hostIP": "127.0.0.1",
    "status.podIP": "127.0.0.1",
    "metadata.name": "pod-0",
}


@dataclass(frozen=True)
class Rendered:
    """One container.

    Args:
        arguments: its command line, without the program.
        variables: its environment.
        files: text by absolute path.
        directories: other places that are mounted.
    """

    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    files: Mapping[PurePosixPath, str]
    directories: tuple[PurePosixPath, ...]

    def place_below(self, root: Path, change: Text = str) -> "Rendered":
        """The container with all its paths moved below a directory, where files and directories are made.

        Args:
            root: stands for the container's root directory.
            change: makes the text of each file what is written.
        """
        places = {str(path) for path in (*self.directories, *(file.parent for file in self.files))}
        path_of_ours = re.compile(rf"(^|=)({'|'.join(map(re.escape, places))})(?=/|$)")

        def moved(text: str) -> str:
            return path_of_ours.sub(rf"\g<1>{root}\g<2>", text)

        for path, text in self.files.items():
            target = Path(f"{root}{path}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(change(text))
        for directory in self.directories:
            Path(f"{root}{directory}").mkdir(parents=True, exist_ok=True)
        return Rendered(
            tuple(moved(each) for each in self.arguments),
            {name: moved(value) for name, value in self.variables.items()},
            {PurePosixPath(f"{root}{path}"): text for path, text in self.files.items()},
            tuple(PurePosixPath(f"{root}{path}") for path in self.directories),
        )


@cache
def render(case: str) -> Recorder:
    """The monitoring component of a case of `CASES`."""
    return build(CASES[case]())


def container(recorded: Recorder, which: tuple[str, str], fields: Mapping[str, str] = FIELDS) -> Rendered:
    """The container that a workload is there for, which is its pods' first.

    Args:
        recorded: the component.
        which: type token and logical name of the workload.
        fields: what the kubelet fills in.
    """
    workload = recorded.named(*which)
    first = pod(workload)["containers"][0]
    volumes = {each["name"]: each for each in pod(workload).get("volumes", [])}
    files: dict[PurePosixPath, str] = {}
    directories = []
    for mounted in first["volumeMounts"]:
        place, volume = PurePosixPath(mounted["mountPath"]), volumes.get(mounted["name"], {})
        if "configMap" in volume:
            files |= {place / path: text for path, text in _contents(recorded, volume["configMap"]).items()}
        else:
            directories.append(place)
    # Nobody made the Secrets that variables may come from: they stay unset, as in a new environment.
    variables = {each["name"]: _value(each, fields) for each in first.get("env", []) if not _is_secret(each)}
    return Rendered(tuple(first.get("args", [])), variables, files, tuple(directories))


def _contents(recorded: Recorder, source: Mapping[str, Any]) -> dict[str, str]:
    """Files of a ConfigMap volume by their path in it."""
    (config_map,) = (each for each in recorded.of(CONFIG_MAP) if _name(each) == source["name"])
    data: dict[str, str] = config_map.inputs["data"]
    items = source.get("items") or [{"key": key, "path": key} for key in data]
    return {item["path"]: data[item["key"]] for item in items}


def _name(config_map: Registration) -> str:
    return config_map.inputs["metadata"].get("name", f"{config_map.name}-1a2b3c4d")


def _is_secret(variable: Mapping[str, Any]) -> bool:
    return "secretKeyRef" in variable.get("valueFrom", {})


def _value(variable: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    return variable["value"] if "value" in variable else fields[variable["valueFrom"]["fieldRef"]["fieldPath"]]
