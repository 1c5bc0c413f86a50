"""Teams: who runs Spark applications, in which namespace, on which data, with which rights."""
