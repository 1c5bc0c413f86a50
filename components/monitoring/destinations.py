"""Stores outside the environment that telemetry is forwarded to, as one environment sets them.

Leaves out the headers' values: they stay in a Kubernetes Secret that people make, and reach neither settings nor state.
"""

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model, Violation

HttpsUrl = Annotated[
    str,
    Field(
        pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$",
        description="An https:// address without user, password, query and fragment; keys belong into headers.",
    ),
]
# Regular expressions over metric names need no other signs. The collector gives quotes, backslashes and dollar signs a
# meaning of their own on the way to its filter.
MetricPattern = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_:.*+?()|\[\]-]+$",
        description="Regular expression of whole metric names, such as spark_application_.*, without anchors.",
    ),
]


class HeadersSecret(Model):
    """Which key of which Secret in the namespace `monitoring` holds headers, as a YAML map of name to value."""

    name: Annotated[
        str,
        Field(pattern=r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", max_length=253),
        OnChange(in_place("rolls the collectors")),
    ]
    """Name of the Secret."""

    key: Annotated[
        str, Field(pattern=r"^[-._A-Za-z0-9]+$", max_length=253), OnChange(in_place("rolls the collectors"))
    ] = "headers"
    """Key of the Secret's data."""


class MetricsDestination(Model):
    """A store that takes chosen metrics by Prometheus remote write, such as a company's own."""

    url: Annotated[HttpsUrl, OnChange(in_place("rolls the collectors"))]
    """Its remote write address."""

    metrics: Annotated[tuple[MetricPattern, ...], Field(min_length=1), OnChange(in_place("rolls the collectors"))]
    """Which metrics it gets. A histogram goes by its name without _bucket, _sum and _count, and as a whole."""

    headers_secret: Annotated[HeadersSecret | None, OnChange(in_place("rolls the collectors"))] = None
    """Headers of each request, such as Authorization; none by default."""

    @property
    def pattern(self) -> str:
        """One regular expression that matches any of the metrics."""
        return "|".join(f"(?:{each})" for each in self.metrics)

    def rules(self) -> Iterable[Violation]:
        """Each pattern compiles where the collector compiles it, and can match something."""
        for index, pattern in enumerate(self.metrics):
            if problem := _problem(pattern):
                yield Violation(
                    f"metrics.{index}",
                    pattern,
                    "must be a regular expression in the syntax of RE2",
                    f"the collector's filter would not start with it: {problem}",
                    "write names and simple wildcards, such as spark_application_.*",
                )
            elif pattern.endswith("_bucket"):
                yield Violation(
                    f"metrics.{index}",
                    pattern,
                    "must not end with _bucket",
                    "inside the collector a histogram is one metric without that ending, so nothing would match",
                    f"write {pattern.removesuffix('_bucket')}",
                )


class OtlpDestination(Model):
    """A store that takes traces and log records by OTLP over HTTP."""

    url: Annotated[HttpsUrl, OnChange(in_place("rolls the collectors"))]
    """Its base address, to which the collectors add /v1/traces and /v1/logs."""

    headers_secret: Annotated[HeadersSecret | None, OnChange(in_place("rolls the collectors"))] = None
    """Headers of each request, such as an API key; none by default."""


def _problem(pattern: str) -> str | None:
    # RE2 has neither look-around nor possessive repetition, which Python's syntax writes with these signs.
    for sign in ("(?", "*+", "++", "?+"):
        if sign in pattern:
            return f"it holds {sign}"
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return None
