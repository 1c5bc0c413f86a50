"""SparkApplications of examples: fields, settings, nodes, team and image are such as the operator and stacks have."""

import re
from typing import Any

import pytest
import yaml

from components.images.image import DOCKER_HUB, registry_of
from components.settings import STACKS, Settings
from components.spark.defaults import FILES
from components.spark.placement import node_selectors
from components.teams.names import namespace_of
from moka_smoke.spark_application import manifest
from moka_smoke.word_count import WordCount
from tests.components.shuffle.known import celeborn_knows
from tests.components.spark.test_defaults import is_known
from tests.examples.applications import ARCHITECTURES, EXAMPLES, NAMES, PATCHES, application, unknown, variants
from tests.stack_files import ENVIRONMENTS, settings

TEAM = "analytics"
ARCHITECTURE = "kubernetes.io/arch"
OF_KUBERNETES = {"x86_64": "amd64", "arm64": "arm64"}
# Stacks whose drivers have nodes of their own, which is what the patch asks for.
SEPARATE = ("staging", "production")

Object = dict[str, Any]
ALL = pytest.mark.parametrize("variant", tuple(variants()), ids="+".join)


def test_every_file_is_an_example_or_a_patch_and_says_at_its_top_what_it_shows() -> None:
    files = sorted(EXAMPLES.rglob("*.yaml"))
    assert {each.stem for each in files} == {*NAMES, *PATCHES}
    for each in files:
        assert each.read_text().startswith("# "), each.name


@ALL
def test_the_operator_knows_every_field(variant: tuple[str, ...]) -> None:
    made = application(*variant)
    assert (made["apiVersion"], made["kind"]) == ("sparkoperator.k8s.io/v1beta2", "SparkApplication")
    assert unknown(made["spec"]) == []
    assert {"type", "mainApplicationFile", "sparkVersion", "driver", "executor"} <= made["spec"].keys()


@pytest.mark.parametrize(
    ("path", "value"),
    [("driver.coresRequest", "1"), ("mode", "client-mode"), ("driver.cores", "1"), ("restartPolicy.type", "Sometimes")],
)
def test_a_field_that_the_operator_does_not_know_would_be_found(path: str, value: Any) -> None:
    spec: Object = application("word-count")["spec"]
    area, _, name = path.rpartition(".")
    (spec[area] if area else spec)[name] = value
    assert unknown(spec) == [f"{path}: {value!r}"]


def test_the_operator_knows_every_field_of_the_smoke_test() -> None:
    account = settings("dev").account
    made = manifest(WordCount(account, "registry.example/spark:1", TEAM, "lake", name="moka-smoke-1"))
    assert unknown(made["spec"]) == []
    assert [key for key in made["spec"]["sparkConf"] if not is_known(key)] == []


@ALL
def test_spark_knows_every_setting(variant: tuple[str, ...]) -> None:
    conf = application(*variant)["spec"].get("sparkConf", {})
    assert [key for key in conf if not (is_known(key) or celeborn_knows(key))] == []
    assert all(isinstance(value, str) for value in conf.values()), "Kubernetes refuses other values"


@pytest.mark.parametrize("name", NAMES)
def test_namespace_service_account_bucket_and_image_are_those_of_a_team_of_dev(name: str) -> None:
    made, stack = application(name), settings("dev")
    team = stack.teams[TEAM]
    assert made["metadata"]["namespace"] == namespace_of(TEAM)
    spec = made["spec"]
    assert {spec[role]["serviceAccount"] for role in ("driver", "executor")} <= set(team.service_accounts)
    writable = {place.bucket for place in team.data.write}
    places = re.findall(r"s3a://([^/]+)/", yaml.safe_dump(spec))
    assert places
    assert set(places) <= writable
    assert registry_of(spec["image"]) == stack.account.registry != DOCKER_HUB


@ALL
@pytest.mark.parametrize("stack", ENVIRONMENTS)
@pytest.mark.parametrize("role", ["driver", "executor"])
def test_pods_find_nodes_in_every_stack_that_the_variant_is_for(
    variant: tuple[str, ...], stack: str, role: str
) -> None:
    found = fitting(settings(stack), application(*variant)["spec"][role], role)
    if "driver-on-demand" in variant and stack not in SEPARATE:
        assert found == [], "the patch says that these have no such nodes"
        return
    assert found
    wanted = {ARCHITECTURES[each] for each in variant if each in ARCHITECTURES} or {"x86_64", "arm64"}
    assert {each.architecture for each in found} == wanted
    if "driver-on-demand" in variant:
        assert {each.capacity for each in found} == {"on-demand" if role == "driver" else "spot"}


def fitting(stack: Settings, pod: Object, role: str) -> list[Any]:
    """Node groups and pools that a pod's selector and tolerations, with those of the defaults, let it run on."""
    nodes = (*stack.node_groups.values(), *stack.node_pools.values())
    prefix = f"spark.kubernetes.{role}.node.selector."
    defaults = node_selectors({each.workload for each in nodes})
    selector = {key.removeprefix(prefix): value for key, value in defaults.items() if key.startswith(prefix)}
    selector |= pod.get("nodeSelector", {})
    template = yaml.safe_load((FILES / f"{role}-pod-template.yaml").read_text())["spec"]
    tolerated = {each["value"] for each in pod.get("tolerations", template["tolerations"])}
    return [
        each
        for each in nodes
        if selector.items() <= {"moka/workload": each.workload, ARCHITECTURE: OF_KUBERNETES[each.architecture]}.items()
        and each.workload in tolerated
    ]


def test_an_application_turns_celeborn_off_as_the_page_says() -> None:
    page = (STACKS.parent / "docs" / "shuffle.md").read_text()
    (shown,) = [each for each in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "shuffle.manager=sort" in each]
    conf = application("word-count", "without-celeborn")["spec"]["sparkConf"]
    assert conf == dict(re.findall(r"--conf (\S+?)=(\S+)", shown))


def test_patches_leave_what_they_do_not_name() -> None:
    conf = application("store-sales", "without-celeborn")["spec"]["sparkConf"]
    assert conf["spark.dynamicAllocation.maxExecutors"] == "8"
    assert application("store-sales", *PATCHES[2:])["spec"]["batchScheduler"] == "yunikorn"
