"""How far back tables of logs look, against how long the buckets keep them."""

from collections.abc import Iterable

from components.buckets.settings import LogBucketsSettings
from components.catalog.settings import LogCatalogSettings
from components.model import Violation


def rules_of_log_tables(log_buckets: LogBucketsSettings, catalog: LogCatalogSettings) -> Iterable[Violation]:
    """Tables find every line that is kept.

    Args:
        log_buckets: retention of the lines.
        catalog: the tables.
    """
    kept, found = log_buckets.retention_days, catalog.days_back
    if found < kept:
        yield Violation(
            "logs.catalog.days_back",
            found,
            f"must be at least log_buckets.retention_days ({kept})",
            "queries would find no line of the days before, although it is still paid for",
            f"write {kept} or more",
        )
