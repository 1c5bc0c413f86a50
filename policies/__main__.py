"""The rules as a Pulumi policy pack: `pulumi preview --policy-pack policies`.

A pack's constructor serves the engine and never returns, so nothing imports this module. Every rule is mandatory; what
test and dev may have otherwise, a rule itself knows.

Source: Pulumi documentation, "Policy as Code", authoring in Python.
"""

# pulumi-policy is installed in the pack's own environment, where no type checker looks.
# pyright: basic, reportMissingImports=false

import sys
from collections.abc import Callable
from pathlib import Path

# The engine runs this file by its path, and the rules are a package beside it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from policies.catalog import RULES
from policies.resource import Resource, Rule


def _resource(given: ResourceValidationArgs | PolicyResource) -> Resource:
    return Resource(given.resource_type, given.name, given.urn.split("::")[0].rpartition(":")[2], given.props)


def _alone(rule: Rule) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        for _, wrong in rule.found([_resource(args)]):
            report(wrong, None)

    return validate


def _together(rule: Rule) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        resources = {id(made): (made, given) for given in args.resources for made in [_resource(given)]}
        for found, wrong in rule.found(made for made, _ in resources.values()):
            report(wrong, resources[id(found)][1].urn)

    return validate


def _policy(rule: Rule) -> Policy:
    numbers = ", ".join(str(each) for each in rule.controls)
    description = f"{rule.description} (docs/security.md, {numbers})"
    if rule.together is not None:
        return StackValidationPolicy(name=rule.name, description=description, validate=_together(rule))
    return ResourceValidationPolicy(name=rule.name, description=description, validate=_alone(rule))


PolicyPack(name="moka", policies=[_policy(each) for each in RULES], enforcement_level=EnforcementLevel.MANDATORY)
