"""Settings of images: what they refuse, and what they say of it."""

import pytest
from pydantic import ValidationError

from components.account import Account
from components.images.settings import ImagesSettings
from components.rules.images import rules_of_images
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:ecr-pullthroughcache/github-a1b2c3"
OWN = f"{ACCOUNT.registry}/moka/spark:4.1.2-1"
DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"mirror": "docker.io/example"}, "must not be Docker Hub"),
        ({"mirror": "example"}, "must not be Docker Hub"),
        ({"mirror": "https://registry.internal"}, "mirror"),
        ({"mirror": "registry.internal", "credentials": {"ghcr.io": SECRET}}, "must be empty where there is a mirror"),
        ({"credentials": {"quay.io": SECRET}}, "credentials"),
        ({"credentials": {"ghcr.io": SECRET.replace("ecr-pullthroughcache/", "")}}, "credentials.ghcr.io"),
        ({"publisher": {"repository": "moka", "environment": "dev"}}, "publisher.repository"),
        ({"kept_versions": 0}, "kept_versions"),
    ],
)
def test_what_amazon_ecr_or_nodes_would_refuse_is_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ImagesSettings.model_validate(settings)
    violations = [
        f"{each.field} {each.rule}"
        for error in refused.value.errors()
        for each in error.get("ctx", {}).get("violations", ())
    ]
    paths = [".".join(map(str, error["loc"])) for error in refused.value.errors()]
    assert any(said in each for each in [*violations, *paths])


def broken(settings: ImagesSettings, image: str, account: Account = ACCOUNT) -> list[tuple[str, str]]:
    return [(each.field, each.rule) for each in rules_of_images(settings, image, account)]


def test_a_secret_is_of_the_environments_account_and_region() -> None:
    for wrong in (SECRET.replace(REGION, "eu-west-1"), SECRET.replace(ACCOUNT_ID, "999999999999")):
        settings = ImagesSettings(credentials={"ghcr.io": wrong}, digests_required=False)
        rule = f"must be of account {ACCOUNT_ID} in {REGION}"
        assert broken(settings, OWN) == [("images.credentials.ghcr.io", rule)]


def test_applications_that_name_no_image_get_one_that_may_run() -> None:
    lenient, strict = ImagesSettings(digests_required=False), ImagesSettings()
    assert broken(lenient, OWN) == []
    assert broken(strict, f"{OWN}@{DIGEST}") == []
    assert broken(strict, OWN) == [("spark.image", "must name a digest where images.digests_required is true")]
    assert broken(lenient, "quay.io/example/spark:4.1.2") == [("spark.image", f"must be in {ACCOUNT.registry}")]


def test_an_image_of_a_mirror_may_run_and_so_may_one_of_the_accounts_own_registry() -> None:
    mirrored = Account("dev", ACCOUNT_ID, REGION, "registry.internal/moka")
    settings = ImagesSettings(mirror="registry.internal/moka", digests_required=False)
    assert broken(settings, "registry.internal/moka/moka/spark:4.1.2-1", mirrored) == []
    assert broken(settings, OWN, mirrored) == []
