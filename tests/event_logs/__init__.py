"""Runs the real Spark with the published defaults, kills its driver, and makes one event log of what is left.

`make verify-event-logs SPARK_HOME=/path/to/spark`, a Spark 4.1 with the jars of images/spark. S3 is moto's; the buffer
directory and the addresses of S3 are bent to this machine, everything else is as published.
"""
