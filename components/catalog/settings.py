"""What one environment decides about queries on its logs."""

from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model

BYTES_PER_GIB = 1024**3


class LogCatalogSettings(Model):
    """How far back tables look, and limits of the Athena workgroup."""

    scan_limit_gib: Annotated[int, Field(ge=1, le=100_000), OnChange(in_place())] = 100
    """Athena stops a query once it has read so much of compressed logs; 100 GiB cost about half a US dollar."""

    days_back: Annotated[int, Field(ge=1, le=3650), OnChange(in_place())] = 400
    """Days that tables look back; a query that names no day lists each of them."""

    @property
    def scan_limit_bytes(self) -> int:
        """The limit as Athena takes it, which accepts 10 MB and more."""
        return self.scan_limit_gib * BYTES_PER_GIB
