"""The environment's registry: repositories, their policies, caches and what they make."""

import json
from typing import Any

import pytest

from components.account import Account
from components.images.image_registry import ImageRegistry
from components.images.repositories import TeamImages
from components.images.settings import ImagesSettings
from components.images.table import IMAGES
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
OWNER = f"arn:aws:iam::{ACCOUNT_ID}:role/analytics"
TEAMS = {"analytics": TeamImages(("spark", "features"), (OWNER,))}
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:ecr-pullthroughcache/github-a1b2c3"

KEY = "aws:kms/key:Key"
REPOSITORY = "aws:ecr/repository:Repository"
POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
TEMPLATE = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"
ROLE = "aws:iam/role:Role"


def build(protect: bool = True, **settings: Any) -> Recorder:
    chosen = ImagesSettings.model_validate(settings)
    account = Account("dev", ACCOUNT_ID, REGION, chosen.mirror)
    return record(lambda: ImageRegistry("images", chosen, account, teams=TEAMS, protect=protect))


def names(recorded: Recorder) -> set[str]:
    return {each.inputs["name"] for each in recorded.of(REPOSITORY)}


def test_every_image_of_the_table_and_of_each_team_has_a_repository() -> None:
    expected = {each.repository for each in IMAGES} | {"teams/analytics/spark", "teams/analytics/features"}
    assert names(build()) == expected


@pytest.mark.parametrize("protect", [True, False])
def test_repositories_are_encrypted_scanned_and_immutable_and_kept_where_they_are_protected(protect: bool) -> None:
    recorded = build(protect)
    key = recorded.only(KEY)
    assert key.inputs["enableKeyRotation"] is True
    assert key.protect is protect
    for each in recorded.of(REPOSITORY):
        assert each.inputs["imageTagMutability"] == "IMMUTABLE"
        assert each.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
        assert each.inputs["encryptionConfigurations"] == [
            {"encryptionType": "KMS", "kmsKey": f"arn:aws:key:{REGION}:{ACCOUNT_ID}:key/images"}
        ]
        assert each.protect is protect
        assert each.inputs["forceDelete"] is not protect


def test_what_is_pushed_to_has_a_lifecycle_and_a_policy() -> None:
    recorded = build(kept_versions=20, untagged_days=3)
    pushed = {"moka/spark", "moka/spark-history-server", "teams/analytics/spark", "teams/analytics/features"}
    for kind in (POLICY, LIFECYCLE):
        assert {each.inputs["repository"] for each in recorded.of(kind)} == pushed
    rules = json.loads(recorded.of(LIFECYCLE)[0].inputs["policy"])["rules"]
    assert [each["selection"]["countNumber"] for each in rules] == [3, 20]


def test_a_teams_repositories_are_its_owners_alone_to_push_to() -> None:
    policy = build().named(POLICY, "images-teams/analytics/spark").inputs["policy"]
    statements = {each["Sid"]: each for each in json.loads(policy)["Statement"]}
    assert statements["OwnersPushAndPull"]["Principal"] == {"AWS": [OWNER]}
    assert statements["DenyOtherPushers"]["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [OWNER]}}


def test_the_projects_own_are_pushed_by_the_publisher_where_there_is_one() -> None:
    def policy(recorded: Recorder) -> dict[str, Any]:
        text = recorded.named(POLICY, "images-moka/spark").inputs["policy"]
        return {each["Sid"]: each for each in json.loads(text)["Statement"]}

    assert "DenyOtherPushers" not in policy(build())
    recorded = build(publisher={"repository": "example/moka", "environment": "dev"})
    role = recorded.named(ROLE, "images-publisher")
    assert role.inputs["name"] == "moka-dev-image-publisher"
    arn = f"arn:aws:role:{REGION}:{ACCOUNT_ID}:role/images-publisher"
    assert policy(recorded)["DenyOtherPushers"]["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [arn]}}


def test_registries_that_ask_for_no_account_are_cached_and_others_with_a_secret() -> None:
    def rules(recorded: Recorder) -> dict[str, Any]:
        return {each.inputs["ecrRepositoryPrefix"]: each.inputs.get("credentialArn") for each in recorded.of(RULE)}

    assert rules(build()) == {"public.ecr.aws": None, "quay.io": None}
    assert rules(build(credentials={"ghcr.io": SECRET})) == {"public.ecr.aws": None, "quay.io": None, "ghcr.io": SECRET}


def test_the_rule_of_docker_hub_names_the_host_that_it_answers_at() -> None:
    recorded = build(credentials={"docker.io": SECRET})
    rule = recorded.named(RULE, "images-docker.io")
    assert rule.inputs["upstreamRegistryUrl"] == "registry-1.docker.io"


def test_what_a_cache_makes_besides_has_the_key_a_lifecycle_a_policy_and_tags() -> None:
    recorded = build()
    templates = recorded.of(TEMPLATE)
    assert {each.inputs["prefix"] for each in templates} == {
        each.inputs["ecrRepositoryPrefix"] for each in recorded.of(RULE)
    }
    for each in templates:
        assert each.inputs["appliedFors"] == ["PULL_THROUGH_CACHE"]
        assert each.inputs["encryptionConfigurations"][0]["encryptionType"] == "KMS"
        assert each.inputs["resourceTags"] == {"environment": "dev"}
        assert json.loads(each.inputs["lifecyclePolicy"])["rules"]
        assert json.loads(each.inputs["repositoryPolicy"])["Statement"]


def test_a_rule_waits_for_its_template_and_that_for_the_rights_of_its_role() -> None:
    """Amazon ECR reads a template only when it makes a repository."""
    recorded = build()
    assert f"{TEMPLATE}::images-quay.io" in recorded.named(RULE, "images-quay.io").depends_on
    assert "aws:iam/rolePolicy:RolePolicy::images-caches" in recorded.named(TEMPLATE, "images-quay.io").depends_on


def test_a_mirror_takes_the_place_of_caches_and_no_repository_goes_with_what_it_holds() -> None:
    recorded = build(mirror="registry.internal/moka")
    assert recorded.of(RULE) == recorded.of(TEMPLATE) == []
    assert names(recorded) == names(build())


def test_whatever_is_pushed_is_scanned() -> None:
    scanning = build().only("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration")
    assert scanning.inputs["scanType"] == "BASIC"
    assert scanning.inputs["rules"] == [
        {"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}
    ]
