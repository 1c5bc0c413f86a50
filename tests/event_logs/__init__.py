"""Runs the real Spark with the published defaults against a locked bucket, kills its driver, and joins what is left.

`make verify-event-logs SPARK_HOME=/path/to/spark HISTORY_HOME=/path/to/another`: a Spark 4.1, and the later one of the
History Server, each with the jars that images/spark gives it. S3 is moto's, and judges each request by the policy of
the role that makes it; the buffer directory and the addresses of S3 are bent to this machine, everything else is as
published. Applications of two teams run, and try each other's directory. The bucket asks what one with Object Lock asks
(local_cluster.aws.locked_bucket), which is also tried without the setting that answers it.
"""
