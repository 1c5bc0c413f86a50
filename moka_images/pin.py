"""Names every image that others publish by its digest in the table, as the registries that publish them say.

Changes text alone, so the change is reviewed like any other. A version keeps its digest for ever, so an image that is
named by one already must still have it: another one means that somebody moved the tag, or raised the version here
without asking for its digest anew.
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import replace

from components.images import table
from components.images.image import Image
from moka_images.check import problem_of
from moka_images.crane import Crane

_INDENT = " " * 4


class PinError(Exception):
    """An image that can't be named by a digest, or a table that is not as this module knows it."""


def digest_of(crane: Crane, image: Image, reference: str, *, anew: bool = False) -> str:
    """What a version's digest is.

    Args:
        crane: asks registries.
        image: as the table has it.
        reference: where it is published, by its tag.
        anew: take what is there, whatever the table says.

    Raises:
        PinError: when it lacks an architecture, or has not the digest that it had.
        RegistryError: when the registry refuses, or has no such image.
    """
    found = crane.find(reference)
    if problem := problem_of(found, None if anew else image.digest, image.architectures):
        raise PinError(f"{reference} {problem}")
    return found.digest


def published() -> dict[str, Image]:
    """The images that others publish, by their constants in the table."""
    named = {name: value for name, value in vars(table).items() if isinstance(value, Image)}
    return {name: image for name, image in named.items() if image.upstream is not None}


def pinned(text: str, digests: Mapping[str, str]) -> str:
    """The table with digests.

    Args:
        text: of the table.
        digests: by the constants of the images.

    Raises:
        PinError: when a constant is no image there.
    """
    calls = {name: call for name, call in _images(text) if name in digests}
    if lacking := sorted(set(digests) - set(calls)):
        raise PinError(f"the table has no image {', '.join(lacking)}")
    lines = text.splitlines(keepends=True)
    # From the end, so that what comes before keeps its place.
    for name, call in sorted(calls.items(), key=lambda each: -each[1].lineno):
        assert call.end_lineno is not None
        repository, tag = (ast.get_source_segment(text, each) for each in call.args[:2])
        words = [f"{name} = Image(", *(f"{_INDENT}{each}," for each in (repository, tag, f'"{digests[name]}"')), ")"]
        lines[call.lineno - 1 : call.end_lineno] = [f"{line}\n" for line in words]
    return "".join(lines)


def at_its_publisher(image: Image) -> str:
    """Where an image is published, by its tag."""
    return replace(image, digest=None).reference


def _images(text: str) -> Iterable[tuple[str, ast.Call]]:
    for node in ast.parse(text).body:
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=ast.Call(func=ast.Name("Image")) as call):
                yield name, call
            case _:
                pass
