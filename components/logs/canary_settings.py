"""What one environment decides about its log canary."""

from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model


class LogCanarySettings(Model):
    """How long a line may take from a pod to Amazon S3."""

    bound_minutes: Annotated[int, Field(ge=10, le=240), OnChange(in_place())] = 15
    """Minutes after which a line must be in the bucket; the agent alone takes up to its upload interval."""
