"""Names that the stack gives to what it makes, which somebody may have taken: another account, or a run before.

Amazon S3's names are one space for all accounts. The others are the account's own: what bears one and is not in the
stack's state was left behind by a destroy, or made by hand, and `up` would end there.
"""

from collections.abc import Callable, Iterable

from doctor.aws import CallError
from doctor.check import Check
from doctor.checks.kinds import KINDS, Kind
from doctor.finding import Finding, fail, ok, warn
from doctor.plan import Planned
from doctor.surroundings import Surroundings

BUCKET = "aws:s3/bucket:Bucket"
_MISSING = "404"


def buckets(here: Surroundings) -> Iterable[Finding]:
    """Free, or the stack's own."""
    wanted = [(each, str(each.inputs["bucket"])) for each in here.plan.of(BUCKET)]
    own: set[str] | None = None
    for each, name in wanted:
        status = _status(here, name)
        if status == _MISSING:
            continue
        if own is None:
            own = {found["Name"] for found in here.aws.pages("s3:ListBuckets", "Buckets")}
        if name not in own:
            yield fail(
                f"bucket {name} is another account's, or in no Region of this one ({status})",
                "bucket names are one space for all accounts: find out who has it; another account_id or region gives "
                "other names",
            )
        else:
            delete = f"aws s3 rb --force s3://{name}"
            yield from _left(here, each, name, ("bucket", BUCKET, name), delete)
    yield ok(f"{len(wanted)} buckets")


def _status(here: Surroundings, name: str) -> str:
    try:
        here.aws.ask("s3:HeadBucket", Bucket=name)
    except CallError as error:
        # 403 is another account's bucket, or one that this identity may not look into.
        return error.code
    return "200"


def _left(
    here: Surroundings, resource: Planned, name: str, made: tuple[str, str, str], delete: str
) -> Iterable[Finding]:
    """What to say of something that is there already.

    Args:
        here: has the state.
        resource: that the stack would make.
        name: that it would give.
        made: what it is called, and type token and id that it has in the state.
        delete: command that takes it away.
    """
    words, kind, identifier = made
    if here.state is None:
        yield warn(
            f"{words} {name} is there, and whether the stack made it is not known while its state can't be read",
            "pulumi login, and look again",
        )
    elif not here.state.has(kind, identifier):
        yield fail(
            f"{words} {name} is there, and the stack's state knows nothing of it",
            f"when nobody needs it: {delete}; to keep it: pulumi import --stack {here.stack} --protect=false "
            "--generate-code=false --parent parent=URN-OF-COMPONENT --provider aws=URN-OF-PROVIDER "
            f"{kind} {resource.name} {identifier}",
        )


def _look(kind: Kind) -> Callable[[Surroundings], Iterable[Finding]]:
    def look(here: Surroundings) -> Iterable[Finding]:
        found = here.plan.of(kind.planned)
        # What has no name in the plan gets one from Pulumi that nobody has.
        wanted = {str(each.inputs[kind.field]): each for each in found if kind.field in each.inputs}
        taken = {*kind.taken(here, list(wanted))}
        for name, each in wanted.items():
            if name in taken:
                identifier = kind.identifier.format(account=here.account.id, name=name)
                made = (kind.words, kind.made or kind.planned, identifier)
                yield from _left(here, each, name, made, kind.delete.format(name))
        yield ok(f"{len(wanted)} to give, and none is taken by others")

    return look


CHECKS = (
    Check(
        "bucket-names",
        "Are the names of the stack's buckets free, in all accounts, or its own",
        buckets,
        calls=("s3:HeadBucket", "s3:ListBuckets"),
        needs=("plan", "account", "region"),
    ),
    *(
        Check(
            name,
            f"Is no {kind.words} there by a name that the stack gives and that its state does not know",
            _look(kind),
            calls=(call,),
            needs=("plan", "account", "region"),
        )
        for name, (call, kind) in KINDS.items()
    ),
)
