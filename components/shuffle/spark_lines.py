"""Spark's defaults for where shuffles lie: on executors' nodes, or in Celeborn. Pure functions of settings.

Source: Apache Spark, "Job Scheduling", "Dynamic Resource Allocation"; Apache Celeborn documentation, "Deploy Spark
client" and "Upgrading" (0.7.0).
"""

from components.shuffle.addresses import master_endpoints
from components.shuffle.settings import CelebornSettings, ShuffleSettings

_CLASSES = "org.apache.spark.shuffle.celeborn"

# Executors stay while a shuffle that they wrote is in use. Spark waits for ever by default, so a driver that collects
# no garbage, and so never learns that a shuffle is over, would keep them overnight.
LOCAL_LINES = {
    "spark.dynamicAllocation.shuffleTracking.enabled": "true",
    "spark.dynamicAllocation.shuffleTracking.timeout": "30min",
}


def shuffle_lines(settings: ShuffleSettings) -> dict[str, str]:
    """Settings that differ with the shuffle service.

    Args:
        settings: whether there is one.
    """
    return LOCAL_LINES if settings.celeborn is None else celeborn_lines(settings.celeborn)


def celeborn_lines(settings: CelebornSettings) -> dict[str, str]:
    """Settings that send shuffles to Celeborn.

    Where Celeborn takes no shuffle, for want of workers, Spark keeps it on executors as before. Nothing tracks it
    there, but executors that go move their blocks to others, as spark-defaults.conf says.

    Args:
        settings: the environment's.
    """
    return {
        "spark.shuffle.manager": f"{_CLASSES}.SparkShuffleManager",
        # Tells dynamic allocation that executors may go, whatever they have written.
        "spark.shuffle.sort.io.plugin.class": f"{_CLASSES}.CelebornShuffleDataIO",
        "spark.dynamicAllocation.shuffleTracking.enabled": "false",
        "spark.shuffle.service.enabled": "false",
        # Workers put pieces of many tasks together, which Java's own serializer does not allow.
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        # There is no local part of a shuffle to prefer.
        "spark.sql.adaptive.localShuffleReader.enabled": "false",
        "spark.celeborn.master.endpoints": master_endpoints(),
        "spark.celeborn.auth.enabled": "true",
        "spark.celeborn.client.push.replicate.enabled": str(settings.replicate).lower(),
        # Long enough for a worker to restart.
        "spark.celeborn.client.fetch.maxRetriesForEachReplica": "5",
        "spark.celeborn.data.io.retryWait": "10s",
    }
