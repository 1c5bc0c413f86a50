"""What Amazon Managed Service for Prometheus bills for samples and storage, as a sum for a month.

List prices of us-east-1 as of November 2026, in US dollars, before free tier and discounts. AWS' pricing page builds
its table in the browser, so these could not be read from it: check them before a decision hangs on them. Leaves out
queries, rule evaluation among them, and the collectors' traffic.

Source: https://aws.amazon.com/prometheus/pricing/
"""

from components.monitoring.cardinality import CHUNK_BYTES_A_SAMPLE, MONTH_SECONDS, Cardinality

# Samples of a month up to which a price holds, and the price of ten million of them.
TIERS = ((2e9, 0.90), (252e9, 0.35), (float("inf"), 0.16))
SAMPLES_A_PRICE = 10_000_000
STORED_GIB_MONTH = 0.03
RETENTION_DAYS = 150


def ingestion_dollars(samples: float) -> float:
    """Price of the samples of one month.

    Args:
        samples: samples sent to one workspace within the month.
    """
    dollars, below = 0.0, 0.0
    for limit, price in TIERS:
        dollars += max(0.0, min(samples, limit) - below) / SAMPLES_A_PRICE * price
        below = limit
    return dollars


def monthly_dollars(metrics: Cardinality) -> float:
    """Ingestion and storage of a month, once the workspace holds all the days that it keeps."""
    samples_a_day = metrics.samples_a_second * MONTH_SECONDS / 30
    stored_gib = samples_a_day * RETENTION_DAYS * CHUNK_BYTES_A_SAMPLE / 1024**3
    return ingestion_dollars(samples_a_day * 30) + stored_gib * STORED_GIB_MONTH
