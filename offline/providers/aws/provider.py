"""The emulated AWS provider: gives back what AWS would, by the table in `offline.providers.aws.types`.

Leaves out what AWS would refuse. `checks` and `deletion_checks` are where such rules are plugged in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from offline.cluster import CLUSTER, Cluster
from offline.providers.aws.account import Account
from offline.providers.aws.data_sources import answer
from offline.providers.aws.differences import AUTOMATIC, difference
from offline.providers.aws.inventory import Inventory
from offline.providers.aws.outputs import identifier_of, merged, outputs_of
from offline.providers.aws.regions import partition_of
from offline.providers.aws.row import AwsType
from offline.providers.aws.schemas import has_tags
from offline.providers.aws.types import TYPES
from offline.providers.base import EmulatedProvider
from offline.providers.names import automatic_name
from offline.providers.resource import Check, Difference, Failure, RefusalError, Resource
from offline.providers.values import UNKNOWN, Properties, has_unknown, is_unknown, plain

# The hexadecimal characters that Pulumi's AWS provider appends to a logical name.
_NAME_SUFFIX = 7


class AwsProvider(EmulatedProvider):
    """AWS as far as one program can tell.

    Args:
        version: of the installed `pulumi-aws`.
        checks: rules over the inputs of a resource, run before every creation and update, previews included.
        deletion_checks: rules over a resource that is about to be deleted.
        account_checks: rules over a resource that is about to be made or changed, id included, and what stands beside
            it in the account.
        inventory: what exists; kept up to date here.
        cluster: the Kubernetes that really runs, if one does; it hears of everything that is made and deleted.
    """

    def __init__(
        self,
        version: str,
        checks: Sequence[Check] = (),
        deletion_checks: Sequence[Check] = (),
        account_checks: Sequence[Check] = (),
        inventory: Inventory | None = None,
        *,
        cluster: Cluster | None = None,
    ) -> None:
        super().__init__(version)
        self._cluster = cluster
        self._checks, self._deletion_checks, self._account_checks = checks, deletion_checks, account_checks
        self._inventory = inventory or Inventory()

    def check_settings(self, settings: Properties) -> None:
        region = settings.get("region")
        if region is not None and not is_unknown(region):
            partition_of(region)

    def check(self, resource: Resource) -> tuple[Properties, list[Failure]]:
        row = row_of(resource)
        inputs, failures = _named(row, resource)
        account = Account.of(resource.settings)
        if row.taggable if row.taggable is not None else has_tags(row.cloudformation):
            inputs = inputs | _all_tags(inputs, account.default_tags)
        for check in self._checks:
            failures += check(replace(resource, inputs=inputs))
        return inputs, failures

    def diff(self, resource: Resource) -> Difference:
        return difference(row_of(resource), resource)

    def create(self, resource: Resource) -> tuple[str, Properties]:
        row, account = row_of(resource), Account.of(resource.settings)
        identifier = "" if resource.preview else identifier_of(row, resource, account)
        outputs = outputs_of(row, resource, account) | self._really_running(resource)
        if not resource.preview:
            made = replace(resource, identifier=identifier, outputs=outputs)
            _refuse(self._account_checks, made)
            self._put(made)
        return identifier, outputs

    def update(self, resource: Resource) -> Properties:
        row = row_of(resource)
        removed = resource.old_inputs.keys() - resource.inputs.keys()
        kept = {key: value for key, value in resource.outputs.items() if key not in removed}
        given = {key: value for key, value in resource.inputs.items() if not key.startswith("__")}
        moved = row.on_update(resource.outputs, plain(resource.inputs)) if row.on_update else {}
        if resource.preview:
            return merged(kept, given) | dict.fromkeys(moved, UNKNOWN)
        outputs = merged(kept, given) | moved
        _refuse(self._account_checks, resource)
        self._put(replace(resource, outputs=outputs))
        return outputs

    def delete(self, resource: Resource) -> None:
        _refuse(self._deletion_checks, resource)
        if self._cluster is not None and not self.rehearses:
            self._cluster.forget(resource)
        self._inventory.remove(resource)

    def exists(self, resource: Resource) -> bool:
        return not self._inventory.memory.is_deleted(resource.type, resource.identifier)

    def invoke(self, token: str, arguments: Properties, settings: Mapping[str, Any]) -> Properties:
        return answer(token, arguments, Account.of(settings), self._inventory)

    def _put(self, resource: Resource) -> None:
        before = self._inventory.find(resource)
        self._inventory.put(resource)
        if self._cluster is None or self.rehearses:
            return
        try:
            self._cluster.follow(resource, self._inventory)
        except RefusalError:
            # What the cluster could not follow was not made, or is what it was before.
            if before is None:
                self._inventory.remove(resource)
            else:
                self._inventory.put(before)
            raise

    def _really_running(self, resource: Resource) -> Properties:
        """What the control plane that stands in for a resource's says of itself."""
        if self._cluster is None or resource.type != CLUSTER or resource.preview:
            return {}
        return {
            "endpoint": self._cluster.endpoint,
            "certificateAuthority": {"data": self._cluster.certificate_authority},
        }


def _refuse(checks: Sequence[Check], resource: Resource) -> None:
    for check in checks:
        for failure in check(resource):
            raise RefusalError(failure.reason)


def row_of(resource: Resource) -> AwsType:
    """The resource's row in the table.

    Raises:
        RefusalError: when the table has none; the message says where to add it.
    """
    row = TYPES.get(resource.type)
    if row is None:
        raise RefusalError(
            f"the offline AWS provider has no row for {resource.type}.\n"
            f"Add one (id, ARN, outputs, CloudFormation type) to the module of its service in "
            f"offline/providers/aws/types/; offline/providers/aws/row.py explains the columns."
        )
    return row


def _named(row: AwsType, resource: Resource) -> tuple[Properties, list[Failure]]:
    """Inputs with the physical name filled in: the old one on an update, a new one for a new resource."""
    inputs = {key: value for key, value in resource.inputs.items() if value is not None}
    if not row.name or inputs.get(row.name):
        return inputs, []
    prefix = inputs.get(f"{row.name}Prefix")
    if AUTOMATIC in resource.old_inputs and prefix == resource.old_inputs.get(f"{row.name}Prefix"):
        name = resource.old_inputs[row.name]
    elif has_unknown(prefix):
        name = UNKNOWN
    elif prefix:
        name = automatic_name(plain(prefix), resource.urn, resource.replaced, 26).replace(
            f"{plain(prefix)}-", plain(prefix)
        )
    else:
        name = automatic_name(f"{row.name_prefix}{resource.name}", resource.urn, resource.replaced, _NAME_SUFFIX)
    too_long = len(name) - row.name_limit
    reason = f"automatic name {name!r} is {too_long} characters longer than AWS allows ({row.name_limit})"
    failures = [Failure(row.name, f"{reason}; shorten the logical name")] if too_long > 0 else []
    return {**inputs, row.name: name, AUTOMATIC: [row.name]}, failures


def _all_tags(inputs: Properties, default_tags: Mapping[str, str]) -> Properties:
    """The resource's tags over the provider's default tags, as `tagsAll`."""
    own = inputs.get("tags") or {}
    if not own and not default_tags:
        return {}
    marked = not isinstance(own, dict) or plain(own) != own
    return {"tagsAll": own if marked else {**default_tags, **own}}
