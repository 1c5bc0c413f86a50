"""A Spark application on a local cluster, followed from its submission to what it leaves behind."""
