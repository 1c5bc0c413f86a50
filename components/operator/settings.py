"""What one environment decides about its Spark Operator."""

from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model

# The operator itself, with what it remembers of its applications.
BASE_MIB = 512
# Heap of a JVM that submits an application.
SUBMISSION_HEAP_MIB = 256
# What such a JVM needs outside its heap: classes, threads, buffers.
SUBMISSION_OFF_HEAP_MIB = 192


class OperatorSettings(Model):
    """Size of the Spark Operator."""

    replicas: Annotated[int, Field(ge=1, le=3), OnChange(in_place("rolls the Spark Operator"))] = 2
    """Pods of the controller, of which one works, and of the webhook, which all answer; with one, a drained node holds
    up submissions until its pod runs elsewhere."""

    submissions_at_once: Annotated[int, Field(ge=1, le=50), OnChange(in_place("rolls the Spark Operator"))] = 10
    """Applications that are submitted at the same time; each takes a JVM of the controller for some seconds."""

    @property
    def controller_memory_mib(self) -> int:
        """Memory request and limit of a controller."""
        return BASE_MIB + self.submissions_at_once * (SUBMISSION_HEAP_MIB + SUBMISSION_OFF_HEAP_MIB)
