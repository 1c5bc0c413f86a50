"""Copies of the configuration that run on one machine: other addresses and a quicker pace, and nothing else changed.

What the copies do differently from the environment:
    addresses    of nodes, pods, services and listeners are ports of 127.0.0.1
    discovery    reads its credentials from a kubeconfig, where a pod has a fixed path; containers declare the ports
                 that the sources happen to listen on here
    pace         alerts wait for 2 s rather than minutes, for 5 s rather than more than ten, so that one which stands
                 for others still comes before them; Alertmanager for 1 s, rules are evaluated and what fires is
                 sent each second; Prometheus is shown its rules when the first samples are there
    receivers    of alerts are webhooks, whatever they are in the environment
"""

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Config = dict[str, Any]

PENDING, LONG_PENDING = "2s", "5s"
PACE = "1s"
_LONG_MINUTES = 10
_MINUTES_OF = {"s": 1 / 60, "m": 1, "h": 60, "d": 24 * 60}


def replaced(value: Any, texts: Mapping[str, str]) -> Any:
    """A copy of a configuration in which texts stand for others."""
    if isinstance(value, dict):
        return {key: replaced(each, texts) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, texts) for each in value]
    if isinstance(value, str):
        for old, new in texts.items():
            value = value.replace(old, new)
    return value


def collector(
    config: Config, texts: Mapping[str, str], telemetry: int, kubeconfig: Path, ports: Mapping[str, int]
) -> Config:
    """One of a collector's files.

    Args:
        config: the file.
        texts: addresses and paths, and what stands for them.
        telemetry: port of the collector's own metrics.
        kubeconfig: for discovery.
        ports: scrape job to the port that its pods declare here.
    """
    changed = replaced(config, texts)
    for job in _scrape_configs(changed):
        for discovery in job.get("kubernetes_sd_configs", []):
            discovery["kubeconfig_file"] = str(kubeconfig)
        for rule in job.get("relabel_configs", []):
            if job["job_name"] in ports and rule["source_labels"] == ["__meta_kubernetes_pod_container_port_number"]:
                rule["regex"] = str(ports[job["job_name"]])
    attributes = changed.get("processors", {}).get("k8s_attributes")
    if attributes:
        attributes["auth_type"] = "kubeConfig"
    for reader in changed["service"].get("telemetry", {}).get("metrics", {}).get("readers", []):
        reader["pull"]["exporter"]["prometheus"] |= {"host": "127.0.0.1", "port": telemetry}
    return changed


def prometheus(config: Config, own: str, names: Mapping[str, str]) -> Config:
    """The configuration of Prometheus.

    Args:
        config: the file.
        own: its address here.
        names: address here of each name that it would look up.
    """
    changed = replaced(config, {"localhost:9090": own})
    changed["global"] |= {"scrape_interval": PACE, "scrape_timeout": PACE, "evaluation_interval": PACE}
    for place in (*changed["alerting"]["alertmanagers"], *changed["scrape_configs"]):
        found = [names[name] for look_up in place.pop("dns_sd_configs", []) for name in look_up["names"]]
        if found:
            place["static_configs"] = [{"targets": found}]
    return changed


def rules(config: Config) -> Config:
    """A file of rules whose alerts do not wait."""
    changed = copy.deepcopy(config)
    for group in changed["groups"]:
        group.pop("interval", None)
        for rule in group["rules"]:
            if "for" in rule:
                rule["for"] = LONG_PENDING if _minutes(rule["for"]) > _LONG_MINUTES else PENDING
    return changed


def _minutes(duration: str) -> float:
    """Source: Prometheus documentation, "Querying basics", float literals and time durations."""
    parts = re.findall(r"(\d+)([smhd])", duration)
    return sum(int(number) * _MINUTES_OF[unit] for number, unit in parts)


def alertmanager(config: Config, webhook: str) -> Config:
    """The configuration of Alertmanager: each receiver that has an address is a webhook of its name."""
    changed = copy.deepcopy(config)
    _hurry(changed["route"])
    changed["receivers"] = [_receiver(each["name"], webhook) for each in config["receivers"]]
    return changed


def _receiver(name: str, webhook: str) -> Config:
    address = {"url": f"{webhook}/{name}", "send_resolved": True}
    return {"name": name} if name == "nobody" else {"name": name, "webhook_configs": [address]}


def _hurry(route: Config) -> None:
    for key in ("group_wait", "group_interval"):
        if key in route:
            route[key] = PACE
    for child in route.get("routes", []):
        _hurry(child)


def _scrape_configs(config: Config) -> list[Config]:
    prometheus = config.get("receivers", {}).get("prometheus", {})
    return prometheus.get("config", {}).get("scrape_configs", [])
