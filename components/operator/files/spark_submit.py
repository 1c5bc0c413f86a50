#!/usr/bin/env python3
"""What the Spark Operator runs in place of spark-submit: the real one, with pods that fit this environment's nodes.

The operator names pod templates of its own with every application, and Spark reads one file a role, so that it never
opens the environment's. What these say is put into the operator's, unless an application's own template says it.
YuniKorn makes placeholders of the task groups before there are pods: they get the same nodes.

Runs on the Python of the operator's image.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

TEMPLATE = re.compile(r"spark\.kubernetes\.(driver|executor)\.podTemplateFile=(.+)")
TASK_GROUPS = "spark.kubernetes.driver.annotation.yunikorn.apache.org/task-groups="
GROUP_OF_ROLE = "spark-"


def completed(template: str, spec: dict[str, Any]) -> str:
    """A pod template as the operator writes it, with what it lacks of a pod's spec.

    Args:
        template: YAML in block style, indented by two.
        spec: what the environment says.
    """
    head, line, below = re.split(r"^(spec:\n)", template, maxsplit=1, flags=re.MULTILINE)
    own = re.split(r"^\S", below, maxsplit=1, flags=re.MULTILINE)[0]
    said = set(re.findall(r"^  (\w+):", own, flags=re.MULTILINE))
    # A line of JSON is YAML too.
    added = [f"  {key}: {json.dumps(value)}\n" for key, value in spec.items() if key not in said]
    return "".join([head, line, *added, below])


def with_nodes(groups: str, pods: dict[str, Any]) -> str:
    """Task groups whose placeholders wait for the nodes that the pods will ask for.

    Args:
        groups: a list as JSON.
        pods: by role, what its pods ask for.
    """
    made = json.loads(groups)
    for group in made:
        asked = pods[group["name"].removeprefix(GROUP_OF_ROLE)]
        group["nodeSelector"] = {**asked["nodeSelector"], **(group.get("nodeSelector") or {})}
        group["tolerations"] = [*(group.get("tolerations") or []), *asked["spec"].get("tolerations", [])]
    return json.dumps(made)


def prepared(arguments: list[str], pods: dict[str, Any]) -> list[str]:
    """The arguments, once the files that they name are complete."""
    made: list[str] = []
    for argument in arguments:
        if match := TEMPLATE.fullmatch(argument):
            file = Path(match[2])
            file.write_text(completed(file.read_text(), pods[match[1]]["spec"]))
        is_groups = argument.startswith(TASK_GROUPS)
        made.append(TASK_GROUPS + with_nodes(argument[len(TASK_GROUPS) :], pods) if is_groups else argument)
    return made


def main() -> None:
    """Prepare, and become spark-submit."""
    pods = json.loads(Path(os.environ["SUBMITTED_PODS"]).read_text())
    os.environ["SPARK_HOME"] = os.environ["REAL_SPARK_HOME"]
    program = str(Path(os.environ["SPARK_HOME"]) / "bin" / "spark-submit")
    os.execv(program, [program, *prepared(sys.argv[1:], pods)])


if __name__ == "__main__":
    main()
