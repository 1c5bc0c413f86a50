"""What settings name and the stack does not make: secrets, buckets of teams, security groups; and the one detector."""

from collections.abc import Iterable, Mapping

from doctor.aws import CallError, DeniedError
from doctor.check import Check
from doctor.finding import Finding, fail, ok, warn
from doctor.surroundings import Surroundings

_DETECTOR = "aws:guardduty/detector:Detector"
_LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
# Amazon CloudWatch Logs user guide, "CloudWatch Logs quotas", Resource policies: it can't be changed.
_MOST_LOG_POLICIES = 10


def registry_secrets(here: Surroundings) -> Iterable[Finding]:
    """Amazon ECR refuses a cache rule whose secret it can't read."""
    wanted = here.settings.images.credentials
    for registry, arn in wanted.items():
        try:
            found = here.aws.ask("secretsmanager:DescribeSecret", SecretId=arn)
        except DeniedError:
            raise
        except CallError as error:
            if error.code != "ResourceNotFoundException":
                raise
            yield fail(
                f"images.credentials.{registry} names {arn}, which is not there",
                "make it as docs/images.md says, or leave the registry out",
            )
            continue
        if "DeletedDate" in found:
            yield fail(f"{arn} is about to be deleted", f"aws secretsmanager restore-secret --secret-id {arn}")
    yield ok(f"{len(wanted)} secrets" if wanted else "the settings name none")


def team_buckets(here: Surroundings) -> Iterable[Finding]:
    """Applications need them; `up` does not, and they may be of another account."""
    wanted = _buckets(here)
    for name, field in wanted.items():
        try:
            here.aws.ask("s3:HeadBucket", Bucket=name)
        except DeniedError:
            yield warn(
                f"{field} names bucket {name}, which these credentials may not look at",
                "nothing, where its owner lets the team's role in",
            )
        except CallError as error:
            yield warn(
                f"{field} names bucket {name}, which is not there ({error.code})",
                f"aws s3 mb --region {here.account.region} s3://{name}, or write another one",
            )
    yield ok(f"{len(wanted)} buckets")


def _buckets(here: Surroundings) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for team, each in here.settings.teams.items():
        for access in ("write", "read"):
            for index, place in enumerate(getattr(each.data, access)):
                found.setdefault(place.bucket, f"teams.{team}.data.{access}.{index}")
    return found


def security_groups(here: Surroundings) -> Iterable[Finding]:
    """Groups that reach the private API endpoint."""
    wanted = here.settings.cluster.private_access.security_group_ids
    if not wanted:
        yield ok("the settings name none")
        return
    found = {
        each["GroupId"]
        for each in here.aws.pages(
            "ec2:DescribeSecurityGroups", "SecurityGroups", Filters=[{"Name": "group-id", "Values": list(wanted)}]
        )
    }
    for index, group in enumerate(wanted):
        if group not in found:
            yield fail(
                f"cluster.private_access.security_group_ids.{index} names {group}, which is not in this account and "
                "Region",
                "name one of the VPC, or of one that is peered with it: docs/private-api.md",
            )
    yield ok(f"{len(wanted)} groups")


def detector(here: Surroundings) -> Iterable[Finding]:
    """Amazon GuardDuty takes one detector an account and Region."""
    if not here.plan.of(_DETECTOR):
        yield ok("the stack makes none")
        return
    for each in here.aws.pages("guardduty:ListDetectors", "DetectorIds"):
        if here.state is None:
            yield warn(f"detector {each} is there; whose it is is not known", "pulumi login, and look again")
        elif not here.state.has(_DETECTOR, each):
            yield fail(
                f"detector {each} is there, and Amazon GuardDuty takes no second one",
                "write detection.detector: elsewhere",
            )
    yield ok("there is none beside the stack's")


def log_policies(here: Surroundings) -> Iterable[Finding]:
    """Policies by which services write to log groups: an account has few, and nobody raises the number."""
    own = {str(each.inputs["policyName"]) for each in here.plan.of(_LOG_POLICY)}
    others = [
        name
        for each in here.aws.pages("logs:DescribeResourcePolicies", "resourcePolicies")
        if (name := each["policyName"]) not in own
    ]
    if len(others) + len(own) > _MOST_LOG_POLICIES:
        yield fail(
            f"{len(own)} needed, {len(others)} there by others; Amazon CloudWatch Logs takes {_MOST_LOG_POLICIES}",
            f"aws logs delete-resource-policy --policy-name ..., for one of {', '.join(others)}",
        )
    yield ok(f"{len(own)} needed, {len(others)} there by others, of {_MOST_LOG_POLICIES}")


def identity_center(here: Surroundings) -> Iterable[Finding]:
    """People log in to Amazon Managed Grafana with it."""
    if here.settings.monitoring.grafana != "amazon-managed":
        yield ok("Grafana is in the cluster")
    elif not [*here.aws.pages("sso-admin:ListInstances", "Instances")]:
        yield warn(
            f"the account sees no instance of IAM Identity Center in {here.account.region}",
            "have the organisation switch it on, or write monitoring.grafana: in-cluster; where it is in another "
            "Region, nothing",
        )
    else:
        yield ok("there is one")


CHECKS = (
    Check(
        "registry-secrets",
        "Are the secrets there by which the image cache logs in to registries",
        registry_secrets,
        calls=("secretsmanager:DescribeSecret",),
        needs=("account", "region"),
    ),
    Check("team-buckets", "Are the teams' buckets there", team_buckets, calls=("s3:HeadBucket",), needs=("account",)),
    Check(
        "security-groups",
        "Are the security groups there that reach the private API",
        security_groups,
        calls=("ec2:DescribeSecurityGroups",),
        needs=("account", "region"),
    ),
    Check(
        "detector",
        "Is there no Amazon GuardDuty detector where the stack makes one",
        detector,
        calls=("guardduty:ListDetectors",),
        needs=("plan", "account", "region"),
    ),
    Check(
        "log-policies",
        "Does Amazon CloudWatch Logs take one more resource policy",
        log_policies,
        calls=("logs:DescribeResourcePolicies",),
        needs=("plan", "account", "region"),
    ),
    Check(
        "identity-center",
        "Is IAM Identity Center there, where Grafana is Amazon's",
        identity_center,
        calls=("sso-admin:ListInstances",),
        needs=("account", "region"),
    ),
)
