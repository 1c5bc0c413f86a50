"""The shell of workflows, composite actions and GitLab's jobs, step by step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
_GITHUB = ROOT / ".github"
GITLAB = ROOT / ".gitlab-ci.yml"


@dataclass(frozen=True)
class Step:
    """One piece of shell.

    Args:
        key: file, job and step, by which tests call it.
        script: what is run.
        variables: names that the pipeline sets for it.
    """

    key: str
    script: str
    variables: frozenset[str] = field(default_factory=frozenset)


def steps() -> list[Step]:
    """All of them, in the order of files."""
    workflows = sorted((_GITHUB / "workflows").glob("*.yaml"))
    actions = sorted((_GITHUB / "actions").glob("*/action.yaml"))
    found = [step for path in workflows for step in _of_workflow(path.stem, _read(path))]
    found += [step for path in actions for step in _of_job(path.parent.name, "runs", _read(path)["runs"], frozenset())]
    return [*found, *_of_gitlab(_read(GITLAB))]


def _of_workflow(name: str, workflow: Mapping[str, Any]) -> Iterator[Step]:
    for job, content in workflow["jobs"].items():
        yield from _of_job(name, job, content, _names(workflow) | _names(content))


def _of_job(name: str, job: str, content: Mapping[str, Any], variables: frozenset[str]) -> Iterator[Step]:
    scripts = [each for each in content.get("steps", ()) if "run" in each]
    for number, step in enumerate(scripts, start=1):
        yield Step(f"{name} {job} {number}", step["run"], variables | _names(step))


def _of_gitlab(pipeline: Mapping[str, Any]) -> Iterator[Step]:
    for job, content in pipeline.items():
        if isinstance(content, Mapping) and "script" in content:
            yield Step(f"gitlab {job}", "\n".join(content["script"]), frozenset(content.get("variables", ())))


def _names(content: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(content.get("env", ()))


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
