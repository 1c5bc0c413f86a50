"""The four environments with their bootstraps, and one that has every optional part."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from offline.engine import OfflineEngine
from offline.isolation.own_work import OwnWork, own_work_of
from tests.drill.environment import drill_settings
from tests.stack_files import ENVIRONMENTS, settings, stack_file
from tests.stacks.bootstrap.pipelines import Pipelines
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.project_copy import copy_of_project

FULLEST = "dev, with every optional part"


@pytest.fixture(scope="session")
def pipelines(
    stacks: StacksThatAreUp, bootstraps: StacksThatAreUp, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Pipelines]:
    """Name of each environment, and of the fullest one, to what pipelines are and do in it."""
    found: dict[str, Pipelines] = {}
    for stack in ENVIRONMENTS:
        stacks.up(stack)
        bootstraps.up(stack)
        bootstrap = bootstraps.engine.export(stack)
        found[stack] = _pipelines(stack, stacks.engine.export(stack), bootstrap)
    fullest = _fullest(tmp_path_factory.mktemp("fullest"))
    return {**found, FULLEST: _pipelines("dev", fullest, bootstraps.engine.export("dev"))}


def _pipelines(stack: str, deployment: Mapping[str, Any], bootstrap: Mapping[str, Any]) -> Pipelines:
    work: OwnWork = own_work_of(stack, settings(stack), deployment, bootstrap)
    return Pipelines(work, deployment["resources"], bootstrap["resources"])


def _fullest(directory: Path) -> Mapping[str, Any]:
    project = copy_of_project(directory / "project")
    tree = drill_settings()
    tree["monitoring"]["grafana"] = "amazon-managed"
    stack_file("dev", project / "stacks").write_text(yaml.safe_dump({"config": {"moka:settings": tree}}))
    # Judges have their say in the drill; here it is about what there is.
    engine = OfflineEngine(project, directory / "home", judges=lambda: ())
    engine.up("dev")
    return engine.export("dev")
