"""What the command answers before it asks anybody."""

import json
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import pytest

from components.images.image import Image
from components.images.table import HISTORY_SERVER, SPARK, SPARK_WITH_CELEBORN
from moka_images import cli
from moka_images.bake import TARGETS
from moka_images.hand_over import Taken
from moka_images.promote import Promotion
from moka_logs.exit_codes import FOUND, USAGE
from moka_logs.place import account_of
from tests.stack_files import settings_tree


def test_a_promotion_that_skips_an_environment_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["promote", "spark", "test", "production"]) == USAGE
    assert "goes to dev, not to production" in capsys.readouterr().err


def test_a_mirror_is_not_filled(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    tree = {**settings_tree("dev"), "images": {"mirror": "registry.internal/moka"}}
    monkeypatch.setattr(cli, "stack_settings", lambda _: tree)
    assert cli.main(["fill", "dev"]) == USAGE
    assert "dev pulls from registry.internal/moka, which is yours to fill" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mirror", "place"), [(None, "222222222222.dkr.ecr.us-east-1.amazonaws.com"), ("r.io/m", "r.io/m")]
)
def test_images_are_built_for_the_place_that_nodes_pull_from(
    mirror: str | None, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = {**settings_tree("dev"), "images": {"mirror": mirror}}
    monkeypatch.setattr(cli, "stack_settings", lambda _: tree)
    assert cli.main(["bake", "dev"]) == FOUND
    targets = json.loads(capsys.readouterr().out)["target"]
    assert {tag.partition("/moka/")[0] for target in targets.values() for tag in target["tags"]} == {place}


def test_a_directory_with_another_image_is_not_put(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = Taken("spark-history-server", "4.1.2-1", "test", f"sha256:{'a' * 64}")
    (tmp_path / "moka.json").write_text(json.dumps(asdict(held)))
    assert cli.main(["put", "spark", "dev", str(tmp_path)]) == USAGE
    assert f"{tmp_path} holds spark-history-server:4.1.2-1, not spark:" in capsys.readouterr().err


@pytest.mark.parametrize("image", [SPARK, SPARK_WITH_CELEBORN, HISTORY_SERVER], ids=lambda image: image.tag)
def test_each_of_the_projects_own_images_is_promoted_by_the_name_that_it_is_built_by(
    image: Image, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (name,) = [target for target, built in TARGETS.items() if built == image]
    asked: list[Promotion] = []

    def promoted(_: object, promotion: Promotion) -> str:
        asked.append(promotion)
        return f"sha256:{'a' * 64}"

    monkeypatch.setattr(cli, "_crane", lambda *_: nullcontext())
    monkeypatch.setattr(cli, "promote", promoted)
    assert cli.main(["promote", name, "test", "dev"]) == FOUND
    registries = [account_of(stack, settings_tree(stack)).registry for stack in ("test", "dev")]
    assert asked == [Promotion(*(f"{each}/{image.reference}" for each in registries))]
    assert capsys.readouterr().out == f"{registries[1]}/{image.reference}@sha256:{'a' * 64}\n"


@pytest.mark.parametrize("words", [[], ["copy", "dev"], ["fill", "prod"], ["promote", "grafana", "test", "dev"]])
def test_a_wrong_command_is_wrong_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == USAGE
