"""The way of a line through files/fluent-bit.yaml: log file, input, tag, output, key in S3."""

import re
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml

from components.logs.disk_budget import CHUNKS_GIB
from components.logs.fluent_bit import FILES
from components.logs.settings import LogsSettings
from tests.components.logs.lines_script import container_line, described

CONFIG: dict[str, Any] = yaml.safe_load((FILES / "fluent-bit.yaml").read_text())
INPUTS: list[dict[str, Any]] = CONFIG["pipeline"]["inputs"]
TAILS = [each for each in INPUTS if each["name"] == "tail"]
CONTAINER_INPUTS = [each for each in TAILS if each["path"].startswith("/var/log/pods/")]
OUTPUTS: list[dict[str, Any]] = CONFIG["pipeline"]["outputs"]
UNITS = {"k": 10**3, "M": 10**6}
# Fluent Bit, src/aws/flb_aws_util.c: MAX_TAG_PARTS and S3_KEY_SIZE; Amazon S3 takes keys of the same length.
TAG_PARTS = 10
LONGEST_KEY = 1024

UID = "8a1e0c6e-3b52-4f6f-9f0e-0d6a1c2b3d4e"
APPLICATION = "spark-3b1f0e6a2c4d4e5f9a8b7c6d5e4f3a2b"
# The kubelet joins namespace, name and uid to a directory, and no file system takes more than 255 characters.
LONGEST_POD = "x" * (255 - len(f"team-ads__{UID}"))


def log(pod: str, container: str, namespace: str = "team-ads", number: int = 0) -> str:
    """Path of a container's log as the kubelet makes it."""
    return f"/var/log/pods/{namespace}_{pod}_{UID}/{container}/{number}.log"


DRIVER = log("etl-daily-driver", "spark-kubernetes-driver")
EXECUTOR = log("etl-daily-9a1b2c-exec-17", "spark-kubernetes-executor")
SIDECAR = log("etl-daily-driver", "vault-agent")
YUNIKORN = log("yunikorn-scheduler-5d7c", "yunikorn-scheduler-k8s", "yunikorn")
COREDNS = log("coredns-6d4b75cb6d-x2x8z", "coredns", "kube-system")
AGENT = log("fluent-bit-abcde", "fluent-bit", "logging")
EVENTS_SHIPPER = log("kubernetes-events-5d7c-abcde", "kubernetes-events", "logging")
BLOCK = f"/var/log/spark-events/{APPLICATION}/s3ablock-0001-42.tmp"
SPARK_LABELS = {"spark-app-selector": APPLICATION, "spark-role": "driver"}


def readers(path: str) -> set[str]:
    """Aliases of the inputs that read a file."""
    return {
        each["alias"]
        for each in TAILS
        if any(found_by(pattern, path) for pattern in each["path"].split(","))
        and not any(fnmatch(path, pattern) for pattern in each.get("exclude_path", "").split(",") if pattern)
    }


def found_by(pattern: str, path: str) -> bool:
    """Whether glob(7) finds a path, whose parts a star doesn't cross."""
    parts, patterns = path.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatch, parts, patterns))


def tags(path: str, labels: dict[str, str] | None = None) -> set[str]:
    """Tags that a file's lines leave their inputs with, given the labels of its pod if they could be read."""
    found = set()
    for each in TAILS:
        if each["alias"] not in readers(path):
            continue
        match = re.search(each["tag_regex"].replace("(?<", "(?P<"), path)
        assert match, f"{each['alias']} reads {path} and can't tell its tag"
        tag = re.sub(r"<(\w+)>", lambda name, parts=match: parts[name[1]], each["tag"])
        for processor in each.get("processors", {}).get("logs", []):
            if processor["name"] == "rewrite_tag":
                tag = rewritten(processor["rule"], tag, labels)
        found.add(tag)
    return found


def rewritten(rule: str, tag: str, labels: dict[str, str] | None) -> str:
    """The tag after the rule, which reads what lines.lua adds to a record."""
    key, pattern, new_tag, keep = rule.split(" ")
    assert keep == "false", "a kept record would be uploaded twice"
    assert key == new_tag, "one value says whether a tag changes and what it becomes"
    record = {"log": "text", "logtag": "F", **described(labels, tag.split(",")[3])}
    value = container_line(tag, record).get(key.removeprefix("$"), b"").decode()
    return value if re.search(pattern, value) else tag


