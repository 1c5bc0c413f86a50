"""What a first preview judges: documents and orders that hold names nobody knows before AWS has made them."""

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from pulumi.runtime import stack

from components.settings import STACKS
from offline.checks.ledger import RefusedError
from offline.engine import OfflineEngine
from offline.providers.resource import Resource
from offline.providers.values import has_unknown
from tests.checks.listener import Listener
from tests.offline.sample import Sample, sample_in
from tests.stacks.project_copy import copy_of_project

# File, what stands there, the mistake, and what the refusal must say of it.
MISTAKES = (
    (
        "spark/policies.py",
        '"s3:PutObject", "s3:Abort',
        '"s3:PutObjects", "s3:Abort',
        "spark-analytics-spark-pod, policy, statement WriteAndReadEventLogs, has 's3:PutObjects', but it names "
        "s3:PutObjects",
    ),
    (
        "alerts/policies.py",
        '{"StringEquals": {"kms:ViaService"',
        '{"StringEqual": {"kms:ViaService"',
        "statement EncryptAlerts, has 'StringEqual', but it has no such condition operator as StringEqual",
    ),
    (
        "identity/policies.py",
        '["sts:AssumeRole", "sts:TagSession"]',
        '["sts:AssumeRole"]',
        "which does not let pods.eks.amazonaws.com sts:TagSession",
    ),
    (
        "spark/policies.py",
        '["s3:ListBucket"], [account.bucket_arn(bucket)]',
        '["s3:ListBucket"], [f"{account.bucket_arn(bucket)}/*"]',
        "but it allows s3:ListBucket on none of what it acts on",
    ),
)
# The name of a role, which the program gives, stands in a policy beside its ARN, which AWS does.
POLICY = """
trust = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, '
role = aws.iam.Role("role", assume_role_policy=trust + '"Action": "sts:AssumeRole"}]}', opts=on_aws)
policy = role.arn.apply(lambda arn: '{"Version": "2012-10-17", "Statement": [{"Sid": "PassOn", "Effect": "Allow", '
    f'"Action": "%s", "Resource": "{arn}"}}]}}' % settings.require("action"))
aws.iam.RolePolicy("passing", role=role.name, policy=policy, opts=on_aws)
"""
RUNS = """
from pathlib import Path
with Path(__file__).with_name("runs").open("a") as runs:
    runs.write("run\\n")
"""


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    sample = sample_in(tmp_path / "project", POLICY + RUNS)
    sample.stack("dev", action="iam:PassRole")
    return sample


def runs_of(sample: Sample) -> int:
    return len((sample.root / "runs").read_text().splitlines())


@pytest.mark.parametrize("verb", [OfflineEngine.preview, OfflineEngine.up])
def test_the_programs_documents_are_judged_before_anything_is_made(
    tmp_path: Path, verb: Callable[[OfflineEngine, str], object]
) -> None:
    project = copy_of_project(tmp_path / "project")
    for file, right, wrong, _ in MISTAKES:
        path = project / "components" / file
        text = path.read_text()
        assert right in text
        path.write_text(text.replace(right, wrong))
    engine = OfflineEngine(project, tmp_path / "home")
    with pytest.raises(RefusedError) as refused:
        verb(engine, "dev")
    message = str(refused.value)
    for *_, said in MISTAKES:
        assert said in message
    assert '"Statement"' not in message, "the document is no part of what is wrong with it"
    assert engine.export("dev").get("resources", []) == []


def test_a_preview_without_an_id_in_its_state_shows_the_judges_every_value(sample: Sample, tmp_path: Path) -> None:
    listener = Listener()
    summary = OfflineEngine(sample.root, tmp_path / "home", judges=lambda: (listener,)).preview("dev")
    role, policy = sorted(listener.resources, key=lambda each: each.type)
    assert role.identifier == role.inputs["name"]
    assert f":role/{role.identifier}" in policy.inputs["policy"]
    assert not any(has_unknown(each.inputs) for each in listener.resources)
    assert set(summary.changes) == {"create"}


def test_a_preview_says_what_a_real_one_would_although_a_rehearsal_follows(sample: Sample, tmp_path: Path) -> None:
    engine = OfflineEngine(sample.root, tmp_path / "home")
    engine.up("dev")
    sample.program(POLICY.replace('"role", ', '"other", ') + RUNS)
    (change,) = [each for each in engine.preview("dev").changed if each.urn.endswith("::passing")]
    # The role's ARN is not known, so the policy may change, and a real preview says so.
    assert (change.operation, change.properties) == ("replace", ("policy", "role"))


def test_a_program_runs_again_only_where_a_preview_left_something_unknown(sample: Sample, tmp_path: Path) -> None:
    engine = OfflineEngine(sample.root, tmp_path / "home")
    engine.preview("dev")
    assert runs_of(sample) == 1
    engine.up("dev")
    assert runs_of(sample) == 3
    engine.preview("dev")
    assert runs_of(sample) == 4
    sample.program(POLICY.replace('"role", ', '"other", ') + RUNS)
    engine.preview("dev")
    assert runs_of(sample) == 6


def test_a_first_preview_of_the_program_with_nothing_known_ends_well_and_asks_about_each_output_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_sdk = inspect.unwrap(stack.wait_for_rpcs)
    monkeypatch.setattr(stack, "wait_for_rpcs", of_the_sdk)
    shown = OfflineEngine(STACKS.parent, tmp_path, judges=tuple).preview("production")
    assert set(shown.changes) == {"create"}
    assert stack.wait_for_rpcs is not of_the_sdk, "components/sdk.py is not called, or does not know this SDK"


def test_a_preview_shows_the_judges_what_the_update_makes(
    production: tuple[Resource, ...], deployed: tuple[Resource, ...]
) -> None:
    def shown(resources: tuple[Resource, ...]) -> dict[str, object]:
        return {each.urn: (each.identifier, each.inputs, each.waits_for) for each in resources}

    assert shown(production) == shown(deployed)


def test_a_rehearsal_makes_nothing(sample: Sample, tmp_path: Path) -> None:
    engine = OfflineEngine(sample.root, tmp_path / "home")
    engine.preview("dev")
    assert engine.export("dev").get("resources", []) == []
    sample.stack("dev", action="iam:PassRoles")
    with pytest.raises(RefusedError, match=r"statement PassOn, has 'iam:PassRoles'"):
        engine.up("dev")
    assert engine.export("dev").get("resources", []) == []
