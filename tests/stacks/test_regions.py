"""Every served Region: each fact that depends on it is known, and the whole program comes out right for it.

What is walked here is `components.regions.SERVED`; a Region without one of its facts turns these tests red.
"""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import create_loader

from components.account import Account
from components.buckets.log_bucket import bucket_name
from components.buckets.writers import WRITERS
from components.cluster.instance_type import is_offered, known_types
from components.network.endpoint_policies import ecr_policy, s3_policy
from components.network.endpoints import INTERFACE_SERVICES, OPTIONAL_SERVICES
from components.regions import AWS, SERVED
from components.settings import STACKS
from offline.providers.aws.recorded import zone_ids
from tests.recorder import Recorder
from tests.stack_files import ENVIRONMENTS, Tree, settings_tree
from tests.stacks.test_program import run_program

PROJECT = STACKS.parent
REGION = re.compile(r"\b(?:[a-z]{2}|us-gov|us-iso[a-z]?)-(?:north|south|east|west|central)[a-z]*-\d\b")
# Module of Pulumi's AWS provider to the service's name in endpoints. IAM answers for all Regions in one, and stands for
# the service that hands out its roles' credentials.
SERVICES = {
    "amp": "aps",
    "athena": "athena",
    "cloudtrail": "cloudtrail",
    "cloudwatch": "logs",
    "ec2": "ec2",
    "ecr": "api.ecr",
    "eks": "eks",
    "glue": "glue",
    "guardduty": "guardduty",
    "iam": "sts",
    "kms": "kms",
    "s3": "s3",
    "sns": "sns",
    "sqs": "sqs",
    "vpc": "ec2",
}
# Names of endpoint services where they differ from the host's.
HOSTS = {"ecr.api": "api.ecr", "ecr.dkr": "api.ecr", "aps-workspaces": "aps", "guardduty-data": "guardduty"}


@cache
def endpoints_of(service: str) -> dict[str, Any]:
    partition = next(
        each for each in create_loader().load_data("endpoints")["partitions"] if each["partition"] == "aws"
    )
    return partition["services"][service]["endpoints"]


def moved(region: str, stack: str = "production") -> Tree:
    """A stack's settings in another Region: its zones, what is named by ARN or host there, and types that it offers."""
    tree = settings_tree(stack)
    for part in ("images", "spark"):
        tree[part] = json.loads(json.dumps(tree[part]).replace(tree["region"], region))
    zones = tree["network"]["zones"]
    tree["region"] = region
    tree["network"]["zones"] = {region + zone[-1]: block for zone, block in zones.items()}
    pools = list(tree["node_pools"].values())
    for group in (*tree["node_groups"].values(), *pools):
        # As many vCPUs as a pool's limit was reckoned with.
        vcpus = range(32, 33) if group in pools else range(33)
        wants_nvme = group["workload"] != "system"
        found = [
            each.name
            for each in known_types().values()
            if (each.architecture, each.has_nvme) == (group["architecture"], wants_nvme)
            and is_offered(each.name, region)
            and each.is_nitro
            and 64 * 1024 <= each.memory_mib <= 256 * 1024
            and each.vcpus in vcpus
        ]
        group |= {"instance_types": found[:6], "capacity": "on-demand"}
    tree["detection"] = {"detector": "own", "runtime_agent": "add-on", "trail": {}}
    # Other types have other disks.
    tree["shuffle"]["celeborn"]["peak_shuffle_gib"] = 100
    return tree


@pytest.fixture(scope="module", params=SERVED)
def program(request: pytest.FixtureRequest) -> tuple[str, Recorder]:
    return request.param, run_program("production", moved(request.param))


def test_the_program_names_no_other_region(program: tuple[str, Recorder]) -> None:
    region, recorder = program
    named = {name for each in recorder.registrations for name in REGION.findall(json.dumps(each.inputs))}
    assert named == {region}


def test_every_principal_and_condition_that_names_a_service_of_a_region_names_this_one(
    program: tuple[str, Recorder],
) -> None:
    region, recorder = program
    text = json.dumps([each.inputs for each in recorder.registrations])
    services = set(re.findall(r"\b([a-z0-9]+)\.([a-z0-9-]+)\.amazonaws\.com\b", text))
    of_a_region = {(service, place) for service, place in services if "-" in place}
    # Of Amazon ECR, the host of the account's own images.
    assert {(service, region) for service in ("ecr", "logs", "s3", "sns")} == of_a_region


