"""Configuration files of a workload, mounted from an immutable ConfigMap that a change replaces.

The ConfigMap has no name of its own: Pulumi names each one anew, so a changed file makes a new ConfigMap, the pod
template that names it changes, the workload rolls, and pods that still run the old template keep the old file.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.workload import Workload, object_name


def config_files(
    name: str,
    workload: Workload,
    files: Iterable[Path],
    *,
    made: Mapping[str, pulumi.Input[str]] | None = None,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """A ConfigMap of files, each under its own name.

    Args:
        name: logical name.
        workload: whose files they are.
        files: paths; their last parts become keys and must differ.
        made: file name to text of files that settings and other resources decide.
        opts: options of the component that owns it.

    Returns:
        The ConfigMap's generated name.

    Raises:
        ValueError: when two files have the same name.
    """
    contents: dict[str, pulumi.Input[str]] = dict(made or {})
    for file in files:
        if file.name in contents:
            raise ValueError(f"{name}: two files are called {file.name}, and a ConfigMap's keys are file names")
        contents[file.name] = file.read_text(encoding="utf-8")
    config_map = kubernetes.core.v1.ConfigMap(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(namespace=workload.namespace, labels=workload.labels),
        data=contents,
        immutable=True,
        opts=opts,
    )
    return object_name(config_map.metadata)


def config_volume(
    name: str, config_map: pulumi.Input[str], paths: Mapping[str, str] | None = None
) -> kubernetes.core.v1.VolumeArgs:
    """A pod volume that holds a ConfigMap's files.

    Args:
        name: name that containers mount it by.
        config_map: the ConfigMap's name.
        paths: file name to its path in the volume, for files in directories; all lie at the top by default.
    """
    items = [kubernetes.core.v1.KeyToPathArgs(key=key, path=path) for key, path in (paths or {}).items()]
    return kubernetes.core.v1.VolumeArgs(
        name=name,
        config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=config_map, items=items or None),
    )
