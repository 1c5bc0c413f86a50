"""Notes for people who run environments, on how to follow from one release to the next: Markdown.

Made from what the second release would do to the stacks that the first one has deployed, and from the settings of both.
Leaves out what the changelog says, and what only the files and the account of an environment know.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from components.settings_reference import Entry
from releases.comparison import Environment, Resource, Setting, compared, environments
from releases.disruption import CLASSES, OTHER, disruption_of
from releases.setting_changes import REQUIRED, SettingChanges, schema_at, setting_changes
from releases.version import Version

# Of which each goes before the next one.
ORDER = ("test", "dev", "staging", "production")
_LONGEST = 80
_SAID = {
    "unaffected": "nothing",
    "unchanged": "nothing",
    "new": "is new with this release",
    "gone": "is no longer there; what it made stays until a destroy",
    "refused": "**can't follow as it stands**",
}


def upgrade_notes(project: Path, old: Version, new: Version, head: str) -> str:
    """The notes from one release to another.

    Args:
        project: a checkout that has the tag of the old one.
        old: the release that environments run.
        new: the one that they follow to.
        head: revision of git that is the new one: its tag, or another name before there is one.
    """
    found = environments(compared(project, old.tag, head))
    return markdown(old, new, found, setting_changes(schema_at(project, old.tag), schema_at(project, head)))


def markdown(old: Version, new: Version, found: Sequence[Environment], settings: SettingChanges) -> str:
    """The notes, from what was found out.

    Args:
        old: the release that environments run.
        new: the one that they follow to.
        found: what it does to each.
        settings: what differs between those of the two.
    """
    ordered = sorted(found, key=lambda each: (ORDER.index(each.name) if each.name in ORDER else len(ORDER), each.name))
    blocks = [
        _lines(
            f"## From {old} to {new}",
            "Made from what this release would do to the four stacks of the one before, on the emulated AWS. Their "
            "files are examples: `make diff` says the same of yours.",
        ),
        _overview(ordered),
        _steps(ordered, settings, new),
        *_settings(settings),
        *(block for each in ordered for block in _environment(each)),
    ]
    return "\n\n".join(blocks) + "\n"


def _overview(found: Iterable[Environment]) -> str:
    rows = (f"| {each.name} | {_headline(each)} | {_disturbed(each)} |" for each in found)
    return "\n".join(("| environment | changes | what is felt |", "|---|---|---|", *rows))


def _headline(each: Environment) -> str:
    if each.outcome in _SAID:
        return _SAID[each.outcome]
    operations = [one.operation for one in each.resources]
    return ", ".join(f"{operations.count(name)} {name}" for name in dict.fromkeys(operations))


def _disturbed(each: Environment) -> str:
    classes = {disruption_of(one.kind) for one in _touched(each)}
    return ", ".join(one.name for one in CLASSES if one in classes and one is not OTHER) or "-"


def _touched(each: Environment) -> list[Resource]:
    """What runs, and is changed; what is new disturbs nothing."""
    return [one for one in each.resources if one.operation != "create"]


def _steps(found: Sequence[Environment], settings: SettingChanges, new: Version) -> str:
    steps = ["Read the changelog above, first what it says under *Before you upgrade*."]
    if settings.required:
        steps.append(f"Write into every stack file: {_paths(settings.required)}.")
    if settings.gone:
        steps.append(f"Take out of every stack file: {_paths(settings.gone)}. A file that still has one is refused.")
    if settings.defaults:
        steps.append("Where the old default of a setting below is what you want, write it into the stack file.")
    if refused := [each for each in found if each.outcome == "refused"]:
        steps.append(
            f"Take the steps that are asked for below of {_names(refused)}, with the old release still deployed."
        )
    if losing := [each for each in found if any(one.loses for one in each.settings)]:
        steps.append(f"Save what {_names(losing)} would lose, and name the settings in `accept_loss`.")
    if accepted := [each for each in found if each.accepts]:
        steps.append(f"Decide whether what is listed below as a danger to {_names(accepted)} is meant.")
    if images := [each for each in found if each.gets_images]:
        steps.append(
            f"Fill the registry, of {_names(images)}: `python -m moka_images fill ENVIRONMENT` (docs/images.md)."
        )
    # Whatever changes, in this order, and none before the one before it has converged.
    up = [f"{each.name}" for each in found if each.outcome in ("changed", "refused")]
    if up:
        steps += [
            f"Check out `{new.tag}`. Then for {', then '.join(up)}: `pulumi preview --diff`, `pulumi up`, and "
            "`pulumi preview --expect-no-changes`; where that shows something, repeat `pulumi up`.",
            "After each of them: `python -m moka_smoke ENVIRONMENT`, and look at its alerts before the next one.",
        ]
    if watched := [one for one in CLASSES if one.watch and any(_of(each, one.name) for each in found)]:
        steps.append(f"Stay until {', '.join(one.name for one in watched)} are through.")
    numbered = (f"{number}. {step}" for number, step in enumerate(steps, 1))
    return _lines("### In this order", *numbered, gap=False)


def _settings(changes: SettingChanges) -> Iterator[str]:
    if not changes:
        return
    yield "### Settings"
    if changes.new:
        yield _table(
            ("new", "takes", "default", "decides"),
            ((f"`{each.path}`", each.kind, _default(each.default), each.meaning) for each in changes.new),
        )
    if changes.gone:
        yield _table(("gone", "decided"), ((f"`{each.path}`", each.meaning) for each in changes.gone))
    if changes.defaults:
        yield _table(
            ("other default", "was", "is", "what that does where it is left out"),
            ((f"`{each.path}`", _default(each.old), _default(each.new), each.change) for each in changes.defaults),
        )
    if changes.kinds:
        yield _table(
            ("takes other values", "took", "takes"), ((f"`{path}`", old, new) for path, old, new in changes.kinds)
        )


def _environment(each: Environment) -> Iterator[str]:
    if each.outcome not in ("changed", "refused") and not each.settings:
        return
    yield f"### {each.name}"
    if each.refusal:
        yield _lines("It can't follow as it stands:", _fenced(each.refusal))
    if each.accepts:
        lines = (f"- `{line}`: {reason}" for line, reason in each.accepts)
        yield _lines("Dangers, each by the line that accepts it in a pull request:", *lines, gap=False)
    if disturbed := list(_disruptions(each)):
        yield _table(("what is felt", "resources", "how long"), disturbed)
    for operation, title in (("delete", "Deleted"), ("replace", "Replaced")):
        if resources := each.with_operation(operation):
            yield _lines(f"{title}:", *(f"- {one.place}{_because(one)}" for one in resources), gap=False)
    if each.settings:
        rows = ((f"`{one.path}`", _value(one.old), _value(one.new), _effect(one)) for one in each.settings)
        yield _table(("setting", "was", "becomes", "what that does (docs/settings.md)"), rows)
    if counted := list(_counted(each)):
        yield f"Also {', and '.join(counted)}; `make diff` lists them."


def _disruptions(each: Environment) -> Iterator[tuple[str, str, str]]:
    for one in CLASSES:
        if count := len(_of(each, one.name)):
            yield one.name, str(count), f"{one.lasts}{f' ({one.page})' if one.page else ''}"


def _of(each: Environment, name: str) -> list[Resource]:
    return [one for one in _touched(each) if disruption_of(one.kind).name == name]


def _counted(each: Environment) -> Iterator[str]:
    for (gained, lost), what, verbs in (
        (each.permissions, "permissions", ("given", "taken")),
        (each.connections, "connections", ("opened", "closed")),
    ):
        if gained or lost:
            yield f"{gained} {what} {verbs[0]} and {lost} {verbs[1]}"


def _effect(one: Setting) -> str:
    return f"**{one.change}**" if one.has("steps", "impossible") or one.loses else one.change


def _because(one: Resource) -> str:
    return f", because of {', '.join(one.because_of)}" if one.because_of else ""


def _default(text: str) -> str:
    return text if text == REQUIRED else f"`{text}`"


def _value(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f"`{text if len(text) <= _LONGEST else f'{text[:_LONGEST]}...'}`"


def _names(found: Sequence[Environment]) -> str:
    return ", ".join(each.name for each in found)


def _paths(found: Iterable[Entry]) -> str:
    return ", ".join(f"`{each.path}`" for each in found)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (f"| {' | '.join(_cell(each) for each in row)} |" for row in rows)
    return "\n".join((f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines))


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _fenced(text: str) -> str:
    return f"~~~text\n{text}\n~~~"


def _lines(title: str, *lines: str, gap: bool = True) -> str:
    return ("\n\n" if gap else "\n").join((title if gap else f"{title}\n", *lines))
