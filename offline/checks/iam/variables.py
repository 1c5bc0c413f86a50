"""Whether the variables in a policy exist: one that does not is never filled in, and its text matches nothing.

Source: IAM user guide, "IAM policy elements: Variables and tags".
"""

import re
from collections.abc import Iterator
from typing import Any

from offline.checks.finding import Finding
from offline.checks.iam.conditions import kind_of
from offline.checks.iam.document import PolicyDocument
from offline.checks.policy_document import as_list

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_SOURCE = "IAM user guide, IAM policy elements: Variables and tags"
# ${*}, ${?} and ${$} stand for the characters themselves.
_CHARACTERS = frozenset("*?$")


def variables_exist(document: PolicyDocument, statement: dict[str, Any]) -> Iterator[Finding]:
    """Each variable in a resource or in a condition's value is a key that the actions carry."""
    for text in _texts(statement):
        for written in _VARIABLE.findall(text):
            # `${aws:username, 'anonymous'}` has a default.
            name = written.split(",")[0].strip()
            if name not in _CHARACTERS and kind_of(name, statement) is None:
                rule = f"holds the variable {name}, which none of the statement's actions carries"
                yield document.finding(text, rule, _SOURCE, "Correct the variable's name")


def _texts(statement: dict[str, Any]) -> Iterator[str]:
    for key in ("Resource", "NotResource"):
        yield from (str(each) for each in as_list(statement.get(key)))
    condition = statement.get("Condition")
    for keys in condition.values() if isinstance(condition, dict) else ():
        for values in keys.values() if isinstance(keys, dict) else ():
            yield from (str(each) for each in as_list(values))
