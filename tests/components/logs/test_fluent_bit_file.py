"""The way of a line through files/fluent-bit.yaml: log file, input, tag, output, key in S3."""

import re
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml

from components.logs.fluent_bit import FILES

CONFIG: dict[str, Any] = yaml.safe_load((FILES / "fluent-bit.yaml").read_text())
INPUTS: list[dict[str, Any]] = CONFIG["pipeline"]["inputs"]
OUTPUTS: list[dict[str, Any]] = CONFIG["pipeline"]["outputs"]
ID = "0f" * 32
APPLICATION = "spark-3b1f0e6a2c4d4e5f9a8b7c6d5e4f3a2b"

SPARK_DRIVER = f"etl-daily-driver_team-ads_spark-kubernetes-driver-{ID}.log"
SPARK_EXECUTOR = f"etl-daily-9a1b2c-exec-17_team-ads_spark-kubernetes-executor-{ID}.log"
SPARK_SIDECAR = f"etl-daily-driver_team-ads_vault-agent-{ID}.log"
YUNIKORN = f"yunikorn-scheduler-5d7c_yunikorn_yunikorn-scheduler-k8s-{ID}.log"
COREDNS = f"coredns-6d4b75cb6d-x2x8z_kube-system_coredns-{ID}.log"
SPARK_OPERATOR = f"spark-operator-controller-1_spark-operator_spark-operator-controller-{ID}.log"
AGENT = f"fluent-bit-abcde_logging_fluent-bit-{ID}.log"


def readers(file: str) -> set[str]:
    """Aliases of the inputs that read a file under /var/log/containers."""
    path = f"/var/log/containers/{file}"
    return {
        each["alias"]
        for each in INPUTS
        if fnmatch(path, each["path"])
        and not any(fnmatch(path, pattern) for pattern in each.get("exclude_path", "").split(",") if pattern)
    }


def tags(file: str, labels: dict[str, str] | None = None) -> set[str]:
    """Tags that a file's lines leave their inputs with, given the labels of its pod."""
    found = set()
    for each in INPUTS:
        if each["alias"] not in readers(file):
            continue
        tag = each["tag"].replace("*", f"var.log.containers.{file}")
        for processor in each.get("processors", {}).get("logs", []):
            if processor["name"] == "rewrite_tag":
                tag = rewritten(processor["rule"], tag, file, labels or {})
        found.add(tag)
    return found


def rewritten(rule: str, tag: str, file: str, labels: dict[str, str]) -> str:
    key, pattern, new_tag, keep = rule.split(" ")
    assert keep == "false", "a kept record would be uploaded twice"
    values = {f"$kubernetes['labels']['{name}']": value for name, value in labels.items()}
    values["$kubernetes['pod_name']"] = file.split("_", maxsplit=1)[0]
    if not re.search(pattern, values.get(key, "")):
        return tag
    for name, value in values.items():
        new_tag = new_tag.replace(name, value)
    assert "$" not in new_tag, new_tag
    return new_tag


def keys(file: str, labels: dict[str, str] | None = None) -> set[str]:
    """Bucket variable and key, up to the time and the unique part, of the objects that a file's lines end in."""
    found = set()
    for tag in tags(file, labels):
        matching = [each for each in OUTPUTS if fnmatch(tag, each["match"])]
        assert len(matching) == 1, f"{tag} goes to {[each['alias'] for each in matching]}"
        found.add(f"{matching[0]['bucket']}{with_tag_parts(matching[0], tag)}")
    return found


def with_tag_parts(output: dict[str, Any], tag: str) -> str:
    parts = tag.split(output.get("s3_key_format_tag_delimiters", "."))
    return re.sub(r"\$TAG\[(\d)\]", lambda match: parts[int(match[1])], output["s3_key_format"])


SPARK_LABELS = {"spark-app-selector": APPLICATION, "spark-role": "driver"}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (SPARK_DRIVER, {"spark_logs"}),
        (SPARK_EXECUTOR, {"spark_logs"}),
        (SPARK_SIDECAR, {"system_logs"}),
        (SPARK_OPERATOR, {"system_logs"}),
        (COREDNS, {"system_logs"}),
        (YUNIKORN, {"system_logs", "yunikorn_usage"}),
        (AGENT, set()),
    ],
)
def test_each_log_file_is_read_by_the_input_that_it_is_for(file: str, expected: set[str]) -> None:
    assert readers(file) == expected


def test_a_drivers_lines_are_kept_by_application_role_and_pod() -> None:
    assert keys(SPARK_DRIVER, SPARK_LABELS) == {
        f"${{SPARK_BUCKET}}/spark/{APPLICATION}/driver/etl-daily-driver/%Y%m%dT%H%M%S-$UUID.log.gz"
    }


