"""A Helm chart by name, source and version."""

from dataclasses import dataclass

OCI = "oci://"


@dataclass(frozen=True)
class Chart:
    """A pinned chart.

    Args:
        name: of the chart, which is its last part in a registry as well.
        source: URL of a Helm repository, or prefix of an OCI registry that begins with oci://.
        version: exact version; never a range.
        digest: `sha256:...` of the chart in its OCI registry, or None where it could not be looked up. A Helm
            repository has none.
    """

    name: str
    source: str
    version: str
    digest: str | None = None
