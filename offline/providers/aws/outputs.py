"""From a row's templates and a resource's inputs to the outputs that AWS would give back."""

import string
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from offline.providers.aws.account import Account
from offline.providers.aws.row import AwsType, Template
from offline.providers.names import digest
from offline.providers.resource import RefusalError, Resource
from offline.providers.values import UNKNOWN, Properties, plain

# One date for everything: a second run has to give the same outputs.
_CREATED = "2026-01-01T00:00:00Z"
_LETTERS = string.ascii_uppercase + "234567"


class _AbsentError(KeyError):
    """A template names an input that was not given."""


class _Random:
    """Characters that look random and are a function of the resource and the output they are for."""

    def __init__(self, alphabet: str, seed: str) -> None:
        self._alphabet, self._seed = alphabet, seed

    def __format__(self, length: str) -> str:
        return "".join(self._alphabet[byte % len(self._alphabet)] for byte in bytes.fromhex(self._seed)[: int(length)])


class Names(Mapping[str, Any]):
    """Everything a template can name, for one resource; what depends on the id or ARN is computed on demand."""

    def __init__(self, row: AwsType, resource: Resource, account: Account) -> None:
        self._row, self._resource = row, resource
        self._inputs = plain(resource.inputs)
        self._path = "id"
        self._seed = digest(resource.urn, resource.replaced)
        self._fixed: Properties = {
            "account": account.number,
            "region": account.region,
            "partition": account.partition,
            "suffix": account.suffix,
            "created": _CREATED,
            "logical": resource.name,
            "token": self._seed[:32].upper(),
        }

    @contextmanager
    def at(self, path: str) -> Iterator["Names"]:
        """The same names for the output at `path`, so that random parts differ between outputs."""
        outer, self._path = self._path, path
        try:
            yield self
        finally:
            self._path = outer

    def __getitem__(self, key: str) -> Any:
        if key in self._fixed:
            return self._fixed[key]
        computed = self._computed(key)
        if computed is not None:
            self._fixed[key] = computed
            return computed
        random = self._random(key)
        value = self._inputs.get(key) if random is None else random
        if value is None:
            raise _AbsentError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._inputs)

    def __len__(self) -> int:
        return len(self._inputs)

    def _computed(self, key: str) -> Any:
        if key == "id":
            return render(self._row.identifier, self, "id")
        if key == "arn" and self._row.arn:
            return render(self._row.arn, self, "arn")
        if key == "name" and self._row.name:
            return self._inputs.get(self._row.name)
        if key == "path" and "path" not in self._inputs:
            return "/"
        return None

    def _random(self, key: str) -> Any:
        seed = digest(self._seed, self._path)
        if key == "uuid":
            return str(uuid.UUID(seed[:32]))
        alphabets = {"hex": "0123456789abcdef", "digits": string.digits, "letters": _LETTERS}
        return _Random(alphabets[key], seed) if key in alphabets else None


def render(template: Template, names: Names, path: str) -> Any:
    """Fill in one template; unknown where anything it names is unknown."""
    if callable(template) or isinstance(template, str):
        with names.at(path):
            value = template(names) if callable(template) else string.Formatter().vformat(template, (), names)
        return UNKNOWN if UNKNOWN in str(value) else value
    if isinstance(template, Mapping):
        return {key: render(item, names, f"{path}.{key}") for key, item in template.items()}
    if isinstance(template, list):
        return [render(item, names, f"{path}.{index}") for index, item in enumerate(template)]
    return template


def identifier_of(row: AwsType, resource: Resource, account: Account) -> str:
    """The id AWS gives the resource.

    Raises:
        RefusalError: when an input that AWS builds the id from is missing.
    """
    try:
        return str(Names(row, resource, account)["id"])
    except _AbsentError as absent:
        raise RefusalError(f"{resource.type} needs `{absent.args[0]}`") from absent


def outputs_of(row: AwsType, resource: Resource, account: Account) -> Properties:
    """Inputs as given, and below them what AWS computes; all of the latter unknown in a preview."""
    names = Names(row, resource, account)
    computed: Properties = {}
    templates = dict(row.outputs) | ({"arn": row.arn} if row.arn else {})
    for key, template in templates.items():
        try:
            computed[key] = _unknown_leaves(template) if resource.preview else render(template, names, key)
        except _AbsentError:
            continue
    if row.regional:
        computed["region"] = account.region
    given = {key: value for key, value in resource.inputs.items() if value is not None and not key.startswith("__")}
    return merged(computed, given)


def merged(below: Properties, above: Properties) -> Properties:
    """Two levels of properties laid over one another; nested mappings are merged, marked values are not."""
    result = dict(below)
    for key, value in above.items():
        lower = result.get(key)
        both = isinstance(value, dict) and isinstance(lower, dict) and plain(value) == value
        result[key] = {**lower, **value} if both and lower is not None else value
    return result


def _unknown_leaves(template: Template) -> Any:
    """A nested mapping keeps its keys in a preview, because inputs are merged into it."""
    if isinstance(template, Mapping):
        return dict.fromkeys(template, UNKNOWN)
    return UNKNOWN
