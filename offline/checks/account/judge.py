"""The judge of changes that an account's past forbids, which a preview can see already."""

from collections.abc import Iterable, Sequence

from offline.checks.account.refusals import JUDGE, OBJECT_LOCK, VERSIONING
from offline.checks.finding import Finding
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import Resource
from offline.providers.values import has_unknown, plain


class AccountJudge:
    """Asks about each resource what the account remembers.

    Args:
        inventory: what stands in the account.
    """

    name = JUDGE

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """A bucket that locked once keeps its versions: Amazon S3 turns neither off again."""
        bucket, configuration = resource.inputs.get("bucket"), resource.inputs.get("versioningConfiguration")
        if resource.type != VERSIONING or has_unknown(bucket) or has_unknown(configuration):
            return
        status = plain(configuration or {}).get("status")
        if plain(bucket) in self._inventory.memory.locked_buckets and status != "Enabled":
            place = "versioningConfiguration.status"
            rule = "must stay Enabled, because Object Lock was turned on and can't be turned off again"
            fix = "Keep versions; without a default retention no new one is locked"
            yield Finding.of(JUDGE, resource, place, status, rule=rule, source=OBJECT_LOCK, fix=fix)

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """Nothing: what stands in the account is compared with one resource at a time."""
        del resources
        return ()
