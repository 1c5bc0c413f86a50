"""What an image of Spark starts for the roles that Spark's scheduler asks for."""

import os
import subprocess
from pathlib import Path

import pytest

from local_cluster.images.spark import ENTRYPOINT

SAYS_ITS_ARGUMENTS = '#!/bin/sh\nprintf "%s\\n" "$0" "$@"\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of Spark whose programs say how they are called."""
    for name in ("java", "spark-submit"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(SAYS_ITS_ARGUMENTS)
        program.chmod(0o755)
    return tmp_path


def started(home: Path, *words: str, **variables: str) -> list[str]:
    """The program that is started, and its arguments."""
    # This machine has no tini; all that it does is to stand between.
    script = home / "entrypoint.sh"
    script.write_text(ENTRYPOINT.read_text().replace("/usr/bin/tini -s -- ", ""))
    environment = {"PATH": f"{home / 'bin'}:{os.environ['PATH']}", "SPARK_HOME": str(home), **variables}
    done = subprocess.run(["bash", str(script), *words], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_an_executor_gets_its_options_in_order_and_one_with_a_space_is_one(home: Path) -> None:
    options = {f"SPARK_JAVA_OPT_{number}": f"-Dnumber={number}" for number in (10, 0, 2)}
    program, *arguments = started(
        home, "executor", **options, SPARK_JAVA_OPT_1="-Dmoka.words=two words", SPARK_EXECUTOR_MEMORY="600m"
    )
    assert Path(program).name == "java"
    assert arguments[:6] == [
        "-Dnumber=0",
        "-Dmoka.words=two words",
        "-Dnumber=2",
        "-Dnumber=10",
        "-Xms600m",
        "-Xmx600m",
    ]
    classpath = arguments[arguments.index("-cp") + 1]
    assert classpath == f"{home}/conf:{home}/jars/*"


def test_a_driver_is_submitted_by_its_own_pod(home: Path) -> None:
    program, *arguments = started(home, "driver", "--class", "Main", SPARK_DRIVER_BIND_ADDRESS="10.0.0.1")
    assert Path(program).name == "spark-submit"
    assert "spark.driver.bindAddress=10.0.0.1" in arguments
    assert arguments[-4:] == ["--deploy-mode", "client", "--class", "Main"]


def test_anything_else_runs_as_it_is(home: Path) -> None:
    assert started(home, "echo", "two words") == ["two words"]
