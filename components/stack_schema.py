"""The JSON Schema of the stack files, so that editors complete and check them while they are written.

`python -m components.stack_schema` prints it; `make schema` writes it to stacks/schema.json. Leaves out the rules
that span fields, which only loading a stack checks.
"""

import json
import sys
from typing import Any

from components.settings import Settings


def settings_schema() -> dict[str, Any]:
    """Schema of the settings tree alone; `x-change` says of each field what changing it does."""
    return Settings.model_json_schema()


def stack_schema() -> dict[str, Any]:
    """Schema of a whole Pulumi stack file whose `moka:settings` is the settings tree."""
    tree = settings_schema()
    definitions = tree.pop("$defs")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stack file of a Moka environment",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {"type": "object", "required": ["moka:settings"], "properties": {"moka:settings": tree}},
            "secretsprovider": {"type": "string"},
            "encryptedkey": {"type": "string"},
            "encryptionsalt": {"type": "string"},
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


if __name__ == "__main__":
    json.dump(stack_schema(), sys.stdout, indent=2)
    sys.stdout.write("\n")
