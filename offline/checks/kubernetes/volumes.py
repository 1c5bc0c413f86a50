"""What a change does to volumes that hold data.

Kubernetes carries out what is said here without a word: a claim that is replaced is deleted with its volume, and so are
the claims that a StatefulSet made out of a template, or the next StatefulSet takes them over at their old size. Leaves
out a volume whose class retains it, which people would have to find by themselves, and a claim that the program no
longer makes: a preview lists its deletion. That a claim does not shrink is the API server's own validation.

Sources: Kubernetes documentation, "Persistent Volumes", "StatefulSets"; k8s.io/kubernetes,
plugin/pkg/admission/storage/persistentvolume/resize.
"""

from collections.abc import Iterable

from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import KubernetesObject, at, known_text, mapping
from offline.checks.kubernetes.quantities import quantity
from offline.checks.kubernetes.stack import Stack
from offline.providers.kubernetes.kinds import replaced_by
from offline.providers.values import Properties, plain

_SOURCE = 'Kubernetes documentation, "Persistent Volumes" and "StatefulSets"'
_TEMPLATES = "spec.volumeClaimTemplates"
_SIZE = "spec.resources.requests.storage"
_ON_PURPOSE = "to begin with an empty volume on purpose, first run `pulumi destroy --target` with the object's URN"


def volumes_keep_their_data(judge: str, stack: Stack) -> Iterable[Finding]:
    """Nothing that is replaced takes a volume with data along, or leaves one behind at another size."""
    for found in stack.objects:
        old = plain(found.resource.replaced_inputs)
        if not old:
            continue
        places = replaced_by(old, found.content, found.resource.settings)
        if found.kind == "PersistentVolumeClaim":
            yield from _claim(judge, found, places)
        elif at(old, _TEMPLATES):
            yield from _templates(judge, found, old, places)


def _claim(judge: str, found: KubernetesObject, places: tuple[str, ...]) -> Iterable[Finding]:
    for place in places:
        rule = "can't be changed in place: the claim would be deleted, and its volume with all data on it"
        yield found.finding(judge, place, rule, _SOURCE, f"Leave it as it was; {_ON_PURPOSE}")


def _templates(judge: str, found: KubernetesObject, old: Properties, places: tuple[str, ...]) -> Iterable[Finding]:
    policy = mapping(at(old, "spec.persistentVolumeClaimRetentionPolicy"))
    for place in places:
        if policy.get("whenDeleted") == "Delete":
            rule = (
                "replaces the StatefulSet, which deletes the claims of its template (whenDeleted is Delete), and their"
                " volumes with all data on them"
            )
        elif place == _TEMPLATES:
            rule = "replaces the StatefulSet, and the next one takes the old claims over at their old size and class"
        else:
            continue
        fix = f"Make the claims resources of their own, which pods name and which grow in place; {_ON_PURPOSE}"
        yield found.finding(judge, place, rule, _SOURCE, fix)


def claims_may_grow(judge: str, stack: Stack) -> Iterable[Finding]:
    """A claim that asks for more is of a class whose volumes can be expanded."""
    for found in stack.objects:
        old = plain(found.resource.old_inputs)
        if found.kind != "PersistentVolumeClaim" or not old:
            continue
        before, after = quantity(at(old, _SIZE)), quantity(at(found.content, _SIZE))
        if before is None or after is None or after <= before:
            continue
        name = known_text(found.spec.get("storageClassName"))
        storage_class = stack.find("StorageClass", "", name)
        if storage_class is not None and storage_class.content.get("allowVolumeExpansion") is not True:
            rule = f"asks for more than the {at(old, _SIZE)} it has, and StorageClass {name} allows no expansion"
            yield found.finding(judge, _SIZE, rule, _SOURCE, "Set allowVolumeExpansion on the class")
