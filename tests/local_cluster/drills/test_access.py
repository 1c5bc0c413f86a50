"""Who may do what, as the real API server decides it: every service account, and everybody with an access entry."""

import pytest

from tests.local_cluster.conftest import RunningStacks, on
from tests.local_cluster.drills.running_stack import RunningStack

pytestmark = [pytest.mark.cluster, on("staging")]

# Verb, resource with its group and part, namespace: what each service account does, and what it must not.
ACCOUNTS: dict[str, tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]] = {
    "logging/fluent-bit": (
        [("get", "nodes/pods", "")],
        [("list", "pods", ""), ("get", "secrets", "logging"), ("get", "nodes/proxy", "")],
    ),
    "logging/kubernetes-events": (
        [("watch", "events", "")],
        [("create", "events", "logging"), ("get", "pods", "spark-analytics")],
    ),
    "monitoring/otel-agent": (
        [("get", "nodes/metrics", ""), ("watch", "pods", "")],
        [("get", "nodes/proxy", ""), ("delete", "pods", "spark-analytics"), ("get", "secrets", "monitoring")],
    ),
    "monitoring/otel-cluster": (
        [("list", "endpointslices.discovery.k8s.io", ""), ("list", "services", "")],
        [("get", "nodes/metrics", ""), ("list", "secrets", ""), ("patch", "services", "monitoring")],
    ),
    "spark-analytics/spark": (
        [
            ("create", "pods", "spark-analytics"),
            ("deletecollection", "pods", "spark-analytics"),
            ("get", "pods/log", "spark-analytics"),
        ],
        [
            ("create", "pods", "monitoring"),
            ("get", "secrets", "spark-analytics"),
            ("create", "rolebindings.rbac.authorization.k8s.io", "spark-analytics"),
            ("create", "pods/exec", "spark-analytics"),
            ("list", "nodes", ""),
        ],
    ),
    "spark-ingest/spark": (
        [("create", "pods", "spark-ingest")],
        [("create", "pods", "spark-analytics"), ("get", "pods", "spark-analytics")],
    ),
    "yunikorn/yunikorn-scheduler": (
        [("create", "pods/binding", "spark-analytics"), ("watch", "nodes", ""), ("delete", "pods", "spark-ingest")],
        [("create", "pods/binding", "monitoring"), ("delete", "pods", "monitoring"), ("get", "secrets", "monitoring")],
    ),
    "yunikorn/yunikorn-admission-controller": (
        [("watch", "configmaps", "yunikorn"), ("list", "namespaces", "")],
        [
            # Its own alone, by name.
            ("get", "secrets", "yunikorn"),
            ("get", "secrets", "monitoring"),
            ("create", "pods", "spark-analytics"),
            ("create", "mutatingwebhookconfigurations.admissionregistration.k8s.io", ""),
        ],
    ),
    "spark-operator/spark-operator-controller": (
        [("create", "pods", "spark-analytics"), ("list", "sparkapplications.sparkoperator.k8s.io", "spark-ingest")],
        [("create", "pods", "monitoring"), ("get", "secrets", "monitoring"), ("delete", "nodes", "")],
    ),
    "spark-operator/spark-operator-webhook": (
        [("create", "secrets", "spark-operator")],
        [
            ("get", "secrets", "spark-operator"),
            ("get", "secrets", "monitoring"),
            ("create", "pods", "spark-analytics"),
        ],
    ),
    "karpenter/karpenter": (
        [("create", "nodeclaims.karpenter.sh", ""), ("delete", "nodes", ""), ("create", "pods/eviction", "monitoring")],
        [("get", "secrets", "monitoring"), ("create", "pods", "spark-analytics"), ("delete", "namespaces", "")],
    ),
    "celeborn/celeborn-master": ([], [("list", "pods", "celeborn"), ("get", "secrets", "celeborn")]),
    "celeborn/celeborn-worker": ([], [("list", "pods", "celeborn"), ("get", "secrets", "celeborn")]),
    "monitoring/prometheus": ([], [("list", "pods", ""), ("get", "secrets", "monitoring")]),
    "monitoring/alertmanager": ([], [("list", "pods", ""), ("get", "secrets", "monitoring")]),
    "monitoring/grafana": ([], [("list", "pods", ""), ("get", "secrets", "monitoring")]),
    "spark-history/spark-history-server": ([], [("list", "pods", ""), ("get", "configmaps", "spark-analytics")]),
    "log-canary/log-canary-writer": ([], [("list", "pods", "log-canary")]),
    "log-canary/log-canary-checker": ([], [("list", "pods", "log-canary")]),
}
# The roles of staging's stack file.
PEOPLE: dict[str, tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]] = {
    "moka-break-glass": ([("create", "clusterrolebindings", ""), ("get", "secrets", "spark-analytics")], []),
    "moka-deploy": ([("create", "clusterrolebindings", ""), ("delete", "namespaces", "")], []),
    "moka-operator": (
        [("patch", "deployments.apps", "monitoring"), ("get", "nodes", ""), ("delete", "pods", "spark-analytics")],
        [("create", "clusterrolebindings", ""), ("delete", "nodes", ""), ("delete", "namespaces", "")],
    ),
    "moka-viewer": (
        [("get", "pods", "spark-analytics"), ("get", "pods/log", "spark-analytics")],
        [
            ("get", "secrets", "spark-analytics"),
            ("delete", "pods", "spark-analytics"),
            ("create", "pods/exec", "spark-analytics"),
            ("get", "nodes", ""),
        ],
    ),
    "analytics": (
        [
            ("create", "pods", "spark-analytics"),
            ("delete", "configmaps", "spark-analytics"),
            ("get", "pods/log", "spark-analytics"),
            ("create", "pods/portforward", "spark-analytics"),
            ("list", "resourcequotas", "spark-analytics"),
        ],
        [
            ("get", "pods", "spark-ingest"),
            ("create", "pods", "spark-ingest"),
            ("get", "secrets", "spark-analytics"),
            ("create", "secrets", "spark-analytics"),
            ("create", "rolebindings.rbac.authorization.k8s.io", "spark-analytics"),
            ("create", "serviceaccounts", "spark-analytics"),
            ("create", "serviceaccounts/token", "spark-analytics"),
            ("create", "pods/exec", "spark-analytics"),
            ("create", "pods/exec", "monitoring"),
            ("get", "nodes", ""),
        ],
    ),
    "ingest": ([("create", "pods", "spark-ingest")], [("get", "pods", "spark-analytics")]),
}
BUILT_IN_NAMESPACES = ("default", "kube-")


