"""Counts words: WORDS names a text, COUNTS a directory for the result, SECONDS is how long the driver lingers.

The result is written as Parquet, read back and written once more as JSON, which people can read, so both ways of
committing to Amazon S3 are taken. It lingers so that Prometheus, which looks every half minute, finds it.
"""

import sys
import time

from pyspark.sql import SparkSession, functions


def main(words: str, counts: str, seconds: str = "0") -> None:
    """Write how often each word occurs, the most frequent first."""
    spark = SparkSession.builder.getOrCreate()
    each = spark.read.text(words).select(functions.explode(functions.split("value", " ")).alias("word"))
    counted = each.groupBy("word").count().orderBy(functions.desc("count"), "word")
    counted.coalesce(1).write.mode("overwrite").parquet(f"{counts}/parquet")
    written = spark.read.parquet(f"{counts}/parquet")
    written.coalesce(1).write.mode("overwrite").json(f"{counts}/json")
    for row in written.collect():
        print("counted", row["word"], row["count"], flush=True)
    time.sleep(float(seconds))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
