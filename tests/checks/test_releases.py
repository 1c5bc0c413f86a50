"""Releases as the judges see them: what a chart brings, what Helm refuses, and what an upgrade may not change."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from offline.charts import find_charts
from offline.checks.charts.judge import ReleasesJudge
from offline.checks.judges import all_judges, findings_among, findings_in, with_what_they_bring
from offline.checks.kubernetes.api_server import ApiServer
from offline.checks.kubernetes.validation import ApiServerJudge
from offline.progress import silent
from offline.providers.resource import Resource
from offline.providers.values import UNKNOWN
from tests.checks.installed import KINDS, NODE_POOL, OPERATOR, installed_stack, release

SERVER = ApiServer()
RELEASES = ReleasesJudge(SERVER, lambda: find_charts(silent))
JUDGES = (ApiServerJudge(SERVER), RELEASES)

CONFIG_MAP = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
data:
  size: {{ .Values.size | quote }}
"""
HOOK = """
apiVersion: batch/v1
kind: Job
metadata:
  name: KIND
  annotations:
    helm.sh/hook: KIND
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "registry.example/a:1"}]}}}
"""
ChartMaker = Callable[..., Resource]


@pytest.fixture
def chart(tmp_path: Path) -> ChartMaker:
    """Makes a chart of files, and gives a release of it."""

    def make(values: dict[str, Any], about: str = "", **files: str) -> Resource:
        (tmp_path / "engine" / "templates").mkdir(parents=True)
        (tmp_path / "engine" / "Chart.yaml").write_text(f"apiVersion: v2\nname: engine\nversion: 1.2.3\n{about}")
        (tmp_path / "engine" / "values.yaml").write_text("size: 1\nnodeSelector: {a: b}\nfree: {}\nmaybe: null\n")
        for name, content in {"templates__settings.yaml": CONFIG_MAP, **files}.items():
            (tmp_path / "engine" / name.replace("__", "/")).write_text(content)
        return release("engine", str(tmp_path / "engine"), "1.2.3", "default", values)

    return make


def said(resource: Resource) -> list[str]:
    return [str(each) for each in findings_in(resource, JUDGES)]


def named(name: str) -> Resource:
    return next(each for each in installed_stack() if each.name == name)


def test_what_a_chart_brings_is_a_resource_of_the_release_and_waits_for_it() -> None:
    operator = named(OPERATOR[1])
    brought = {each.name: each for each in RELEASES.brought_by(operator)}
    controller = brought["operator/Deployment/spark-operator-controller"]
    assert controller.type == "kubernetes:apps/v1:Deployment"
    assert controller.part_of == operator.urn
    assert controller.waits_for == operator.waits_for | {operator.urn}
    assert controller.inputs["metadata"]["namespace"] == "spark-operator", "the chart names none"
    role = brought["operator/ClusterRole/spark-operator-controller"]
    assert "namespace" not in role.inputs["metadata"], "the chart names one, which the API server drops"
    kinds = {name for name in brought if "/CustomResourceDefinition/" in name}
    assert "operator/CustomResourceDefinition/sparkapplications.sparkoperator.k8s.io" in kinds


def test_other_resources_bring_nothing_and_a_release_with_unknown_values_not_yet() -> None:
    operator = named(OPERATOR[1])
    unknown = replace(operator, inputs={**operator.inputs, "values": {"image": {"tag": UNKNOWN}}})
    assert RELEASES.brought_by(unknown) == ()
    assert said(unknown) == []
    assert RELEASES.brought_by(named("submission")) == ()


def test_every_judge_sees_what_comes_along() -> None:
    operator = named(OPERATOR[1])
    everything = with_what_they_bring([operator], JUDGES)
    assert everything[0] is operator
    assert len(everything) > 20
    assert with_what_they_bring([operator], [JUDGES[0]]) == [operator]


def test_a_chart_is_rendered_with_what_it_is_given(chart: ChartMaker) -> None:
    resource = chart({"size": 7})
    assert said(resource) == []
    (made,) = RELEASES.brought_by(resource)
    assert made.inputs["metadata"] == {"name": "engine-settings", "namespace": "default"}
    assert made.inputs["data"] == {"size": "7"}


