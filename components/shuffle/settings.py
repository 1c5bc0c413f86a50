"""What one environment decides about where Spark's shuffles lie: on executors' nodes, or in Celeborn.

Leaves out how many workers Celeborn has and how large they are: node groups with workload `shuffle` say that
(`capacity.py`), so that no number has two owners.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from components.account import Account
from components.change import OnChange, in_place, replaces
from components.model import Model, Violation
from components.workloads.image import Image
from components.workloads.image_rules import rules_of_registries

ROLLS = "rolls masters and workers, one at a time"
SUBMITTED_FROM_NOW_ON = "applications submitted from now on"
# The project publishes on Docker Hub alone: what an environment pulls is a copy in the account's own registry.
REPOSITORY_NAME = "moka/celeborn"
# The first release whose client is built and tested with Spark 4.1 (CELEBORN-2239).
# renovate: datasource=docker depName=apache/celeborn
VERSION = "0.7.0"


class CelebornSettings(Model):
    """Celeborn: three masters on system nodes, and a worker on each node that is kept for shuffles."""

    peak_shuffle_gib: Annotated[int, Field(ge=1, le=4_000_000), OnChange(in_place("nothing but a rule reads it"))]
    """Compressed shuffle data that all running applications have at the same time, at most; workers must hold it."""

    replicate: Annotated[bool, OnChange(in_place(SUBMITTED_FROM_NOW_ON))] = True
    """Keep each piece of a shuffle on two workers, so that losing one costs no application a stage. Doubles what the
    workers hold."""

    image_repository: Annotated[
        Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._:-]*/[a-z0-9/._-]+$")] | None, OnChange(in_place(ROLLS))
    ] = None
    """Image without its tag; null for moka/celeborn in the account's own Amazon ECR, which docs/shuffle.md fills."""

    image_tag: Annotated[str, Field(pattern=r"^\d[\w.-]{0,62}$"), OnChange(in_place(ROLLS))] = VERSION
    """Version of the image; the client in applications' images is of the same."""

    image_digest: Annotated[
        Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")] | None, OnChange(in_place(ROLLS))
    ] = None
    """Digest of the image's index, where it is known."""

    image_user_id: Annotated[int, Field(ge=1, le=4294967294), OnChange(in_place(ROLLS))] = 10006
    """User that the image declares."""

    def image(self, account: Account) -> Image:
        """The image by repository, tag and digest.

        Args:
            account: the environment's account, whose registry holds it unless settings name another.
        """
        repository = self.image_repository or f"{account.registry}/{REPOSITORY_NAME}"
        return Image(repository, self.image_tag, self.image_digest)

    @property
    def copies(self) -> int:
        """How often each piece of a shuffle is kept."""
        return 2 if self.replicate else 1

    def rules(self) -> Iterable[Violation]:
        """The image does not come from Docker Hub."""
        yield from rules_of_registries(
            {"image_repository": self.image_repository},
            "copy the image to Amazon ECR of the account and write null, or name another registry",
        )


class ShuffleSettings(Model):
    """Where shuffles lie."""

    celeborn: Annotated[
        CelebornSettings | None,
        OnChange(
            in_place(SUBMITTED_FROM_NOW_ON),
            removed=replaces(
                "kubernetes:apps/v1:StatefulSet",
                "kubernetes:core/v1:Namespace",
                "kubernetes:core/v1:PersistentVolumeClaim",
                how="masters and workers go",
                loses="the shuffles of applications that still run",
            ),
        ),
    ] = None
    """The shuffle service; null leaves shuffles on the disks of executors' nodes, followed by Spark itself."""
