"""The stack's file: whether it can be read, whether the program takes it, and what it makes of it."""

from collections.abc import Iterable

import yaml
from pydantic import ValidationError

from components.settings import Settings
from components.settings_error import SettingsError, violations_of
from doctor.check import Check
from doctor.finding import Finding, fail, ok
from doctor.surroundings import Surroundings


def settings(here: Surroundings) -> Iterable[Finding]:
    """Every field by itself, and every rule between fields."""
    try:
        found = here.settings
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        yield fail(f"the file is not YAML ({error})", f"mend stacks/Pulumi.{here.stack}.yaml")
        return
    except ValidationError as error:
        for each in violations_of(error, Settings):
            yield fail(f"{each.field} {each.rule}: {each.reason}", each.fix)
        return
    yield ok(f"{found.name} in account {found.account_id}, {found.region}")


def rules(here: Surroundings) -> Iterable[Finding]:
    """What the program refuses beyond: values of examples, what other stacks have, versions without support."""
    try:
        here.judge()
    except SettingsError as error:
        yield fail(str(error), f"mend stacks/Pulumi.{here.stack}.yaml; README.md lists what to replace")
        return
    yield ok("nothing that the program refuses")


def plan(here: Surroundings) -> Iterable[Finding]:
    """What would be made: later checks take names and numbers from it."""
    try:
        found = here.plan
    except SettingsError as error:
        yield fail(str(error), f"mend stacks/Pulumi.{here.stack}.yaml")
        return
    made = [each for each in found.resources if not each.type.startswith(("moka:", "pulumi:"))]
    yield ok(f"{len(made)} resources would be made, {sum(each.type.startswith('aws:') for each in made)} of AWS")


CHECKS = (
    Check("settings", "Can the stack's file be read as settings", settings),
    Check(
        "rules", "Does the program take the settings, beside other stacks and the calendar", rules, needs=("settings",)
    ),
    Check("plan", "Does the program run through, without asking anybody", plan, needs=("rules",)),
)
