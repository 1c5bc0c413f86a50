"""Values that documentation keeps for examples, and that no deployment can mean: the stack files hold them as examples.

They are refused wherever they stand in the settings. The one exception is the emulated cloud, which says so in the
configuration `example-values: accepted` that it runs a stack with; it holds only while the account itself is an
example's, for which nobody has credentials, so that no real account's settings ever get by.

Leaves out private addresses, of which nobody can tell whether they are meant.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from components.model import Violation
from components.settings_tree import texts

ACCEPTED = "accepted"

# RFC 5737.
RANGES = tuple(map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
# RFC 2606, in host names, addresses of mail and URLs.
DOMAINS = re.compile(r"(?:^|@|//|\.)(?:example\.(?:com|net|org)|[\w-]+\.(?:example|test|invalid))(?=$|[:/])")
# Amazon S3 user guide, "General purpose bucket naming rules": no bucket's name begins with it.
BUCKETS = re.compile(r"^amzn-s3-demo-")
# Account ids of AWS's own documentation: each group of four one digit, such as 111122223333, or digits in a row.
ACCOUNTS = re.compile(r"\b(?:(?:(\d)\1{3}){3}|123456789012|012345678901|210987654321)\b")


@dataclass(frozen=True)
class ExampleValue:
    """A value of the settings that stands for another one.

    Args:
        path: dots between keys.
        value: what stands there.
        kind: what it is an example of.
    """

    path: str
    value: str
    kind: str


def example_values(tree: object) -> Iterable[ExampleValue]:
    """Every example's value in a settings tree.

    Args:
        tree: the settings as JSON holds them.
    """
    for path, text in texts(tree):
        if kind := _kind(text):
            yield ExampleValue(".".join(path), text, kind)


def rules_of_example_values(tree: Mapping[str, Any], *, accepted: bool) -> Iterable[Violation]:
    """Nothing in the settings is an example's value, unless the cloud is emulated and so is the account.

    Args:
        tree: the settings as JSON holds them.
        accepted: whether the run's configuration accepts them.
    """
    if accepted and ACCOUNTS.fullmatch(str(tree.get("account_id"))):
        return
    for each in example_values(tree):
        yield Violation(
            each.path,
            each.value,
            f"must be your own, not {each.kind} of an example",
            "documentation keeps it for examples, so that it belongs to nobody who deploys",
            "write your own; README.md lists what to replace",
        )


def _kind(text: str) -> str | None:
    if ACCOUNTS.search(text):
        return "the account"
    if DOMAINS.search(text):
        return "the domain"
    if BUCKETS.search(text):
        return "the bucket"
    try:
        network = IPv4Network(text)
    except ValueError:
        return None
    return "the address range" if any(network.overlaps(each) for each in RANGES) else None
