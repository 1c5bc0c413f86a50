"""The application that is watched: queries of many tasks, one after the other. spark-submit runs it."""

import importlib
import sys
import time
from typing import Any


def main(queries: int, tasks: int, rest_seconds: int) -> None:
    """Run queries and say after each that it is done; then wait, to be killed or to end."""
    session: Any = importlib.import_module("pyspark.sql").SparkSession
    spark = session.builder.appName("event-logs").getOrCreate()
    print("application", spark.sparkContext.applicationId, flush=True)
    for number in range(queries):
        spark.range(0, 100_000, 1, tasks).selectExpr(f"sum(id * {number + 1})").collect()
        print("query", number, flush=True)
    print("idle", flush=True)
    time.sleep(rest_seconds)
    spark.stop()


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
