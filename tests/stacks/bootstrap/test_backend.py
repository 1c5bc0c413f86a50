"""The commands of docs/bootstrap.md on the real CLI, with a bucket and a key: what each asks of AWS, and who may."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from components.account import Account
from components.bootstrap.names import state_bucket_name
from components.settings import STACKS
from offline.permissions.state import READING, WRITING
from offline.verbs import BOOTSTRAP
from tests.operations.marked import carry_out
from tests.stacks.bootstrap.backend import Backend, serving

STACK, ACCOUNT = "production", Account("production", "444444444444", "us-east-1")
PAGE = (STACKS.parent / "docs" / "bootstrap.md").read_text()
LOCKS = ".pulumi/locks/"


def commands(heading: str) -> list[str]:
    """Lines that begin with `pulumi` of a section of the page."""
    (section,) = re.findall(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(r"^(pulumi .*?)(?:\s+#.*)?$", section, re.MULTILINE)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """An account after the page's commands for an empty one: its bootstrap is made, and its state in the bucket."""
    directory = tmp_path_factory.mktemp("cli")
    with serving(directory, STACKS.parent / BOOTSTRAP, ACCOUNT) as backend:
        for command in commands("An empty account"):
            backend.must(command)
        yield backend


def test_the_page_makes_the_bucket_from_a_local_state_and_moves_that_into_it(moved: Backend) -> None:
    said = commands("An empty account")
    assert [each.split()[1:3] for each in said][:3] == [["login", "--local"], ["stack", "init"], ["up", "--stack"]]
    assert moved.must("pulumi stack ls").count(STACK) == 1
    assert "moka-deploy" in moved.must(f"pulumi stack output --stack {STACK}")


def test_after_the_move_nothing_would_change(moved: Backend) -> None:
    moved.must(f"pulumi preview --stack {STACK} --expect-no-changes")


def test_the_stack_file_names_the_key_and_no_passphrase(moved: Backend) -> None:
    document = yaml.safe_load((moved.directory / "stacks" / f"Pulumi.{STACK}.yaml").read_text())
    assert document["secretsprovider"].startswith("awskms://alias/moka-state?")
    assert document["encryptedkey"]
    assert "encryptionsalt" not in document


@pytest.mark.parametrize("options", ["", "--refresh", "--diff"])
def test_a_preview_locks_nothing_and_writes_nothing(moved: Backend, options: str) -> None:
    moved.must(f"pulumi preview --stack {STACK} {options}")
    assert moved.asked("s3:PutObject") == []
    assert moved.asked("s3:DeleteObject") == []
    assert {each.action for each in moved.calls} == set(READING)


def test_a_preview_goes_on_while_somebody_deploys(moved: Backend) -> None:
    moved.put(f"{LOCKS}organization/moka-bootstrap/{STACK}/other.json", b'{"pid": 1}')
    try:
        moved.must(f"pulumi preview --stack {STACK}")
        done = moved.run(f"pulumi up --yes --skip-preview --stack {STACK}")
        assert done.code != 0
        assert "the stack is currently locked by 1 lock(s)" in done.errors
    finally:
        moved.must(f"pulumi cancel --yes --stack {STACK}")


@pytest.mark.parametrize("command", ["up", "refresh"])
def test_a_deployment_locks_and_writes_below_the_backends_prefix_and_leaves_no_lock(
    moved: Backend, command: str
) -> None:
    moved.must(f"pulumi {command} --yes --skip-preview --stack {STACK}")
    # Amazon S3 asks AWS KMS for its key by itself, which no request of the CLI shows.
    assert {each.action for each in moved.calls} == {*READING, *WRITING} - {"kms:GenerateDataKey"}
    written, deleted = moved.asked("s3:PutObject"), moved.asked("s3:DeleteObject")
    assert all(each.startswith(".pulumi/") for each in [*written, *deleted])
    locks = [each for each in written if each.startswith(LOCKS)]
    assert len(locks) == 1
    assert locks == [each for each in deleted if each.startswith(LOCKS)]


