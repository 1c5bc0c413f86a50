"""What lines.lua makes of a container's line: its text, and where it goes."""

import pytest

from tests.components.logs.lines_script import container_line, described

UID = "8a1e0c6e-3b52-4f6f-9f0e-0d6a1c2b3d4e"
APPLICATION = "spark-3b1f0e6a2c4d4e5f9a8b7c6d5e4f3a2b"
DRIVER = {"spark-app-selector": APPLICATION, "spark-role": "driver"}
SPARKS_OWN_NAME = "spark-kubernetes-driver"


def destination(labels: dict[str, str] | None, container: str = "main-app", uid: str = UID) -> str | None:
    """Where a line goes whose pod has these labels; None for labels that could not be read."""
    tag = f"kube,team-ads,etl-driver,{UID},{container},0"
    found = container_line(tag, {"log": "text", "logtag": "F", **described(labels, uid)})
    return found["destination"].decode() if "destination" in found else None


@pytest.mark.parametrize("container", [SPARKS_OWN_NAME, "main-app", "vault-agent", "spark"])
@pytest.mark.parametrize("role", ["driver", "executor"])
def test_labels_say_whose_a_line_is_whatever_its_container_is_called(container: str, role: str) -> None:
    labels = {**DRIVER, "spark-role": role}
    assert destination(labels, container) == f"spark,team-ads,{APPLICATION},{role},etl-driver,{container}"


@pytest.mark.parametrize("labels", [{}, {"app": "web"}, {"spark-version": "4.1.2"}])
@pytest.mark.parametrize("container", [SPARKS_OWN_NAME, "main-app"])
def test_a_pod_without_sparks_labels_is_not_sparks_whatever_its_container_is_called(
    labels: dict[str, str], container: str
) -> None:
    assert destination(labels, container) is None


@pytest.mark.parametrize(
    "labels",
    [
        {"spark-role": "driver"},
        {"spark-app-selector": APPLICATION},
        {**DRIVER, "spark-role": "connect"},
        {**DRIVER, "spark-app-selector": "../other"},
        {**DRIVER, "spark-app-selector": "spark-a,b"},
        {**DRIVER, "spark-app-selector": "etl-2026-11-24"},
    ],
)
def test_a_spark_pod_that_names_no_usable_application_is_kept_apart(labels: dict[str, str]) -> None:
    assert destination(labels) == "unlabelled,team-ads,etl-driver,main-app"


@pytest.mark.parametrize("name", ["spark-app-selector", "spark-role", "namespace", "spark-app-name"])
@pytest.mark.parametrize(
    "value", ["spark-billing", "../spark-billing", "spark-billing,spark-1", "spark,spark-billing,spark-1"]
)
def test_no_label_takes_a_line_out_of_the_namespace_that_its_log_lies_in(name: str, value: str) -> None:
    found = destination({**DRIVER, name: value})
    assert found
    assert found.split(",")[:2] in (["spark", "team-ads"], ["unlabelled", "team-ads"])
    assert len(found.split(",")) == (6 if found.startswith("spark,") else 4)


def test_without_labels_the_name_that_spark_gives_is_all_there_is() -> None:
    assert destination(None, SPARKS_OWN_NAME) == f"unlabelled,team-ads,etl-driver,{SPARKS_OWN_NAME}"
    assert destination(None, "main-app") is None


def test_labels_of_an_earlier_pod_of_the_same_name_count_as_none() -> None:
    assert destination(DRIVER, uid="of-another-pod") is None
    assert destination(DRIVER, SPARKS_OWN_NAME, uid="of-another-pod") == (
        f"unlabelled,team-ads,etl-driver,{SPARKS_OWN_NAME}"
    )


@pytest.mark.parametrize(
    ("text", "logtag", "stored"),
    [
        (b"", "F", b""),
        ("10 \u20ac  ".encode(), "F", "10 \u20ac  ".encode()),
        (b"a piece \xe4\xb8", "P", b"a piece \xe4\xb8\x1f"),
        (b"a\0b\0", "F", "a\ufffdb\ufffd".encode()),
        (b"\0", "P", "\ufffd\x1f".encode()),
    ],
)
def test_text_is_kept_byte_for_byte_pieces_are_marked_and_no_nul_gets_through(
    text: bytes, logtag: str, stored: bytes
) -> None:
    for labels in (None, {}, DRIVER):
        record = {"log": text, "logtag": logtag, "stream": "stdout", **described(labels, UID)}
        found = container_line(f"kube,team-ads,etl-driver,{UID},main-app,0", record)
        assert found["log"] == stored
        assert set(found) <= {"log", "destination"}, (
            "what else is in a record would lie on the node's disk with each line"
        )
