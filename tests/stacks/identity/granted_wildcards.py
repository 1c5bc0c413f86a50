"""The wildcards that policies of a deployment grant by, told as the written list tells them."""

import re
from collections.abc import Iterator

from offline.checks.policy_document import as_list
from tests.stacks.identity.deployed import Deployed

_WILDCARD = re.compile(r"[*?]")
_PARTS_OF_AN_ARN = 6


def granted_wildcards(deployed: Deployed) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Policy, statement and wildcards of each statement that allows something by one."""
    for path, document in deployed.documents.items():
        for statement in as_list(document["Statement"]):
            if statement["Effect"] != "Allow":
                continue
            written = [*as_list(statement["Action"]), *as_list(statement.get("Resource"))]
            found = frozenset(_shortened(each, deployed) for each in written if _WILDCARD.search(each))
            if found:
                yield path.removeprefix("iam/").removesuffix(".json"), statement["Sid"], found


def _shortened(text: str, deployed: Deployed) -> str:
    """Without what the account, the Region, a team or a setting gives."""
    parts = text.split(":", _PARTS_OF_AN_ARN - 1)
    if len(parts) < _PARTS_OF_AN_ARN:
        return text
    _, _, service, _, _, rest = parts
    return f"{service}:{_bucket(rest, deployed) if service == 's3' else _named(rest, deployed)}"


def _bucket(rest: str, deployed: Deployed) -> str:
    name, _, key = rest.partition("/")
    account = deployed.settings.account
    own = re.fullmatch(rf"moka-{account.environment}-(.+)-{account.id}-{account.region}", name)
    if own:
        return f"{own[1]}/{_named(key, deployed)}"
    data = {
        f"{place.bucket}/{place.prefix}*"
        for team in deployed.settings.teams.values()
        for each in team.service_accounts
        for place in (*team.data_of(each).read, *team.data_of(each).write)
    }
    return "<data>/*" if rest in data else f"<layers and packages>/{key}"


def _named(rest: str, deployed: Deployed) -> str:
    account = deployed.settings.account
    named = rest.replace(account.cluster_name, "<cluster>").replace(
        f"moka_{account.environment}_", "moka_<environment>_"
    )
    for team in deployed.settings.teams:
        named = named.replace(f"/spark-{team}/", "/spark-<team>/")
    return named.replace(f"/moka/{account.environment}/", "/moka/<environment>/")
