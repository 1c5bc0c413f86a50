"""`python -m moka_images VERB STACK`: from the command line to an exit code.

Leaves out what the codes mean: moka_logs/exit_codes.py.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from components.account import Account
from local_cluster.programs.crane import CRANE
from local_cluster.programs.project import find
from moka_images.bake import TARGETS, definition
from moka_images.check import check
from moka_images.crane import Crane, RegistryError
from moka_images.fill import FillError, fill
from moka_images.hand_over import put, take, taken_in
from moka_images.login import logged_in
from moka_images.pin import PinError, at_its_publisher, digest_of, pinned, published
from moka_images.promote import ORDER, Promotion, PromotionError, promote, require_order
from moka_images.refresh import BASE, DOCKERFILE, TABLE, Base, RefreshError, base_of, newest, refresh
from moka_images.wanted import wanted_images
from moka_logs.exit_codes import FAILED, FOUND, NONE, REFUSED, USAGE, described
from moka_logs.place import PlaceError, account_of, stack_settings, stacks
from offline.errors import MissingToolError

_OWN = " or ".join(sorted(TARGETS))


def main(argv: Sequence[str]) -> int:
    """Run what the arguments ask for.

    Args:
        argv: arguments without the program's name.

    Returns:
        One of the exit codes.

    Raises:
        SystemExit: with code 2, when the arguments are wrong.
    """
    options = _parser().parse_args(argv)
    try:
        return options.run(options)
    except (PlaceError, PromotionError) as error:
        return _say(str(error), USAGE)
    except MissingToolError as error:
        return _say(str(error), FAILED)
    except (FillError, PinError, RegistryError, RefreshError) as error:
        return _say(str(error), REFUSED)
    except (ClientError, BotoCoreError) as error:
        return _say(f"{error}: docs/images.md lists the rights that it needs", REFUSED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m moka_images",
        description="Fills an environment's image registry, says what is in it, and carries images to the next one.",
        epilog=described("every image is there", "some are not, or not as they should be", "AWS or a registry"),
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    checking = _add(verbs, "check", _check, "say of every image whether it is there, with its digest")
    filling = _add(verbs, "fill", _fill, "bring every image that others publish")
    promoting = _add(verbs, "promote", _promote, "carry an image of this project's own to the next environment")
    for verb in (checking, filling):
        verb.add_argument("stack", metavar="STACK", choices=stacks(), help="the environment: " + ", ".join(stacks()))
        verb.add_argument("--profile", help="AWS profile of its account; the current credentials unless given")
    promoting.add_argument("image", metavar="IMAGE", choices=sorted(TARGETS), help=_OWN)
    for name in ("source", "target"):
        promoting.add_argument(name, metavar=name.upper(), choices=ORDER, help=f"the {name}: {', '.join(ORDER)}")
        promoting.add_argument(f"--{name}-profile", help=f"AWS profile of the {name}'s account")
    promoting.add_argument("--tag", help="the image's tag; that of this release unless given")
    taking = _add(verbs, "take", _take, "put an image of an environment into a directory, for the next one")
    putting = _add(verbs, "put", _put, "push the image of such a directory to the next environment")
    for verb in (taking, putting):
        verb.add_argument("image", metavar="IMAGE", choices=sorted(TARGETS), help=_OWN)
        verb.add_argument("stack", metavar="STACK", choices=ORDER, help="the environment: " + ", ".join(ORDER))
        verb.add_argument("directory", metavar="DIRECTORY", type=Path, help="that `take` makes")
        verb.add_argument("--tag", help="the image's tag; that of this release unless given")
        verb.add_argument("--profile", help="AWS profile of its account; the current credentials unless given")
    baking = _add(verbs, "bake", _bake, "print the tags of an environment's own images, which docker buildx bake reads")
    baking.add_argument("stack", metavar="STACK", choices=stacks(), help="the environment: " + ", ".join(stacks()))
    pinning = _add(verbs, "pin", _pin, "name every image that others publish by its digest, in the table of images")
    pinning.add_argument(
        "--anew", action="store_true", help="take the digests that are published now, for versions that were raised"
    )
    refreshing = _add(verbs, "refresh", _refresh, "ask for the next build where the base is older than the newest")
    refreshing.add_argument("--fixes", action="store_true", help="ask for it in any case, for packages of today")
    return parser


def _add(verbs: Any, name: str, run: Callable[[argparse.Namespace], int], explanation: str) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=explanation, description=explanation)
    verb.set_defaults(run=run)
    return verb


def _check(options: argparse.Namespace) -> int:
    settings = stack_settings(options.stack)
    account = account_of(options.stack, settings)
    is_whole = True
    with _crane((account, options.profile)) as crane:
        for each in wanted_images(account, settings):
            checked = check(crane, each)
            is_whole = is_whole and not checked.problem
            digest = checked.found.digest if checked.found else "-"
            print(f"{each.reference} {each.way} {digest} {checked.problem or 'is as it should be'}", flush=True)
    return FOUND if is_whole else NONE


def _fill(options: argparse.Namespace) -> int:
    settings = stack_settings(options.stack)
    account = account_of(options.stack, settings)
    if account.mirror is not None:
        raise PlaceError(
            f"{options.stack} pulls from {account.mirror}, which is yours to fill; check says what it lacks"
        )
    images = [each for each in wanted_images(account, settings) if each.way != "pushed"]
    is_whole = True
    with _crane((account, options.profile)) as crane:
        for number, each in enumerate(images, 1):
            try:
                done = fill(crane, each)
            except (FillError, RegistryError) as error:
                # The others are wanted all the same.
                is_whole, done = False, f"could not be brought: {error}"
            print(f"{number}/{len(images)} {each.reference} {done}", flush=True)
    return FOUND if is_whole else NONE


def _promote(options: argparse.Namespace) -> int:
    require_order(options.source, options.target)
    accounts = [account_of(each, stack_settings(each)) for each in (options.source, options.target)]
    image = TARGETS[options.image]
    source, target = (f"{each.registry}/{image.repository}:{options.tag or image.tag}" for each in accounts)
    with _crane((accounts[0], options.source_profile), (accounts[1], options.target_profile)) as crane:
        digest = promote(crane, Promotion(source, target))
    print(f"{target}@{digest}")
    return FOUND


def _take(options: argparse.Namespace) -> int:
    account, tag, reference = _own_image(options)
    with _crane((account, options.profile)) as crane:
        print(take(crane, reference, options.directory, image=options.image, tag=tag, stack=options.stack))
    return FOUND


def _put(options: argparse.Namespace) -> int:
    account, tag, reference = _own_image(options)
    taken = taken_in(options.directory)
    if (taken.image, taken.tag) != (options.image, tag):
        raise PromotionError(f"{options.directory} holds {taken.image}:{taken.tag}, not {options.image}:{tag}")
    with _crane((account, options.profile)) as crane:
        print(put(crane, options.directory, options.stack, reference))
    return FOUND


def _own_image(options: argparse.Namespace) -> tuple[Account, str, str]:
    """Account, tag and reference of an image of the project's own."""
    account = account_of(options.stack, stack_settings(options.stack))
    image = TARGETS[options.image]
    tag = options.tag or image.tag
    return account, tag, f"{account.registry}/{image.repository}:{tag}"


