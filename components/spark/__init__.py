"""What a Spark application finds when it is submitted: a namespace, an identity and its event-log bucket."""
