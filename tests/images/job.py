"""The application that tests an image from within: writes to Amazon S3 and reads it back, and asks its own metrics."""

import importlib
import json
import sys
import urllib.request
from typing import Any

ROWS = 10_000


def main(target: str) -> None:
    """Write, read, ask, and say what was found as one line of JSON.

    Args:
        target: where to write, s3a://.
    """
    session: Any = importlib.import_module("pyspark.sql").SparkSession
    spark = session.builder.appName("image").getOrCreate()
    spark.range(ROWS).selectExpr("id", "id % 7 AS day").write.partitionBy("day").parquet(target)
    count = spark.read.parquet(target).groupBy("day").count().agg({"count": "sum"}).collect()[0][0]
    # A function of Python's, so that a worker starts.
    sizes = spark.sparkContext.parallelize(range(4), 2).map(lambda each: each + 1).sum()
    with urllib.request.urlopen(f"{spark.sparkContext.uiWebUrl}/metrics/prometheus/") as answer:
        metrics = sorted({line.partition("{")[0] for line in answer.read().decode().splitlines()})
    found = {
        "application": spark.sparkContext.applicationId,
        "java": spark.sparkContext._jvm.System.getProperty("java.version"),
        "python": sys.version.partition(" ")[0],
        "rows": count,
        "sum": sizes,
        "metrics": metrics,
    }
    spark.stop()
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
