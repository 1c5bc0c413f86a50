"""Every image that a stack can start: where it comes from, who uses it, and on which nodes.

Read from what `up` would make: pods of its objects and of what releases bring, Spark's defaults, and YuniKorn's
placeholders. Leaves out add-ons of Amazon EKS, whose images AWS keeps, and images that an author of an application
names.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from components.images.image import repository_of
from components.images.table import IMAGES
from offline.checks.kubernetes.images import what_moves
from offline.checks.kubernetes.objects import PodTemplate, items, known_text, mapping
from offline.checks.kubernetes.placement import Nodes, may_run_on, nodes_of
from offline.checks.kubernetes.spark_templates import SETTINGS_FILE, spark_pods
from offline.checks.kubernetes.stack import Stack
from offline.providers.resource import Resource
from offline.providers.values import UNKNOWN, plain

_ARCHITECTURE = "kubernetes.io/arch"
_GROUP = "aws:eks/nodeGroup:NodeGroup"
_POOL = "kubernetes:karpenter.sh/v1:NodePool"
_RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
_REPOSITORY = "aws:ecr/repository:Repository"
_SPARK_IMAGE = "spark.kubernetes.container.image"
_PLACEHOLDER = "service.placeholderImage"

# What an image is, by its reference, in a registry: what is wrong with it there, or nothing.
Ask = Callable[[str, Sequence[str]], str]


@dataclass(frozen=True)
class UsedImage:
    """One image.

    Args:
        reference: as pods name it.
        origin: how it comes to where it is pulled from.
        architectures: of the nodes that may run it.
        users: kind and name of the objects whose pods it is for.
        problem: what is wrong with it; empty where nothing is.
    """

    reference: str
    origin: str
    architectures: tuple[str, ...]
    users: tuple[str, ...]
    problem: str = ""


def images_of(resources: Sequence[Resource], ask: Ask | None = None) -> list[UsedImage]:
    """The images of a stack, by name.

    Args:
        resources: everything that it has.
        ask: asks a registry; nobody is asked without it.
    """
    stack = Stack(resources)
    nodes = list(_nodes(resources))
    users: dict[str, set[str]] = {}
    architectures: dict[str, set[str]] = {}
    for reference, user, pods in _uses(stack):
        users.setdefault(reference, set()).add(user)
        found = {str(each.labels.get(_ARCHITECTURE)) for each in nodes if may_run_on(pods, each)}
        architectures.setdefault(reference, set()).update(found)
    places = _Places.of(resources)
    return [
        _judged(
            UsedImage(each, places.origin(each), tuple(sorted(architectures[each])), tuple(sorted(users[each]))), ask
        )
        for each in sorted(users)
    ]


def lines_of(images: Iterable[UsedImage]) -> Iterator[str]:
    """Each image in a few lines, for people."""
    for each in images:
        nodes = " and ".join(each.architectures) or "no node"
        yield each.reference
        yield f"    {each.origin}; on {nodes}; for {', '.join(each.users)}"
        if each.problem:
            yield f"    {each.problem}"


def _judged(image: UsedImage, ask: Ask | None) -> UsedImage:
    problem = _problem(image) or (ask(image.reference, image.architectures) if ask else "")
    return UsedImage(image.reference, image.origin, image.architectures, image.users, problem)


def _problem(image: UsedImage) -> str:
    if moves := what_moves(image.reference):
        return f"{moves}: name a version's tag or a digest"
    name = repository_of(image.reference)
    row = next((each for each in IMAGES if name == each.repository or name.endswith(f"/{each.repository}")), None)
    if row is None:
        return "is not in components/images/table.py: add it there, and name it by its constant"
    if name == row.repository:
        return "is pulled from where it is published, not from the environment's own registry"
    missing = [each for each in image.architectures if each not in row.architectures]
    return f"is not published for {' and '.join(missing)}, on whose nodes it may run" if missing else ""


def _uses(stack: Stack) -> Iterator[tuple[str, str, PodTemplate]]:
    """Each image with who uses it, and the pods that it is for."""
    for found in stack.objects:
        for _, container in found.pods.containers() if found.pods else ():
            if (image := known_text(container.get("image"))) and found.pods:
                yield image, f"{found.kind} {found.name}", found.pods
    spark = list(spark_pods(stack))
    for each in spark:
        for line in str(mapping(each.holder.content.get("data")).get(SETTINGS_FILE, "")).splitlines():
            key, _, image = line.partition(" ")
            if key == _SPARK_IMAGE and image.strip():
                yield image.strip(), "applications that name none", each.pods
    for found in stack.objects:
        if image := known_text(mapping(found.content.get("data")).get(_PLACEHOLDER)):
            for each in spark:
                yield image, "places of gangs", each.pods


def _nodes(resources: Iterable[Resource]) -> Iterator[Nodes]:
    for each in resources:
        if each.type == _GROUP:
            yield nodes_of(each)
        elif each.type == _POOL:
            template = mapping(mapping(plain(each.inputs).get("spec")).get("template"))
            spec = mapping(template.get("spec"))
            labels = mapping(mapping(template.get("metadata")).get("labels"))
            required = {
                str(requirement.get("key")): values[0] if len(values) == 1 else UNKNOWN
                for requirement in items(spec.get("requirements"))
                if (values := requirement.get("values") or [])
            }
            yield Nodes({**required, **labels}, items(spec.get("taints")), each)


@dataclass(frozen=True)
class _Places:
    """The repositories of a stack, and what its caches are of."""

    repositories: frozenset[str]
    caches: tuple[str, ...]

    @classmethod
    def of(cls, resources: Iterable[Resource]) -> "_Places":
        listed = [(each.type, plain(each.inputs)) for each in resources]
        repositories = frozenset(str(inputs.get("name")) for kind, inputs in listed if kind == _REPOSITORY)
        caches = tuple(str(inputs.get("ecrRepositoryPrefix")) for kind, inputs in listed if kind == _RULE)
        return cls(repositories, caches)

    def origin(self, reference: str) -> str:
        """How an image comes to where it is pulled from."""
        host, _, name = repository_of(reference).partition("/")
        cache = next((each for each in self.caches if name.startswith(f"{each}/")), None)
        if cache is not None:
            return f"from {host}, which caches {cache}"
        if name not in self.repositories:
            return f"from {host}"
        upstream = name.partition("/")[0]
        return f"from {host}, copied from {upstream}" if "." in upstream else f"from {host}, pushed by this project"