def keys(path: str, labels: dict[str, str] | None = None) -> set[str]:
    """Bucket variable and key, up to the time and the unique part, of the objects that a file's lines end in."""
    found = set()
    for tag in tags(path, labels):
        output = output_of(tag)
        found.add(f"{output['bucket']}{with_tag_parts(output, tag)}")
    return found


def output_of(tag: str) -> dict[str, Any]:
    """The one output that takes a tag."""
    matching = [each for each in OUTPUTS if fnmatch(tag, each["match"])]
    assert len(matching) == 1, f"{tag} goes to {[each['alias'] for each in matching]}"
    return matching[0]


def with_tag_parts(output: dict[str, Any], tag: str) -> str:
    """The key format with parts of the tag in their places."""
    parts = tag.split(output.get("s3_key_format_tag_delimiters", "."))
    return re.sub(r"\$TAG\[(\d)\]", lambda match: parts[int(match[1])], output["s3_key_format"])


def size(text: str) -> int:
    """A size such as 16M in bytes."""
    return int(text[:-1]) * UNITS[text[-1]]


def hours(text: str) -> int:
    """A time such as 24h in hours."""
    assert text.endswith("h")
    return int(text[:-1])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (DRIVER, {"container_logs"}),
        (EXECUTOR, {"container_logs"}),
        (log("etl-daily-driver", "spark-kubernetes-driver", number=3), {"container_logs"}),
        (SIDECAR, {"container_logs"}),
        (COREDNS, {"container_logs"}),
        (YUNIKORN, {"container_logs", "yunikorn_usage"}),
        (AGENT, set()),
        (EVENTS_SHIPPER, {"container_logs"}),
        (f"{DRIVER}.20261123-130000", {"container_logs"}),
        (f"{DRIVER}.20261123-130000.gz", set()),
        (f"{DRIVER}.20261123-130000.tmp", set()),
        (f"{COREDNS}.20261123-130000", {"container_logs"}),
        (f"{AGENT}.20261123-130000", set()),
        (BLOCK, {"spark_events"}),
        ("/var/log/spark-events/stray-file", set()),
        ("/var/log/messages", set()),
    ],
)
def test_each_log_file_is_read_by_the_input_that_it_is_for(path: str, expected: set[str]) -> None:
    assert readers(path) == expected


def test_without_the_scheduler_no_file_feeds_the_usage_table() -> None:
    assert not any("yunikorn_usage" in readers(path) for path in (DRIVER, EXECUTOR, SIDECAR, COREDNS, AGENT, BLOCK))


def test_a_drivers_lines_are_kept_by_namespace_application_role_and_pod() -> None:
    assert keys(DRIVER, SPARK_LABELS) == {
        f"${{SPARK_BUCKET}}/spark/team-ads/{APPLICATION}/driver/etl-daily-driver/%Y%m%dT%H%M%S-spark-kubernetes-driver-$UUID.log.gz"
    }


def test_an_executors_lines_are_kept_beside_its_drivers() -> None:
    assert keys(EXECUTOR, {**SPARK_LABELS, "spark-role": "executor"}) == {
        f"${{SPARK_BUCKET}}/spark/team-ads/{APPLICATION}/executor/etl-daily-9a1b2c-exec-17/"
        "%Y%m%dT%H%M%S-spark-kubernetes-executor-$UUID.log.gz"
    }


def test_a_container_that_a_template_names_and_a_sidecar_are_kept_with_their_driver_each_for_itself() -> None:
    place = f"${{SPARK_BUCKET}}/spark/team-ads/{APPLICATION}/driver/etl-daily-driver/%Y%m%dT%H%M%S-"
    for name in ("main-app", "vault-agent"):
        assert keys(log("etl-daily-driver", name), SPARK_LABELS) == {f"{place}{name}-$UUID.log.gz"}


def test_a_retry_of_an_application_is_kept_apart_even_if_its_driver_has_the_same_name() -> None:
    retried = {**SPARK_LABELS, "spark-app-selector": "spark-" + "e" * 32}
    assert not keys(DRIVER, SPARK_LABELS) & keys(DRIVER, retried)
    kubernetes = processors("container_logs")[0]
    assert kubernetes["cache_use_docker_id"] is True, "labels would be remembered by name, and the retry's be wrong"
    parser = parsers()[kubernetes["regex_parser"]]
    (tag,) = tags(COREDNS)
    match = re.search(parser, tag.removeprefix(kubernetes["kube_tag_prefix"]))
    assert match
    assert match["docker_id"] == UID


