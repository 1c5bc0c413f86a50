"""`python -m offline` as a person runs it: exit codes, what is printed, Ctrl-C, an ordinary `pulumi` session."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from offline.processes import is_alive
from tests.offline.sample import Sample

ROOT = Path(__file__).parents[2]
TWO_TOPICS = """
for name in ("alerts", "pages"):
    aws.sns.Topic(name, opts=on_aws)
pulumi.export("password", pulumi.Output.secret("hidden"))
"""


def offline(sample: Sample, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(sample, *arguments), cwd=ROOT, capture_output=True, text=True, check=False)


def urns_of(sample: Sample) -> list[str]:
    """URNs of everything in the state."""
    deployment = json.loads(offline(sample, "export", "dev").stdout)["deployment"]
    return [each["urn"] for each in deployment["resources"]]


def command(sample: Sample, *arguments: str) -> list[str]:
    home = ["--home", str(sample.root.parent / "home")]
    return [sys.executable, "-m", "offline", *arguments, "--project", str(sample.root), *home]


def test_up_ends_with_counts_and_outputs_and_a_second_preview_is_clean(sample: Sample) -> None:
    sample.program(TWO_TOPICS)
    up = offline(sample, "up", "dev")
    assert up.returncode == 0, up.stderr
    assert up.stderr == "", "nothing to wait for, nothing to say"
    assert up.stdout.splitlines() == [
        "dev: + 5 create",
        "dev has 5 resources: 2 AWS, 2 providers, the stack itself",
        "",
        "Outputs",
        "password",
        "  [secret]",
    ]
    assert "hidden" not in up.stdout
    assert offline(sample, "preview", "dev", "--expect-no-changes").returncode == 0
    sample.program(TWO_TOPICS + "aws.sqs.Queue('jobs', opts=on_aws)")
    changed = offline(sample, "preview", "dev", "--expect-no-changes")
    assert changed.returncode == 1
    assert "create aws:sqs/queue:Queue jobs" in changed.stderr
    exported = json.loads(offline(sample, "export", "dev").stdout)
    assert exported["version"] == 3
    assert exported["deployment"]["resources"]


def test_an_unknown_stack_and_an_unknown_verb_exit_with_2(sample: Sample) -> None:
    unknown = offline(sample, "up", "prod")
    assert unknown.returncode == 2
    assert "Known stacks: dev" in unknown.stderr
    assert offline(sample, "deploy", "dev").returncode == 2


def test_a_broken_program_is_explained_without_a_traceback_unless_asked_for(sample: Sample) -> None:
    sample.program("raise ValueError('no')")
    brief = offline(sample, "preview", "dev")
    assert brief.returncode == 1
    assert "ValueError: no" in brief.stderr
    assert "Traceback" not in brief.stderr
    assert "Traceback" in offline(sample, "preview", "dev", "--debug").stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_in_the_middle_exits_with_130_and_the_next_run_continues(sample: Sample, number: int) -> None:
    started = sample.root.parent / "started"
    slow = f"""
    import time

    def wait(arn):
        if pulumi.runtime.is_dry_run():
            return
        open({str(started)!r}, "w").close()
        time.sleep(60)

    first = aws.sns.Topic("alerts", opts=on_aws)
    first.arn.apply(wait)
    """
    sample.program(slow)
    with subprocess.Popen(command(sample, "up", "dev"), cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while not started.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "run the same command again to continue" in errors
    assert "Traceback" not in errors
    sample.program(TWO_TOPICS)
    following = offline(sample, "up", "dev")
    assert following.returncode == 0, following.stderr
    assert "1 create" in following.stdout, "what was made before is kept"


def test_an_ordinary_pulumi_session_works_on_the_same_state_and_leaves_the_checkout_alone(sample: Sample) -> None:
    sample.program(TWO_TOPICS)
    assert offline(sample, "up", "dev").returncode == 0
    before = {path: path.read_bytes() for path in sample.root.rglob("*") if path.is_file()}
    try:
        exports = offline(sample, "env", "dev")
        assert exports.returncode == 0, exports.stderr
        assert offline(sample, "env", "dev").stdout == exports.stdout, "providers that run are used again"
        script = f"{exports.stdout}\npulumi preview --stack dev --expect-no-changes --non-interactive"
        session = subprocess.run(["bash", "-c", script], cwd=sample.root, capture_output=True, text=True, check=False)
        assert session.returncode == 0, session.stdout + session.stderr
        assert "unchanged" in session.stdout
        assert {path: path.read_bytes() for path in sample.root.rglob("*") if path.is_file()} == before
        process = json.loads((sample.root.parent / "home/dev/session.json").read_text())["process"]
        sample.program('aws.sqs.Queue("late", delay_seconds=9999, opts=on_aws)')
        session = subprocess.run(["bash", "-c", script], cwd=sample.root, capture_output=True, text=True, check=False)
        assert session.returncode != 0
        assert "delaySeconds is '9999'" in session.stdout + session.stderr, "mistakes are refused here too"
    finally:
        assert offline(sample, "env", "dev", "--stop").returncode == 0
    assert not is_alive(process)


def test_pulumis_own_destroy_deletes_nothing_while_anything_is_protected(sample: Sample) -> None:
    sample.program(f"{TWO_TOPICS}\naws.sns.Topic('kept', opts=pulumi.ResourceOptions(provider=provider, protect=True))")
    assert offline(sample, "up", "dev").returncode == 0
    before = urns_of(sample)
    try:
        exports = offline(sample, "env", "dev").stdout
        # Its preview refuses. With --skip-preview it would delete until it comes to what is protected.
        script = f"{exports}\npulumi destroy --stack dev --yes --non-interactive"
        session = subprocess.run(["bash", "-c", script], cwd=sample.root, capture_output=True, text=True, check=False)
        assert session.returncode != 0
        assert "protected" in session.stdout + session.stderr
        assert urns_of(sample) == before
    finally:
        assert offline(sample, "env", "dev", "--stop").returncode == 0
