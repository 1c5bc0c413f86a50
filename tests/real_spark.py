"""The Spark that images of local clusters have, run in one process without a cluster."""

import os
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

from local_cluster.images.spark import HOME, pyspark_layer
from offline.progress import silent


def spark_home(place: Path) -> Path:
    """Its directory, unpacked into a place of the test's own."""
    with tarfile.open(pyspark_layer(silent).path) as layer:
        layer.extractall(place, filter="data")
    return place / HOME


def submitted(
    home: Path,
    settings: Mapping[str, str],
    program: Path,
    *arguments: object,
    variables: Mapping[str, str] | None = None,
    properties: Path | None = None,
) -> "subprocess.CompletedProcess[str]":
    """What became of a program that spark-submit ran.

    Args:
        home: Spark's directory.
        settings: its configuration.
        program: a Python file.
        arguments: of the program.
        variables: of its environment, beside this process' own.
        properties: a file with more of the configuration.
    """
    options = [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
    options += ["--properties-file", str(properties)] if properties else []
    command = [home / "bin" / "spark-submit", "--master", "local[2]", *options, program, *arguments]
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", **(variables or {})}
    words = [str(each) for each in command]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=600)
