"""Prints the log tables of a stack as statements for Amazon Athena: `python -m components.catalog dev`."""

import json
import sys

import yaml

from components.catalog.ddl import create_statements
from components.settings import STACKS, Settings


def main(stack: str) -> str:
    """The statements, each with a semicolon, for a stack that has a file."""
    tree = yaml.safe_load((STACKS / f"Pulumi.{stack}.yaml").read_text())
    settings = Settings.model_validate_json(json.dumps(tree["config"]["moka:settings"]))
    statements = create_statements(settings.account, settings.logs.catalog.days_back)
    return "".join(f"{statement};\n\n" for statement in statements)


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]))
