"""The bootstrap on the real engine: what it makes, what it keeps, and that the environments name the same."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.bootstrap.load import STACKS
from components.bootstrap.names import backend_url, secrets_provider
from components.identity.role_bounds import role_bounds
from components.settings import STACKS as ENVIRONMENTS_FILES
from offline.checks.iam.evaluation import Request, passes
from offline.engine import OfflineEngine
from offline.errors import OfflineError, ProtectedError
from offline.verbs import BOOTSTRAP
from policies.catalog import RULES
from policies.resource import Resource
from tests.stack_files import ENVIRONMENTS, settings, settings_tree
from tests.stacks.bootstrap.pipelines import Pipelines
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import name_of
from tests.stacks.project_copy import copy_of_project

Everywhere = Mapping[str, Pipelines]


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def stack(request: pytest.FixtureRequest, bootstraps: StacksThatAreUp) -> str:
    bootstraps.up(request.param)
    return request.param


def resources(bootstraps: StacksThatAreUp, stack: str) -> list[Mapping[str, Any]]:
    return [each for each in bootstraps.engine.export(stack)["resources"] if each["type"].startswith("aws:")]


def test_a_second_preview_finds_no_change(bootstraps: StacksThatAreUp, stack: str) -> None:
    assert not bootstraps.engine.preview(stack).has_changes


def test_it_says_what_pipelines_and_people_set(bootstraps: StacksThatAreUp, stack: str) -> None:
    account, outputs = settings(stack).account, bootstraps.summaries[stack].outputs
    assert outputs["backend_url"] == backend_url(account)
    assert outputs["secrets_provider"] == secrets_provider(account)
    assert outputs["deploy_role_arn"] == f"arn:aws:iam::{account.id}:role/moka-deploy"
    assert outputs["preview_role_arn"] == f"arn:aws:iam::{account.id}:role/moka-preview"


def test_the_environment_lets_the_deploy_role_in_and_no_other_pipeline(bootstraps: StacksThatAreUp, stack: str) -> None:
    assert settings(stack).cluster.access.ci == (bootstraps.summaries[stack].outputs["deploy_role_arn"],)


def test_the_boundary_that_it_makes_is_the_one_that_roles_of_the_environment_carry(
    bootstraps: StacksThatAreUp, stack: str
) -> None:
    transform = role_bounds(settings(stack).account)
    arguments = type("Arguments", (), {"type_": "aws:iam/role:Role", "name": "some", "props": {}, "opts": None})
    changed = transform(arguments)  # pyright: ignore[reportArgumentType]
    assert changed
    assert changed.props["permissionsBoundary"] == bootstraps.summaries[stack].outputs["role_boundary_arn"]


def test_each_environment_has_a_bootstrap() -> None:
    assert {each.name for each in STACKS.glob("Pulumi.*.yaml")} == {
        each.name for each in ENVIRONMENTS_FILES.glob("Pulumi.*.yaml")
    }


def test_what_holds_the_state_is_protected_and_kept_where_the_environment_is(
    bootstraps: StacksThatAreUp, stack: str
) -> None:
    is_protected = stack != "test"
    for each in resources(bootstraps, stack):
        holds_state = ":StateStore$" in each["urn"]
        assert each.get("protect", False) == (holds_state and is_protected), each["urn"]
        assert each.get("retainOnDelete", False) == (holds_state and is_protected), each["urn"]


def test_a_destroy_is_refused_while_it_holds_state(bootstraps: StacksThatAreUp) -> None:
    bootstraps.up("production")
    with pytest.raises(ProtectedError):
        bootstraps.engine.destroy("production")


def test_a_bootstrap_that_is_not_protected_can_be_destroyed(bootstraps: StacksThatAreUp, tmp_path: Path) -> None:
    engine = bootstraps.copied("test", tmp_path / "home", ENVIRONMENTS_FILES.parent / BOOTSTRAP)
    assert sum(engine.destroy("test").resources.values()) == 0


def test_it_keeps_the_rules_of_the_policy_pack(bootstraps: StacksThatAreUp, stack: str) -> None:
    made = [
        Resource(each["type"], name_of(each["urn"]), stack, each["inputs"]) for each in resources(bootstraps, stack)
    ]
    assert [(rule.name, each.name, wrong) for rule in RULES for each, wrong in rule.found(made)] == []
    looked_at = {rule.name for rule in RULES for each in made if each.type.startswith(rule.types)}
    assert len(looked_at) > 3, looked_at


def test_its_tags_tell_it_from_the_environment(bootstraps: StacksThatAreUp, stack: str) -> None:
    for each in resources(bootstraps, stack):
        if "tagsAll" in each["inputs"]:
            assert each["inputs"]["tagsAll"]["Project"] == "moka-bootstrap"


def test_nobody_but_the_named_jobs_becomes_a_role(pipelines: Everywhere) -> None:
    here = pipelines["production"]
    trusts = {
        name: json.loads(each["inputs"]["assumeRolePolicy"])["Statement"]
        for each in here.bootstrap
        if each["type"] == "aws:iam/role:Role"
        for name in [each["inputs"]["name"]]
    }
    github = "token.actions.githubusercontent.com"
    (deploy,), (preview,) = trusts["moka-deploy"], trusts["moka-preview"]
    assert deploy["Condition"] == {
        "StringEquals": {
            f"{github}:aud": "sts.amazonaws.com",
            f"{github}:sub": "repo:example/moka:environment:production",
        }
    }
    assert preview["Condition"]["StringEquals"][f"{github}:sub"] == [
        "repo:example/moka:pull_request",
        "repo:example/moka:ref:refs/heads/main",
    ]


def test_a_file_that_disagrees_with_the_environments_is_refused_in_words(tmp_path: Path) -> None:
    project = copied(tmp_path)
    file = project / BOOTSTRAP / "stacks" / "Pulumi.dev.yaml"
    document = yaml.safe_load(file.read_text())
    document["config"]["moka-bootstrap:settings"] |= {"region": "eu-west-1", "empties_buckets": True}
    file.write_text(yaml.safe_dump(document))
    engine = OfflineEngine(project / BOOTSTRAP, tmp_path / "home", judges=lambda: ())
    with pytest.raises(OfflineError) as refusal:
        engine.up("dev")
    said = str(refusal.value)
    assert said.startswith("bootstrap/stacks/Pulumi.dev.yaml: 2 errors in moka-bootstrap:settings")
    assert "region = eu-west-1\n    rule:   must be us-east-1, as stacks/Pulumi.dev.yaml has it" in said
    assert "empties_buckets = True\n    rule:   must be false, as log_buckets.on_destroy" in said


def copied(directory: Path) -> Path:
    """A copy of both programs."""
    project = copy_of_project(directory / "project")
    shutil.copytree(
        ENVIRONMENTS_FILES.parent / BOOTSTRAP, project / BOOTSTRAP, ignore=shutil.ignore_patterns("__pycache__")
    )
    return project


def test_the_account_of_each_bootstrap_is_its_environments() -> None:
    for stack in ENVIRONMENTS:
        tree = yaml.safe_load((STACKS / f"Pulumi.{stack}.yaml").read_text())["config"]["moka-bootstrap:settings"]
        assert (tree["account_id"], tree["region"]) == (
            settings_tree(stack)["account_id"],
            settings_tree(stack)["region"],
        )


def test_a_runner_inside_the_vpc_could_not_take_the_role_by_its_token(pipelines: Everywhere) -> None:
    """Who comes with a token is no principal yet, and the endpoint of AWS STS admits those of the account alone."""
    environment = pipelines["production"].work.environment
    role = pipelines["production"].role("moka-deploy").arn
    token = {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "aws:ResourceAccount": environment.account.id,
    }
    endpoint = environment.endpoints["sts"].content
    assert passes(Request("nobody", "sts:AssumeRoleWithWebIdentity", role, token), endpoint) != "allowed"
    assert passes(Request(role, "sts:GetCallerIdentity", "*", {}), endpoint) == "allowed"