def test_a_container_that_restarts_is_read_on_and_kept_in_the_same_place() -> None:
    again = log("etl-daily-driver", "spark-kubernetes-driver", number=1)
    assert keys(again, SPARK_LABELS) == keys(DRIVER, SPARK_LABELS)


@pytest.mark.parametrize("pod", ["etl.daily.v1.2-driver", LONGEST_POD, "0"])
def test_odd_pod_names_stay_whole_in_the_key(pod: str) -> None:
    assert keys(log(pod, "main"), SPARK_LABELS) == {
        f"${{SPARK_BUCKET}}/spark/team-ads/{APPLICATION}/driver/{pod}/%Y%m%dT%H%M%S-main-$UUID.log.gz"
    }
    assert keys(log(pod, "main"), {}) == {
        f"${{SYSTEM_BUCKET}}/system/${{CLUSTER_NAME}}/%Y/%m/%d/{pod}/team-ads-main-%H%M%S-$UUID.log.gz"
    }


def test_the_longest_key_is_one_that_s3_takes() -> None:
    longest = {**SPARK_LABELS, "spark-app-selector": "spark-" + "a" * 57}
    namespace = "n" * 63
    pod = "x" * (255 - len(f"{namespace}__{UID}"))
    for labels in (None, {}, longest):
        for path in (log(LONGEST_POD, "c" * 63), log(pod, "c" * 63, namespace)):
            for key in keys(path, labels):
                assert len(key) + 100 < LONGEST_KEY, "with names and times in the places of variables"


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda each: each["alias"])
def test_a_key_names_no_more_parts_of_a_tag_than_fluent_bit_takes_apart(output: dict[str, Any]) -> None:
    named = [int(number) for number in re.findall(r"\$TAG\[(\d+)\]", output["s3_key_format"])]
    assert all(number < TAG_PARTS for number in named)


@pytest.mark.parametrize("labels", [SPARK_LABELS, {"spark-role": "driver"}], ids=["labelled", "unlabelled"])
@pytest.mark.parametrize("namespace", ["spark-ads", "spark-ads-batch"])
def test_the_namespace_is_a_whole_folder_so_that_no_team_reads_one_whose_name_begins_as_its_own(
    namespace: str, labels: dict[str, str]
) -> None:
    (key,) = keys(log("etl-driver", "main", namespace), labels)
    assert key.split("/")[2] == namespace


@pytest.mark.parametrize("labels", [None, {"spark-app-selector": "../other"}, {"spark-app-selector": "a,b"}])
def test_spark_lines_without_a_usable_label_are_kept_under_the_pods_namespace_and_name(
    labels: dict[str, str] | None,
) -> None:
    assert keys(DRIVER, labels) == {
        "${SPARK_BUCKET}/spark-unlabelled/team-ads/etl-daily-driver/%Y%m%dT%H%M%S-spark-kubernetes-driver-$UUID.log.gz"
    }


def test_system_lines_are_kept_by_cluster_day_and_pod() -> None:
    for labels in (None, {"k8s-app": "kube-dns"}):
        assert keys(COREDNS, labels) == {
            "${SYSTEM_BUCKET}/system/${CLUSTER_NAME}/%Y/%m/%d/coredns-6d4b75cb6d-x2x8z/"
            "kube-system-coredns-%H%M%S-$UUID.log.gz"
        }


def test_yunikorn_summaries_are_kept_by_day_beside_the_schedulers_log() -> None:
    usage = "${SYSTEM_BUCKET}/yunikorn-usage/${CLUSTER_NAME}/dt=%Y-%m-%d/%H%M%S-$UUID.json.gz"
    assert usage in keys(YUNIKORN)
    assert len(keys(YUNIKORN)) == 2


def test_blocks_of_open_event_logs_are_kept_by_application_and_file() -> None:
    assert keys(BLOCK) == {
        f"${{EVENTS_BUCKET}}/fragments/{APPLICATION}/s3ablock-0001-42.tmp/%Y%m%dT%H%M%S-$UUID.jsonl.gz"
    }


