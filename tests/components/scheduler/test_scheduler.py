"""The scheduler's objects, as the engine sees them."""

from dataclasses import replace
from typing import Any

import pytest
import yaml

from components.account import Account
from components.logs.fluent_bit import FILES as LOG_FILES
from components.monitoring.workloads import FILES as MONITORING_FILES
from components.scheduler.scheduler import Scheduler
from components.scheduler.settings import SchedulerSettings
from tests.components.scheduler.queues import ACCOUNT, SETTINGS, TEAMS, build
from tests.components.workloads.pods import (
    CONFIG_MAP,
    assert_common_shape,
    mebibytes,
    openings,
    pod,
    variables,
    violations_of_restricted,
    workloads,
)
from tests.recorder import Recorder, Registration, record

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
RBAC = "kubernetes:rbac.authorization.k8s.io/v1"
SERVICE = "kubernetes:core/v1:Service"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
HOOKS = "kubernetes:admissionregistration.k8s.io/v1"


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build()


def scheduler(recorded: Recorder) -> Registration:
    """The scheduler's Deployment."""
    return recorded.named(DEPLOYMENT, "scheduler")


def admission(recorded: Recorder) -> Registration:
    """The admission controller's."""
    return recorded.named(DEPLOYMENT, "scheduler-admission")


def rights(recorded: Recorder, kind: str, name: str) -> set[tuple[str, str, str]]:
    """What a role grants: verb, resource, and its name or a star."""
    return {
        (verb, resource, named)
        for rule in recorded.named(f"{RBAC}:{kind}", name).inputs["rules"]
        for verb in rule["verbs"]
        for resource in rule["resources"]
        for named in rule.get("resourceNames", ["*"])
    }


def test_both_programs_have_the_shape_of_every_workload(recorded: Recorder) -> None:
    assert_common_shape(recorded)
    for workload in workloads(recorded):
        assert pod(workload)["nodeSelector"] == {"moka/workload": "system"}


def test_the_namespace_is_restricted_and_its_pods_satisfy_it(recorded: Recorder) -> None:
    labels = recorded.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert [found for each in workloads(recorded) for found in violations_of_restricted(each)] == []


