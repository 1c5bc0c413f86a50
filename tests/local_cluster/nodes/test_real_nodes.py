"""Containers run on real nodes: they find each other, AWS and the API server, trust the cluster, and leave nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.monitoring.versions import ALERTMANAGER, COLLECTOR, PROMETHEUS, TARGET_ALLOCATOR
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

SPARK = "registry.test/spark:4.1.2"
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
        planned = plan([PAUSE, SPARK], builders(spark=[SPARK]), say, answers=lambda _: False)
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
    serve = ["python3", "-m", "http.server", "8000", "--directory", "/opt/spark/bin"]
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8000}]},
    }
    cluster.apply(service, pod("web", SPARK, 1, command=serve))
    cluster.until(lambda: cluster.kubectl("get", "endpoints", "web", "--output=jsonpath={.subsets}") != "")
    cluster.apply(pod("probe", SPARK, 2, command=["python3", "-c", PROBE]))
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


def test_a_spark_application_runs_in_cluster_mode(cluster: RealCluster) -> None:
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "spark"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"},
        "subjects": [{"kind": "ServiceAccount", "name": "spark", "namespace": "default"}],
    }
    settings = {
        "spark.kubernetes.container.image": SPARK,
        "spark.kubernetes.authenticate.driver.serviceAccountName": "spark",
        "spark.executor.instances": "2",
        "spark.kubernetes.driver.request.cores": "200m",
        "spark.kubernetes.executor.request.cores": "200m",
        "spark.driver.memory": "600m",
        "spark.executor.memory": "600m",
        # An option with a space in it is one option.
        "spark.executor.extraJavaOptions": '-Dmoka.words="two words"',
    }
    options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    submit = ["/opt/spark/bin/spark-submit", "--master", "k8s://https://kubernetes.default.svc", "--name", "pi"]
    program = "local:///opt/spark/examples/src/main/python/pi.py"
    client = pod("submit", SPARK, command=[*submit, "--deploy-mode", "cluster", *options, program, "4"])
    client["spec"]["serviceAccountName"] = "spark"
    client["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"] = False
    cluster.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "spark"}}, binding, client)
    cluster.until(lambda: cluster.phase("submit") in {"Succeeded", "Failed"}, 240)
    told = cluster.kubectl("logs", "submit")
    assert "exit code: 0" in told, told
    assert "Pi is roughly 3.1" in cluster.kubectl("logs", "--selector=spark-role=driver", "--tail=-1")


def test_images_of_the_platform_run_as_their_manifests_say(cluster: RealCluster) -> None:
    images = [each.reference for each in (ALERTMANAGER, COLLECTOR, PROMETHEUS, TARGET_ALLOCATOR)]
    planned = plan(images, builders(), say, answers=lambda _: False)
    assert {each.source for each in planned} == {"built"}, planned
    cluster.load("real-1", [each.image for each in planned if each.image is not None])
    names = {f"platform-{number}": image for number, image in enumerate(images)}
    cluster.apply(*(pod(name, image, args=["--help"]) for name, image in names.items()))
    for name in names:
        cluster.until(lambda name=name: cluster.phase(name) in {"Succeeded", "Failed"})
        assert "sage" in cluster.kubectl("logs", name)


def test_after_a_crash_the_next_start_goes_on_and_pods_run_again(cluster: RealCluster) -> None:
    cluster.apply(
        {
            **pod("stays", SPARK, command=["sleep", "infinity"]),
            "spec": {**pod("stays", SPARK, command=["sleep", "infinity"])["spec"], "restartPolicy": "Always"},
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
