"""What a change would do to volumes with data is said by the preview, whatever makes the claims."""

from pathlib import Path

import pytest

from offline.checks.kubernetes.quantities import quantity
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from tests.offline.sample import Sample, sample_in

STORAGE_CLASS = """
kubernetes.storage.v1.StorageClass(
    "class", metadata={{"name": "gp3"}}, provisioner="ebs.csi.aws.com", volume_binding_mode="WaitForFirstConsumer",
    allow_volume_expansion={expands}, opts=on_cluster,
)
"""
CLAIM = """
kubernetes.core.v1.PersistentVolumeClaim(
    "data", metadata={{"name": "data"}}, opts=on_cluster,
    spec={{
        "access_modes": ["{mode}"], "storage_class_name": "gp3",
        "resources": {{"requests": {{"storage": "{size}"}}}},
    }},
)
"""
DIRECTORY = """
kubernetes.core.v1.PersistentVolume(
    "directory", metadata={"name": "directory"}, opts=on_cluster,
    spec={
        "access_modes": ["ReadWriteMany"], "storage_class_name": "", "capacity": {"storage": "1Gi"},
        "persistent_volume_reclaim_policy": "Retain", "host_path": {"path": "/var/lib/data", "type": "Directory"},
    },
)
"""
CLAIM_OF_DIRECTORY = """
kubernetes.core.v1.PersistentVolumeClaim(
    "data", metadata={"name": "data"}, opts=on_cluster,
    spec={
        "access_modes": ["ReadWriteMany"], "storage_class_name": "", "volume_name": "directory",
        "resources": {"requests": {"storage": "1Gi"}},
    },
)
"""
TEMPLATE = """
kubernetes.core.v1.Service("old", metadata={{"name": "old"}}, spec={{"cluster_ip": "None"}}, opts=on_cluster)
kubernetes.core.v1.Service("new", metadata={{"name": "new"}}, spec={{"cluster_ip": "None"}}, opts=on_cluster)
kubernetes.apps.v1.StatefulSet(
    "store", metadata={{"name": "store"}}, opts=on_cluster,
    spec={{
        "service_name": "{service}",
        "selector": {{"match_labels": {{"app": "store"}}}},
        "persistent_volume_claim_retention_policy": {{"when_deleted": "{deleted}", "when_scaled": "Retain"}},
        "volume_claim_templates": [{{
            "api_version": "v1", "kind": "PersistentVolumeClaim", "metadata": {{"name": "data"}},
            "status": {{"phase": "Pending"}},
            "spec": {{
                "access_modes": ["ReadWriteOnce"], "storage_class_name": "gp3", "volume_mode": "Filesystem",
                "resources": {{"requests": {{"storage": "{size}"}}}},
            }},
        }}],
        "template": {{
            "metadata": {{"labels": {{"app": "store"}}}},
            "spec": {{"containers": [{{"name": "store", "image": "registry.example/store:{version}"}}]}},
        }},
    }},
)
"""


class Running:
    """A small stack that is up, whose objects a test changes."""

    def __init__(self, root: Path) -> None:
        self.sample: Sample = sample_in(root / "project")
        self.engine = OfflineEngine(self.sample.root, root / "home")

    def is_up(self, *objects: str) -> None:
        self.sample.program("".join(objects))
        self.engine.up("dev")

    def preview(self, *objects: str) -> list[str]:
        """The changes of a preview, as people read them."""
        self.sample.program("".join(objects))
        return [str(each) for each in self.engine.preview("dev").changed]

    def refusal(self, *objects: str) -> str:
        with pytest.raises(OfflineError) as refused:
            self.preview(*objects)
        return str(refused.value)


@pytest.fixture
def running(tmp_path: Path) -> Running:
    return Running(tmp_path)


def claim(size: str, mode: str = "ReadWriteOnce") -> str:
    return CLAIM.format(size=size, mode=mode)


def template(size: str = "50Gi", deleted: str = "Delete", service: str = "old", version: str = "1.0.0") -> str:
    return TEMPLATE.format(size=size, deleted=deleted, service=service, version=version)


GROWING, FIXED = STORAGE_CLASS.format(expands=True), STORAGE_CLASS.format(expands=False)


