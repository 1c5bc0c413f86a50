"""Stack files as they are written, for what a run is not told: other stacks, and which values are encrypted.

Reads loosely: what is wrong in a file is reported by whoever loads its settings.
"""

from pathlib import Path
from typing import Any, cast

import yaml

SETTINGS = "moka:settings"


def configurations(directory: Path) -> dict[str, dict[str, Any]]:
    """Stack name to `config` of its file, for every stack file.

    Args:
        directory: where the stack files lie.
    """
    files = {path.name.split(".")[1]: path for path in sorted(directory.glob("Pulumi.*.yaml"))}
    return {name: mapping(mapping(yaml.safe_load(path.read_text())).get("config")) for name, path in files.items()}


def mapping(value: object) -> dict[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}
