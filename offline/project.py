"""The Pulumi project that runs offline, and the copy of it that the engine works on.

The engine writes into stack files (an encryption salt, for one), so it never sees the checkout: `Pulumi.yaml` and the
stack's file are copied below the home of state, without what would send the engine to AWS. Values that only the real
secrets provider can open become marked placeholders. The program itself is not copied.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from offline.errors import UnknownStackError, UsageError

# Configuration by which a program knows that values of examples, such as account ids of documentation, may stand here.
_EXAMPLES = "example-values"
_SETTINGS = "settings"
# Configuration by which a program's charts come from a directory.
_CHARTS = "chart-mirror"
# In place of a changed setting's value: the stack file shall not have it.
REMOVED = object()
_NOT_COPIED = ("secretsprovider", "encryptedkey", "encryptionsalt")


@dataclass(frozen=True)
class Placeholder:
    """A configuration value that can't be decrypted here: its path in Pulumi's notation, and what stands for it."""

    path: str
    text: str


@dataclass(frozen=True)
class Project:
    """A directory with a `Pulumi.yaml`, a `__main__.py` and stack files.

    Args:
        root: the directory.
        changes: settings that are others than in the stack file, such as monitoring/volume_gib to its value or to
            `REMOVED`.
        charts: directory that the program's charts come from; as its settings say unless given.

    Raises:
        UsageError: when there is no `Pulumi.yaml`.
    """

    root: Path
    changes: Mapping[str, Any] = field(default_factory=dict)
    charts: Path | None = None

    def __post_init__(self) -> None:
        if not (self.root / "Pulumi.yaml").is_file():
            raise UsageError(f"{self.root} holds no Pulumi.yaml. Give the project's directory with --project DIR.")

    @property
    def settings(self) -> dict[str, Any]:
        """The content of `Pulumi.yaml`."""
        return yaml.safe_load((self.root / "Pulumi.yaml").read_text())

    @property
    def name(self) -> str:
        """The project's name."""
        return str(self.settings["name"])

    @property
    def stack_directory(self) -> str:
        """Where the stack files are, relative to the root."""
        return str(self.settings.get("stackConfigDir") or ".")

    @property
    def code(self) -> Path:
        """Where the modules lie that the program imports: beside its virtualenv, or at the root where it names none."""
        runtime = self.settings.get("runtime")
        options = runtime.get("options") or {} if isinstance(runtime, dict) else {}
        virtualenv = options.get("virtualenv")
        return (self.root / virtualenv).parent.resolve() if virtualenv else self.root

    def stacks(self) -> list[str]:
        """Names of the stacks that have a file."""
        files = (self.root / self.stack_directory).glob("Pulumi.*.yaml")
        return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in files)

    def require(self, stack: str) -> None:
        """Raise `UnknownStackError` unless the stack has a file."""
        known = self.stacks()
        if stack not in known:
            raise UnknownStackError(
                f"There is no stack {stack!r}. Known stacks: {', '.join(known) or 'none'}.\n"
                f"A stack is a file {self.stack_directory}/Pulumi.<stack>.yaml."
            )

    def copy_to(self, directory: Path, stack: str) -> list[Placeholder]:
        """Lay the engine's copy of `Pulumi.yaml` and the stack's file into `directory`.

        Returns the values that have to be set as secrets instead. A copy that is already there keeps its salt, so
        that the secrets in its state stay readable.
        """
        self.require(stack)
        stack_file = directory / self.stack_directory / f"Pulumi.{stack}.yaml"
        stack_file.parent.mkdir(parents=True, exist_ok=True)
        salt = _salt(stack_file)
        source = self.root / self.stack_directory / f"Pulumi.{stack}.yaml"
        content: dict[str, Any] = yaml.safe_load(source.read_text()) or {}
        for key in _NOT_COPIED:
            content.pop(key, None)
        for path, value in self.changes.items():
            _put(content["config"][f"{self.name}:{_SETTINGS}"], path.split("/"), value)
        placeholders = list(_placeholders(content.get("config") or {}))
        own = {f"{self.name}:{_EXAMPLES}": "accepted"}
        if self.charts is not None:
            own[f"{self.name}:{_CHARTS}"] = str(self.charts)
        content["config"] = _without_secrets(content.get("config") or {}) | own
        stack_file.write_text(yaml.safe_dump(content | salt, sort_keys=False))
        settings = {key: value for key, value in self.settings.items() if key not in ("backend", "main")}
        (directory / "Pulumi.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
        return placeholders


def _put(tree: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *above, last = path
    for key in above:
        # A key that stands there with nothing behind it holds null.
        tree[key] = tree.get(key) or {}
        tree = tree[key]
    if value is REMOVED:
        tree.pop(last, None)
    else:
        tree[last] = value


def _salt(stack_file: Path) -> dict[str, str]:
    if not stack_file.exists():
        return {}
    salt = (yaml.safe_load(stack_file.read_text()) or {}).get("encryptionsalt")
    return {"encryptionsalt": salt} if salt else {}


def _is_encrypted(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"}


def _placeholders(config: dict[str, Any]) -> Iterator[Placeholder]:
    for key, value in config.items():
        for path in _encrypted_paths(value, key):
            yield Placeholder(path, f"offline-placeholder-for-{path}")


def _encrypted_paths(value: Any, path: str) -> Iterator[str]:
    if _is_encrypted(value):
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _encrypted_paths(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _encrypted_paths(item, f"{path}[{index}]")


def _without_secrets(value: Any) -> Any:
    """The value with an empty text where an encrypted one stood, so that the placeholder can be set at its path."""
    if _is_encrypted(value):
        return ""
    if isinstance(value, dict):
        return {key: _without_secrets(item) for key, item in value.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value
