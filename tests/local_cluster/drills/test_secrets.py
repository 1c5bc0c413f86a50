"""Secrets are planted wherever one enters a stack's Kubernetes, and searched for in all that the run leaves.

Where a value has to be is written down here, with the reason, and looked for there as well:

- the Secret itself, for those who may read it;
- the memory of the node whose container has it as a file, which the kubelet mounts for that;
- the disk of the node whose container has it as a variable, because containerd keeps the specification of each
  container: what is secret is better a file;
- the file in which the emulated AWS keeps the credentials that it gave out, which no account has.

There is no audit log: Amazon EKS sends its own to Amazon CloudWatch, where Secrets stand without their content.
"""

from pathlib import Path

import pytest

from local_cluster.aws.deployment import DeploymentFile
from local_cluster.encryption.configuration import PREFIX
from local_cluster.encryption.key_service import encryption_key
from local_cluster.nodes.kind_of_node import is_real
from tests.local_cluster.conftest import on
from tests.local_cluster.containers import needs_containers
from tests.local_cluster.drills.artefacts import files_since, kept_on_nodes, objects, store, stored
from tests.local_cluster.drills.planted_objects import made
from tests.local_cluster.drills.planted_secrets import FILES, OF_TEAM, VARIABLES
from tests.local_cluster.drills.planting import Planting, plant
from tests.local_cluster.drills.running_stack import RunningStack, wait_until
from tests.secrets.known_values import traces_of, traces_of_in_files
from tests.secrets.planted import Trace, planted, traces_in_files, traces_in_texts

pytestmark = [pytest.mark.cluster, needs_containers, on("dev with containers")]

# What the API server keeps for itself: addresses of API servers, ports in use, and how far history was forgotten.
# Source: kubernetes, pkg/controlplane/reconcilers/lease.go, pkg/registry/core/service/allocator/storage; apiserver,
# pkg/storage/etcd3/compact.go.
OWN_RECORDS = ("/registry/masterleases/", "/registry/ranges/", "compact_rev_key")
KINDS = ("secrets", "configmaps", "events", "pods", "karpenter.sh/nodepools")
CREDENTIALS = ("credentials.json", "deployer.json")
DATABASE = "var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db"


@pytest.fixture(scope="module")
def planting(dev: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Planting:
    """Dev with a secret in every place."""
    return plant(dev, tmp_path_factory.mktemp("given"))


def test_every_value_in_etcd_is_encrypted_whatever_its_kind(dev: RunningStack, planting: Planting) -> None:
    assert planting.secrets
    found = stored(dev)
    assert [key for key, value in found.items() if not value.startswith(PREFIX.encode()) and not _is_own(key)] == []
    assert [kind for kind in KINDS if not any(key.startswith(f"/registry/{kind}/") for key in found)] == []


def _is_own(key: str) -> bool:
    return key.startswith(OWN_RECORDS)


def test_what_is_written_is_encrypted_under_the_key_that_the_stack_gives_its_cluster(dev: RunningStack) -> None:
    key = encryption_key(DeploymentFile(dev.cluster.directory.deployment).latest())
    assert key.startswith("arn:aws:kms:us-east-1:222222222222:key/")
    written = {**made("ConfigMap"), "metadata": {"name": "planted-key", "namespace": OF_TEAM}}
    kept = f"/registry/configmaps/{OF_TEAM}/planted-key"

    def under() -> bytes:
        dev.cluster.api.remove(written)
        dev.cluster.api.apply(written)
        # Which key a value needs stands before it.
        return stored(dev)[kept][:400]

    # An API server asks for the name of its key once a minute.
    wait_until(lambda: key.encode() in under(), lambda: [repr(under())])


def test_whoever_may_read_a_secret_gets_every_value_of_it(dev: RunningStack, planting: Planting) -> None:
    for each in planting.secrets:
        metadata = each["metadata"]
        done = dev.kubectl("get", "secret", metadata["name"], "--namespace", metadata["namespace"], "--output=json")
        assert len({found.place for found in traces_in_texts({"the API": done.stdout})}) == len(each["stringData"])


def test_no_file_that_the_run_left_holds_a_secret(dev: RunningStack, planting: Planting) -> None:
    top = dev.home.parent
    files = files_since(top, planting.moment)
    cluster = dev.cluster.directory
    searched = {str(each) for each in files}
    parts = (
        "data/etcd/member/wal/",
        "data/etcd/member/snap/db",
        "nodes/real-1/var/log/pods/",
        "logs/aws-requests.jsonl",
    )
    for part in (*parts, "logs/kube-apiserver.log", str(dev.state_file)):
        assert any(part in each for each in searched), part
    values = {**planting.tokens, **planting.credentials}
    found = [*traces_in_files(files), *traces_of_in_files(values, files)]
    assert [str(each) for each in found if not _has_to_be(each, cluster.aws, planting)] == []


def _has_to_be(trace: Trace, aws: Path, planting: Planting) -> bool:
    file = Path(trace.where)
    if trace.place in planting.credentials:
        return file.parent == aws and file.name in CREDENTIALS
    return trace.where.endswith(DATABASE) and trace.place.startswith(VARIABLES)


def test_nodes_keep_secrets_that_are_files_in_memory_and_those_that_are_variables_on_disk(
    dev: RunningStack, planting: Planting
) -> None:
    assert planting.secrets
    nodes = [each["metadata"]["name"] for each in dev.listed("Node") if is_real(each)]
    kept = list(kept_on_nodes(dev, nodes, ("/run", "/var/lib/kubelet", f"/{DATABASE}".rpartition("/")[0], "/var/log")))
    on_disk = {each.place: str(each.file) for each in kept if each.is_on_disk}
    assert on_disk == dict.fromkeys(VARIABLES, f"/{DATABASE}")
    in_memory = {each.place for each in kept if not each.is_on_disk and "kubernetes.io~secret" in str(each.file)}
    assert in_memory == set(FILES)


def test_no_object_but_the_secret_itself_holds_one(dev: RunningStack, planting: Planting) -> None:
    values = {**planting.tokens, **planting.credentials}
    texts = objects(dev)
    assert "planted-variable" in texts["events"]
    found = traces_in_texts(texts)
    found += [each for kind, text in texts.items() for each in traces_of(values, kind, text.encode())]
    assert list(map(str, found)) == []


def test_nobody_whose_request_goes_wrong_is_told_a_secret(planting: Planting) -> None:
    assert list(map(str, traces_in_texts(planting.told))) == []
    found = [each for what, text in planting.told.items() for each in traces_of(planting.tokens, what, text.encode())]
    assert list(map(str, found)) == []


# The last: etcd's log keeps the value.
def test_the_same_search_finds_a_value_that_etcd_keeps_as_it_is(dev: RunningStack, planting: Planting) -> None:
    assert planting.secrets
    store(dev, "/drill/planted", planted("Plain"))
    found = traces_in_files([dev.cluster.directory.data / "etcd"])
    assert {each.place.partition("x")[0] for each in found} == {"Plain"}
