"""What Spark must be told so that YuniKorn schedules its pods, and how gangs of an environment behave.

Leaves out the gang itself: which places an application needs is known to whoever submits it.

Source: Apache Spark, "Running Spark on Kubernetes", spark.kubernetes.scheduler.name; Apache YuniKorn, "Gang
Scheduling", scheduling policy parameters.
"""

from components.scheduler.settings import SchedulerSettings
from components.scheduler.workloads import SCHEDULER_NAME

PARAMETERS = "yunikorn.apache.org/schedulingPolicyParameters"


def gang_parameters(settings: SchedulerSettings) -> str:
    """Value of the driver's annotation that says how long a gang waits for its places, and what comes then."""
    return f"placeholderTimeoutInSeconds={settings.gang_timeout_seconds} gangSchedulingStyle={settings.gang_style}"


def spark_settings(settings: SchedulerSettings) -> dict[str, str]:
    """Spark's settings of team namespaces: with the scheduler's name in them, pods need no admission controller."""
    return {
        "spark.kubernetes.scheduler.name": SCHEDULER_NAME,
        f"spark.kubernetes.driver.annotation.{PARAMETERS}": gang_parameters(settings),
    }
