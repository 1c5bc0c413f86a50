"""Which targets a scrape job finds in a small model of a cluster: discovery and relabelling as Prometheus does them.

Leaves out what no job here uses: other roles of discovery, and actions such as hashmod.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.components.monitoring.collector_config import expanded


@dataclass(frozen=True)
class Pod:
    """A pod with the ports that its first container declares, and sidecars with theirs."""

    name: str
    namespace: str
    address: str
    node: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    container: str = "main"
    ports: tuple[tuple[str, int], ...] = ()
    sidecars: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    service: str = ""


Labels = dict[str, str]


def endpoints(job: Mapping[str, Any], pods: Iterable[Pod], variables: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Address and path of each target of a job, after relabelling.

    Args:
        job: scrape configuration.
        pods: everything that discovery can find.
        variables: environment of the program that runs the job.
    """
    scraped = set()
    for labels in _discovered(job, list(pods), variables):
        labels.setdefault("__metrics_path__", job.get("metrics_path", "/metrics"))
        relabelled = relabel(job.get("relabel_configs", []), labels)
        if relabelled is not None:
            scraped.add((relabelled["__address__"], relabelled["__metrics_path__"]))
    return scraped


def relabel(rules: Iterable[Mapping[str, Any]], labels: Labels) -> Labels | None:
    """Labels after the rules of a job, or None when one of them drops the target."""
    labels = dict(labels)
    for rule in rules:
        value = ";".join(labels.get(name, "") for name in rule.get("source_labels", rule.get("sourceLabels", [])))
        match = re.fullmatch(str(rule.get("regex", "(.*)")).replace("$$", "$"), value, re.DOTALL)
        action = rule.get("action", "replace")
        if action in ("keep", "drop"):
            if (match is None) == (action == "keep"):
                return None
        elif action == "replace":
            if match:
                replacement = rule.get("replacement", "$1").replace("$$", "$")
                labels[rule["target_label"]] = match.expand(re.sub(r"\$(\d)", r"\\g<\1>", replacement))
        else:
            raise NotImplementedError(action)
    return labels


def meta_labels(pod: Pod, port_name: str, port: int, container: str = "") -> Labels:
    """What discovery says about a port of a pod, of its first container where none is named."""
    prefix = "__meta_kubernetes_"
    labels = {
        "__address__": f"{pod.address}:{port}" if port else pod.address,
        f"{prefix}namespace": pod.namespace,
        f"{prefix}pod_name": pod.name,
        f"{prefix}pod_ip": pod.address,
        f"{prefix}pod_phase": "Running",
        f"{prefix}pod_node_name": pod.node,
        f"{prefix}pod_container_name": container or pod.container,
        f"{prefix}pod_container_port_name": port_name,
        f"{prefix}pod_container_port_number": str(port or ""),
        f"{prefix}service_name": pod.service,
        f"{prefix}endpointslice_port_name": port_name,
    }
    for kind, values in (("label", pod.labels), ("annotation", pod.annotations)):
        labels |= {f"{prefix}pod_{kind}_{re.sub(r'[^a-zA-Z0-9_]', '_', key)}": value for key, value in values.items()}
    return labels


def _discovered(job: Mapping[str, Any], pods: list[Pod], variables: Mapping[str, Any]) -> Iterable[Labels]:
    for static in job.get("static_configs", []):
        for target in static["targets"]:
            yield {"__address__": expanded(target, dict(variables))}
    for found in job.get("dns_sd_configs", []):
        for name in found["names"]:
            service = name.partition(".")[0]
            yield from ({"__address__": f"{pod.address}:{found['port']}"} for pod in pods if pod.service == service)
    for found in job.get("kubernetes_sd_configs", []):
        for pod in pods:
            if _selected(found, pod, variables):
                for container, declared in {pod.container: pod.ports, **pod.sidecars}.items():
                    # A container that declares no port is a target all the same.
                    yield from (meta_labels(pod, *port, container) for port in declared or (("", 0),))


def _selected(found: Mapping[str, Any], pod: Pod, variables: Mapping[str, Any]) -> bool:
    if pod.namespace not in found.get("namespaces", {}).get("names", [pod.namespace]):
        return False
    if found["role"] == "endpointslice":
        return bool(pod.service)
    for selector in found.get("selectors", []):
        for term in filter(None, selector.get("label", "").split(",")):
            key, equals, value = term.partition("=")
            if (pod.labels.get(key) != value) if equals else (key not in pod.labels):
                return False
        if "field" in selector:
            assert selector["field"].startswith("spec.nodeName=")
            if expanded(selector["field"], dict(variables)) != f"spec.nodeName={pod.node}":
                return False
    return True
