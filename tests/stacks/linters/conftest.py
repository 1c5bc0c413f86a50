"""What each linter reports of the four stacks, and of mistakes that are planted beside them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from offline.progress import silent
from offline.render import write
from offline.summary import masked
from tests.stack_files import ENVIRONMENTS, settings
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.linters import checkov, kube_score
from tests.stacks.linters.finding import Finding
from tests.stacks.linters.mistakes import plant

PLANTED = "planted"


@pytest.fixture(scope="session")
def rendered(stacks: StacksThatAreUp, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Where each stack was rendered to, and one directory with mistakes."""
    directory = tmp_path_factory.mktemp("rendered")
    for stack in ENVIRONMENTS:
        stacks.up(stack)
        write(stack, masked(stacks.engine.export(stack)), directory / stack, silent)
    plant(directory / PLANTED)
    return {name: directory / name for name in (*ENVIRONMENTS, PLANTED)}


@pytest.fixture(scope="session")
def findings(rendered: Mapping[str, Path]) -> list[Finding]:
    """Everything that any linter reports of any of them."""
    version = settings("production").cluster.kubernetes_version
    scored = [found for name, place in rendered.items() for found in kube_score.findings(name, place, version)]
    return [*checkov.findings(rendered), *scored]
