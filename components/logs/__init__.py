"""The pipeline that ships Spark application logs and system pod logs to S3."""
