"""What parliament says of policy documents, beside the judge of this project.

Trust policies and those of repositories are left out: parliament takes each for malformed, because they name no
resource.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import Any

from offline.checks.iam.evaluation import Policy
from offline.checks.policy_document import as_list

_WITHOUT_RESOURCE = ("iam/trust/", "iam/repository/")


@dataclass(frozen=True)
class Remark:
    """One kind of thing that parliament says of one statement.

    Args:
        issue: parliament's name of it, such as RESOURCE_STAR.
        document: path of the document as `render` writes it.
        sid: of the statement.
        detail: parliament's own words; the same in every account.
    """

    issue: str
    document: str
    sid: str
    detail: str


@dataclass(frozen=True)
class Accepted:
    """A remark that is wrong, or that AWS's own documentation answers.

    Args:
        issue: as of `Remark`.
        documents: path of the documents, with wildcards.
        sid: of the statement.
        reason: why it stays.
    """

    issue: str
    documents: str
    sid: str
    reason: str

    def covers(self, remark: Remark) -> bool:
        """Whether it is about a remark."""
        return (remark.issue, remark.sid) == (self.issue, self.sid) and fnmatchcase(remark.document, self.documents)

    def __str__(self) -> str:
        return f"{self.issue} {self.documents} {self.sid}"


def remarks(document: str, policy: Policy) -> Iterator[Remark]:
    """Everything that parliament says of a document, statement by statement: one hides nothing of another.

    Args:
        document: its path as `render` writes it.
        policy: the document.
    """
    if document.startswith(_WITHOUT_RESOURCE):
        return
    for statement in as_list(policy["Statement"]):
        alone = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        for finding in _parliament().analyze_policy_string(alone).findings:
            yield Remark(finding.issue, document, statement.get("Sid", ""), str(finding.detail))


@cache
def _parliament() -> Any:
    """The library, which finds its data with a module that setuptools had until release 81."""
    stand_in: Any = ModuleType("pkg_resources")
    stand_in.resource_filename = lambda package, name: str(files(package) / name)
    sys.modules["pkg_resources"] = stand_in
    try:
        import parliament  # noqa: PLC0415
    finally:
        del sys.modules["pkg_resources"]
    return parliament
