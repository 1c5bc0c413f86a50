"""Where an application leaves traces, looked at from inside the cluster's network."""

import gzip
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local_cluster.certificates import authority_file
from local_cluster.directory import ClusterDirectory
from moka_smoke.pages import Server

_SECONDS = 10.0


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


class InClusterPages:
    """Pages of the platform, at the names of its services."""

    def answer(self, server: Server, path: str) -> Any:
        """What a server answers, from JSON.

        Raises:
            OSError: when it answers with an error, or nobody does.
        """
        host = f"{server.service}.{server.namespace}.svc.cluster.local"
        with urllib.request.urlopen(f"http://{host}:{server.port}{path}", timeout=_SECONDS) as answer:
            return json.load(answer)


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


def rows_of(s3: Any, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in a bucket's gzipped files below a prefix."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for each in page.get("Contents", []):
            packed = s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
            yield from as_json(iter(gzip.decompress(packed).decode().splitlines()))


def requests_of(directory: ClusterDirectory, service_account: str) -> list[dict[str, Any]]:
    """What pods of a service account asked of AWS, and what was said."""
    log = directory.logs / "aws-requests.jsonl"
    entries = (json.loads(line) for line in log.read_text().splitlines()) if log.exists() else iter(())
    return [each for each in entries if each["serviceAccount"] == service_account]


def project_root() -> Path:
    """Where `python -m moka_logs` runs."""
    return Path(__file__).resolve().parents[2]
