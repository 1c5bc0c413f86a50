"""The tables, saved queries and limits by which people find lines in the log buckets with Amazon Athena."""
