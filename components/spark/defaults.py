"""Spark's defaults as files: what is the same everywhere, and the lines that an environment adds."""

from collections.abc import Collection, Mapping
from pathlib import Path

from components.account import Account
from components.shuffle.settings import ShuffleSettings
from components.shuffle.spark_lines import shuffle_lines
from components.spark.event_logs import directory_of
from components.spark.image import default_image
from components.spark.placement import node_selectors
from components.spark.settings import SparkSettings

FILES = Path(__file__).parent / "files"
DEFAULTS = "spark-defaults.conf"
# Read beside it in SPARK_CONF_DIR; Spark sends log4j2.properties on to drivers and executors.
COMPANIONS = ("log4j2.properties", "driver-pod-template.yaml", "executor-pod-template.yaml")

CHECKSUM_ALGORITHM = "CRC32"
# Spark replaces it where it reads the setting, so one line serves every team, also where the operator submits.
EVENT_LOG_DIRECTORY = directory_of("${spark.kubernetes.namespace}")
# The driver's directory on the node. Outside the pods that Spark makes, such as in a notebook's, the variable is not
# set and nothing is mounted: then it is Hadoop's own temporary directory, and nothing ships what is left there.
BUFFER_DIRECTORY = (
    "${env.SPARK_EVENT_LOG_DIRECTORY:-${hadoop.tmp.dir}/spark-events}/${env.SPARK_APPLICATION_ID:-client}"
)


def environment_lines(
    settings: SparkSettings,
    account: Account,
    event_log_bucket: str,
    workloads: Collection[str],
    shuffle: ShuffleSettings,
) -> dict[str, str]:
    """Settings that differ between environments.

    Event logs lie in the directory of the namespace that an application runs in (`event_logs.py`).

    Args:
        settings: image, size of an event log's file, numbers of executors.
        account: the environment's account.
        event_log_bucket: name of the bucket.
        workloads: workloads of the environment's node groups.
        shuffle: where shuffles lie.

    Source: Apache Hadoop, "Hadoop-AWS module", per-bucket configuration, fs.s3a.buffer.dir, and
    fs.s3a.create.checksum.algorithm, which it has since 3.4.2 (HADOOP-15224); Apache Spark, "Monitoring and
    Instrumentation"; Apache Spark, ConfigReader.scala, which replaces names of settings in ${}.
    """
    return {
        "spark.kubernetes.container.image": default_image(
            settings.image, account, has_celeborn=shuffle.celeborn is not None
        ),
        "spark.eventLog.dir": f"s3a://{event_log_bucket}/{EVENT_LOG_DIRECTORY}/",
        "spark.eventLog.rolling.maxFileSize": f"{settings.event_log_roll_mib}m",
        "spark.hadoop.fs.s3a.endpoint.region": account.region,
        f"spark.hadoop.fs.s3a.bucket.{event_log_bucket}.buffer.dir": BUFFER_DIRECTORY,
        # A buffer in memory would leave nothing behind.
        f"spark.hadoop.fs.s3a.bucket.{event_log_bucket}.fast.upload.buffer": "disk",
        # Amazon S3 refuses a write without a checksum into a bucket that locks by default; S3A sends none by itself.
        # CRC32 needs no other library; whether the bucket locks or not, so that the lock can come later.
        f"spark.hadoop.fs.s3a.bucket.{event_log_bucket}.create.checksum.algorithm": CHECKSUM_ALGORITHM,
        "spark.dynamicAllocation.minExecutors": str(settings.executors.minimum),
        "spark.dynamicAllocation.initialExecutors": str(settings.executors.initial),
        "spark.dynamicAllocation.maxExecutors": str(settings.executors.maximum),
        **shuffle_lines(shuffle),
        **node_selectors(workloads),
    }


def namespace_lines(namespace: str, service_account: str) -> dict[str, str]:
    """Settings of one team: where its pods are made, and what they are to Kubernetes and AWS.

    Args:
        namespace: the team's namespace.
        service_account: the one of drivers and executors whose author names none.
    """
    return {
        "spark.kubernetes.namespace": namespace,
        **{
            f"spark.kubernetes.authenticate.{role}.serviceAccountName": service_account
            for role in ("driver", "executor")
        },
    }


def as_properties(lines: Mapping[str, str]) -> str:
    """Settings in the form that Spark reads: a key and its value on each line.

    Raises:
        ValueError: when a key or a value would not be read back as it is.
    """
    for key, value in lines.items():
        if not key or any(character.isspace() or character in "=:#!\\" for character in key):
            raise ValueError(f"{key!r} is no key of a properties file: it must have no space, =, :, #, ! or backslash")
        if value != value.strip() or "\n" in value or "\\" in value:
            raise ValueError(f"{key}={value!r} would not be read back: no outer space, line break or backslash")
    return "".join(f"{key} {value}\n" for key, value in lines.items())


def published_files(lines: Mapping[str, str]) -> dict[str, str]:
    """Name to content of every file of SPARK_CONF_DIR.

    Args:
        lines: what `environment_lines` gives.
    """
    common = (FILES / DEFAULTS).read_text(encoding="utf-8")
    return {
        DEFAULTS: f"{common}\n# This environment's own.\n{as_properties(lines)}",
        **{name: (FILES / name).read_text(encoding="utf-8") for name in COMPANIONS},
    }
