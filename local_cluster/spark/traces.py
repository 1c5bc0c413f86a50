"""Where an application leaves traces, looked at from inside the cluster's network."""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local_cluster.certificates import authority_file
from local_cluster.directory import ClusterDirectory

_SECONDS = 10.0
_HISTORY = "http://spark-history-server.spark-history.svc.cluster.local:18080/api/v1/applications"
_PROMETHEUS = "http://prometheus.monitoring.svc.cluster.local:9090/api/v1/query"


def s3_of(directory: ClusterDirectory, region: str) -> Any:
    """A client of the cluster's S3, with the rights of whoever brought the stack up."""
    given = json.loads((directory.aws / "deployer.json").read_text())
    return boto3.client(
        "s3",
        region_name=region,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        verify=str(authority_file(directory)),
        config=Config(retries={"total_max_attempts": 2}),
    )


def keys(s3: Any, bucket: str, prefix: str) -> list[str]:
    """Keys of objects."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [each["Key"] for page in pages for each in page.get("Contents", ())]


def history(application: str) -> dict[str, Any]:
    """What the History Server says of an application; empty while it does not list it."""
    with urllib.request.urlopen(_HISTORY, timeout=_SECONDS) as answer:
        return next((each for each in json.load(answer) if each["id"] == application), {})


def series(query: str) -> list[dict[str, Any]]:
    """What Prometheus answers to a query."""
    address = f"{_PROMETHEUS}?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(address, timeout=_SECONDS) as answer:
        return json.load(answer)["data"]["result"]


def log_lines(directory: ClusterDirectory, namespace: str, pod: str) -> Iterator[str]:
    """What a pod's containers wrote, as it lies on its node in /var/log/pods.

    Source: kubernetes/design-proposals, "kubelet-cri-logging": time, stream and tag go before each line, and a long
    line comes in parts with tag P, the last with F.
    """
    for file in sorted(directory.nodes.glob(f"*/var/log/pods/{namespace}_{pod}_*/*/*.log")):
        begun: dict[str, str] = {}
        # Python knows more ends of lines than the kubelet.
        for line in file.read_bytes().decode(errors="replace").split("\n"):
            _, stream, tag, text = [*line.split(" ", 3), "", "", ""][:4]
            begun[stream] = begun.get(stream, "") + text
            if tag == "F":
                yield begun.pop(stream)


def as_json(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Those of the lines that are JSON objects."""
    for line in lines:
        try:
            content = json.loads(line)
        except ValueError:
            continue
        if isinstance(content, dict):
            yield content


def requests_of(directory: ClusterDirectory, service_account: str) -> list[dict[str, Any]]:
    """What pods of a service account asked of AWS, and what was said."""
    log = directory.logs / "aws-requests.jsonl"
    entries = (json.loads(line) for line in log.read_text().splitlines()) if log.exists() else iter(())
    return [each for each in entries if each["serviceAccount"] == service_account]


def project_root() -> Path:
    """Where `python -m moka_logs` runs."""
    return Path(__file__).resolve().parents[2]
