"""The scheduler of Spark applications: queues, and the pods that decide by them."""