def test_only_a_new_stack_encrypts_by_the_key_which_is_an_administrators_work(moved: Backend) -> None:
    provider = f"--secrets-provider 'awskms://alias/moka-state?region={ACCOUNT.region}'"
    moved.must(f"pulumi stack init other --no-select {provider}")
    assert "kms:Encrypt" in {each.action for each in moved.calls}
    assert "kms:Encrypt" not in {*READING, *WRITING}


def test_the_page_takes_it_down_again(tmp_path: Path) -> None:
    account = Account("test", "111111111111", "us-east-1")
    with serving(tmp_path, STACKS.parent / BOOTSTRAP, account) as backend:
        for command in commands("An empty account"):
            backend.must(command.replace(STACK, account.environment).replace(ACCOUNT.id, account.id))
        for command in commands("How to destroy it"):
            backend.must(command)
        assert json.loads(backend.must("pulumi stack export --stack test"))["deployment"].get("resources", []) == []


def test_a_lock_that_nobody_holds_any_more_is_taken_away(moved: Backend) -> None:
    moved.put(f"{LOCKS}organization/moka-bootstrap/{STACK}/dead.json", b'{"pid": 1}')
    assert moved.run(f"pulumi up --yes --skip-preview --stack {STACK}").code != 0
    carry_out("lock", lambda words: moved.must(shlex.join(words)))
    moved.must(f"pulumi up --yes --skip-preview --stack {STACK}")


def test_operations_of_a_killed_run_are_read_and_forgotten(moved: Backend) -> None:
    # `stack import` would drop them: only a run that was killed leaves them in the file.
    key = f".pulumi/stacks/moka-bootstrap/{STACK}.json"
    written = moved.client("s3").get_object(Bucket=state_bucket_name(ACCOUNT), Key=key)["Body"].read()
    state = json.loads(written)
    latest = state["checkpoint"]["latest"]
    begun = {**latest["resources"][-1], "urn": f"{latest['resources'][-1]['urn']}-begun", "id": ""}
    latest["pending_operations"] = [{"resource": begun, "type": "creating"}]
    moved.put(key, json.dumps(state).encode())
    carry_out("pending operations", lambda words: typed(moved, words))
    assert not json.loads(moved.must(f"pulumi stack export --stack {STACK}"))["deployment"].get("pending_operations")


def test_a_state_that_was_deleted_comes_back_out_of_the_versions_in_its_bucket(moved: Backend) -> None:
    bucket, key = state_bucket_name(ACCOUNT), f".pulumi/stacks/moka-bootstrap/{STACK}.json"
    s3 = moved.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    moved.must(f"pulumi up --yes --skip-preview --stack {STACK}")
    (version,) = [each["VersionId"] for each in s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"][:1]]
    s3.delete_object(Bucket=bucket, Key=key)
    s3.delete_object(Bucket=bucket, Key=f"{key}.bak")
    assert STACK not in moved.must("pulumi stack ls")
    here = {"stacks/moka/": "stacks/moka-bootstrap/", "VERSION": version}
    carry_out("state of a stack", lambda words: typed(moved, words), here)


def typed(backend: Backend, words: list[str]) -> str:
    """Carry out a line of docs/operations/disaster.md where the backend's CLI runs."""
    if words[0] == "grep":
        return subprocess.run(words, cwd=backend.directory, capture_output=True, text=True, check=True).stdout
    if words[0] == "pulumi":
        return backend.must(shlex.join(words))
    assert words[:2] == ["aws", "s3api"], words
    operation, *rest = words[2:]
    given = {name[2:]: value for name, value in pairwise(rest) if name.startswith("--") and name != "--query"}
    arguments: dict[str, str | bytes] = {name.title().replace("-", ""): value for name, value in given.items()}
    if "Body" in arguments:
        arguments["Body"] = (backend.directory / given["body"]).read_bytes()
    answer = getattr(backend.client("s3"), operation.replace("-", "_"))(**arguments)
    if operation == "get-object":
        (backend.directory / rest[-1]).write_bytes(answer["Body"].read())
    return str(answer)
