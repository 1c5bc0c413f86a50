"""What one environment decides about the scheduler of Spark applications."""

from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model


class QueueResources(Model):
    """An amount of capacity."""

    vcpus: Annotated[int, Field(ge=1), OnChange(in_place("from the next decision on"))]
    memory_gib: Annotated[int, Field(ge=1), OnChange(in_place("from the next decision on"))]


class QueueSettings(Model):
    """One team's queue."""

    guaranteed: Annotated[QueueResources | None, OnChange(in_place("from the next decision on"))] = None
    maximum: QueueResources
    weight: Annotated[int, Field(ge=1, le=100), OnChange(in_place("from the next decision on"))] = 1
    parent: Annotated[str | None, OnChange(in_place("from the next application on"))] = None
