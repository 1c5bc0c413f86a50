"""What the real API server refuses to whom, although rights would let them, and what still goes through."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.guard_rails.host_access import NAME as HOST_ACCESS
from components.guard_rails.platform_access import NAME as PLATFORM_ACCESS
from components.teams.admission_policy import MAKES_PLACEHOLDERS
from components.teams.admission_policy import NAME as TEAM_PODS
from offline.checks.kubernetes.stack import BUILT_IN_NAMESPACES
from tests.local_cluster.conftest import RunningStacks, on
from tests.local_cluster.drills.planted_objects import container, made, pod
from tests.local_cluster.drills.running_stack import RunningStack
from tests.local_cluster.spark_drills.spark_pods import published_for, spark_pod

pytestmark = [pytest.mark.cluster, on("staging")]

Object = dict[str, Any]
# Of staging's stack file.
BREAK_GLASS, DEPLOYER, OPERATOR, OWNER = "moka-break-glass", "moka-deploy", "moka-operator", "analytics"
TEAM = "spark-analytics"
DAEMON_SETS = "system:serviceaccount:kube-system:daemon-set-controller"
DRIVER = f"system:serviceaccount:{TEAM}:spark"
PROMETHEUS = ("--namespace", "monitoring", "prometheus-0-0")
HOST_PATH = {"volumes": [{"name": "node", "hostPath": {"path": "/var/log"}}]}
LIMITS = {"resources": {"limits": {"memory": "256Mi"}}}

# Answers what kubectl says of an object that somebody would make: whose context, the object, and as whom else.
Asks = Callable[..., str]


@pytest.fixture(scope="module")
def up(running: RunningStacks) -> RunningStack:
    """Staging, which has a role of every kind."""
    return running["staging"]


@pytest.fixture
def asks(up: RunningStack, tmp_path: Path) -> Asks:
    """Makes an object for nobody to see, and gives what kubectl answers."""

    def ask(context: str, content: Object, namespace: str, impersonated: str = "") -> str:
        planted = tmp_path / "planted.json"
        planted.write_text(json.dumps({**content, "metadata": {**content["metadata"], "namespace": namespace}}))
        words = ["create", "--dry-run=server", "--output", "json", "--filename", str(planted)]
        told = up.kubectl(*words, *(["--as", impersonated] if impersonated else []), context=context)
        return told.stdout if told.returncode == 0 else told.stderr

    return ask


def taken(answer: str) -> Object:
    """The object that was made."""
    assert answer.startswith("{"), answer
    return json.loads(answer)


def said(up: RunningStack, context: str, *words: str) -> str:
    """What kubectl says of a way into a pod, which no simulated node has in the end."""
    told = up.kubectl("--request-timeout", "20s", *words, context=context)
    return told.stdout + told.stderr


def connected(up: RunningStack, person: str, namespace: str, name: str, way: str) -> str:
    """What the API server says of a connection to a pod, before anybody looks for the pod itself."""
    return said(up, person, "create", "--raw", f"/api/v1/namespaces/{namespace}/pods/{name}/{way}", "-f", os.devnull)


def is_let_through(answer: str) -> bool:
    """Whether neither rights nor policies refuse, whatever keeps a simulated node from answering."""
    return bool(answer) and "is forbidden" not in answer


def pod_of(up: RunningStack, namespace: str, beginning: str = "") -> str:
    names = sorted(each["metadata"]["name"] for each in up.listed("Pod", namespace=namespace))
    return next(each for each in names if each.startswith(beginning))


def of_team(up: RunningStack, role: str = "executor", **spec: Any) -> Object:
    """A pod as Spark makes it from what staging publishes for the team."""
    published = published_for(up.cluster.api, TEAM)
    made_pod = spark_pod(
        published, "driver" if role == "driver" else "executor", "a", "planted", cpus=1, memory_mib=1024
    )
    return {"apiVersion": "v1", "kind": "Pod", **made_pod, "spec": {**made_pod["spec"], **spec}}


def with_containers(planted: Object, **more: Any) -> Object:
    """The same pod whose container is otherwise."""
    spec = planted["spec"]
    return {**planted, "spec": {**spec, "containers": [{**spec["containers"][0], **more}]}}


def test_every_pod_of_the_platform_is_made_again_when_it_was_deleted(up: RunningStack) -> None:
    up.converges()
    spaces = [each["metadata"]["name"] for each in up.listed("Namespace")]
    platform = [each for each in spaces if not each.startswith("spark-a") and not each.startswith("spark-i")]
    assert {"kube-system", "logging", "monitoring", "karpenter", "yunikorn", "spark-operator"} <= set(platform)
    for each in platform:
        up.kubectl("delete", "pods", "--all", "--namespace", each, "--wait=false", "--force")
    up.converges()
    refused = [each["message"] for each in up.listed("Event") if "ValidatingAdmissionPolicy" in each.get("message", "")]
    assert refused == []


@pytest.mark.parametrize(
    "words",
    [
        ("exec", *PROMETHEUS, "--", "true"),
        ("attach", *PROMETHEUS),
        ("get", "--raw", "/api/v1/namespaces/monitoring/pods/prometheus-0-0:9090/proxy/"),
        ("get", "--raw", "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/"),
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("person", [OPERATOR, DEPLOYER])
def test_nobody_but_administrators_gets_into_pods_of_the_platform(
    up: RunningStack, person: str, words: tuple[str, ...]
) -> None:
    answer = said(up, person, *words)
    assert PLATFORM_ACCESS in answer
    assert "in monitoring is kept for roles of cluster.access.admin" in answer
    assert is_let_through(said(up, BREAK_GLASS, *words))


def test_a_node_is_no_way_into_its_pods(up: RunningStack) -> None:
    node = up.listed("Node")[0]["metadata"]["name"]
    raw = ("get", "--raw", f"/api/v1/nodes/{node}/proxy/pods")
    assert f"nodes/proxy of {node} is kept for roles of cluster.access.admin" in said(up, OPERATOR, *raw)
    assert is_let_through(said(up, BREAK_GLASS, *raw))


def test_ports_are_forwarded_of_pods_with_pages_alone(up: RunningStack) -> None:
    for namespace, beginning in (("monitoring", "prometheus-"), ("yunikorn", "yunikorn-scheduler-")):
        assert is_let_through(connected(up, OPERATOR, namespace, pod_of(up, namespace, beginning), "portforward"))
    for namespace, beginning in (("karpenter", ""), ("monitoring", "otel-"), ("yunikorn", "yunikorn-admission-")):
        name = pod_of(up, namespace, beginning)
        answer = connected(up, OPERATOR, namespace, name, "portforward")
        assert f"pods/portforward of {name} in {namespace} is kept for roles of cluster.access.admin" in answer
        assert is_let_through(connected(up, BREAK_GLASS, namespace, name, "portforward"))


def test_rights_alone_decide_in_team_namespaces_and_logs_are_read_everywhere(up: RunningStack) -> None:
    assert is_let_through(connected(up, OWNER, TEAM, "driver", "portforward"))
    assert is_let_through(connected(up, OPERATOR, TEAM, "driver", "exec?command=true&stdout=true"))
    refused = connected(up, OWNER, TEAM, "driver", "exec?command=true&stdout=true")
    assert 'cannot create resource "pods/exec"' in refused
    assert is_let_through(said(up, OPERATOR, "logs", *PROMETHEUS))


def test_a_debug_container_is_for_administrators(up: RunningStack) -> None:
    words = ("debug", *PROMETHEUS, "--image=registry.example/a:1", "--profile=restricted", "--attach=false")
    refused = said(up, DEPLOYER, *words)
    assert "pods/ephemeralcontainers of prometheus-0-0 in monitoring is kept for" in refused
    assert said(up, BREAK_GLASS, *words, "--container=look").strip() in ("", "--profile=restricted")
    try:
        debugged = up.listed("Pod", namespace="monitoring", field_selector="metadata.name=prometheus-0-0")[0]
        assert [each["name"] for each in debugged["spec"]["ephemeralContainers"]] == ["look"]
    finally:
        up.kubectl("delete", "pod", *PROMETHEUS, "--force")


@pytest.mark.parametrize(
    ("spec", "refusal"),
    [
        (HOST_PATH, "hostPath /var/log is a directory of the node, which is kept for agents"),
        ({"hostNetwork": True}, "spec.hostNetwork: true shares the node, which is kept for agents"),
        ({"hostPID": True}, "spec.hostPID: true shares the node, which is kept for agents"),
        ({"hostIPC": True}, "spec.hostIPC: true shares the node, which is kept for agents"),
        (
            {"containers": [container(securityContext={"privileged": True})]},
            "securityContext.privileged: true of container a makes it root on the node",
        ),
    ],
    ids=["path", "network", "processes", "ipc", "privileged"],
)
def test_no_pod_reaches_into_its_node_outside_of_the_agents_namespaces(asks: Asks, spec: Object, refusal: str) -> None:
    for person in (OPERATOR, DEPLOYER):
        answer = asks(person, pod(spec), "default")
        assert HOST_ACCESS in answer
        assert refusal in answer
    assert refusal in asks("deployer", pod(spec), "default", DAEMON_SETS)
    taken(asks(BREAK_GLASS, pod(spec), "default"))


@pytest.mark.parametrize("namespace", ["kube-system", "logging"])
def test_agents_reach_into_their_nodes(asks: Asks, namespace: str) -> None:
    privileged = {**HOST_PATH, "hostNetwork": True, "containers": [container(securityContext={"privileged": True})]}
    taken(asks("deployer", pod(privileged), namespace, DAEMON_SETS))


def test_an_administrator_debugs_a_node_and_nobody_else_does(up: RunningStack) -> None:
    node = up.listed("Node")[0]["metadata"]["name"]
    words = ("debug", f"node/{node}", "--image=registry.example/a:1", "--profile=sysadmin", "--attach=false")
    assert HOST_ACCESS in said(up, OPERATOR, *words)
    assert "Creating debugging pod" in said(up, BREAK_GLASS, *words)
    up.kubectl("delete", "pods", "--all", "--namespace", "default", "--force")


def test_what_spark_makes_is_taken_and_only_the_driver_gets_a_token(up: RunningStack, asks: Asks) -> None:
    for maker in ((OWNER,), ("deployer", DRIVER)):
        for role in ("driver", "executor"):
            answer = asks(maker[0], of_team(up, role), TEAM, *maker[1:])
            volumes = [each["name"] for each in taken(answer)["spec"]["volumes"]]
            assert any(each.startswith("kube-api-access") for each in volumes) is (role == "driver")


@pytest.mark.parametrize(
    ("resources", "refusal"),
    [
        ({"requests": {"memory": "1Gi"}}, "has no resources.limits.memory above 0; set it"),
        ({"requests": {"memory": "0"}, "limits": {"memory": "1Gi"}}, "has no resources.requests.memory above 0"),
        ({"requests": {"cpu": "0"}, "limits": {"memory": "1Gi"}}, "has no resources.requests.cpu above 0"),
        (
            {"requests": {"ephemeral-storage": "0"}, "limits": {"memory": "1Gi"}},
            "has no resources.requests.ephemeral-storage above 0",
        ),
    ],
    ids=["no-limit", "no-memory", "no-cpu", "no-disk"],
)
def test_containers_of_teams_say_what_they_take(up: RunningStack, asks: Asks, resources: Object, refusal: str) -> None:
    for maker in ((OWNER,), (OPERATOR,), ("deployer", DRIVER)):
        answer = asks(maker[0], with_containers(of_team(up), resources=resources), TEAM, *maker[1:])
        assert TEAM_PODS in answer
        assert f"container spark-kubernetes-executor {refusal}" in answer
    begins = of_team(up)
    first = {**begins["spec"]["containers"][0], "name": "first", "resources": resources}
    assert f"container first {refusal}" in asks(OWNER, of_team(up, initContainers=[first]), TEAM)


def test_a_container_that_only_limits_its_memory_gets_the_rest(up: RunningStack, asks: Asks) -> None:
    (made_container,) = taken(asks(OWNER, with_containers(of_team(up), **LIMITS), TEAM))["spec"]["containers"]
    assert made_container["resources"] == {
        "limits": {"memory": "256Mi"},
        "requests": {"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "1Gi"},
    }


def test_pods_of_a_team_are_the_teams_and_nobody_takes_the_default_account(up: RunningStack, asks: Asks) -> None:
    nobodys = of_team(up, serviceAccountName="default")
    for maker in ((OWNER,), (OPERATOR,), ("deployer", DRIVER)):
        answer = asks(maker[0], nobodys, TEAM, *maker[1:])
        assert "account default is no service account of the team; set spec.serviceAccountName to one of " in answer
        assert "spark (docs/teams.md)" in answer
    placeholder = taken(asks("deployer", nobodys, TEAM, MAKES_PLACEHOLDERS))
    assert "volumes" not in placeholder["spec"], "a token is mounted as a volume"


def test_an_account_that_somebody_made_by_hand_runs_no_pod_of_the_team(up: RunningStack, asks: Asks) -> None:
    up.kubectl("create", "serviceaccount", "planted", "--namespace", TEAM, context=OPERATOR)
    try:
        answer = asks(OWNER, of_team(up, serviceAccountName="planted"), TEAM)
        assert "account planted is no service account of the team" in answer
    finally:
        up.kubectl("delete", "serviceaccount", "planted", "--namespace", TEAM)


def test_the_default_account_has_no_token_in_any_namespace_of_the_stack_and_nobody_uses_it(up: RunningStack) -> None:
    own = {each["metadata"]["name"] for each in up.listed("Namespace")} - set(BUILT_IN_NAMESPACES)
    defaults = [each for each in up.listed("ServiceAccount") if each["metadata"]["name"] == "default"]
    assert {
        each["metadata"]["namespace"] for each in defaults if each.get("automountServiceAccountToken") is False
    } == own
    pods = [each for each in up.listed("Pod") if each["metadata"]["namespace"] in own]
    assert len({each["metadata"]["namespace"] for each in pods}) > len(own) / 2
    assert [each["metadata"]["name"] for each in pods if each["spec"]["serviceAccountName"] == "default"] == []


def test_a_team_gives_nobody_rights(asks: Asks) -> None:
    rbac = "rbac.authorization.k8s.io"
    everything = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
    for maker in ((OWNER,), (OPERATOR,), ("deployer", DRIVER)):
        assert "is forbidden" in asks(maker[0], made("Role", f"{rbac}/v1", rules=everything), TEAM, *maker[1:])


def test_another_preview_shows_no_change(up: RunningStack) -> None:
    assert not up.preview().has_changes