def test_an_executors_lines_are_kept_beside_its_drivers() -> None:
    labels = {"spark-app-selector": APPLICATION, "spark-role": "executor"}
    assert keys(SPARK_EXECUTOR, labels) == {
        f"${{SPARK_BUCKET}}/spark/{APPLICATION}/executor/etl-daily-9a1b2c-exec-17/%Y%m%dT%H%M%S-$UUID.log.gz"
    }


@pytest.mark.parametrize("labels", [{}, {"spark-app-selector": "../other"}])
def test_spark_lines_without_a_usable_label_are_kept_under_the_files_name(labels: dict[str, str]) -> None:
    assert keys(SPARK_DRIVER, labels) == {
        f"${{SPARK_BUCKET}}/spark-unlabelled/{SPARK_DRIVER.removesuffix('.log')}/%Y%m%dT%H%M%S-$UUID.log.gz"
    }


def test_system_lines_are_kept_by_cluster_day_and_pod() -> None:
    assert keys(COREDNS) == {
        f"${{SYSTEM_BUCKET}}/system/${{CLUSTER_NAME}}/%Y/%m/%d/{COREDNS.removesuffix('.log')}/%H%M%S-$UUID.log.gz"
    }


def test_yunikorn_summaries_are_kept_by_day_beside_the_schedulers_log() -> None:
    usage = "${SYSTEM_BUCKET}/yunikorn-usage/${CLUSTER_NAME}/dt=%Y-%m-%d/%H%M%S-$UUID.json.gz"
    assert usage in keys(YUNIKORN)
    assert len(keys(YUNIKORN)) == 2


def test_the_usage_parser_takes_a_summary_apart() -> None:
    text = (FILES / "parsers-moka.conf").read_text()
    parser = next(line.split(maxsplit=1)[1] for line in text.splitlines() if line.strip().startswith("Regex"))
    line = (
        "2026-11-23T07:00:00.000Z INFO core.scheduler.application.usage YK_APP_SUMMARY: {ApplicationID: spark-1, "
        "SubmissionTime: 1700000000000, StartTime: 1700000001000, FinishTime: 1700000009000, User: ada, "
        "Queue: root.ads, State: Completed, RmID: moka, ResourceUsage: TrackedResource{r6id.8xlarge:vcore=80000},"
        " PreemptedResource: TrackedResource{}, PlaceholderResource: TrackedResource{}}"
    )
    match = re.search(parser.replace("(?<", "(?P<"), line)
    assert match
    assert match["application_id"] == "spark-1"
    assert match["queue"] == "root.ads"
    assert match["resource_usage"] == "r6id.8xlarge:vcore=80000"


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda each: each["alias"])
def test_no_output_gives_up_overwrites_or_is_refused_by_a_locked_bucket(output: dict[str, Any]) -> None:
    assert output["retry_limit"] == 1000000
    assert "$UUID" in output["s3_key_format"]
    assert output["static_file_path"] is True
    assert output["use_put_object"] is True
    assert output["send_content_md5"] is True
    assert "store_dir_limit_size" not in output


def test_each_output_has_a_store_of_its_own_on_the_node() -> None:
    stores = [each["store_dir"] for each in OUTPUTS]
    assert len(set(stores)) == len(OUTPUTS)
    assert all(store.startswith("/var/fluent-bit/state/") for store in stores)


@pytest.mark.parametrize("source", INPUTS, ids=lambda each: each["alias"])
def test_every_input_remembers_its_place_and_buffers_on_the_node(source: dict[str, Any]) -> None:
    assert source["storage.type"] == "filesystem"
    assert source["db"].startswith("/var/fluent-bit/state/")
    assert source["read_from_head"] is True
    assert "db.compare_filename" not in source
    assert source["multiline.parser"] == "cri"


def test_inputs_share_no_position_database() -> None:
    assert len({each["db"] for each in INPUTS}) == len(INPUTS)


def test_memory_buffers_fit_the_smallest_memory_limit() -> None:
    megabytes = sum(int(each["mem_buf_limit"].removesuffix("M")) for each in INPUTS)
    megabytes += int(CONFIG["service"]["storage.backlog.mem_limit"].removesuffix("M"))
    assert megabytes < 256


def test_records_change_tag_in_a_processor_and_in_no_filter() -> None:
    assert "filters" not in CONFIG["pipeline"]
    spark = next(each for each in INPUTS if each["alias"] == "spark_logs")
    assert [each["name"] for each in spark["processors"]["logs"]] == ["kubernetes", "rewrite_tag"]
