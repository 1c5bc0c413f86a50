"""A matrix for people, by whom is reached, and as JSON for programs.

For people, endpoints of which the same holds stand together, a whole namespace by its name; what is open for some of
their pods or addresses only is marked. The rules shown are those of the target, where it has any, else the source's;
JSON has all of both sides.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from components.page import with_part
from offline.reachability.endpoint import Endpoint
from offline.reachability.errors import ReachabilityError
from offline.reachability.matrix import EGRESS_POLICIES, INGRESS_GROUPS, INGRESS_POLICIES, Matrix, Verdict
from offline.reachability.ports import Ports

BEGIN, END = "<!-- matrix: made by make reachability -->", "<!-- end of matrix -->"
EVERY_POD = "every pod"


def text_of(matrix: Matrix) -> str:
    """The matrix in lines: each target, and below it who reaches it, where and by which rules."""
    return "\n".join([*_sections(matrix), *_reasons(matrix)])


def as_json(matrix: Matrix) -> str:
    """The matrix for programs: pairs that are `open` or `closed`, and `wide_rules` with their reasons."""
    verdicts = list(matrix.verdicts())
    opened = [
        {
            "source": each.source.name,
            "target": each.target.name,
            "ports": _spans(each.possible),
            "certain_ports": _spans(each.certain),
            "rules": list(each.rules),
        }
        for each in verdicts
        if each.possible
    ]
    closed = [
        {"source": each.source.name, "target": each.target.name, "closed_by": list(each.closed_by)}
        for each in verdicts
        if not each.possible
    ]
    return json.dumps({"open": opened, "closed": closed, "wide_rules": matrix.wide_rules()}, indent=2)


def with_matrix(page: str, matrix: Matrix) -> str:
    """A page of documentation with the matrix between its marks.

    Raises:
        ValueError: when a mark is missing.
    """
    return with_part(page, BEGIN, f"```text\n{text_of(matrix)}\n```", END)


def write_into(file: Path, matrix: Matrix) -> None:
    """Replace the matrix in a Markdown file.

    Raises:
        ReachabilityError: when the file lacks the marks.
    """
    try:
        text = with_matrix(file.read_text(encoding="utf-8"), matrix)
    except ValueError as error:
        raise ReachabilityError(f"{file} has no place for the matrix: {error}") from error
    file.write_text(text, encoding="utf-8")


def _sections(matrix: Matrix) -> Iterator[str]:
    verdicts = list(matrix.verdicts())
    sections: dict[tuple[str, ...], list[Endpoint]] = {}
    for target in matrix.endpoints:
        lines = tuple(_lines(matrix, [each for each in verdicts if each.target is target]))
        sections.setdefault(lines, []).append(target)
    for lines, targets in sections.items():
        yield f"to {_names(targets, matrix.endpoints)}"
        yield from (f"    {line}" for line in lines)


def _reasons(matrix: Matrix) -> Iterator[str]:
    yield "rules that name addresses outside of the VPC, and why"
    reasons: dict[str, list[str]] = {}
    for rule, reason in matrix.wide_rules().items():
        reasons.setdefault(reason, []).append(rule)
    for reason, rules in reasons.items():
        yield f"    {', '.join(rules)}: {reason}"


def _lines(matrix: Matrix, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Who reaches one target, those together of whom the same holds; where no pod does, what keeps them out."""
    grouped: dict[tuple[str, str], list[Endpoint]] = {}
    for each in verdicts:
        if each.possible:
            ports = f"{each.possible}{'' if each.possible == each.certain else ', in part,'}"
            grouped.setdefault((ports, ", ".join(_telling(each))), []).append(each.source)
    pods = [each for each in verdicts if each.source.is_pods]
    is_public = verdicts[0].target.admits is not None
    if not is_public and not any(each.possible for each in pods):
        for each in pods:
            grouped.setdefault(("nothing", f"closed by {' and '.join(each.closed_by)}"), []).append(each.source)
    for (ports, rules), sources in grouped.items():
        yield f"{ports} from {_names(sources, matrix.endpoints)}" + (f" ({rules})" if rules else "")


def _telling(verdict: Verdict) -> Iterator[str]:
    """The target's rules, where it has any of its own; no rule, where nothing stands in the way."""
    on_target = [each for each in verdict.layers if each.name in {INGRESS_POLICIES, INGRESS_GROUPS}]
    if verdict.source.is_pods and verdict.target.is_pods:
        on_target = [each for each in on_target if each.name == INGRESS_POLICIES]
    shown = on_target if verdict.target.groups else verdict.layers
    for layer in shown:
        for rule in verdict.rules_of(layer):
            if not rule.startswith("no policy"):
                # The source's policy without its namespace, so that the same one of each counts as one.
                yield rule.rpartition("/")[2] if layer.name == EGRESS_POLICIES else rule


def _names(shown: Sequence[Endpoint], everything: Sequence[Endpoint]) -> str:
    """Names, a namespace in one word where all of it is meant."""
    names = {each.name for each in shown}
    spaces: dict[str, set[str]] = {}
    for each in everything:
        if each.pods is not None:
            spaces.setdefault(each.pods.namespace, set()).add(each.name)
    whole = {space: held for space, held in spaces.items() if held <= names}
    covered = {name for held in whole.values() for name in held}
    pods = [EVERY_POD] if len(whole) == len(spaces) > 0 else sorted(whole)
    return ", ".join([*pods, *(each.name for each in shown if each.name not in covered)])


def _spans(found: Ports) -> list[dict[str, Any]]:
    return [{"protocol": protocol, "first": first, "last": last} for protocol, first, last in found.spans]
