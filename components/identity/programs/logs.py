"""Who ships logs, and who looks whether they arrive."""

from components.account import Account
from components.identity.programs.call import Call, Context, Program
from components.logs import canary_manifests


def through(account: Account, service: str) -> Context:
    """Condition keys of the use of a key that a service makes for whoever called it.

    Source: AWS KMS developer guide, "kms:ViaService" and "kms:CallerAccount".
    """
    return {"kms:ViaService": account.service_in_region(service), "kms:CallerAccount": account.id}


def log_programs(account: Account) -> tuple[Program, ...]:
    """The agents, the shipper of Kubernetes events, and the canary's checker."""
    return (
        Program(
            "Fluent Bit on every node",
            "fluent-bit-pod",
            (
                Call(
                    ("s3:PutObject",),
                    (
                        "{spark_logs}/spark/spark-team/spark-1/driver/pod/1.log.gz",
                        "{spark_logs}/spark-unlabelled/spark-team/pod/1.log.gz",
                        f"{{system_logs}}/system/{account.cluster_name}/2026/11/20/coredns/1.log.gz",
                        f"{{system_logs}}/yunikorn-usage/{account.cluster_name}/dt=2026-11-20/1.json.gz",
                        f"{{system_logs}}/node/{account.cluster_name}/2026/11/20/node/1.json.gz",
                        "{spark_events}/fragments/spark-1/block/1.jsonl.gz",
                    ),
                    "components/logs/files/fluent-bit.yaml, outputs s3 with use_put_object",
                ),
                _writes(account),
            ),
        ),
        Program(
            "Fluent Bit for Kubernetes events",
            "cluster-events-pod",
            (
                Call(
                    ("s3:PutObject",),
                    (f"{{system_logs}}/events/{account.cluster_name}/dt=2026-11-20/1.json.gz",),
                    "components/logs/files/kubernetes-events.yaml, output s3 with use_put_object",
                ),
                _writes(account),
            ),
        ),
        _checker(account),
    )


def _checker(account: Account) -> Program:
    source = "components/logs/files/canary_check.py"
    prefix = f"system/{account.cluster_name}/2026/11/20/{canary_manifests.WRITER.name}-29400000-"
    return Program(
        "The log canary's checker",
        "log-canary-pod",
        (
            Call(("s3:ListBucket",), ("{system_logs}",), source, {"s3:prefix": prefix}),
            Call(("s3:GetObject",), (f"{{system_logs}}/{prefix}x-canary-1.log.gz",), source),
            Call(
                ("kms:Decrypt",),
                ("{log_key}",),
                "Amazon S3 user guide, SSE-KMS: a download of an encrypted object",
                through(account, "s3"),
            ),
        ),
    )


def _writes(account: Account) -> Call:
    return Call(
        ("kms:GenerateDataKey",),
        ("{log_key}",),
        "Amazon S3 user guide, SSE-KMS: an upload in one part",
        through(account, "s3"),
    )
