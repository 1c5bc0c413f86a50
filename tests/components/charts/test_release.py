"""A chart as a Helm release: where it comes from, and what is undone when it fails."""

from pathlib import Path

import pulumi
import pytest

from components.charts.chart import Chart
from components.charts.release import chart_place, release
from components.charts.settings import ChartsSettings
from components.charts.versions import SPARK_OPERATOR
from tests.recorder import record

RELEASE = "kubernetes:helm.sh/v3:Release"
IN_REPOSITORY = Chart("engine", "https://charts.moka.internal", "1.2.3")
IN_REGISTRY = Chart("engine", "oci://registry.moka.internal/charts", "1.2.3")


def test_a_chart_of_a_repository_is_a_name_and_the_repositorys_address() -> None:
    assert chart_place(IN_REPOSITORY, ChartsSettings()) == ("engine", "https://charts.moka.internal")


def test_a_chart_of_a_registry_is_a_reference_with_its_digest_where_that_is_known() -> None:
    assert chart_place(IN_REGISTRY, ChartsSettings()) == ("oci://registry.moka.internal/charts/engine", None)
    digest = f"sha256:{'a' * 64}"
    pinned = Chart("engine", IN_REGISTRY.source, "1.2.3", digest)
    assert chart_place(pinned, ChartsSettings()) == (f"oci://registry.moka.internal/charts/engine@{digest}", None)


@pytest.mark.parametrize("chart", [IN_REPOSITORY, IN_REGISTRY])
def test_a_mirror_takes_the_place_of_either(chart: Chart, tmp_path: Path) -> None:
    registry = ChartsSettings(mirror="oci://mirror.moka.internal/helm/")
    assert chart_place(chart, registry) == ("oci://mirror.moka.internal/helm/engine", None)
    (tmp_path / "engine").mkdir()
    assert chart_place(chart, ChartsSettings(mirror=str(tmp_path))) == (str(tmp_path / "engine"), None)


def test_an_archive_of_the_version_goes_before_a_directory_of_no_version(tmp_path: Path) -> None:
    settings = ChartsSettings(mirror=str(tmp_path))
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine-1.2.2.tgz").touch()
    assert chart_place(IN_REPOSITORY, settings) == (str(tmp_path / "engine"), None)
    (tmp_path / "engine-1.2.3.tgz").touch()
    assert chart_place(IN_REPOSITORY, settings) == (str(tmp_path / "engine-1.2.3.tgz"), None)


def test_a_directory_without_the_chart_says_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"holds neither engine-1\.2\.3\.tgz nor engine/"):
        chart_place(IN_REPOSITORY, ChartsSettings(mirror=str(tmp_path)))


def test_a_release_has_the_charts_name_and_version_and_undoes_what_fails() -> None:
    recorder = record(
        lambda: release(
            "operator",
            SPARK_OPERATOR,
            ChartsSettings(),
            namespace="spark-operator",
            values={"replicas": 2},
            opts=pulumi.ResourceOptions(parent=pulumi.ComponentResource("moka:index:Owner", "owner")),
        )
    )
    inputs = recorder.only(RELEASE).inputs
    assert {key: inputs[key] for key in ("name", "chart", "version", "namespace", "values", "repositoryOpts")} == {
        "name": "spark-operator",
        "chart": "spark-operator",
        "version": SPARK_OPERATOR.version,
        "namespace": "spark-operator",
        "values": {"replicas": 2},
        "repositoryOpts": {"repo": SPARK_OPERATOR.source},
    }
    assert inputs["atomic"] is inputs["cleanupOnFail"] is inputs["resetValues"] is True
    assert inputs["skipAwait"] is inputs["skipCrds"] is False
    assert inputs["timeout"] >= 600
    assert inputs["maxHistory"] == 5
