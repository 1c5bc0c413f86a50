"""The collectors' configuration, merged and walked as the program does it."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from components.monitoring.settings import MonitoringSettings
from components.monitoring.stores import Collector, collector_files

Config = dict[str, Any]

COLLECTORS: tuple[Collector, ...] = ("agent", "cluster")
KINDS = ("receivers", "processors", "exporters", "connectors", "extensions")
REMOTE_WRITE = "prometheus_remote_write/"
LOOPBACK = "otlp_grpc/"


def merge(left: Config, right: Config) -> Config:
    """Maps are merged key by key, all else is replaced: the collector's own rule for several files."""
    merged = dict(left)
    for key, value in right.items():
        both_maps = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merge(merged[key], value) if both_maps else value
    return merged


def configuration(collector: Collector, settings: MonitoringSettings) -> Config:
    """What a collector runs with."""
    merged: Config = {}
    for file in collector_files(collector, settings):
        merged = merge(merged, yaml.safe_load(file.read_text()))
    return merged


def jobs(collector: Collector, settings: MonitoringSettings) -> dict[str, Config]:
    """Scrape jobs by name."""
    scraped = configuration(collector, settings)["receivers"]["prometheus"]["config"]["scrape_configs"]
    assert len({each["job_name"] for each in scraped}) == len(scraped)
    return {each["job_name"]: each for each in scraped}


def pipelines(config: Config, signal: str) -> dict[str, Config]:
    """Pipelines of metrics, traces or logs."""
    return {name: each for name, each in config["service"]["pipelines"].items() if name.partition("/")[0] == signal}


def routes(config: Config, receiver: str, signal: str = "metrics") -> Iterator[tuple[str, ...]]:
    """Every way of what a receiver takes: the processors and exporters that it passes, the last one last.

    A way goes on behind a connector, and behind an exporter that sends to a receiver of the same program.
    """
    for pipeline in pipelines(config, signal).values():
        if receiver not in pipeline["receivers"]:
            continue
        for exporter in pipeline["exporters"]:
            passed = (*pipeline.get("processors", []), exporter)
            if exporter in config["connectors"]:
                following = [exporter]
            else:
                following = receivers_at(config, config["exporters"][exporter]["endpoint"])
            if not following:
                yield passed
            for each in following:
                yield from ((*passed, *rest) for rest in routes(config, each, signal))


def receivers_at(config: Config, endpoint: str) -> list[str]:
    """Receivers of the program that listen at an address."""
    return [
        name
        for name, each in config["receivers"].items()
        if endpoint == each.get("protocols", {}).get("grpc", {}).get("endpoint")
    ]


def expanded(text: str, variables: dict[str, Any]) -> str:
    """Text of a configuration with the values of its variables."""
    return re.sub(r"\$\{env:([A-Z0-9_]+)\}", lambda match: str(variables[match[1]]), text).replace("$$", "$")