def test_a_claim_grows_in_place_and_never_shrinks(running: Running) -> None:
    running.is_up(GROWING, claim("50Gi"))
    assert running.preview(GROWING, claim("100Gi")) == ["update kubernetes:core/v1:PersistentVolumeClaim data (spec)"]
    said = running.refusal(GROWING, claim("20Gi"))
    assert "PersistentVolumeClaim data, spec.resources.requests.storage is '20Gi', but it is refused" in said
    assert "can not be less than status.capacity" in said
    assert said.endswith("Leave it as it was.")


def test_a_claim_of_a_class_that_does_not_expand_is_not_grown(running: Running) -> None:
    running.is_up(FIXED, claim("50Gi"))
    assert "than the 50Gi it has, and StorageClass gp3 allows no expansion" in running.refusal(FIXED, claim("100Gi"))


def test_the_replacement_of_a_claim_is_refused_because_its_volume_goes_along(running: Running) -> None:
    running.is_up(GROWING, claim("50Gi"))
    said = running.refusal(GROWING, claim("50Gi", "ReadWriteMany"))
    assert "PersistentVolumeClaim data, spec.accessModes is" in said
    assert "its volume with all data on it" in said


def test_a_claim_that_is_no_longer_made_is_listed_with_what_is_lost(running: Running) -> None:
    running.is_up(GROWING, claim("50Gi"))
    (change,) = running.preview(GROWING)
    assert change.startswith("delete kubernetes:core/v1:PersistentVolumeClaim data")
    assert change.endswith(": its volume and all data on it are deleted")


def test_a_claim_of_a_volume_that_it_names_goes_without_it(running: Running) -> None:
    running.is_up(DIRECTORY, CLAIM_OF_DIRECTORY)
    assert running.preview(DIRECTORY) == ["delete kubernetes:core/v1:PersistentVolumeClaim data"]


def test_a_template_that_asks_for_more_deletes_or_strands_what_is_there(running: Running) -> None:
    for deleted, says in (("Delete", "deletes the claims of its template"), ("Retain", "at their old size")):
        running.is_up(GROWING, template(deleted=deleted))
        said = running.refusal(GROWING, template("100Gi", deleted))
        assert "StatefulSet store, spec.volumeClaimTemplates is" in said
        assert says in said


def test_any_replacement_of_a_stateful_set_that_deletes_its_claims_is_refused(running: Running) -> None:
    running.is_up(GROWING, template())
    assert "spec.serviceName is 'new', but it replaces" in running.refusal(GROWING, template(service="new"))
    assert running.preview(GROWING, template(version="2.0.0")) == ["update kubernetes:apps/v1:StatefulSet store (spec)"]


def test_a_stateful_set_that_keeps_its_claims_may_be_replaced(running: Running) -> None:
    running.is_up(GROWING, template(deleted="Retain"))
    (change,) = running.preview(GROWING, template(deleted="Retain", service="new"))
    assert change == "replace kubernetes:apps/v1:StatefulSet store (spec.serviceName)"


def test_what_the_api_server_refuses_to_change_is_refused_whatever_the_kind(running: Running) -> None:
    cluster = 'mutable = kubernetes.Provider("mutable", kubeconfig="{}", enable_config_map_mutable=True)\n'
    files = (
        'kubernetes.core.v1.ConfigMap("files", metadata={{"name": "files"}}, data={{"a": "{text}"}}, immutable={fixed},'
        " opts=pulumi.ResourceOptions(provider=mutable))\n"
    )
    running.is_up(cluster, files.format(text="b", fixed=True))
    said = running.refusal(cluster, files.format(text="c", fixed=False))
    assert "ConfigMap files, data is" in said
    assert "field is immutable when `immutable` is set" in said
    assert said.endswith("Leave it as it was.")


@pytest.mark.parametrize(
    ("text", "number"),
    [("40Gi", 40 * 1024**3), ("500m", 0.5), ("2", 2), (3, 3), ("1.5k", 1500), ("2e3", 2000), ("1E", 10**18)],
)
def test_quantities_are_numbers(text: object, number: float) -> None:
    assert quantity(text) == number


@pytest.mark.parametrize("text", ["", "Gi", "3Gib", "ten", "1.2.3", None])
def test_what_is_no_quantity_is_none(text: object) -> None:
    assert quantity(text) is None
