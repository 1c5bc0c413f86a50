"""What a pipeline sets follows from the stack's file, and is what the bootstrap makes."""

import subprocess
import sys
from pathlib import Path

import pytest

from components.bootstrap import variables as module
from components.bootstrap.variables import account_of

ROOT = Path(__file__).parents[3]


def test_lines_name_region_backend_and_both_roles() -> None:
    command = [sys.executable, "-m", "components.bootstrap.variables", "dev"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "region=us-east-1",
        "backend_url=s3://moka-state-222222222222-us-east-1?region=us-east-1",
        "deploy_role=arn:aws:iam::222222222222:role/moka-deploy",
        "preview_role=arn:aws:iam::222222222222:role/moka-preview",
    ]


@pytest.mark.parametrize(
    "content", [None, "config: {}\n", "config: {moka:settings: {region: us-east-1, account_id: 222}}\n"]
)
def test_a_stack_without_account_or_region_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    (tmp_path / "Pulumi.other.yaml").write_text("config: {}\n")
    if content is not None:
        (tmp_path / "Pulumi.qa.yaml").write_text(content)
    monkeypatch.setattr(module, "ENVIRONMENTS", tmp_path)
    with pytest.raises(ValueError, match=r"stacks/Pulumi.qa.yaml has to name account_id, in quotes, and region"):
        account_of("qa")
