"""The CLI's own directory: no run fills it with logs that nobody reads."""

from pathlib import Path

from offline.engine import OfflineEngine
from offline.pulumi_home import pulumi_home
from tests.offline.sample import Sample


def test_a_run_leaves_no_logs_of_the_cli(sample: Sample, engine: OfflineEngine) -> None:
    sample.program("")
    engine.up("dev")
    home = Path(engine.variables()["PULUMI_HOME"])
    assert (home / "logs").is_file()
    assert list(home.rglob("*.log")) == []


def test_logs_of_an_earlier_version_are_taken_away(tmp_path: Path) -> None:
    logs = tmp_path / ".home" / "logs"
    logs.mkdir(parents=True)
    (logs / "pulumi-20261101T000000-1-up.log").write_text("old")
    assert pulumi_home(tmp_path) == tmp_path / ".home"
    assert "offline/pulumi_home.py" in logs.read_text()
    assert pulumi_home(tmp_path) == tmp_path / ".home"
