"""Every image of a stack is pulled, built, there already, or listed with the reason why it is not."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from components.images.image import repository_of
from components.images.table import (
    FLUENT_BIT,
    HISTORY_SERVER,
    SPARK,
    SPARK_OPERATOR_CONTROLLER,
    YUNIKORN_ADMISSION,
    YUNIKORN_SCHEDULER,
)
from local_cluster.images import platform_images
from local_cluster.images.oci import OciImage
from local_cluster.images.plan import PlannedImage, builder_of, builders, name_in_table, name_on_node, plan, summary
from local_cluster.images.platform_images import yunikorn_image
from local_cluster.images.programs.yunikorn import PROGRAMS
from offline.errors import MissingToolError
from offline.go_build import passing_cache
from offline.progress import Say, silent

DIGEST, OTHER = "sha256:" + "0" * 64, "sha256:" + "1" * 64


def image(reference: str, _: Say) -> OciImage:
    return OciImage(reference, b"{}", ())


def unable(reference: str, _: Say) -> OciImage:
    raise MissingToolError(f"{reference}: no Go here")


def sources(planned: list[PlannedImage]) -> dict[str, str]:
    return {each.reference: each.source for each in planned}


def test_a_registry_that_answers_goes_before_a_build_and_is_asked_once() -> None:
    asked: list[str] = []

    def answers(registry: str) -> bool:
        asked.append(registry)
        return registry == "up.test"

    wanted = ["up.test/a:1", "up.test/b:1", "down.test/c:1", "down.test/d:1"]
    planned = plan(wanted, {"up.test/a": image, "down.test/c": image}, silent, answers=answers, pull=image)
    assert sources(planned) == {
        "up.test/a:1": "pulled",
        "up.test/b:1": "pulled",
        "down.test/c:1": "built",
        "down.test/d:1": "missing",
    }
    assert sorted(asked) == ["down.test", "up.test"]
    assert "down.test/d:1: missing (down.test does not answer, and nothing here builds it)" in summary(planned)


def test_what_was_pulled_is_not_asked_for_again_and_what_is_built_here_follows_its_recipe() -> None:
    there = ["x.test/pulled:1", "x.test/built:1"]
    planned = plan(there, {"x.test/built": image}, silent, present=there, answers=lambda _: False, pull=unable)
    assert sources(planned) == {"x.test/pulled:1": "present", "x.test/built:1": "built"}
    again = plan(there, {"x.test/built": image}, silent, present=there, answers=lambda _: True, pull=unable)
    assert set(sources(again).values()) == {"present"}


def test_what_is_built_compiles_into_one_cache_that_goes_afterwards() -> None:
    caches: list[str] = []

    def build(reference: str, _: Say) -> OciImage:
        caches.append(os.environ["GOCACHE"])
        with passing_cache():
            caches.append(os.environ["GOCACHE"])
        return image(reference, silent)

    plan(["x.test/a:1", "x.test/b:1"], {"x.test/a": build, "x.test/b": build}, silent, answers=lambda _: False)
    assert len(caches) == 4
    assert len(set(caches)) == 1
    assert not Path(caches[0]).exists()


def test_a_pull_that_fails_ends_in_a_build_and_a_build_that_fails_in_its_reason() -> None:
    built = plan(["x.test/a:1"], {"x.test/a": image}, silent, answers=lambda _: True, pull=unable)
    assert sources(built) == {"x.test/a:1": "built"}
    (missing,) = plan(["x.test/a:1"], {"x.test/a": unable}, silent, answers=lambda _: False, pull=unable)
    assert (missing.source, missing.reason) == ("missing", "x.test/a:1: no Go here")


@pytest.mark.parametrize(
    ("reference", "name", "on_node"),
    [
        ("host.test:5000/team/app:1.2", "host.test:5000/team/app", "host.test:5000/team/app:1.2"),
        (f"host.test/app:1@{DIGEST}", "host.test/app", f"host.test/app@{DIGEST}"),
        (f"host.test/app@{DIGEST}", "host.test/app", f"host.test/app@{DIGEST}"),
    ],
)
def test_containerd_is_asked_for_a_digest_without_the_tag(reference: str, name: str, on_node: str) -> None:
    assert (repository_of(reference), name_on_node(reference)) == (name, on_node)


def test_settings_say_which_names_spark_has_and_a_program_makes_the_agent_an_image() -> None:
    known = builders(spark=["registry.test/team/spark:4.1.2"])
    assert {"registry.test/team/spark", HISTORY_SERVER.repository, SPARK_OPERATOR_CONTROLLER.repository} < known.keys()
    assert FLUENT_BIT.repository not in known
    assert FLUENT_BIT.repository in builders(fluent_bit=Path("/bin/sh"))


@pytest.mark.parametrize("place", ["222222222222.dkr.ecr.eu-central-1.amazonaws.com", "registry.internal:5000/moka"])
def test_images_are_built_under_the_names_that_they_have_in_any_registry(place: str) -> None:
    for each in (YUNIKORN_SCHEDULER, YUNIKORN_ADMISSION):
        assert builder_of(each.below(place).reference, builders()) is yunikorn_image
    assert name_in_table(SPARK.below(place).reference) == SPARK.repository
    assert name_in_table(f"{place}/teams/analytics/spark:1") == f"{place}/teams/analytics/spark"
    assert builder_of(f"{place}/apache/yunikorn:scheduler-1.8.0", builders()) is None


def test_a_tag_or_a_digest_says_which_of_yunikorns_programs_an_image_is(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(platform_images, "find", lambda *_: dict.fromkeys(program for program, _ in PROGRAMS.values()))
    monkeypatch.setattr(platform_images, "program_layer", lambda name, *_: made.append(name))
    monkeypatch.setattr(platform_images, "image", lambda *_: None)
    named = replace(YUNIKORN_ADMISSION, digest=DIGEST)
    monkeypatch.setattr(platform_images, "YUNIKORN_ADMISSION", named)
    for each in (YUNIKORN_SCHEDULER.reference, YUNIKORN_ADMISSION.reference, name_on_node(named.reference)):
        yunikorn_image(f"222222222222.dkr.ecr.us-east-1.amazonaws.com/{each}", silent)
    scheduler, admission = (PROGRAMS[each][0] for each in ("scheduler", "admission"))
    assert made == [scheduler, admission, admission]
    with pytest.raises(MissingToolError, match="which of YuniKorn's programs"):
        yunikorn_image(f"222222222222.dkr.ecr.us-east-1.amazonaws.com/apache/yunikorn@{OTHER}", silent)
