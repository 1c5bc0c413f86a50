"""Where Pulumi keeps the stack's state, and the key of its secrets."""

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from doctor.aws import CallError, DeniedError
from doctor.check import Check
from doctor.finding import Finding, fail, ok, warn
from doctor.state import StateError, read_state
from doctor.surroundings import Surroundings

_KMS = "awskms"
_PASSPHRASES = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")


def state(here: Surroundings) -> Iterable[Finding]:
    """The backend answers; what it says of the stack tells leftovers from what the stack has."""
    try:
        found = read_state(here.machine, here.stack)
    except StateError as error:
        here.state = None
        yield warn(f"the state can't be read ({error})", "pulumi login s3://<state bucket of the account>")
        return
    # Checks of names ask no second time.
    here.state = found
    if not found.exists:
        yield ok("no such stack in the backend yet: `pulumi stack init` makes it")
    else:
        yield ok(f"the stack is in the backend, with {len(found.names)} resources")


def secrets(here: Surroundings) -> Iterable[Finding]:
    """The provider of the stack's secrets that its file names."""
    provider = str(here.file.get("secretsprovider") or "")
    if provider.startswith(f"{_KMS}://"):
        yield from _key(here, provider)
    elif "encryptionsalt" in here.file and not any(each in here.machine.environment for each in _PASSPHRASES):
        yield warn("a passphrase opens the stack's secrets, and none is set", f"export {_PASSPHRASES[0]}=...")
    else:
        yield ok("named when the stack is made" if not provider else f"{urlsplit(provider).scheme}, not looked at")


def _key(here: Surroundings, provider: str) -> Iterable[Finding]:
    parts = urlsplit(provider)
    # awskms://ID, awskms://alias/NAME and awskms:///ARN; Pulumi documentation, "Available encryption providers".
    name = f"{parts.netloc}{parts.path}".removeprefix("/")
    region = parse_qs(parts.query).get("region", [here.aws.region])[0]
    try:
        key = here.aws.ask("kms:DescribeKey", region=region, KeyId=name)["KeyMetadata"]
    except DeniedError:
        raise
    except CallError as error:
        yield fail(
            f"the key of the stack's secrets, {name} in {region}, is not there ({error.code})",
            f"aws kms create-key --region {region}, give it the alias, or name another one: "
            f"pulumi stack change-secrets-provider --stack {here.stack} awskms://...",
        )
        return
    if key["KeyState"] != "Enabled":
        yield fail(
            f"the key of the stack's secrets, {name}, is {key['KeyState']}",
            f"aws kms enable-key --region {region} --key-id {key['KeyId']}",
        )
    else:
        yield ok(f"key {name} is enabled")


CHECKS = (
    Check("state", "Can Pulumi's state of the stack be read", state, needs=("pulumi",)),
    Check(
        "secrets",
        "Is the key of the stack's secrets there, where its file names one",
        secrets,
        calls=("kms:DescribeKey",),
        needs=("settings", "account"),
    ),
)
