"""The ways to submit the word count to a cluster on this machine."""

from enum import StrEnum


class Way(StrEnum):
    """A way, by its name on the command line."""

    OPERATOR = "operator"
    """A SparkApplication, which the team's person makes and the Spark Operator submits."""

    SPARK_SUBMIT = "spark-submit"
    """spark-submit in a pod of the team's."""
