"""What follows a Spark application on a local cluster."""
