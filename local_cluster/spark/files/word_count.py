"""Counts words. WORDS names a text, COUNTS a directory for Parquet files, SECONDS is how long it lingers.

It lingers so that Prometheus, which looks every half minute, finds it.
"""

import importlib
import sys
import time
from typing import Any


def main(words: str, counts: str, seconds: str) -> None:
    """Write how often each word occurs, the most frequent first."""
    functions: Any = importlib.import_module("pyspark.sql.functions")
    session: Any = importlib.import_module("pyspark.sql").SparkSession
    spark = session.builder.appName("word-count").getOrCreate()
    each = spark.read.text(words).select(functions.explode(functions.split("value", " ")).alias("word"))
    counted = each.groupBy("word").count().orderBy(functions.desc("count"), "word")
    counted.coalesce(1).write.mode("overwrite").parquet(counts)
    for row in spark.read.parquet(counts).collect():
        print("counted", row["word"], row["count"], flush=True)
    time.sleep(float(seconds))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
