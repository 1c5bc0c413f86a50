"""What a day of logs holds, in the formats of the agents' files: the rows that saved queries are run on."""

import json
import re
from datetime import date, timedelta
from typing import Any

from components.logs.fluent_bit import FILES
from tests.components.catalog.samples import Sample

APPLICATION, OTHER = "spark-aaaa1111", "spark-bbbb2222"
NAMESPACE, OTHER_NAMESPACE = "spark-analytics", "spark-billing"
POD = "etl-9f2c-exec-7"
DAY = date(2026, 11, 23)
SLASHES, HYPHENS = "%Y/%m/%d", "%Y-%m-%d"


def day(pattern: str, ago: int = 0) -> str:
    """A day, so many days ago."""
    return (DAY - timedelta(days=ago)).strftime(pattern)


def log4j(time: str, level: str, message: str) -> str:
    """A line in the layout of Spark's JSON logging."""
    return json.dumps({"timestamp": f"2026-11-23T{time}Z", "level": level, "logger": "o.a.s.X", "message": message})


def usage_parser() -> re.Pattern[str]:
    """The parser of YuniKorn's summaries in the agents' file, with names as Python writes them."""
    text = (FILES / "parsers-moka.conf").read_text()
    section = text[text.index("yunikorn_app_summary") :]
    match = re.search(r"^\s*Regex\s+(.*)$", section, re.MULTILINE)
    assert match
    return re.compile(match[1].replace("(?<", "(?P<"))


def summary(application: str, queue: str, resources: str, *, state: str = "Completed", minutes: int = 30) -> str:
    """A line of YuniKorn, as the agent stores it."""
    line = (
        f"2026-11-23T10:00:00Z INFO core.scheduler.application.usage YK_APP_SUMMARY: {{ApplicationID: {application}, "
        f"SubmissionTime: 0, StartTime: 120000, FinishTime: {120000 + minutes * 60000}, User: ada, Queue: {queue}, "
        f"State: {state}, RmID: mycluster, ResourceUsage: TrackedResource{{{resources}}}, "
        "PreemptedResource: TrackedResource{}, PlaceholderResource: TrackedResource{}}"
    )
    match = usage_parser().search(line)
    assert match
    return json.dumps({"date": "2026-11-23T10:00:00.000Z", **match.groupdict()})


def event(reason: str, name: str, *, kind: str = "Warning", version: int = 1, **more: Any) -> str:
    """A Kubernetes event, as the agent stores it."""
    return json.dumps(
        {
            "date": "2026-11-23T10:00:00.000Z",
            "metadata": {"name": f"{name}.1", "namespace": "spark", "uid": name, "resourceVersion": str(version)},
            "involvedObject": {"kind": "Pod", "namespace": "spark", "name": name, "uid": "u"},
            "reason": reason,
            "message": f"{reason} of {name}",
            "source": {"component": "kubelet", "host": "ip-100-66-0-10.ec2.internal"},
            "firstTimestamp": "2026-11-23T09:00:00Z",
            "lastTimestamp": f"2026-11-23T1{version}:00:00Z",
            "count": version,
            "type": kind,
            **more,
        }
    )


def journal(message: str, minute: int) -> str:
    """An entry of a node's journal, as the agent stores it."""
    return json.dumps(
        {"date": f"2026-11-23T10:{minute:02}:00.000Z", "priority": "6", "systemd_unit": "kubelet.service", "pid": "7"}
        | {"transport": "stdout", "message": message}
    )


def kernel(message: str, minute: int, priority: int) -> str:
    """An entry of a node's kernel, which has neither unit nor process."""
    entry = {"date": f"2026-11-23T10:{minute:02}:00.000Z", "priority": str(priority), "transport": "kernel"}
    return json.dumps({**entry, "message": message})


SPARK = f"{NAMESPACE}/{APPLICATION}/driver/etl-driver"
HOUR_OF_FOUR_CORES = "m7g.large:vcore=14400000,m7g.large:memory=3865470566400"

