"""The grammar of policy documents: which elements stand where.

Source: IAM user guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy element reference".
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from offline.checks.finding import Finding
from offline.checks.iam.document import PolicyDocument
from offline.checks.policy_document import as_list

_SOURCE = "IAM user guide, IAM JSON policy element reference"
# Characters of a text that are shown on each side of what can't be read.
_CONTEXT = 20
_VERSIONS = ("2012-10-17", "2008-10-17")
_DOCUMENT_KEYS = frozenset({"Version", "Id", "Statement"})
_STATEMENT_KEYS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
# Policies that are about what they stand on, and nothing else: a role, a repository.
# Source: Amazon ECR user guide, "Private repository policy examples in Amazon ECR".
_ABOUT_THEMSELVES = frozenset({"trust", "repository"})
_PRINCIPAL_KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?")
_AWS_PRINCIPAL = re.compile(
    r"\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)/.+)"
)


def statements_of(document: PolicyDocument) -> list[tuple[PolicyDocument, dict[str, Any]]]:
    """The statements that are objects, each with the document as seen there; empty where none can be read."""
    try:
        content = document.content
    except ValueError:
        return []
    found = as_list(content.get("Statement")) if isinstance(content, dict) else []
    return [(document.at(each, index), each) for index, each in enumerate(found) if isinstance(each, dict)]


def follows_the_grammar(document: PolicyDocument) -> Iterator[Finding]:
    """The document as a whole, then each statement."""
    try:
        content = document.content
    except json.JSONDecodeError as error:
        near = error.doc[max(error.pos - _CONTEXT, 0) : error.pos + _CONTEXT]
        yield document.finding(near, f"is no JSON: {error}", _SOURCE, "Build it with json.dumps")
        return
    if not isinstance(content, dict) or not as_list(content.get("Statement")):
        shown = sorted(content) if isinstance(content, dict) else content
        yield document.finding(shown, "must be an object with statements", _SOURCE, "Add a Statement")
        return
    for key in content.keys() - _DOCUMENT_KEYS:
        yield document.finding(key, f"has an element {key!r} that no policy has", _SOURCE, "Correct its name")
    if content.get("Version", _VERSIONS[1]) not in _VERSIONS:
        fix = f"Write Version: {_VERSIONS[0]}"
        yield document.finding(content["Version"], f"must have Version {_VERSIONS[0]}", _SOURCE, fix)
    seen: set[str] = set()
    for index, statement in enumerate(as_list(content["Statement"])):
        here = document.at(statement, index)
        if not isinstance(statement, dict):
            yield here.finding(statement, "holds a statement that is no object", _SOURCE, "Write an object")
            continue
        yield from _statement(here, statement)
        sid = statement.get("Sid")
        if sid is not None and sid in seen:
            yield here.finding(sid, f"has two statements with Sid {sid}", _SOURCE, "Give each its own Sid")
        seen.add(str(sid))


def _statement(document: PolicyDocument, statement: dict[str, Any]) -> Iterator[Finding]:
    for key in statement.keys() - _STATEMENT_KEYS:
        yield document.finding(key, f"has an element {key!r} that no statement has", _SOURCE, "Correct its name")
    if statement.get("Effect") not in ("Allow", "Deny"):
        rule = "must have Effect Allow or Deny in every statement"
        yield document.finding(statement.get("Effect"), rule, _SOURCE, "Write Allow or Deny")
    sid = statement.get("Sid")
    if document.kind in ("identity", "trust") and sid is not None and not re.fullmatch(r"[A-Za-z0-9]*", str(sid)):
        yield document.finding(sid, "takes only letters and digits in a Sid", _SOURCE, "Drop other characters")
    yield from _one_of(document, statement, "Action", required=True)
    yield from _one_of(document, statement, "Resource", required=document.kind not in _ABOUT_THEMSELVES)
    if document.kind == "trust" and {"Resource", "NotResource"} & statement.keys():
        rule = "must name no Resource: a trust policy is about its own role"
        yield document.finding(statement.get("Resource"), rule, _SOURCE, "Leave Resource out")
    if document.kind == "identity":
        for key in {"Principal", "NotPrincipal"} & statement.keys():
            rule = "must name no Principal: it holds for whoever has the policy"
            yield document.finding(statement[key], rule, _SOURCE, "Leave Principal out")
    else:
        yield from _one_of(document, statement, "Principal", required=True)
        yield from _principal(document, statement.get("Principal", "*"))
    condition = statement.get("Condition", {})
    if not isinstance(condition, dict) or not all(isinstance(keys, dict) for keys in condition.values()):
        rule = "must have a Condition of operator, key and values"
        yield document.finding(condition, rule, _SOURCE, 'Write {"StringEquals": {key: value}}')


def _one_of(document: PolicyDocument, statement: dict[str, Any], key: str, required: bool) -> Iterator[Finding]:
    given = [each for each in (key, f"Not{key}") if each in statement]
    if len(given) == 2:
        yield document.finding(given, f"takes {key} or Not{key}, not both", _SOURCE, "Leave one out")
    elif required and not given:
        rule = f"must have {key} in every statement"
        yield document.finding(statement.get("Sid", ""), rule, _SOURCE, f"Add {key}")
    elif given and not as_list(statement[given[0]]):
        yield document.finding([], f"has an empty {given[0]}", _SOURCE, "Name something, or drop the statement")


def _principal(document: PolicyDocument, principal: Any) -> Iterator[Finding]:
    if not isinstance(principal, dict):
        if principal != "*":
            rule = "must have a Principal of a kind, such as AWS or Service, or *"
            yield document.finding(principal, rule, _SOURCE, 'Write {"AWS": "arn:..."}')
        return
    for kind, values in principal.items():
        pattern = {"Service": _SERVICE, "AWS": _AWS_PRINCIPAL}.get(kind)
        if kind not in _PRINCIPAL_KINDS:
            yield document.finding(kind, f"has a Principal of unknown kind {kind!r}", _SOURCE, "Correct its name")
        for value in as_list(values) if pattern else []:
            if pattern and not pattern.fullmatch(str(value)):
                rule = f"names a Principal that is no {'service' if kind == 'Service' else 'account, user or role'}"
                yield document.finding(value, rule, _SOURCE, "Correct the principal")