def test_hooks_come_along_but_for_tests(chart: ChartMaker) -> None:
    names = {
        "templates__a.yaml": HOOK.replace("KIND", "pre-install"),
        "templates__b.yaml": HOOK.replace("KIND", "test"),
    }
    brought = [each.name for each in RELEASES.brought_by(chart({}, **names))]
    assert any(name.endswith("Job/pre-install") for name in brought)
    assert not any(name.endswith("Job/test") for name in brought)


@pytest.mark.parametrize(
    "values",
    [
        {"nodeSelector": {"moka/workload": "system"}},
        {"free": {"anything": [1]}},
        {"maybe": {"a": 1}},
        {"size": None},
        {"global": {"registry": "x"}},
    ],
)
def test_values_that_the_chart_leaves_open_are_free(chart: ChartMaker, values: dict[str, Any]) -> None:
    assert said(chart(values)) == []


def test_a_schema_of_values_is_kept(chart: ChartMaker) -> None:
    schema = '{"type": "object", "properties": {"size": {"type": "integer", "maximum": 3}}}'
    (finding,) = said(chart({"size": 7}, **{"values.schema.json": schema}))
    assert "maximum" in finding


@pytest.mark.parametrize(
    ("about", "files", "says"),
    [
        ("kubeVersion: '>=1.40.0'\n", {}, "needs Kubernetes >=1.40.0"),
        ("type: library\n", {}, "charts of type library can't be installed"),
        ("", {"templates__bad.yaml": '{{ fail "never" }}'}, "never"),
        ("", {"templates__bad.yaml": "a: [\n"}, "renders no objects"),
        ("", {"templates__bad.yaml": "{{ .Values.size.none.such }}"}, "a template fails"),
    ],
)
def test_what_helm_would_refuse_is_refused(chart: ChartMaker, about: str, files: dict[str, str], says: str) -> None:
    (finding,) = said(chart({}, about, **files))
    assert says in finding


def test_an_upgrade_may_not_change_what_the_api_server_keeps_as_it_was() -> None:
    before = named(OPERATOR[1]).inputs
    values = {**before["values"], "nameOverride": "other", "fullnameOverride": "spark-operator"}
    upgraded = replace(named(OPERATOR[1]), inputs={**before, "values": values}, old_inputs=before)
    said_of = [each for each in findings_in(upgraded, JUDGES) if each.type == "kubernetes:apps/v1:Deployment"]
    assert {each.property for each in said_of} == {"spec.selector"}
    same = replace(named(OPERATOR[1]), old_inputs=before)
    assert findings_in(same, JUDGES) == []


def test_a_rule_over_changes_of_a_custom_resource_is_kept() -> None:
    stack = installed_stack()
    pool = next(each for each in stack if (each.type, each.name) == NODE_POOL)
    spec = pool.inputs["spec"]["template"]["spec"]
    other = {**spec, "nodeClassRef": {**spec["nodeClassRef"], "group": "karpenter.other"}}
    template = {**pool.inputs["spec"]["template"], "spec": other}
    changed = replace(
        pool, old_inputs=pool.inputs, inputs={**pool.inputs, "spec": {**pool.inputs["spec"], "template": template}}
    )
    rest = [each for each in stack if each is not pool]
    (finding,) = findings_among([*rest, changed], JUDGES)
    assert finding.property == "spec.template.spec.nodeClassRef"
    assert "immutable" in str(finding)
    assert findings_among([*rest, replace(pool, old_inputs=pool.inputs)], JUDGES) == []


def test_a_custom_resource_with_an_unknown_value_is_left_for_later() -> None:
    stack = installed_stack()
    pool = next(each for each in stack if (each.type, each.name) == NODE_POOL)
    unknown = replace(pool, inputs={**pool.inputs, "spec": UNKNOWN})
    assert findings_among([each if each is not pool else unknown for each in stack], JUDGES) == []


def test_a_definition_is_an_object_that_the_api_server_judges(chart: ChartMaker) -> None:
    definition = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: engines.moka.example}
spec: {group: moka.example, scope: Namespaced, names: {kind: Engine, plural: engine}, versions: []}
"""
    found = findings_in(chart({}, **{"templates__engine.yaml": definition}), JUDGES)
    assert {each.property for each in found} >= {"metadata.name"}


def test_kinds_of_the_chart_are_known_to_roles_that_name_them() -> None:
    judges = all_judges()
    assert [str(each) for each in findings_among(installed_stack(), judges)] == []
    without = [each for each in installed_stack() if each.name != KINDS[1]]
    assert {each.property for each in findings_among(without, judges)} == {"kind"}