def test_node_services_are_read_from_the_journal_and_kept_by_day_and_node() -> None:
    (journal,) = [each for each in INPUTS if each["name"] == "systemd"]
    assert journal["path"] == "/var/log/journal"
    units = {each.removeprefix("_SYSTEMD_UNIT=") for each in journal["systemd_filter"]}
    assert {"kubelet.service", "containerd.service", "nodeadm-run.service"} <= units
    assert "_TRANSPORT=kernel" in journal["systemd_filter"], "the kernel has no unit"
    assert journal["systemd_filter_type"] == "or"
    kept = next(each for each in processors("node_services") if each["name"] == "record_modifier")["allowlist_key"]
    assert {"systemd_unit", "transport"} <= set(kept), "or nobody could tell who wrote a line"
    output = output_of(journal["tag"])
    assert output["bucket"] == "${SYSTEM_BUCKET}"
    assert output["s3_key_format"] == "/node/${CLUSTER_NAME}/%Y/%m/%d/${NODE_NAME}/%H%M%S-$UUID.json.gz"


def parsers() -> dict[str, str]:
    """Parser name to its expression, as Python writes it."""
    text = (FILES / "parsers-moka.conf").read_text()
    found = re.findall(r"^\s+Name\s+(\S+)\n.*\n\s+Regex\s+(.+)$", text, re.MULTILINE)
    return {name: expression.replace("(?<", "(?P<") for name, expression in found}


def processors(alias: str) -> list[dict[str, Any]]:
    """An input's processors."""
    return next(each for each in INPUTS if each["alias"] == alias)["processors"]["logs"]


def test_the_line_parser_keeps_text_as_it_is() -> None:
    line = "2026-11-23T13:00:00.123456789Z stderr P   two spaces, and one behind "
    match = re.search(parsers()["cri_line"], line)
    assert match
    assert (match["stream"], match["logtag"], match["log"]) == ("stderr", "P", "  two spaces, and one behind ")


def test_the_usage_parser_takes_a_summary_apart() -> None:
    # As YuniKorn 1.8 writes it: the core's ApplicationSummary, logged through the shim's logger. An application that
    # never started has the start of Go's time.
    line = (
        "2026-11-29T16:04:33.718Z\tINFO\tcore.scheduler.application.usage\tobjects/application_summary.go:60\t"
        "YK_APP_SUMMARY: {ApplicationID: spark-4c4b7d5e1f0a4a0c9f6b, SubmissionTime: 1764430000000, "
        "StartTime: -62135596800000, FinishTime: 1764430060000, "
        "User: system:serviceaccount:spark-operator:spark-operator-controller, Queue: root.research.spark-lab, "
        "State: Completed, RmID: moka-dev, ResourceUsage: TrackedResource{r6id.8xlarge:pods=20,"
        "r6id.8xlarge:memory=21474836480,r6id.8xlarge:vcore=80000}, PreemptedResource: TrackedResource{}, "
        "PlaceholderResource: TrackedResource{}}"
    )
    match = re.search(parsers()["yunikorn_app_summary"], line)
    assert match
    assert match.groupdict() == {
        "application_id": "spark-4c4b7d5e1f0a4a0c9f6b",
        "submission_ms": "1764430000000",
        "start_ms": "-62135596800000",
        "finish_ms": "1764430060000",
        "user": "system:serviceaccount:spark-operator:spark-operator-controller",
        "queue": "root.research.spark-lab",
        "state": "Completed",
        "rm_id": "moka-dev",
        "resource_usage": "r6id.8xlarge:pods=20,r6id.8xlarge:memory=21474836480,r6id.8xlarge:vcore=80000",
        "preempted_resource": "",
        "placeholder_resource": "",
    }


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda each: each["alias"])
def test_no_output_gives_up_overwrites_or_is_refused_by_a_locked_bucket(output: dict[str, Any]) -> None:
    assert output["retry_limit"] == 1000000
    assert output["auto_retry_requests"] is True
    assert "$UUID" in output["s3_key_format"]
    assert output["static_file_path"] is True
    assert output["use_put_object"] is True
    assert output["send_content_md5"] is True
    assert output["preserve_data_ordering"] is True
    assert output["compression"] == "gzip"
    assert "store_dir_limit_size" not in output


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda each: each["alias"])
def test_keys_take_tags_apart_at_a_sign_that_no_name_contains(output: dict[str, Any]) -> None:
    if "$TAG" in output["s3_key_format"]:
        assert output["s3_key_format_tag_delimiters"] == ","


