"""The Spark Operator, which submits the SparkApplications of teams."""