def _bake(options: argparse.Namespace) -> int:
    account = account_of(options.stack, stack_settings(options.stack))
    print(json.dumps(definition(account.images), indent=2))
    return FOUND


def _pin(options: argparse.Namespace) -> int:
    images, digests, is_whole = published(), dict[str, str](), True
    with _crane() as crane:
        for number, (name, image) in enumerate(images.items(), 1):
            reference = at_its_publisher(image)
            try:
                digests[name] = done = digest_of(crane, image, reference, anew=options.anew)
            except (PinError, RegistryError) as error:
                # The others are wanted all the same.
                is_whole, done = False, f"could not be named: {error}"
            print(f"{number}/{len(images)} {reference} {done}", flush=True)
    TABLE.write_text(pinned(TABLE.read_text(), digests))
    return FOUND if is_whole else NONE


def _refresh(options: argparse.Namespace) -> int:
    present = base_of(DOCKERFILE.read_text())
    with _crane() as crane:
        tag = newest(crane.tags(BASE))
        base = present if tag == present.tag else Base(tag, crane.find(f"{BASE}:{tag}").digest)
    if base == present and not options.fixes:
        print(f"{present.tag} is the newest base")
        return FOUND
    day = datetime.combine(datetime.now(UTC), time(), UTC)
    refresh(base, day)
    print(f"The next images begin from {base.tag}, with packages of {day:%d %B %Y}")
    return FOUND


@contextmanager
def _crane(*accounts: tuple[Account, str | None]) -> Iterator[Crane]:
    program = find([CRANE], _progress)["crane"]
    clients: list[tuple[Account, Any]] = [
        (account, boto3.Session(profile_name=profile).client("ecr", region_name=account.region))
        for account, profile in accounts
    ]
    with logged_in(clients) as configuration:
        yield Crane(program, configuration)


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _say(text: str, code: int) -> int:
    _progress(f"moka_images: {text}")
    return code