@pytest.fixture
def up(running: RunningStacks) -> RunningStack:
    """Staging, which has a role of every kind."""
    return running["staging"]


def may(stack: RunningStack, account: str, verb: str, resource: str, namespace: str) -> bool:
    """What the API server says of a service account."""
    home, name = account.split("/")
    kind, _, group = resource.partition(".")
    kind, _, part = kind.partition("/")
    attributes = {"verb": verb, "resource": kind, "subresource": part, "group": group, "namespace": namespace}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {
            "user": f"system:serviceaccount:{home}:{name}",
            "groups": ["system:serviceaccounts", f"system:serviceaccounts:{home}", "system:authenticated"],
            "resourceAttributes": attributes,
        },
    }
    answer = stack.cluster.api.resource("SubjectAccessReview", "authorization.k8s.io/v1").create(body=review)
    return bool(answer.to_dict()["status"]["allowed"])


def test_every_service_account_of_the_stack_is_asked_about(up: RunningStack) -> None:
    accounts = {f"{each['metadata']['namespace']}/{each['metadata']['name']}" for each in up.listed("ServiceAccount")}
    own = {each for each in accounts if not each.startswith(BUILT_IN_NAMESPACES) and not each.endswith("/default")}
    assert own == set(ACCOUNTS)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_service_account_may_do_its_work_and_no_more(up: RunningStack, account: str) -> None:
    granted, withheld = ACCOUNTS[account]
    assert [each for each in granted if not may(up, account, *each)] == []
    assert [each for each in withheld if may(up, account, *each)] == []


def test_everybody_with_an_access_entry_is_asked_about(up: RunningStack) -> None:
    contexts = up.kubectl("config", "get-contexts", "--output", "name").stdout.split()
    assert set(contexts) == {"deployer", *PEOPLE}


@pytest.mark.parametrize("person", PEOPLE)
def test_a_role_may_do_what_its_access_policies_say(up: RunningStack, person: str) -> None:
    granted, withheld = PEOPLE[person]

    def allowed(verb: str, resource: str, namespace: str) -> bool:
        scope = ["--namespace", namespace] if namespace else ["--all-namespaces"]
        # Behind a slash kubectl takes the name of an object, and not a part of every one.
        kind, _, part = resource.partition("/")
        of_part = ["--subresource", part] if part else []
        answer = up.kubectl("auth", "can-i", verb, kind, *of_part, *scope, context=person)
        assert answer.stdout.strip() in ("yes", "no"), answer.stderr
        return answer.stdout.strip() == "yes"

    assert [each for each in granted if not allowed(*each)] == []
    assert [each for each in withheld if allowed(*each)] == []


def test_a_role_without_an_access_entry_gets_in_nowhere(up: RunningStack) -> None:
    told = up.kubectl("get", "pods", "--token", "k8s-aws-v1.forged", context="moka-viewer")
    assert told.returncode != 0
    assert "Unauthorized" in told.stderr or "must be logged in" in told.stderr
