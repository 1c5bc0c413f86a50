#!/bin/sh
# Runs the History Server in the foreground, wherever the image keeps Spark.
set -o errexit -o nounset
exec "${SPARK_HOME}/bin/spark-class" org.apache.spark.deploy.history.HistoryServer