SAMPLES: tuple[Sample, ...] = (
    Sample(
        "spark_logs",
        f"{SPARK}/20261123T100000-main-app-a1.log.gz",
        (
            log4j("10:00:00.000", "INFO", "Running Spark version 4.1.0"),
            log4j(
                "10:00:40.000",
                "ERROR",
                "Lost executor 7 on 100.66.1.2: The executor with id 7 exited with exit code 137",
            ),
            log4j(
                "10:00:41.000",
                "ERROR",
                "Lost executor 8 on 100.66.1.3: The executor with id 8 exited with exit code 143",
            ),
        ),
    ),
    Sample(
        "spark_logs",
        f"{SPARK}/20261123T100100-main-app-a2.log.gz",
        ("26/11/23 10:01:05 ERROR Utils: Uncaught exception", "java.lang.OutOfMemoryError: Java heap space"),
    ),
    Sample("spark_logs", f"{SPARK}/20261123T120000-vault-agent-a6.log.gz", ("token",) * 240),
    Sample(
        "spark_logs",
        f"{NAMESPACE}/{APPLICATION}/driver/etl-driver-retry/20261123T110000-spark-kubernetes-driver-a3.log.gz",
        tuple(log4j(f"11:{number // 60:02}:{number % 60:02}.000", "INFO", f"n{number}") for number in range(250)),
    ),
    Sample(
        "spark_logs",
        f"{NAMESPACE}/{APPLICATION}/executor/{POD}/20261123T100030-spark-kubernetes-executor-a4.log.gz",
        (log4j("10:00:30.000", "WARN", "slow"), log4j("10:00:31.000", "ERROR", "Exception in task 12.0 in stage 3.0")),
    ),
    Sample(
        "spark_logs",
        f"{NAMESPACE}/{APPLICATION}/executor/etl-9f2c-exec-8/20261123T100030-spark-kubernetes-executor-a5.log.gz",
        (log4j("10:00:32.000", "ERROR", "Exception in task 13.1 in stage 3.0"),),
    ),
    Sample(
        "spark_logs",
        f"{NAMESPACE}/{OTHER}/driver/other-driver/20261123T100000-spark-kubernetes-driver-b1.log.gz",
        (log4j("10:00:00.000", "ERROR", "not yours: Lost executor 1, exited with exit code 1"),),
    ),
    # In client mode Spark makes ids of the time, which two teams may have.
    Sample(
        "spark_logs",
        f"{OTHER_NAMESPACE}/{APPLICATION}/driver/their-driver/20261123T100000-spark-kubernetes-driver-c1.log.gz",
        (log4j("10:00:00.000", "ERROR", "not your team's: Lost executor 1, exited with exit code 1"),) * 300,
    ),
    Sample("system_logs", f"{day(SLASHES)}/coredns-1/100000-u.log.gz", ("[INFO] up", "\x1f cut \x1f")),
    Sample("system_logs", f"{day(SLASHES)}/karpenter-1/100000-u.log.gz", ("other pod",)),
    Sample("system_logs", f"{day(SLASHES, 5)}/coredns-1/100000-u.log.gz", ("old",)),
    Sample("node_logs", f"{day(SLASHES)}/node-1/100000-u.json.gz", (journal("second", 2), journal("first", 1))),
    Sample(
        "node_logs",
        f"{day(SLASHES)}/node-2/100000-u.json.gz",
        (
            journal("other node", 1),
            kernel("nvme nvme1: I/O timeout", 4, 4),
            kernel("Out of memory: Killed process 9 (java)", 3, 3),
            kernel("ena 0000:00:05.0: link is up", 2, 6),
        ),
    ),
    Sample("node_logs", f"{day(SLASHES, 5)}/node-1/100000-u.json.gz", (journal("old", 1),)),
    Sample(
        "kubernetes_events",
        f"dt={day(HYPHENS)}/100000-u.json.gz",
        (
            event("FailedScheduling", POD, version=2),
            event("Scheduled", POD, kind="Normal", version=3),
            event("FailedScheduling", "etl-9f2c-exec-8"),
            event("Evicted", "etl-9f2c-exec-9"),
        ),
    ),
    Sample(
        "kubernetes_events", f"dt={day(HYPHENS)}/100500-again.json.gz", (event("FailedScheduling", POD, version=2),)
    ),
    Sample("kubernetes_events", f"dt={day(HYPHENS, 20)}/100000-u.json.gz", (event("BackOff", POD),)),
    Sample(
        "yunikorn_usage",
        f"dt={day(HYPHENS)}/100000-u.json.gz",
        (
            summary(APPLICATION, "root.etl", HOUR_OF_FOUR_CORES),
            summary(OTHER, "root.etl", "m7g.large:vcore=3600000,r6id.large:vcore=3600000", state="Failed"),
            summary("spark-cccc3333", "root.adhoc", ""),
        ),
    ),
    # An agent that was killed sends some lines a second time.
    Sample(
        "yunikorn_usage",
        f"dt={day(HYPHENS)}/100100-again.json.gz",
        (summary(APPLICATION, "root.etl", HOUR_OF_FOUR_CORES),),
    ),
    Sample(
        "yunikorn_usage",
        f"dt={day(HYPHENS, 3)}/100000-u.json.gz",
        (summary("spark-dddd4444", "root.etl", "m:vcore=3600000"),),
    ),
    Sample(
        "yunikorn_usage",
        f"dt={day(HYPHENS, 60)}/100000-u.json.gz",
        (summary("spark-eeee5555", "root.old", HOUR_OF_FOUR_CORES),),
    ),
)
