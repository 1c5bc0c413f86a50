"""kube-score, which looks at objects of Kubernetes that run, and at what stands around them."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from local_cluster.programs.project import find
from offline.progress import say
from tests.stacks.linters.finding import Finding
from tests.stacks.linters.programs import KUBE_SCORE

# Those that ask for requests that equal limits are left out: nothing here has a limit of CPU.
_OPTIONAL = ("container-seccomp-profile", "container-ports-check")
_ALL_IS_WELL = 10


def findings(stack: str, directory: Path, kubernetes_version: str) -> list[Finding]:
    """Everything that kube-score reports of a stack; no annotation hides anything.

    Args:
        stack: its name.
        directory: that it was rendered to.
        kubernetes_version: such as 1.35; versions of APIs are judged by it.
    """
    documents = "\n---\n".join(each.read_text() for each in sorted(directory.glob("kubernetes/*/*.json")))
    command = [find([KUBE_SCORE], say)["kube-score"], "score", "--output-format", "json", "--kubernetes-version"]
    options = [word for each in _OPTIONAL for word in ("--enable-optional-test", each)]
    done = subprocess.run(
        [*command, f"v{kubernetes_version}", "--disable-ignore-checks-annotations", *options, "-"],
        input=documents,
        capture_output=True,
        text=True,
        check=False,
    )
    # 1 is for findings that it calls critical.
    assert done.returncode in (0, 1), done.stderr
    return [Finding(stack, *each) for each in _reported(json.loads(done.stdout))]


def _reported(objects: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for each in objects:
        metadata = each["object_meta"]
        place = "/".join(filter(None, (each["type_meta"]["kind"], metadata.get("namespace"), metadata["name"])))
        for check in each["checks"]:
            if check["grade"] < _ALL_IS_WELL and not check["skipped"]:
                for comment in check["comments"] or [{"summary": check["check"]["name"], "path": ""}]:
                    container = f"/{comment['path']}" if comment["path"] else ""
                    yield f"kube-score {check['check']['id']}: {comment['summary']}", f"{place}{container}"
