"""Prints a Spark application's logs in order of time, straight from the bucket that the log agents write to."""
