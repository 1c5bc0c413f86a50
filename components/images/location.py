"""Where nodes pull images from: every image of the table under its own name, below one place.

That place is the account's own Amazon ECR, or a mirror that settings name. Components name images as their publishers
do, and a transform puts the place before them, so that none can forget to. Leaves out what is no container of a pod
template, such as a chart's values and Spark's defaults: these put the place before an image themselves (`Image.below`).
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

import pulumi

from components.images.image import repository_of
from components.images.table import IMAGES

Transform = Callable[[pulumi.ResourceTransformArgs], pulumi.ResourceTransformResult | None]

_REPOSITORIES = frozenset(each.repository for each in IMAGES)
_KUBERNETES = "kubernetes:"
_CONTAINERS = ("initContainers", "containers")
# From a workload's object to the specification of its pods.
_WAYS = (("spec",), ("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec"))


def pulled_from(place: str) -> Transform:
    """A transform that makes containers pull the table's images from a place; other images stay what they are.

    Args:
        place: registry, or prefix in one, that holds the images under their own names.
    """

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.startswith(_KUBERNETES):
            return None
        changed = with_place(args.props, place)
        return None if changed is None else pulumi.ResourceTransformResult(props=changed, opts=args.opts)

    return transform


def with_place(props: Mapping[str, Any], place: str) -> dict[str, Any] | None:
    """A workload's properties with the place before its images; None where nothing changes.

    Args:
        props: properties as the engine has them, in camelCase.
        place: registry, or prefix in one.
    """
    changed = dict(props)
    found = False
    for way in _WAYS:
        pod = _reached(props, way)
        containers = {key: pod[key] for key in _CONTAINERS if isinstance(pod.get(key), list)}
        moved = {key: [_moved(each, place) for each in value] for key, value in containers.items()}
        if moved != containers:
            changed, found = _put(changed, way, {**pod, **moved}), True
    return changed if found else None


def _reached(props: Mapping[str, Any], way: tuple[str, ...]) -> Mapping[str, Any]:
    place = props
    for key in way:
        place = _mapping(place.get(key))
    return place


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def _put(props: Mapping[str, Any], way: tuple[str, ...], value: Mapping[str, Any]) -> dict[str, Any]:
    first, *rest = way
    return {**props, first: _put(props[first], tuple(rest), value) if rest else value}


def _moved(container: Any, place: str) -> Any:
    image: object = _mapping(container).get("image")
    if not isinstance(image, str) or repository_of(image) not in _REPOSITORIES:
        return container
    return {**container, "image": f"{place}/{image}"}
