"""Whose credentials these are, whether they are of the stack's account, and whether that has the Region."""

from collections.abc import Iterable

from botocore.exceptions import BotoCoreError, ConnectionError, HTTPClientError

from doctor.aws import CallError, DeniedError
from doctor.check import Check
from doctor.finding import Finding, fail, ok, warn
from doctor.surroundings import HOME_REGION, Surroundings

LOG_IN = "aws sso login, or set AWS_PROFILE to a profile of account {account}"
_ENABLED = ("ENABLED", "ENABLED_BY_DEFAULT")
_OPTED_IN = ("opt-in-not-required", "opted-in")


def credentials(here: Surroundings) -> Iterable[Finding]:
    """Some that AWS accepts."""
    log_in = LOG_IN.format(account=here.account.id)
    try:
        found = here.caller
    except (ConnectionError, HTTPClientError) as error:
        yield fail(f"AWS can't be reached ({error})", "check the network, and HTTPS_PROXY where there is a proxy")
    except BotoCoreError as error:
        yield fail(f"no credentials that can be used ({error})", log_in)
    except CallError as error:
        yield fail(f"AWS does not accept the credentials ({error.code}: {error.text})", log_in)
    else:
        yield ok(str(found["Arn"]))


def account(here: Surroundings) -> Iterable[Finding]:
    """The stack's account, so that nothing is asked of another."""
    own, wanted = here.caller["Account"], here.account.id
    if own != wanted:
        yield fail(
            f"the credentials are of account {own}, and the stack's file says {wanted}",
            f"set AWS_PROFILE to a profile of {wanted}, or write the right account_id",
        )
        return
    partition = str(here.caller["Arn"]).split(":")[1]
    if partition != here.account.partition:
        yield fail(
            f"the credentials are of partition {partition}, and {here.account.region} is in {here.account.partition}",
            "take credentials of the Region's partition",
        )
        return
    yield ok(f"{own}, partition {partition}")


def caller(here: Surroundings) -> Iterable[Finding]:
    """Not the root user, and one of the roles that can make objects in the cluster."""
    arn = str(here.caller["Arn"])
    if arn.endswith(":root"):
        yield fail(
            "these are the root user's credentials, which can't be bounded and get no access to the cluster",
            "take those of a role of cluster.access.ci or cluster.access.admin",
        )
        return
    deployers = [each.rpartition("/")[2] for each in here.settings.cluster.access.deployers]
    name = role_name(arn)
    if name not in deployers:
        yield warn(
            f"{arn} is none of the roles that deploy, so it could not make objects in the cluster",
            f"run pulumi up as {' or '.join(deployers)}, or add the role to cluster.access.ci",
        )
        return
    yield ok(f"{name} deploys")


def region(here: Surroundings) -> Iterable[Finding]:
    """The account has the Region, which some are only given when they are asked for."""
    name = here.account.region
    try:
        answer = here.aws.ask("account:GetRegionOptStatus", region=HOME_REGION, RegionName=name)
        status, enabled = answer["RegionOptStatus"], _ENABLED
    except DeniedError:
        # Anybody who may look at networks may ask this.
        answer = here.aws.ask("ec2:DescribeRegions", region=HOME_REGION, RegionNames=[name], AllRegions=True)
        status, enabled = answer["Regions"][0]["OptInStatus"], _OPTED_IN
    if status not in enabled:
        yield fail(
            f"{name} is {status.lower()} in this account",
            f"aws account enable-region --region-name {name}, which takes minutes to hours",
        )
        return
    yield ok(f"{name} is there")


def role_name(arn: str) -> str | None:
    """Name of the role whose session has an ARN; None for what is no role's session."""
    kind, _, rest = arn.rpartition(":")[2].partition("/")
    return rest.partition("/")[0] if kind == "assumed-role" else None


CHECKS = (
    Check(
        "credentials",
        "Are there AWS credentials that work",
        credentials,
        calls=("sts:GetCallerIdentity",),
        needs=("settings",),
    ),
    Check("account", "Are they of the stack's account and partition", account, needs=("credentials",)),
    Check("caller", "Are they of a role that deploys, and not of the root user", caller, needs=("account",)),
    Check(
        "region",
        "Does the account have the Region",
        region,
        calls=("account:GetRegionOptStatus", "ec2:DescribeRegions"),
        needs=("account",),
    ),
)
