"""Runs the real Spark with the published defaults against a locked bucket, kills its driver, and joins what is left.

`make verify-event-logs SPARK_HOME=/path/to/spark`, a Spark 4.1 with the jars of images/spark. S3 is moto's; the buffer
directory and the addresses of S3 are bent to this machine, everything else is as published. The bucket asks what one
with Object Lock asks (local_cluster.aws.locked_bucket), which is also tried without the setting that answers it.
"""
