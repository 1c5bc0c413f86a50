"""What AWS publishes of its permissions, as cfn-lint and parliament carry it.

All files are read on first use. Neither library is imported.

Source: the Service Authorization Reference, and the AWS managed policy reference.
"""

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from offline.quick_form import read_json

_PERMISSIONS = ("cfn-lint", "cfnlint/data/AdditionalSpecs/Policies.json")
_MANAGED_POLICIES = ("cfn-lint", "cfnlint/data/Serverless/ManagedPolicies.json")
_CONDITIONS = ("parliament", "parliament/iam_definition.json")
# What an action acts on besides: a request for spot instances that is tagged as it is made.
# Source: Amazon EC2 user guide, "Tag Spot Instance requests", RunInstances; Karpenter's cloudformation.yaml.
_ALSO_TAKES = {"ec2:runinstances": ("arn:*:ec2:*:*:spot-instances-request/*",)}


@dataclass(frozen=True)
class Action:
    """One action of one service, in lower case.

    Args:
        service: prefix, such as s3.
        name: such as getobject.
        formats: ARNs that it takes, as globs; empty where it takes none but *.
    """

    service: str
    name: str
    formats: tuple[str, ...]


@cache
def services() -> frozenset[str]:
    """Prefixes of all services."""
    return frozenset(_permissions())


@cache
def actions_like(pattern: str) -> tuple[Action, ...]:
    """The actions that a pattern such as `s3:Get*` stands for; `*` stands for none by itself."""
    service, _, name = pattern.lower().partition(":")
    published = _permissions().get(service, {"Actions": {}, "Resources": {}})
    names = fnmatch.filter(published["Actions"], name) if "*" in name or "?" in name else [name]
    return tuple(_action(service, each, published) for each in names if each in published["Actions"])


@cache
def condition_keys(action: Action) -> dict[str, str]:
    """Condition keys of an action, in lower case, with the type of their values; `*` where a key takes any name.

    An action that is newer than the data has every key of its service.
    """
    types = _types_of_keys(action.service)
    keys = _keys_of_actions(action.service).get(action.name)
    return types if keys is None else {key: types.get(key, "String") for key in keys}


@cache
def managed_policies() -> frozenset[str]:
    """Names of AWS's managed policies, with their paths."""
    return frozenset(arn.split(":policy/", 1)[1] for arn in _read(*_MANAGED_POLICIES).values())


def _action(service: str, name: str, published: Mapping[str, Any]) -> Action:
    kinds = published["Actions"][name].get("Resources") or []
    formats = [each for kind in kinds for each in _formats(service, kind.lower())]
    formats += _ALSO_TAKES.get(f"{service}:{name}", ())
    return Action(service, name, tuple(dict.fromkeys(formats)))


@cache
def _formats(service: str, kind: str) -> tuple[str, ...]:
    """ARNs of one kind of resource: parliament has them in full, cfn-lint up to the first variable, but newer."""
    definition = _conditions().get(service, {})
    whole = [each["arn"] for each in definition.get("resources", []) if each["resource"].lower() == kind]
    shortened = _permissions()[service]["Resources"].get(kind, {}).get("ARNFormats", [])
    globs = [re.sub(r"\$\{[^}]*\}|\.\*", "*", each) for each in whole or shortened]
    # A bucket's name holds no slash: what does is an object.
    return tuple(glob.replace(":::*", ":::[bucket]") if glob.endswith(":s3:::*") else glob for glob in globs)


@cache
def _types_of_keys(service: str) -> dict[str, str]:
    definition = _conditions().get(service, {})
    return {_glob(each["condition"]): each["type"] for each in definition.get("conditions", [])}


@cache
def _keys_of_actions(service: str) -> dict[str, frozenset[str]]:
    definition = _conditions().get(service, {})
    of_resources = {each["resource"]: each["condition_keys"] for each in definition.get("resources", [])}
    keys: dict[str, frozenset[str]] = {}
    for privilege in definition.get("privileges", []):
        found: set[str] = set()
        for each in privilege["resource_types"]:
            found |= {*each["condition_keys"], *of_resources.get(each["resource_type"].rstrip("*"), [])}
        keys[privilege["privilege"].lower()] = frozenset(_glob(key) for key in found)
    return keys


@cache
def _glob(key: str) -> str:
    """`s3:ExistingObjectTag/<key>` and `kms:EncryptionContext:${EncryptionContextKey}` end in any name."""
    return re.sub(r"\$\{[^}]*\}|<[^>]*>|(?<=/)tag-key$", "*", key).lower()


@cache
def _permissions() -> Mapping[str, Mapping[str, Any]]:
    return _read(*_PERMISSIONS)


@cache
def _conditions() -> Mapping[str, Mapping[str, Any]]:
    return {each["prefix"]: each for each in _read(*_CONDITIONS)}


def _read(library: str, file: str) -> Any:
    return read_json(Path(str(distribution(library).locate_file(file))))
