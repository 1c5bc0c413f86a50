"""Containers run on real nodes: they find each other, AWS and the API server, trust the cluster, and leave nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.images.table import PYTHON
from local_cluster.images.plan import builders, plan
from local_cluster.nodes.real import control_groups
from local_cluster.nodes.real.containerd import PAUSE
from local_cluster.nodes.real.runtime import find_runtime
from local_cluster.programs.etcd import ETCD
from local_cluster.programs.kubernetes import CONTROL_PLANE
from local_cluster.programs.project import find
from local_cluster.programs.sets import REAL
from offline.progress import say
from tests.local_cluster.containers import needs_containers
from tests.local_cluster.nodes.real_cluster import RealCluster

pytestmark = [pytest.mark.cluster, needs_containers]

IMAGE = PYTHON.reference
# Directories that the programs would make where they are not kept from it.
TRACES = tuple(
    Path(path)
    for path in (
        "/opt/containerd",
        "/run/containerd",
        "/run/moka",
        "/run/netns",
        "/var/lib/cni",
        "/var/lib/containerd",
        "/var/lib/kubelet",
        "/var/log/pods",
        "/var/log/spark-events",
    )
)
TUNABLES = [Path("/proc/sys/vm/overcommit_memory"), Path("/proc/sys/kernel/panic")]

PROBE = """\
import json, os, socket, ssl, urllib.request
names = ("web", "kubernetes.default.svc", "s3.eu-west-1.amazonaws.com", "x.eks-auth.eu-west-1.api.aws")
found = {name: socket.gethostbyname(name) for name in names}
try:
    socket.gethostbyname("example.org")
except OSError:
    found["example.org"] = None
found["web says"] = len(urllib.request.urlopen("http://web/", timeout=5).read()) > 0
token = open("/var/run/secrets/kubernetes.io/serviceaccount/token").read()
for trusted in ("system", "without variables"):
    context = ssl.create_default_context()
    os.environ.pop("SSL_CERT_FILE", None)
    question = urllib.request.Request("https://kubernetes.default.svc/version")
    question.add_header("Authorization", f"Bearer {token}")
    found[trusted] = json.load(urllib.request.urlopen(question, timeout=5, context=context))["major"]
print(json.dumps(found))
"""


def pod(name: str, image: str, node: int = 1, **container: Any) -> dict[str, Any]:
    """A pod that Pod Security's restricted level admits."""
    security = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    users = {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "restartPolicy": "Never",
            "nodeSelector": {"moka/number": str(node)},
            "securityContext": users,
            "containers": [{"name": name, "image": image, "securityContext": security, **container}],
        },
    }


def traces() -> tuple[str, list[Path], list[str]]:
    """What a cluster could leave: mounts, directories, and what the kubelet sets for the whole machine."""
    mounts = "\n".join(sorted(Path("/proc/self/mounts").read_text().splitlines()))
    return mounts, [path for path in TRACES if path.exists()], [path.read_text() for path in TUNABLES]


@pytest.fixture(scope="module")
def cluster() -> Iterator[RealCluster]:
    before, links = traces(), set(os.listdir("/sys/class/net"))
    programs = find((CONTROL_PLANE, ETCD, *REAL), say)
    place = Path(tempfile.mkdtemp(prefix="moka-"))
    made = RealCluster(place, programs, find_runtime(say))
    try:
        made.start(2)
        planned = plan([PAUSE, IMAGE], builders(), say, answers=lambda _: False)
        images = [each.image for each in planned if each.image is not None]
        for node in ("real-1", "real-2"):
            made.load(node, images)
        yield made
    finally:
        made.kill()
        shutil.rmtree(place)
    assert traces() == before
    assert set(os.listdir("/sys/class/net")) == links
    root = control_groups.root_name(made.directory)
    assert not any((top / root).exists() for top in control_groups.hierarchies())


def test_pods_of_two_nodes_find_each_other_and_trust_the_cluster(cluster: RealCluster) -> None:
    serve = ["python3", "-m", "http.server", "8000", "--directory", "/usr/lib/python3"]
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8000}]},
    }
    cluster.apply(service, pod("web", IMAGE, 1, command=serve))
    cluster.until(lambda: cluster.kubectl("get", "endpoints", "web", "--output=jsonpath={.subsets}") != "")
    cluster.apply(pod("probe", IMAGE, 2, command=["python3", "-c", PROBE]))
    cluster.until(lambda: cluster.phase("probe") in {"Succeeded", "Failed"})
    answer = cluster.kubectl("logs", "probe")
    assert cluster.phase("probe") == "Succeeded", answer
    assert '"s3.eu-west-1.amazonaws.com": "10.88.0.1"' in answer
    assert '"x.eks-auth.eu-west-1.api.aws": "10.88.0.1"' in answer
    assert '"example.org": null' in answer
    assert '"without variables": "1"' in answer


def test_each_node_has_logs_of_its_own_pods_alone(cluster: RealCluster) -> None:
    logs = cluster.directory.nodes / "real-2" / "var" / "log"
    assert [path.name.partition("_")[0] for path in (logs / "containers").iterdir()] == ["probe"]
    assert cluster.kubectl("exec", "web", "--", "hostname").strip() == "web"


def test_after_a_crash_the_next_start_goes_on_and_pods_run_again(cluster: RealCluster) -> None:
    cluster.apply(
        {
            **pod("stays", IMAGE, command=["sleep", "infinity"]),
            "spec": {**pod("stays", IMAGE, command=["sleep", "infinity"])["spec"], "restartPolicy": "Always"},
        }
    )
    cluster.until(lambda: cluster.phase("stays") == "Running")
    cluster.kill()
    assert not control_groups.processes(cluster.directory)
    cluster.start(2)
    restarts = "--output=jsonpath={.status.containerStatuses[0].restartCount}"
    cluster.until(lambda: cluster.kubectl("get", "pod", "stays", restarts) == "1")
    cluster.until(lambda: cluster.phase("stays") == "Running")


def test_it_ends_in_order_when_told_to(cluster: RealCluster) -> None:
    cluster.stop()
    assert not control_groups.processes(cluster.directory)