def test_every_endpoint_is_a_service_of_the_region(program: tuple[str, Recorder]) -> None:
    region, recorder = program
    names = [each.inputs["serviceName"] for each in recorder.of("aws:ec2/vpcEndpoint:VpcEndpoint")]
    services = {"s3", *INTERFACE_SERVICES, *OPTIONAL_SERVICES}
    assert set(names) == {f"com.amazonaws.{region}.{service}" for service in services}


def test_every_service_that_the_program_uses_is_in_the_region(program: tuple[str, Recorder]) -> None:
    region, recorder = program
    modules = {each.type.split(":")[1].split("/")[0] for each in recorder.registrations if each.type.startswith("aws:")}
    used = {SERVICES[module] for module in modules}
    used |= {HOSTS.get(service, service) for service in {"s3", "sts", *INTERFACE_SERVICES, *OPTIONAL_SERVICES}}
    # Not resources, but asked for by settings: zonal shift.
    for service in {*used, "arc-zonal-shift"}:
        assert region in endpoints_of(service), service


@pytest.mark.parametrize("region", SERVED)
def test_each_fact_of_a_region_is_known_and_its_own(region: str) -> None:
    row = SERVED[region]
    published = next(each for each in create_loader().load_data("partitions")["partitions"] if each["id"] == "aws")
    assert region in published["regions"]
    assert (row.partition, published["outputs"]["dnsSuffix"]) == (AWS, AWS.dns_suffix)
    assert re.fullmatch(r"\d{12}", row.addon_registry)
    assert all(region in bucket for bucket in row.image_buckets if bucket != "quayio-production-s3")
    zones = set(zone_ids(region))
    prefixes = {zone.partition("-")[0] for zone in zones}
    assert {zone.partition("-")[0] for zone in row.zone_ids_without_control_plane} <= prefixes
    assert len(zones - set(row.zone_ids_without_control_plane)) >= 2
    assert row.has_managed_grafana == (region in endpoints_of("grafana"))


@pytest.mark.parametrize("region", SERVED)
def test_images_and_layers_come_from_the_registries_of_the_region(region: str) -> None:
    account = Account("dev", "222222222222", region)
    [layers] = [each for each in s3_policy(account)["Statement"] if each["Sid"] == "ImageLayersAndPackages"]
    own = {f"prod-{region}-starport-layer-bucket", f"al2023-repos-{region}-de612dc2", *SERVED[region].image_buckets}
    assert set(layers["Resource"]) == {f"arn:aws:s3:::{bucket}/*" for bucket in own}
    [images] = [each for each in ecr_policy(account)["Statement"] if each["Sid"] == "AddonImagesOfAws"]
    assert images["Resource"] == [f"arn:aws:ecr:{region}:{SERVED[region].addon_registry}:repository/*"]


@pytest.mark.parametrize("region", SERVED)
def test_bucket_names_fit_amazon_s3(region: str) -> None:
    for environment in ENVIRONMENTS:
        for purpose in WRITERS:
            assert len(bucket_name(purpose, Account(environment, "222222222222", region))) <= 63


def test_registries_of_add_ons_are_common_only_where_no_opt_in_is_asked() -> None:
    """Regions that an account must opt into each have a registry account of their own."""
    common = [name for name, row in SERVED.items() if row.addon_registry == "602401143452"]
    owned = [row.addon_registry for row in SERVED.values() if row.addon_registry != "602401143452"]
    assert len(set(owned)) == len(owned) == 13
    assert not [name for name in common if name.startswith(("af-", "il-", "me-", "mx-"))]


def literals(path: Path) -> Iterator[str]:
    """Texts of a module, docstrings and parts of f-strings among them; any other file whole."""
    if path.suffix != ".py":
        yield path.read_text()
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


FILES = [path for area in ("components", "moka_logs") for path in sorted((PROJECT / area).rglob("*.*"))]


def test_the_domain_of_aws_stands_in_one_place() -> None:
    """Labels of Kubernetes objects, such as eks.amazonaws.com/nodegroup, are the same in every Region."""
    written = {
        str(path.relative_to(PROJECT))
        for path in [*FILES, PROJECT / "__main__.py"]
        if path.is_file() and "__pycache__" not in path.parts
        for text in literals(path)
        if re.search(r"amazonaws\.(?!com/[a-zA-Z])", text)
    }
    assert written == {"components/regions.py"}


def test_the_schema_of_the_stack_files_lists_the_served_regions() -> None:
    schema = json.loads((STACKS / "schema.json").read_text())
    tree = schema["properties"]["config"]["properties"]["moka:settings"]
    assert tree["properties"]["region"]["enum"] == list(SERVED)
