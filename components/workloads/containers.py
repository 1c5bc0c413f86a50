"""Parts that every container has: environment variables, resources, probes, mounts."""

from collections.abc import Mapping
from typing import Literal

import pulumi
import pulumi_kubernetes as kubernetes


def variables(
    values: Mapping[str, pulumi.Input[str]], fields: Mapping[str, str] | None = None
) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Environment variables of a container.

    Args:
        values: name to value.
        fields: name to a field of the pod, such as status.hostIP; these come first.
    """
    return [
        kubernetes.core.v1.EnvVarArgs(
            name=name,
            value_from=kubernetes.core.v1.EnvVarSourceArgs(
                # A default here would belong to whoever applied the object, and an interrupted `up` could not go on.
                field_ref=kubernetes.core.v1.ObjectFieldSelectorArgs(api_version="v1", field_path=path)
            ),
        )
        for name, path in (fields or {}).items()
    ] + [kubernetes.core.v1.EnvVarArgs(name=name, value=value) for name, value in values.items()]


def resources(
    *, cpu: str, memory_mib: int, memory_limit_mib: int | None = None
) -> kubernetes.core.v1.ResourceRequirementsArgs:
    """Requests, and a memory limit; CPU has no limit because throttling would only delay telemetry.

    Args:
        cpu: requested CPU, such as 200m.
        memory_mib: requested memory.
        memory_limit_mib: memory limit; the request by default.
    """
    return kubernetes.core.v1.ResourceRequirementsArgs(
        requests={"cpu": cpu, "memory": f"{memory_mib}Mi"},
        limits={"memory": f"{memory_limit_mib or memory_mib}Mi"},
    )


def http_probe(
    path: str,
    port: int | str,
    *,
    period_seconds: int = 10,
    failures: int = 3,
    timeout_seconds: int = 5,
    scheme: Literal["HTTPS"] | None = None,
) -> kubernetes.core.v1.ProbeArgs:
    """A probe that asks the container over HTTP.

    Args:
        path: what to get.
        port: port number or name.
        period_seconds: seconds between two questions.
        failures: bad answers in a row before the probe counts as failed.
        timeout_seconds: seconds after which a missing answer is a bad one.
        scheme: HTTPS for a container that answers nothing else; the kubelet takes any certificate.
    """
    return kubernetes.core.v1.ProbeArgs(
        http_get=kubernetes.core.v1.HTTPGetActionArgs(path=path, port=port, scheme=scheme),
        period_seconds=period_seconds,
        failure_threshold=failures,
        timeout_seconds=timeout_seconds,
    )


def ports(named: Mapping[str, int]) -> list[kubernetes.core.v1.ContainerPortArgs]:
    """Ports of a container by their names."""
    return [kubernetes.core.v1.ContainerPortArgs(name=name, container_port=port) for name, port in named.items()]


def mount(name: str, path: str, *, read_only: bool = False) -> kubernetes.core.v1.VolumeMountArgs:
    """Where a container sees a volume."""
    return kubernetes.core.v1.VolumeMountArgs(name=name, mount_path=path, read_only=read_only)
