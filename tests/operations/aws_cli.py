"""Whether the `aws` CLI would take a command: service, operation, options and query, by botocore's models of the APIs.

The CLI makes its commands out of the same models; those that it has beside them stand in `CUSTOM`. Values are not
judged, but for the names in a query. Leaves out shorthand syntax.

Source: aws/aws-cli, awscli/clidriver.py, and the command reference for what it adds.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

import botocore.session
import jmespath
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, Shape, StructureShape
from jmespath.exceptions import JMESPathError

# Of every command, and of those whose answer comes in pages.
_GLOBAL = frozenset({"output", "query", "region", "profile", "endpoint-url", "no-cli-pager", "cli-input-json", "color"})
_PAGING = frozenset({"max-items", "page-size", "starting-token", "no-paginate"})
# What the CLI's own commands take; `awscli/customizations/` has each.
CUSTOM: Mapping[str, frozenset[str]] = {
    "ecr get-login-password": frozenset(),
    "eks get-token": frozenset({"cluster-name", "role-arn"}),
    "eks update-kubeconfig": frozenset({"name", "role-arn", "alias", "kubeconfig", "dry-run", "user-alias"}),
    "logs tail": frozenset({"since", "follow", "format", "filter-pattern", "log-stream-names"}),
    "s3 cp": frozenset({"recursive", "exclude", "include", "quiet", "sse"}),
    "s3 ls": frozenset({"recursive", "human-readable", "summarize"}),
    "s3 rm": frozenset({"recursive", "exclude", "include", "quiet"}),
    "s3 sync": frozenset({"delete", "exclude", "include", "exact-timestamps", "size-only"}),
    "sso login": frozenset({"sso-session", "no-browser"}),
}
# A name that the CLI gives to a service that has another in the models.
_SERVICES = {"s3api": "s3"}


def mistakes(words: tuple[str, ...]) -> Iterator[str]:
    """What the CLI would refuse in a command.

    Args:
        words: what follows `aws`.
    """
    if len(words) < 2:
        yield "names no service and operation"
        return
    service, operation, *rest = words
    given = {
        word[2:].partition("=")[0]: _value(rest, index) for index, word in enumerate(rest) if word.startswith("--")
    }
    if f"{service} {operation}" in CUSTOM:
        yield from _unknown(given, CUSTOM[f"{service} {operation}"] | _GLOBAL)
        return
    if operation == "wait":
        waiter, *rest = rest
        operation = _waited_for(service, waiter)
        if not operation:
            yield f"{service} waits for no {waiter}"
            return
    model = operations(service).get(operation)
    if model is None:
        yield f"{service} has no operation {operation}"
        return
    asked, answered = _shapes(model)
    members = _members(asked)
    yield from _unknown(given, _options(members) | _GLOBAL | _PAGING)
    if "cli-input-json" not in given:
        for name in cast("Iterable[str]", asked.required_members) if asked else ():
            if xform_name(name, "-") not in given and f"no-{xform_name(name, '-')}" not in given:
                yield f"lacks --{xform_name(name, '-')}"
    if "query" in given:
        yield from _query_mistakes(given["query"], answered)


@cache
def operations(service: str) -> Mapping[str, OperationModel]:
    """The operations of a service by the names of the CLI's commands; empty for a service that there is not."""
    try:
        model = botocore.session.get_session().get_service_model(_SERVICES.get(service, service))
    except UnknownServiceError:
        return {}
    names: Iterable[str] = model.operation_names  # pyright: ignore[reportAssignmentType]
    return {xform_name(each, "-"): model.operation_model(each) for each in names}


def _shapes(model: OperationModel) -> tuple[StructureShape | None, StructureShape | None]:
    """What an operation takes and answers; botocore's cached properties have no types."""
    return cast("StructureShape | None", model.input_shape), cast("StructureShape | None", model.output_shape)


def _waited_for(service: str, waiter: str) -> str:
    """The operation that a waiter repeats; empty for one that there is not."""
    session = botocore.session.get_session()
    model: Any = session.get_waiter_model(_SERVICES.get(service, service))
    names = {xform_name(each, "-"): each for each in model.waiter_names}
    return xform_name(model.get_waiter(names[waiter]).operation, "-") if waiter in names else ""


def _options(members: Mapping[str, Shape]) -> frozenset[str]:
    names = {xform_name(each, "-"): shape for each, shape in members.items()}
    return frozenset(names) | {f"no-{name}" for name, shape in names.items() if shape.type_name == "boolean"}


def _unknown(given: Mapping[str, str], known: frozenset[str]) -> Iterator[str]:
    for each in given.keys() - known:
        yield f"takes no --{each}"


def _value(words: list[str], index: int) -> str:
    _, equals, value = words[index].partition("=")
    return value if equals else next(iter(words[index + 1 : index + 2]), "")


def _members(shape: StructureShape | None) -> Mapping[str, Shape]:
    return cast("Mapping[str, Shape]", shape.members) if shape else {}


def _query_mistakes(query: str, answer: StructureShape | None) -> Iterator[str]:
    try:
        # Among what it warns of are literals in an old form, which other versions read otherwise.
        with warnings.catch_warnings(action="error"):
            parsed = jmespath.compile(query).parsed
    except (JMESPathError, PendingDeprecationWarning) as error:
        yield f"asks {query!r}, which is no query: {error}"
        return
    first = _first_field(parsed)
    if first is not None and first not in _members(answer):
        yield f"asks for {first}, which the answer does not have: {', '.join(_members(answer))}"


def _first_field(node: Mapping[str, Any]) -> str | None:
    """The member of the answer that a query begins at; None where it begins at none or at several."""
    while node["type"] != "field":
        if not node["children"] or node["type"] in {"multi_select_dict", "multi_select_list", "function_expression"}:
            return None
        node = node["children"][0]
    return str(node["value"])
