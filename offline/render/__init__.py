"""A stack as files that other tools read: objects, policy documents, a CloudFormation template.

The names are a contract:

    DIR/stack.json                                        the deployment, as `pulumi stack export`, secrets masked
    DIR/kubernetes/<namespace or _cluster>/<kind>-<name>.json   one object a file, secrets masked
    DIR/iam/<kind>/<name>.json                            policy documents; kinds in `offline.render.policies`
    DIR/cloudformation.json                               the AWS resources as a CloudFormation template
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from offline.checks.judge import Opener
from offline.checks.judges import releases_judge
from offline.engine import OfflineEngine
from offline.isolation.environment import organisation_policies
from offline.progress import Say
from offline.render.cloudformation import template
from offline.render.objects import kubernetes_objects
from offline.render.policies import policy_documents
from offline.summary import masked


def render(engine: OfflineEngine, stack: str, directory: Path, report: Say) -> int:
    """Write the stack's files, replacing those of an earlier rendering; returns how many.

    What is written follows from the files as they are now, whatever was brought up before.
    """
    return write(stack, fresh_deployment(engine, stack, report), directory, report)


def write(stack: str, deployment: Mapping[str, Any], directory: Path, report: Say) -> int:
    """Write the files of a deployment, replacing those of an earlier rendering; returns how many.

    Args:
        stack: its name.
        deployment: what was exported, secrets masked.
        directory: where the files go.
        report: where signs of life go.
    """
    _clear(directory)
    count = 0
    with releases_judge(report) as releases:
        for name, content in _files(stack, deployment, releases):
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content, indent=2) + "\n")
            count += 1
    return count


def fresh_deployment(engine: OfflineEngine, stack: str, report: Say) -> Mapping[str, Any]:
    """What `up` makes of the files as they are now, in a state that is thrown away; secrets are masked."""
    with tempfile.TemporaryDirectory() as scratch:
        passing = OfflineEngine(engine.project.root, Path(scratch), report)
        passing.up(stack)
        return masked(passing.export(stack))


def _clear(directory: Path) -> None:
    """Remove the files of an earlier rendering, and nothing else that is in the directory."""
    for pattern in ("stack.json", "cloudformation.json", "kubernetes/*/*.json", "iam/*/*.json"):
        for file in directory.glob(pattern):
            file.unlink()


def _files(stack: str, deployment: Mapping[str, Any], releases: Opener) -> Iterator[tuple[str, Any]]:
    resources = [each for each in deployment.get("resources", []) if each.get("custom")]
    yield "stack.json", {"version": 3, "deployment": deployment}
    yield from _numbered(kubernetes_objects(resources, releases))
    yield from _numbered(policy_documents(resources))
    service_control, resource_control = organisation_policies(stack, deployment)
    yield "iam/scp/environment.json", service_control.content
    yield "iam/rcp/environment.json", resource_control.content
    yield "cloudformation.json", template(resources)


def _numbered(files: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Give the second file of one name a number, so that none is lost."""
    seen: dict[str, int] = {}
    for name, content in files:
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else name.replace(".json", f"-{seen[name]}.json")), content
