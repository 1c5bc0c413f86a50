"""What a run of `python -m offline` leaves: none of the secrets of who runs it, nor those that a program marks."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.offline.sample import Sample, sample_in
from tests.secrets.planted import MARK, planted, traces_in_files, traces_in_texts

ROOT = Path(__file__).parents[2]
# Variables by which credentials come to whoever deploys: AWS SDKs, Pulumi, Git hosts and package registries.
VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "GITHUB_TOKEN",
    "NPM_TOKEN",
)


@dataclass
class Run:
    """Runs verbs in a home and a directory of temporary files of their own, as somebody with credentials.

    Args:
        directory: holds everything that a run leaves.
        options: of `python -m offline`.
    """

    directory: Path
    options: Sequence[str] = ()
    printed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = self.given
        given.mkdir()
        (self.directory / "temporary").mkdir()
        (given / "credentials").write_text(f"[default]\naws_secret_access_key = {planted('CredentialsFile')}\n")
        (given / "kubeconfig").write_text(f"users: [{{name: me, user: {{token: {planted('Kubeconfig')}}}}}]\n")
        (given / "config.json").write_text(f'{{"auths": {{"registry.internal": {{"auth": "{planted("Docker")}"}}}}}}')
        self.environment = (
            dict(os.environ)
            | {name: planted(name.replace("_", "")) for name in VARIABLES}
            | {
                "TMPDIR": str(self.directory / "temporary"),
                "AWS_SHARED_CREDENTIALS_FILE": str(given / "credentials"),
                "KUBECONFIG": str(given / "kubeconfig"),
                "DOCKER_CONFIG": str(given),
                "HTTPS_PROXY": f"http://me:{planted('Proxy')}@127.0.0.1:9",
                "NO_PROXY": "127.0.0.1,localhost",
            }
        )

    @property
    def given(self) -> Path:
        """Where the credentials lie in files."""
        return self.directory / "given"

    def verb(self, *words: str) -> int:
        """Run one; what it prints is kept. Returns its exit code."""
        home = ["--home", str(self.directory / "home")]
        done = subprocess.run(
            [sys.executable, "-m", "offline", *home, *self.options, *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.printed[f"what {' '.join(words)} printed"] = done.stdout + done.stderr
        return done.returncode

    @property
    def left(self) -> list[str]:
        """Every trace of a planted value in what was printed and written."""
        directories = [self.directory / name for name in ("home", "temporary", "rendered")]
        return [*map(str, traces_in_texts(self.printed)), *map(str, traces_in_files(directories))]


def test_a_stacks_life_leaves_no_credential_of_whoever_runs_it(tmp_path: Path) -> None:
    run = Run(tmp_path)
    assert len(traces_in_files([run.given])) == 3
    rendered = str(tmp_path / "rendered")
    for words in (["up", "test"], ["refresh", "test"], ["export", "test"], ["render", "test", "--out", rendered]):
        assert run.verb(*words) == 0, run.printed
    run.verb("destroy", "test")
    assert list((tmp_path / "home").rglob("*.checkpoint.json"))
    assert list((tmp_path / "rendered").rglob("*.json"))
    assert run.left == []


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return sample_in(tmp_path / "project")


def run_of(sample: Sample, body: str, tmp_path: Path) -> Run:
    """A run of a program that reads one secret."""
    sample.program(f"import os\nsecret = pulumi.Output.secret(os.environ['OF_THE_PROGRAM'])\n{body}")
    run = Run(tmp_path, ("--project", str(sample.root)))
    run.environment["OF_THE_PROGRAM"] = planted("Program")
    return run


MARKED = """
pulumi.export("password", secret)
aws.sns.Topic("alerts", display_name=secret, opts=on_aws)
kubernetes.core.v1.Secret("password", string_data={"password": os.environ["OF_THE_PROGRAM"]}, opts=on_cluster)
kubernetes.core.v1.ConfigMap("address", data={"url": pulumi.Output.concat("https://", secret)}, opts=on_cluster)
"""


def test_what_a_program_marks_secret_is_in_no_state_manifest_template_or_line(sample: Sample, tmp_path: Path) -> None:
    run = run_of(sample, MARKED, tmp_path)
    rendered = ["render", "dev", "--out", str(tmp_path / "rendered")]
    for words in (["preview", "dev"], ["up", "dev"], ["refresh", "dev"], ["export", "dev"], rendered):
        assert run.verb(*words) == 0, run.printed
    sample.program("import os\nsecret = pulumi.Output.secret('another')\n" + MARKED)
    assert run.verb("preview", "dev") == 0, run.printed
    assert run.verb("destroy", "dev") == 0, run.printed
    assert (tmp_path / "rendered" / "cloudformation.json").is_file()
    assert list((tmp_path / "rendered" / "kubernetes").rglob("secret-*.json"))
    assert run.left == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ('aws.cloudwatch.LogGroup("logs", name=pulumi.Output.concat("no name ", secret), opts=on_aws)', "name"),
        ('aws.iam.Role("role", name="role", assume_role_policy=secret, opts=on_aws)', "assumeRolePolicy"),
        ('kubernetes.core.v1.Secret("key", data={"key": pulumi.Output.concat(secret, "!")}, opts=on_cluster)', "data"),
        (
            'kubernetes.core.v1.Service("port", spec={"type": secret, "ports": [{"port": 80}]}, opts=on_cluster)',
            "spec.type",
        ),
        ("def fail(value):\n    raise RuntimeError('no answer')\n\nsecret.apply(fail)", "no answer"),
    ],
    ids=["aws", "policy", "secret", "object", "program"],
)
def test_a_refusal_names_the_place_and_not_the_secret(sample: Sample, tmp_path: Path, body: str, place: str) -> None:
    run = run_of(sample, body, tmp_path)
    assert run.verb("--debug", "up", "dev") == 1
    (told,) = run.printed.values()
    assert place in told
    assert run.left == []


def test_a_program_that_gives_a_secret_away_is_seen(sample: Sample, tmp_path: Path) -> None:
    run = run_of(sample, 'pulumi.export("open", os.environ["AWS_SECRET_ACCESS_KEY"])', tmp_path)
    assert run.verb("up", "dev") == 0, run.printed
    assert all("AWSSECRETACCESSKEY" in each for each in run.left)
    assert any("what up dev printed" in each for each in run.left)
    assert any("checkpoint.json" in each for each in run.left)
    assert MARK in next(iter(run.printed.values()))
