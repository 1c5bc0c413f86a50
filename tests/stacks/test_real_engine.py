"""The four stacks on the real Pulumi engine: they come up, stay up unchanged, and go down in an order AWS accepts."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from components.release import RELEASE
from offline.drawings.files import PICTURES, drawn
from offline.drawings.picture import Picture, boxes_of
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from offline.picture import flowchart
from offline.progress import say
from offline.providers.aws.account import Account
from offline.providers.aws.zones import zones_of
from offline.reachability.deployment import resources_of
from tests.recorder import REGION
from tests.stack_files import ENVIRONMENTS, settings, settings_tree
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import classes, name_of, needs, type_of
from tests.stacks.project_copy import PROJECT, copy_of_project, set_settings


def offline(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "offline", *arguments, "--home", str(home)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_second_preview_in_a_new_process_finds_no_change(stacks: StacksThatAreUp, stack: str) -> None:
    stacks.up(stack)
    again = offline("preview", stack, "--expect-no-changes", home=stacks.engine.home)
    assert again.returncode == 0, again.stdout + again.stderr


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_outputs_say_how_to_go_on_and_keep_the_kubeconfig_secret(stacks: StacksThatAreUp, stack: str) -> None:
    outputs = stacks.up(stack).outputs
    assert outputs["cluster_name"] == f"moka-{stack}"
    assert outputs["kubeconfig"] == "[secret]"
    assert outputs["release"] == RELEASE
    assert outputs["login_command"] == f"aws eks update-kubeconfig --region us-east-1 --name moka-{stack}"
    assert {"spark-logs", "spark-events", "system-logs", "access-logs"} == set(outputs["bucket_names"])
    account = settings_tree(stack)["account_id"]
    for arn in outputs["role_arns"].values():
        assert arn.startswith(f"arn:aws:iam::{account}:role/")


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_the_teardown_order_follows_from_the_graph(stacks: StacksThatAreUp, stack: str) -> None:
    stacks.up(stack)
    resources = stacks.engine.export(stack)["resources"]
    found = classes(resource["urn"] for resource in resources)
    needed = needs(resources)
    for (_, goes_first), (later_name, goes_later) in pairwise(found.items()):
        assert goes_first
        assert goes_later
        for urn in goes_first:
            missing = {name_of(other) for other in goes_later} - {name_of(other) for other in needed[urn]}
            assert not missing, f"{type_of(urn)} {name_of(urn)} could outlive {later_name}: {sorted(missing)}"


def test_platform_pods_come_after_the_priority_class_that_they_name(stacks: StacksThatAreUp) -> None:
    stacks.up("dev")
    resources = stacks.engine.export("dev")["resources"]
    needed = needs(resources)
    classes = {name_of(urn): urn for urn in needed if type_of(urn).endswith(":PriorityClass")}
    for name, some in {
        "moka-platform": {"history-server", "cluster-events"},
        "moka-platform-zonal": {"prometheus-0"},
    }.items():
        named = [each["urn"] for each in resources if f'"priorityClassName": "{name}"' in json.dumps(each)]
        assert some <= {name_of(urn) for urn in named}
        for urn in named:
            assert classes[name] in needed[urn], urn


def test_a_wrong_setting_ends_with_the_message_and_no_traceback(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    set_settings(project, "dev", {"regoin": "us-east-1"})
    result = offline("up", "dev", "--project", str(project), home=tmp_path / "home")
    assert result.returncode != 0
    assert "regoin = us-east-1" in result.stderr
    assert "write region" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_a_zone_without_control_planes_is_refused_in_a_preview_before_anything_is_made(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    zones = {each.identifier: each.name for each in zones_of(Account(settings_tree("dev")["account_id"], REGION, {}))}
    set_settings(project, "dev", {"network/zones": {zones["use1-az3"]: "100.66.0.0/16", "us-east-1a": "100.67.0.0/16"}})
    engine = OfflineEngine(project, tmp_path / "home")
    with pytest.raises(OfflineError, match=rf"must not be zone use1-az3, which this account calls {zones['use1-az3']}"):
        engine.preview("dev")
    with pytest.raises(OfflineError, match="use1-az3"):
        engine.up("dev")
    assert not [each for each in engine.export("dev").get("resources", []) if each["type"].startswith("aws:")]


def test_a_resource_without_an_explicit_provider_is_refused(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    with (project / "__main__.py").open("a") as program:
        program.write('\nimport pulumi_aws\n\npulumi_aws.sns.Topic("stray")\n')
    with pytest.raises(OfflineError, match=r"[Dd]efault provider"):
        OfflineEngine(project, tmp_path / "home").preview("dev")


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_transforms_reach_the_control_plane_that_pulumi_eks_makes(stacks: StacksThatAreUp, stack: str) -> None:
    stacks.up(stack)
    found = [each for each in stacks.engine.export(stack)["resources"] if each["type"] == "aws:eks/cluster:Cluster"]
    assert len(found) == 1
    cluster = found[0]
    assert cluster["inputs"]["accessConfig"]["bootstrapClusterCreatorAdminPermissions"] is False
    assert cluster["inputs"]["zonalShiftConfig"] == {"enabled": True}
    tier = cluster["inputs"].get("controlPlaneScalingConfig")
    assert tier == ({"tier": "tier-xl"} if stack == "production" else None)
    assert cluster["inputs"]["deletionProtection"] is cluster.get("protect", False) is settings(stack).protect


def test_the_readmes_picture_is_the_dev_stacks(stacks: StacksThatAreUp) -> None:
    stacks.up("dev")
    drawn = flowchart(stacks.engine.export("dev"))
    assert drawn in (PROJECT / "README.md").read_text(), "the picture is old: run make picture"


def test_the_pictures_of_the_documentation_are_productions(stacks: StacksThatAreUp) -> None:
    stacks.up("production")
    resources = resources_of(stacks.engine.export("production"), say)
    for name, text in drawn(resources, say).items():
        assert (PROJECT / "docs" / "pictures" / name).read_text() == text, f"{name} is old: run make picture"


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_pictures_name_what_the_stack_has(stacks: StacksThatAreUp, stack: str) -> None:
    stacks.up(stack)
    deployment = stacks.engine.export(stack)
    made = {name: text_of(picture(resources_of(deployment, say))) for name, picture in PICTURES.items()}
    has = [each for each in deployment["resources"] if each.get("custom")]
    named = {
        "network": [each["inputs"]["cidrBlock"] for each in has if each["type"] == "aws:ec2/subnet:Subnet"],
        "cluster": [
            *(
                type_
                for each in has
                if each["type"].endswith(":NodeGroup")
                for type_ in each["inputs"]["instanceTypes"]
            ),
            *(each["inputs"]["metadata"]["name"] for each in has if each["type"].endswith("v1:NodePool")),
            *(each["inputs"]["metadata"]["name"] for each in has if each["type"].endswith("v1:StatefulSet")),
        ],
        "data-flow": [
            *(each["inputs"]["metadata"]["name"] for each in has if each["type"].endswith("v1:DaemonSet")),
            *(name_of(each["urn"]) for each in has if each["type"] in ("aws:s3/bucket:Bucket", "aws:sqs/queue:Queue")),
        ],
    }
    for picture, names in named.items():
        assert names
        assert [name for name in names if name not in made[picture]] == [], picture


def text_of(picture: Picture) -> str:
    return "\n".join(line for box in boxes_of(picture.members) for line in (box.title, *box.lines))


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_secret_stands_in_plain_text_in_the_deployment(stacks: StacksThatAreUp, stack: str) -> None:
    stacks.up(stack)
    resources = stacks.engine.export(stack)["resources"]
    for resource in resources:
        if resource["type"] == "pulumi:providers:kubernetes":
            kubeconfig = json.dumps(resource["inputs"].get("kubeconfig", ""))
            assert "token:" not in kubeconfig
    root = next(resource for resource in resources if resource["type"] == "pulumi:pulumi:Stack")
    assert "ciphertext" in root["outputs"]["kubeconfig"]
