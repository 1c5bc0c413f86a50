"""The settings of the bootstrap's stack that Pulumi runs, checked, with every error at once.

The bootstrap's only reader of `pulumi.Config`.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pulumi
from pydantic import ValidationError
from pydantic_core import from_json

from components.bootstrap.settings import BootstrapSettings
from components.credentials import rules_of_credentials
from components.example_values import ACCEPTED, rules_of_example_values
from components.model import Violation
from components.settings_error import SettingsError, violations_of
from components.stack_file import SETTINGS, configurations, mapping

PROJECT = "moka-bootstrap"
KEY = f"{PROJECT}:settings"
ROOT = Path(__file__).parent.parent.parent
STACKS = ROOT / "bootstrap" / "stacks"
ENVIRONMENTS = ROOT / "stacks"


def parse(
    document: str,
    stack: str,
    environment: Mapping[str, Any],
    others: Mapping[str, Mapping[str, Any]],
    *,
    accepts_examples: bool = False,
) -> BootstrapSettings:
    """Build the tree from a stack's JSON and check every rule.

    Args:
        document: the value of `moka-bootstrap:settings` as JSON.
        stack: name of the stack.
        environment: settings of the environment's own stack file, which need not be valid; empty where there is none.
        others: the other stacks of the bootstrap by name, with their settings.
        accepts_examples: whether the settings may be an example's, because the cloud is emulated.

    Raises:
        SettingsError: naming every error at once.
    """
    violations: list[Violation] = []
    settings = None
    try:
        settings = BootstrapSettings.model_validate_json(document)
    except ValidationError as error:
        violations += violations_of(error, BootstrapSettings)
    else:
        violations += rules_of_example_values(settings.model_dump(mode="json"), accepted=accepts_examples)
        violations += _rules_of_stack(settings, stack, others)
        violations += _rules_of_environment(settings, environment)
    violations += rules_of_credentials(from_json(document, allow_partial=True))
    if settings is None or violations:
        raise refused(stack, violations)
    return settings


def load() -> BootstrapSettings:
    """The settings of the stack that Pulumi runs.

    Raises:
        SettingsError: when the stack has none, or some are wrong.
    """
    stack, config = pulumi.get_stack(), pulumi.Config(PROJECT)
    document, files = config.get("settings"), configurations(STACKS)
    if document is None:
        known = ", ".join(files)
        raise SettingsError(f"bootstrap/stacks/Pulumi.{stack}.yaml has no {KEY}; stacks that have: {known}")
    environment = mapping(configurations(ENVIRONMENTS).get(stack, {}).get(SETTINGS))
    others = {name: mapping(each.get(KEY)) for name, each in files.items() if name != stack}
    accepts_examples = config.get("example-values") == ACCEPTED
    return parse(document, stack, environment, others, accepts_examples=accepts_examples)


def refused(stack: str, violations: list[Violation]) -> SettingsError:
    """The error that names broken rules of a stack of the bootstrap."""
    return SettingsError.of_violations(stack, violations, file=f"bootstrap/stacks/Pulumi.{stack}.yaml", key=KEY)


def _rules_of_stack(
    settings: BootstrapSettings, stack: str, others: Mapping[str, Mapping[str, Any]]
) -> Iterable[Violation]:
    """The settings are the stack's, and no two stacks are about one account."""
    if settings.name != stack:
        yield Violation(
            "name",
            settings.name,
            f"must be {stack}, the name of the stack",
            "another environment's file would give this account's roles to that environment's deployments",
            f"restore bootstrap/stacks/Pulumi.{stack}.yaml, or select stack {settings.name}",
        )
    for name, other in others.items():
        if other.get("account_id") == settings.account_id:
            yield Violation(
                "account_id",
                settings.account_id,
                f"must differ from stack {name}'s",
                "the account is what keeps one environment's pipelines from another's state",
                "give each environment an AWS account of its own",
            )


def _rules_of_environment(settings: BootstrapSettings, environment: Mapping[str, Any]) -> Iterable[Violation]:
    """The environment's own stack file says the same of account, Region, and what a destroy deletes."""
    if not environment:
        return
    for field in ("account_id", "region"):
        theirs = environment.get(field)
        if theirs != getattr(settings, field):
            yield Violation(
                field,
                getattr(settings, field),
                f"must be {theirs}, as stacks/Pulumi.{settings.name}.yaml has it",
                "the environment deploys with the roles and the state that are made here",
                "write the same in both files",
            )
    empties = mapping(environment.get("log_buckets")).get("on_destroy") == "empty"
    if empties != settings.empties_buckets:
        yield Violation(
            "empties_buckets",
            settings.empties_buckets,
            f"must be {str(empties).lower()}, as log_buckets.on_destroy of stacks/Pulumi.{settings.name}.yaml has it",
            "the deploy role may delete logs where a destroy empties their buckets, and nowhere else",
            f"write empties_buckets: {str(empties).lower()}",
        )
