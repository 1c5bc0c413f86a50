"""The S3 buckets that hold an environment's logs."""
