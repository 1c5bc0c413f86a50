"""Tests that share a stack run in one process: what pytest's ids and pytest-xdist's groups have to agree on."""

import subprocess
import sys
from pathlib import Path

FILE = """\
import os
from pathlib import Path
import pytest

@pytest.mark.xdist_group("{group}")
@pytest.mark.parametrize("number", range(4))
def test_it(number):
    Path(__file__).with_suffix(".processes").open("a").write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def test_files_of_a_group_run_in_one_process_and_another_group_runs_beside_it(tmp_path: Path) -> None:
    groups = {"test_one": "shared", "test_two": "shared", "test_three": "other"}
    for name, group in groups.items():
        (tmp_path / f"{name}.py").write_text(FILE.format(group=group))
    parallel = ["--numprocesses", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", str(tmp_path), *parallel, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    processes = {name: set((tmp_path / f"{name}.processes").read_text().split()) for name in groups}
    assert len(processes["test_one"] | processes["test_two"]) == 1
    assert processes["test_three"] != processes["test_one"]