def test_each_output_has_a_store_of_its_own_on_the_node() -> None:
    stores = [each["store_dir"] for each in OUTPUTS]
    assert len(set(stores)) == len(OUTPUTS)
    assert all(store.startswith("/var/fluent-bit/state/") for store in stores)


@pytest.mark.parametrize("source", INPUTS, ids=lambda each: each["alias"])
def test_every_input_remembers_its_place_and_buffers_on_the_node(source: dict[str, Any]) -> None:
    assert source["storage.type"] == "filesystem"
    assert source["db"].startswith("/var/fluent-bit/state/")
    assert source.get("read_from_head", not source.get("read_from_tail", True)) is True


@pytest.mark.parametrize("source", TAILS, ids=lambda each: each["alias"])
def test_no_input_keeps_lines_in_memory_or_skips_some(source: dict[str, Any]) -> None:
    assert "multiline.parser" not in source, "pieces in memory are lost when the agent is killed"
    assert "db.compare_filename" not in source
    assert source["skip_long_lines"] is True, "without it a line that is too long ends the reading of its file"
    assert source["refresh_interval"] <= 5


@pytest.mark.parametrize("path", [DRIVER, COREDNS])
def test_a_rotated_file_is_kept_where_it_was_and_never_read_again_from_its_head(path: str) -> None:
    assert keys(f"{path}.20261123-130000", SPARK_LABELS) == keys(path, SPARK_LABELS)
    for source in CONTAINER_INPUTS:
        assert hours(source["rotate_wait"]) > hours(source["ignore_older"]) >= 24


def test_event_logs_may_hold_events_of_megabytes() -> None:
    events = next(each for each in INPUTS if each["alias"] == "spark_events")
    assert size(events["buffer_max_size"]) >= 16 * 10**6
    assert "parser" not in events, "a line of JSON is stored as it is"


def test_containers_lines_pass_through_the_script_that_marks_pieces() -> None:
    assert [each["name"] for each in processors("container_logs")] == ["kubernetes", "lua", "rewrite_tag"]
    (lua,) = (each for each in processors("container_logs") if each["name"] == "lua")
    script = (FILES / "lines.lua").read_text()
    assert re.search(rf"^function {lua['call']}\(tag, timestamp, record\)", script, re.MULTILINE)
    assert all(each["parser"] == "cri_line" for each in CONTAINER_INPUTS)


def test_no_name_of_a_container_decides_whose_its_lines_are() -> None:
    assert "spark-kubernetes" not in (FILES / "fluent-bit.yaml").read_text()


def test_inputs_share_no_position_database() -> None:
    assert len({each["db"] for each in INPUTS}) == len(INPUTS)


def test_memory_buffers_fit_the_smallest_memory_limit() -> None:
    smallest = next(each.ge for each in LogsSettings.model_fields["agent_memory_mib"].metadata if hasattr(each, "ge"))
    megabytes = sum(size(each["mem_buf_limit"]) for each in INPUTS) / 10**6
    megabytes += size(CONFIG["service"]["storage.backlog.mem_limit"]) / 10**6
    assert megabytes < smallest


def test_what_waits_before_the_stores_fits_its_part_of_the_disk_budget() -> None:
    # A chunk is 2 MB, and each output reads one object's file to upload it.
    chunks = CONFIG["service"]["storage.max_chunks_up"] * 2 * 10**6
    objects = sum(size(each["total_file_size"]) for each in OUTPUTS)
    backlog = size(CONFIG["service"]["storage.backlog.mem_limit"])
    longest = sum(size(each["buffer_max_size"]) for each in TAILS)
    assert chunks + objects + backlog + longest < CHUNKS_GIB * 2**30


def test_records_change_tag_in_a_processor_and_in_no_filter() -> None:
    assert "filters" not in CONFIG["pipeline"]


def test_the_agent_stops_before_the_node_goes() -> None:
    assert CONFIG["service"]["grace"] <= 30
    assert CONFIG["service"]["hot_reload"] is False
