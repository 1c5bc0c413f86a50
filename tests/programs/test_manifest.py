"""The collector's manifest, the deployed image and the configuration files are of one version and name one set."""

import re
from pathlib import Path
from typing import Any

import yaml

from components.images.table import COLLECTOR as IMAGE
from components.monitoring.workloads import FILES
from local_cluster.images.programs.collector import MANIFEST, MODULE, PROGRAM

KINDS = ("receiver", "processor", "exporter", "connector", "extension")
# Modules whose names do not follow from what their components are called in a configuration.
NAMED_OTHERWISE = {("exporter", "otlp_grpc"): "otlpexporter", ("extension", "file_storage"): "filestorage"}

Names = set[tuple[str, str]]


def manifest() -> dict[str, Any]:
    return yaml.safe_load(MANIFEST.read_text())


def module_name(kind: str, component: str) -> str:
    return NAMED_OTHERWISE.get((kind, component), component.replace("_", "") + kind)


def used(files: list[Path]) -> Names:
    """Kind and module name of every component that the files define."""
    configs = [yaml.safe_load(file.read_text()) for file in files]
    return {
        (kind, module_name(kind, name.partition("/")[0]))
        for config in configs
        for kind in KINDS
        for name in config.get(f"{kind}s") or {}
    }


def built() -> Names:
    return {(kind, each["gomod"].split(" ")[0].rpartition("/")[2]) for kind in KINDS for each in manifest()[f"{kind}s"]}


def test_the_collector_is_built_from_exactly_the_components_that_the_files_use() -> None:
    assert built() == used(sorted((FILES / "collectors").glob("*.yaml")))


def test_the_collector_is_built_of_the_deployed_version() -> None:
    assert manifest()["dist"]["version"] == IMAGE.tag
    assert IMAGE.repository.endswith("/opentelemetry-collector-contrib")
    for kind in KINDS:
        for each in manifest()[f"{kind}s"]:
            assert each["gomod"].split(" ")[1] == f"v{IMAGE.tag}", each
    builder = (MODULE / "builder" / "go.mod").read_text()
    assert f"go.opentelemetry.io/collector/cmd/builder v{IMAGE.tag}" in builder
    assert manifest()["dist"]["name"] == PROGRAM


def test_every_module_of_the_manifest_is_pinned_as_the_manifest_says() -> None:
    pinned = set(re.findall(r"^\t(\S+ v\S+)$", (MODULE / "go.mod").read_text(), re.MULTILINE))
    wanted = {each["gomod"] for section in (*KINDS, "provider") for each in manifest()[f"{section}s"]}
    assert wanted <= pinned
    sums = (MODULE / "go.sum").read_text()
    assert all(f"{each} h1:" in sums for each in wanted)
