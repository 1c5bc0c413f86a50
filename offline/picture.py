"""A picture of a stack's resources: which components there are, what they hold, and what waits for what.

Drawn as a Mermaid flowchart, which GitHub and most editors render. Leaves out single resources: `export` has them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from offline.checks.graph import waits_of
from offline.errors import OfflineError

START, END = "<!-- picture: made by make picture -->", "<!-- end of picture -->"
# The kinds that say most about a component; the rest is counted.
KINDS_SHOWN = 4

Resource = Mapping[str, Any]


def flowchart(deployment: Mapping[str, Any]) -> str:
    """The Mermaid flowchart of a deployment, as `pulumi stack export` writes it.

    An arrow points from a component to one that it needs; arrows that follow from others are left out.
    """
    resources = deployment["resources"]
    owners = _owners(resources)
    members: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource["urn"] in owners:
            members.setdefault(owners[resource["urn"]], []).append(resource)
    # The engine registers side by side, so the deployment's own order differs from run to run.
    members = {owner: members[owner] for owner in sorted(members, key=_name)}
    names = {owner: _name(owner).replace("-", "_") for owner in members}
    needs = _reduced({owner: _needs(owner, held, owners) for owner, held in members.items()})
    lines = ["flowchart BT"]
    lines += [f'  {names[owner]}["{_label(owner, held)}"]' for owner, held in members.items()]
    lines += [
        f"  {names[owner]} --> {names[needed]}" for owner in members for needed in sorted(needs[owner], key=_name)
    ]
    return "\n".join(lines)


def draw_into(file: Path, deployment: Mapping[str, Any]) -> None:
    """Replace the picture between the two markers of a Markdown file.

    Raises:
        OfflineError: when the file lacks the markers.
    """
    text = file.read_text(encoding="utf-8")
    if START not in text or END not in text:
        raise OfflineError(f"{file} has no place for the picture: add the lines {START} and {END}")
    before, rest = text.split(START, 1)
    _, after = rest.split(END, 1)
    picture = f"{START}\n```mermaid\n{flowchart(deployment)}\n```\n{END}"
    file.write_text(before + picture + after, encoding="utf-8")


def _owners(resources: Iterable[Resource]) -> dict[str, str]:
    """URN of each resource to the URN of the component directly below the environment that holds it."""
    parents = {resource["urn"]: resource.get("parent", "") for resource in resources}
    owners: dict[str, str] = {}
    for urn in parents:
        path = [urn]
        while parents.get(path[-1]):
            path.append(parents[path[-1]])
        # The path ends in the environment and the stack; what stands before them is the component.
        if len(path) > 2 and _type(path[-2]) == "moka:index:Environment":
            owners[urn] = path[-3]
    return owners


def _needs(owner: str, held: Iterable[Resource], owners: Mapping[str, str]) -> set[str]:
    wanted = {urn for resource in held for urn in waits_of(resource)}
    return {owners[urn] for urn in wanted if urn in owners} - {owner}


def _reduced(needs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    def reach(start: str) -> set[str]:
        found: set[str] = set()
        todo = list(needs.get(start, ()))
        while todo:
            each = todo.pop()
            if each not in found:
                found.add(each)
                todo += needs.get(each, ())
        return found

    return {
        owner: {each for each in wanted if not any(each in reach(other) for other in wanted - {each})}
        for owner, wanted in needs.items()
    }


def _label(owner: str, held: Iterable[Resource]) -> str:
    kinds = Counter(_kind(resource) for resource in held if resource.get("custom"))
    most = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:KINDS_SHOWN]
    shown = [f"{count} {kind}" for kind, count in most]
    rest = kinds.total() - sum(count for _, count in most)
    return "<br/>".join([f"<b>{_name(owner)}</b>", *shown, *([f"and {rest} more"] if rest else [])])


def _name(urn: str) -> str:
    return urn.rsplit("::", 1)[1]


def _kind(resource: Resource) -> str:
    return str(resource["type"]).rsplit(":", 1)[1]


def _type(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]
