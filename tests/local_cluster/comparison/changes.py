"""Changes of objects that stand: what the quick path refuses or makes anew, and what the real Kubernetes does.

The fields that can't be changed come from the emulated provider's table and its own test.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from offline.providers.kubernetes.kinds import IMMUTABLE, REPLACED_UNLESS
from tests.checks.test_immutable_fields import after, before
from tests.local_cluster.comparison.real_kubernetes import Object, RealKubernetes
from tests.local_cluster.comparison.verdicts import REFUSED, TAKEN, Verdict

TAKEN_WITH_LOSS = "taken; the volume and its data go"
NEVER_ENDS = "taken; the deletion waits"


@dataclass(frozen=True)
class Change:
    """One change.

    Args:
        rule: of the quick path.
        label: for the table.
        quick: what the quick path does.
        real: asks the real Kubernetes.
    """

    rule: str
    label: str
    quick: str
    real: Callable[[RealKubernetes], Verdict]


def _object(kind: str, version: str, name: str, **more: object) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **more}


def _storage_class(name: str, **more: object) -> Object:
    return _object("StorageClass", "storage.k8s.io/v1", name, provisioner="ebs.csi.aws.com", **more)


def _claim(storage_class: str, size: str = "1Gi", **more: object) -> Object:
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": storage_class, **more}
    made = _object(
        "PersistentVolumeClaim", "v1", storage_class, spec={**spec, "resources": {"requests": {"storage": size}}}
    )
    return {**made, "metadata": {"name": storage_class, "namespace": "default"}}


@contextmanager
def _standing(kubernetes: RealKubernetes, *objects: Object) -> Iterator[None]:
    for each in objects:
        refusal = kubernetes.apply(each)
        assert not refusal, refusal
    try:
        yield
    finally:
        for each in reversed(objects):
            if kubernetes.read(each):
                kubernetes.delete(each)


def _is_bound(kubernetes: RealKubernetes, claim: Object) -> bool:
    return ((kubernetes.read(claim) or {}).get("status") or {}).get("phase") == "Bound"


def _changed(kubernetes: RealKubernetes, old: Object, new: Object) -> Verdict:
    with _standing(kubernetes, old):
        refusal = kubernetes.apply(new, force=True, dry_run=True)
    return Verdict(REFUSED, refusal) if refusal else Verdict(TAKEN)


def _grown_without_expansion(kubernetes: RealKubernetes) -> Verdict:
    claim = _claim("fixed-size")
    with _standing(kubernetes, _storage_class("fixed-size"), claim):
        kubernetes.wait_until(lambda: _is_bound(kubernetes, claim), "the claim's volume")
        refusal = kubernetes.apply(_claim("fixed-size", "2Gi"), dry_run=True)
    return Verdict(REFUSED, refusal) if refusal else Verdict(TAKEN)


def _claim_replaced(kubernetes: RealKubernetes) -> Verdict:
    claim = _claim("replaced")

    def volumes() -> list[str]:
        claims = [each["spec"].get("claimRef") or {} for each in kubernetes.listed("PersistentVolume")]
        return [each["name"] for each in claims if each.get("name") == "replaced"]

    with _standing(kubernetes, _storage_class("replaced"), claim):
        kubernetes.wait_until(lambda: _is_bound(kubernetes, claim), "the claim's volume")
        assert volumes()
        kubernetes.delete(claim)
        kubernetes.wait_until(lambda: not volumes(), "the end of the claim's volume")
    return Verdict(TAKEN_WITH_LOSS)


def _attributes_in_use(kubernetes: RealKubernetes) -> Verdict:
    """A VolumeAttributesClass is deleted while a claim's volume is of it."""
    made = _object(
        "VolumeAttributesClass",
        "storage.k8s.io/v1",
        "in-use",
        driverName="ebs.csi.aws.com",
        parameters={"type": "gp3"},
    )
    claim = _claim("in-use", volumeAttributesClassName="in-use")
    with _standing(kubernetes, _storage_class("in-use"), made, claim):
        kubernetes.wait_until(lambda: _is_bound(kubernetes, claim), "the claim's volume")
        kubernetes.delete(made, at_once=True)
        left = kubernetes.read(made)
        verdict = Verdict(NEVER_ENDS, str(left["metadata"].get("finalizers"))) if left else Verdict(TAKEN)
        kubernetes.delete(claim)
        kubernetes.wait_until(lambda: kubernetes.read(made) is None, "the end of the class")
    return verdict


def _immutable(kind: str, path: tuple[str, ...]) -> Change:
    def real(kubernetes: RealKubernetes) -> Verdict:
        return _changed(kubernetes, before(kind), after(kind, path))

    return Change("immutable fields", f"{kind} {'.'.join(path)}", "replaced", real)


def _rolled(kind: str) -> Change:
    def real(kubernetes: RealKubernetes) -> Verdict:
        old = _object(kind, "v1", "a", data={"key": "YQ=="})
        old["metadata"]["namespace"] = "default"
        return _changed(kubernetes, old, {**old, "data": {"key": "Yg=="}})

    return Change("replaced for their readers", f"{kind} data", "replaced", real)


CHANGES: list[Change] = [
    *(_immutable(kind, path) for kind, paths in IMMUTABLE.items() for path in paths),
    *(_rolled(kind) for kind in REPLACED_UNLESS),
    Change("claims_may_grow", "a claim of a class without expansion grows", "refused", _grown_without_expansion),
    Change("volumes_keep_their_data", "a claim is replaced", "refused", _claim_replaced),
    Change(
        "deletion of what volumes need",
        "a VolumeAttributesClass is deleted before its claim",
        "refused",
        _attributes_in_use,
    ),
]
