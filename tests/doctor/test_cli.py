"""The command: exit codes, lines and JSON of whole runs."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from components.settings import STACKS
from doctor import cli
from doctor.__main__ import main as module_main
from doctor.surroundings import Surroundings
from moka_logs.exit_codes import FOUND, NONE, USAGE
from tests.doctor import healthy
from tests.doctor.clients import Refusal
from tests.doctor.patient import Patient
from tests.stack_files import ENVIRONMENTS

LookAt = Callable[[str, str | None], Surroundings]


def looking_at(patient: Patient) -> LookAt:
    """What gives the command a stack's surroundings."""

    def look_at(stack: str, _: str | None) -> Surroundings:
        assert stack == patient.stack
        here = patient.surroundings(patient.plan)
        patient.clients.answers = {**healthy.answers(here.settings, patient.plan, patient.held), **patient.said}
        return here

    return look_at


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_healthy_account_ends_with_zero(
    stack: str, patients: Callable[[str], Patient], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([stack], looking_at(patients(stack))) == FOUND
    *lines, last = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok    ") for line in lines)
    assert last == f"{len(lines)} ok, 0 skip, 0 warn, 0 fail, of {len(lines)} checks"


def test_a_failure_ends_with_one_and_says_how_to_mend_it(dev: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    dev.held["L-1216C47A"] = 5
    assert cli.main(["dev"], looking_at(dev)) == NONE
    assert "--quota-code L-1216C47A --desired-value 28" in capsys.readouterr().out


def test_a_warning_ends_with_zero(dev: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    dev.said["kms:ListAliases"] = lambda _: Refusal("AccessDeniedException", status=403)
    assert cli.main(["dev"], looking_at(dev)) == FOUND
    assert "these credentials may not kms:ListAliases" in capsys.readouterr().out


def test_json_is_one_document(dev: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    dev.held["L-1216C47A"] = 5
    assert cli.main(["dev", "--json"], looking_at(dev)) == NONE
    found = json.loads(capsys.readouterr().out)
    assert found["passed"] is False
    assert [each["name"] for each in found["checks"] if each["status"] == "fail"] == ["quota-on-demand-vcpus"]
    assert {each["area"] for each in found["checks"]} > {"machine", "quotas", "api"}


def test_a_profile_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["dev", "--profile", "nobody-has-this-one"]) == USAGE
    assert "aws configure list-profiles" in capsys.readouterr().err


def test_a_stack_without_a_file_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        cli.main(["nowhere"])
    assert raised.value.code == USAGE
    assert "production" in capsys.readouterr().err


def test_the_profile_reaches_programs_and_pulumi_tells_of_no_updates() -> None:
    here = cli.surroundings("dev", None)
    assert here.machine.environment["PULUMI_SKIP_UPDATE_CHECK"] == "1"


def test_it_runs_with_what_the_program_itself_needs_installed() -> None:
    """The offline cloud's requirements, and those of tests, are no part of looking at a real account."""
    beyond = {"cfnlint", "kubernetes", "moto", "parliament", "pytest"}
    code = f"import sys, doctor.cli; print(sorted({beyond} & {{*sys.modules}}))"
    said = subprocess.run([sys.executable, "-c", code], cwd=STACKS.parent, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_the_module_runs_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["doctor", "--help"])
    with pytest.raises(SystemExit) as raised:
        module_main()
    assert raised.value.code == 0
    assert "0 nothing fails, 1 something does" in " ".join(capsys.readouterr().out.split())