def test_there_is_one_scheduler_at_a_time_and_no_budget_keeps_its_node(recorded: Recorder) -> None:
    spec = scheduler(recorded).inputs["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert [each.name for each in recorded.of(BUDGET)] == ["scheduler-admission"]


def test_the_admission_controller_has_replicas_of_which_one_always_answers(recorded: Recorder) -> None:
    spec = admission(recorded).inputs["spec"]
    assert (spec["replicas"], spec["strategy"]["rollingUpdate"]["maxUnavailable"]) == (2, 0)
    alone = build(SETTINGS.model_copy(update={"admission_replicas": 1}))
    assert alone.of(BUDGET) == [], "a budget for one replica blocks every drain"


def test_go_keeps_below_the_limit_and_knows_its_namespace(recorded: Recorder) -> None:
    for workload in workloads(recorded):
        (container,) = pod(workload)["containers"]
        limit = mebibytes(container["resources"]["limits"]["memory"])
        assert variables(container) == {"NAMESPACE": "metadata.namespace", "GOMEMLIMIT": f"{limit * 80 // 100}MiB"}


def test_only_collectors_and_the_control_plane_come_in(recorded: Recorder) -> None:
    monitoring = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    found = [(source, ports, labels["app.kubernetes.io/name"]) for source, ports, labels in openings(recorded)]
    assert found == [
        (monitoring, [9080], "yunikorn-scheduler"),
        ({"ipBlock": {"cidr": "10.20.8.0/24"}}, [9089], "yunikorn-admission-controller"),
        ({"ipBlock": {"cidr": "10.20.9.0/24"}}, [9089], "yunikorn-admission-controller"),
    ]


def test_services_lead_to_what_the_programs_are_told_of(recorded: Recorder) -> None:
    told = recorded.named(CONFIG_MAP, "scheduler-defaults").inputs["data"]
    services = {each.inputs["metadata"]["name"]: each.inputs["spec"] for each in recorded.of(SERVICE)}
    name, _, port = told["admissionController.webHook.schedulerServiceAddress"].partition(":")
    assert [each["port"] for each in services[name]["ports"]] == [int(port)]
    (webhook,) = services[told["admissionController.webHook.amServiceName"]]["ports"]
    # The API server calls the webhook's Service on this port, because the configuration names none.
    assert webhook["port"] == 443
    (container,) = pod(admission(recorded))["containers"]
    assert {"name": webhook["targetPort"], "containerPort": 9089} in container["ports"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {"path": "/health", "port": webhook["targetPort"], "scheme": "HTTPS"}


def test_config_maps_keep_their_names_because_yunikorn_watches_them_by_name(recorded: Recorder) -> None:
    found = {each.inputs["metadata"]["name"]: each.inputs for each in recorded.of(CONFIG_MAP)}
    assert set(found) == {"yunikorn-defaults", "yunikorn-configs"}
    assert not any(each.get("immutable") for each in found.values())


def test_a_changed_queue_restarts_nothing_and_a_changed_default_the_scheduler() -> None:
    def template(settings: SchedulerSettings, teams: dict[str, Any], account: Account = ACCOUNT) -> Any:
        return scheduler(build(settings, teams, account)).inputs["spec"]["template"]

    before = template(SETTINGS, TEAMS)
    assert template(SETTINGS.model_copy(update={"preemption": False}), {"ads": TEAMS["ads"]}) == before
    assert template(SETTINGS, TEAMS, replace(ACCOUNT, mirror="registry.internal/moka")) != before


def test_the_scheduler_writes_in_team_namespaces_alone(recorded: Recorder) -> None:
    everywhere = rights(recorded, "ClusterRole", "scheduler")
    writes = {(verb, resource) for verb, resource, _ in everywhere if verb not in {"get", "list", "watch"}}
    assert writes == {
        ("update", "persistentvolumes"),
        ("create", "events"),
        ("patch", "events"),
        ("update", "events"),
    }
    assert not {resource for _, resource, _ in everywhere} & {"secrets", "configmaps"}
    for team in TEAMS:
        role = recorded.named(f"{RBAC}:Role", f"scheduler-team-{team}").inputs["metadata"]
        assert role["namespace"] == f"spark-{team}"
        granted = rights(recorded, "Role", f"scheduler-team-{team}")
        assert ("create", "pods/binding", "*") in granted
        binding = recorded.named(f"{RBAC}:RoleBinding", f"scheduler-team-{team}").inputs
        assert binding["metadata"]["namespace"] == f"spark-{team}"
        assert binding["subjects"] == [
            {"kind": "ServiceAccount", "name": "yunikorn-scheduler", "namespace": "yunikorn"}
        ]


def test_the_admission_controller_changes_its_own_webhooks_and_secret_and_makes_none(recorded: Recorder) -> None:
    granted = rights(recorded, "ClusterRole", "scheduler-admission") | rights(recorded, "Role", "scheduler-admission")
    writes = {each for each in granted if each[0] not in {"get", "list", "watch"}}
    assert writes == {
        ("update", "mutatingwebhookconfigurations", "yunikorn-admission-controller-mutations"),
        ("update", "validatingwebhookconfigurations", "yunikorn-admission-controller-validations"),
        ("update", "secrets", "admission-controller-secrets"),
    }
    assert not {each for each in granted if each[1] == "secrets" and each[2] == "*"}


def test_what_the_admission_controller_fills_in_is_there_before_it_and_empty(recorded: Recorder) -> None:
    waits = admission(recorded).depends_on
    for kind, name in (("Mutating", "mutations"), ("Validating", "validations")):
        token = f"{HOOKS}:{kind}WebhookConfiguration"
        found = recorded.named(token, f"scheduler-admission-{name}")
        assert found.inputs["metadata"] == {
            "name": f"yunikorn-admission-controller-{name}",
            "labels": {"app": "yunikorn"},
        }
        assert "webhooks" not in found.inputs
        assert f"{token}::scheduler-admission-{name}" in waits
    secret = recorded.only("kubernetes:core/v1:Secret")
    assert not {"data", "stringData"} & secret.inputs.keys()
    assert "kubernetes:core/v1:Secret::scheduler-admission-certificates" in waits


def test_programs_start_when_they_may_read_what_they_need(recorded: Recorder) -> None:
    for deployment, name in ((scheduler(recorded), "scheduler"), (admission(recorded), "scheduler-admission")):
        needs = {
            f"kubernetes:core/v1:ServiceAccount::{name}",
            f"{RBAC}:ClusterRoleBinding::{name}",
            f"{RBAC}:RoleBinding::{name}",
            "kubernetes:core/v1:ConfigMap::scheduler-defaults",
            "kubernetes:core/v1:ConfigMap::scheduler-queues",
        }
        assert needs <= set(deployment.depends_on)


def test_collectors_find_the_scheduler_and_the_log_agent_its_summaries(recorded: Recorder) -> None:
    collector = yaml.safe_load((MONITORING_FILES / "collectors" / "cluster.yaml").read_text())
    jobs = collector["receivers"]["prometheus"]["config"]["scrape_configs"]
    (job,) = (each for each in jobs if each["job_name"] == "yunikorn")
    (discovery,) = job["kubernetes_sd_configs"]
    assert discovery["namespaces"]["names"] == ["yunikorn"]
    wanted = dict(each.split("=") for each in discovery["selectors"][0]["label"].split(","))
    labels = scheduler(recorded).inputs["spec"]["template"]["metadata"]["labels"]
    assert wanted.items() <= labels.items()
    assert not wanted.items() <= admission(recorded).inputs["spec"]["template"]["metadata"]["labels"].items()
    (container,) = pod(scheduler(recorded))["containers"]
    assert [str(int(each["containerPort"])) for each in container["ports"]] == [job["relabel_configs"][0]["regex"]]
    agent = (LOG_FILES / "fluent-bit.yaml").read_text()
    assert (
        f"/var/log/pods/yunikorn_{scheduler(recorded).inputs['metadata']['name']}-*/{container['name']}/*.log" in agent
    )


def test_queues_are_told_by_their_full_names() -> None:
    made: list[Scheduler] = []
    record(lambda: made.append(Scheduler("scheduler", SETTINGS, TEAMS, ACCOUNT, control_plane=())))
    assert made[0].queue_names["lab"] == "root.research.spark-lab"
