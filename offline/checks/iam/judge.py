"""The judge of policy documents and of the names of AWS's managed policies."""

from collections.abc import Iterable, Iterator, Sequence

from offline.checks.finding import Finding
from offline.checks.iam.actions import actions_exist, actions_fit_resources, resources_are_arns
from offline.checks.iam.condition_values import condition_values_exist
from offline.checks.iam.conditions import conditions_exist
from offline.checks.iam.document import JUDGE, documents_of
from offline.checks.iam.grammar import follows_the_grammar, statements_of
from offline.checks.iam.published import managed_policies
from offline.checks.iam.variables import variables_exist
from offline.providers.aws.account import Account
from offline.providers.resource import Resource
from offline.providers.values import has_unknown

RULES = (
    actions_exist,
    resources_are_arns,
    actions_fit_resources,
    conditions_exist,
    condition_values_exist,
    variables_exist,
)
# Type -> properties that name managed policies by ARN.
_MANAGED = {
    "aws:iam/role:Role": ("managedPolicyArns", "permissionsBoundary"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("policyArn",),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": ("policyArn",),
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": ("policyArn",),
}


class IamJudge:
    """Reads every policy document that is known."""

    name = JUDGE

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """Mistakes in a resource's documents, each once."""
        seen: set[str] = set()
        for document in documents_of(resource):
            found = [*follows_the_grammar(document)]
            for here, statement in statements_of(document):
                found += [finding for rule in RULES for finding in rule(here, statement)]
            for finding in found:
                if str(finding) not in seen:
                    seen.add(str(finding))
                    yield finding
        yield from _managed_policies_exist(resource)

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """Nothing: a document is judged by itself."""
        del resources
        return ()


def _managed_policies_exist(resource: Resource) -> Iterator[Finding]:
    """A policy that AWS owns is one that AWS publishes, in the provider's partition."""
    partition = Account.of(resource.settings).partition
    for place in _MANAGED.get(resource.type, ()):
        given = resource.plain_inputs.get(place)
        for arn in given if isinstance(given, list) else [given]:
            if not isinstance(arn, str) or has_unknown(arn) or ":iam::aws:policy/" not in arn:
                continue
            prefix = f"arn:{partition}:iam::aws:policy/"
            if not arn.startswith(prefix) or arn.removeprefix(prefix) not in managed_policies():
                rule = f"must be {prefix}<path and name> of a policy that AWS publishes"
                source = "AWS managed policy reference"
                fix = "Look the ARN up there; mind the path, such as service-role/"
                yield Finding.of(JUDGE, resource, place, arn, rule=rule, source=source, fix=fix)
