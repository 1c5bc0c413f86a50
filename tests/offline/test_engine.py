"""Runs of the real engine: what comes up, what changes, what goes, and what bad input gets."""

import fcntl
import json
import os
import subprocess
from pathlib import Path

import pytest

from offline.command import CommandLine
from offline.engine import OfflineEngine
from offline.errors import BusyError, EngineError, ProgramError, ProtectedError, UnknownStackError
from tests.offline.sample import ACCOUNT, REGION, Sample, resources, sample_in

TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": "ec2.amazonaws.com"}}]}'
)
NETWORK = """
cidr = settings.get("cidr") or "10.0.0.0/16"
vpc = aws.ec2.Vpc("network", cidr_block=cidr, tags={"size": settings.get("size") or "1"}, opts=on_aws)
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block=cidr.replace("/16", "/24"), opts=on_aws)
template = aws.ec2.LaunchTemplate("nodes", image_id=settings.get("image") or "ami-0123456789abcdef1", opts=on_aws)
group = aws.eks.NodeGroup(
    "group", cluster_name="moka", node_role_arn="arn:aws:iam::123456789012:role/node", subnet_ids=[subnet.id],
    scaling_config={"min_size": 1, "max_size": 2, "desired_size": 1},
    launch_template={"id": template.id, "version": template.latest_version.apply(str)}, opts=on_aws,
)
namespace = kubernetes.core.v1.Namespace("spark", metadata={"name": "spark"}, opts=on_cluster)
pulumi.export("vpc_arn", vpc.arn)
pulumi.export("password", pulumi.Output.secret("hidden"))
"""


def test_a_stack_comes_up_stays_unchanged_and_goes_down(sample: Sample, engine: OfflineEngine) -> None:
    sample.program(NETWORK)
    up = engine.up("dev")
    assert dict(up.resources) == {"aws": 4, "kubernetes": 1}
    assert up.outputs["vpc_arn"].startswith(f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-")
    assert up.outputs["password"] == "[secret]"
    assert not OfflineEngine(sample.root, engine.home).preview("dev").has_changes
    assert not engine.refresh("dev").has_changes
    assert engine.destroy("dev").resources == {}
    assert engine.up("dev").outputs["vpc_arn"] == up.outputs["vpc_arn"], "a repeated run gives the same ids"


def test_a_preview_says_what_is_updated_and_what_replaced_and_by_which_property(
    sample: Sample, engine: OfflineEngine
) -> None:
    sample.program(NETWORK)
    before = resources({"resources": engine.up("dev") and engine.export("dev")["resources"]})
    sample.stack("dev", size="2", image="ami-0123456789abcdef2")
    changed = {change.urn.rsplit("::", 1)[-1]: change for change in engine.preview("dev").changed}
    assert {name: change.operation for name, change in changed.items()} == {
        "network": "update",
        "nodes": "update",
        "group": "update",  # because the launch template gets a new version
    }
    engine.up("dev")
    after = resources(engine.export("dev"))
    assert after["nodes"]["outputs"]["latestVersion"] == 2
    assert after["group"]["inputs"]["launchTemplate"]["version"] == "2"
    assert after["network"]["outputs"]["tagsAll"] == {"owner": "spark", "size": "2"}
    sample.stack("dev", size="2", image="ami-0123456789abcdef2", cidr="10.1.0.0/16")
    changed = {change.urn.rsplit("::", 1)[-1]: change for change in engine.preview("dev").changed}
    assert changed["network"].operation == "replace"
    assert changed["network"].replaces == ("cidrBlock",)
    assert changed["subnet"].operation == "replace", "the new VPC's id is not known yet"
    engine.up("dev")
    assert resources(engine.export("dev"))["network"]["id"] != before["network"]["id"]


def test_what_aws_computes_stays_unknown_in_a_preview(sample: Sample, engine: OfflineEngine, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    sample.program(
        f"""
        trust = {TRUST!r}
        role = aws.iam.Role("role", assume_role_policy=trust, opts=on_aws)

        def note(what):
            open({str(seen)!r}, "a").write(what + "\\n")

        role.name.apply(lambda name: note("name"))
        role.arn.apply(lambda arn: note("arn"))
        role.id.apply(lambda id: note("id"))
        """
    )
    # With judges, a first preview is answered as the update will be.
    OfflineEngine(sample.root, tmp_path / "home", judges=tuple).preview("dev")
    assert seen.read_text().split() == ["name"], "the automatic name is known, the rest is not"
    engine.up("dev")
    assert set(seen.read_text().split()) == {"arn", "id", "name"}


def test_debug_messages_of_the_sdk_go_nowhere_and_others_reach_the_engine(
    sample: Sample, engine: OfflineEngine, tmp_path: Path
) -> None:
    sent = tmp_path / "sent"
    sample.program(
        f"""
        from pulumi.runtime.settings import get_engine

        to_engine = get_engine()._engine
        log = to_engine.Log
        to_engine.Log = lambda request: (open({str(sent)!r}, "a").write(request.message + "\\n"), log(request))[1]
        pulumi.log.debug("for debuggers")
        pulumi.log.info("for people")
        aws.sns.Topic("alerts", opts=on_aws)
        """
    )
    engine.preview("dev")
    messages = sent.read_text().splitlines()
    assert "for people" in messages
    # Of the stack's own registration, which began before the program, there are some.
    assert [each for each in messages if "for debuggers" in each or "alerts" in each] == []


def test_destroy_names_protected_resources_and_deletes_nothing_until_protection_is_lifted(
    sample: Sample, engine: OfflineEngine
) -> None:
    sample.program(
        """
        bucket = aws.s3.Bucket("logs", opts=pulumi.ResourceOptions(provider=provider, protect=True))
        topic = aws.sns.Topic("alerts", opts=on_aws)
        """
    )
    for stack in ("staging", "production"):
        sample.stack(stack)
        assert sum(engine.up(stack).resources.values()) == 2
        with pytest.raises(ProtectedError, match="aws:s3/bucket:Bucket logs"):
            engine.destroy(stack)
        assert {"logs", "alerts"} <= resources(engine.export(stack)).keys()
    sample.program("aws.sns.Topic('alerts', opts=on_aws)\naws.s3.Bucket('logs', opts=on_aws)")
    engine.up("staging")
    assert sum(engine.destroy("staging").resources.values()) == 0


def test_a_type_without_a_row_is_an_error_that_says_how_to_add_one(sample: Sample, engine: OfflineEngine) -> None:
    sample.program('aws.rds.Cluster("database", engine="aurora-mysql", opts=on_aws)')
    with pytest.raises(EngineError) as refused:
        engine.preview("dev")
    for part in ("aws:rds/cluster:Cluster", "database", "offline/providers/aws/types/"):
        assert part in str(refused.value)


def test_an_unanswered_data_source_is_an_error_that_says_how_to_add_one(sample: Sample, engine: OfflineEngine) -> None:
    sample.program(
        "pulumi.export('x', aws.ec2.get_vpc_output(id='vpc-1', opts=pulumi.InvokeOptions(provider=provider)).arn)"
    )
    with pytest.raises((EngineError, ProgramError), match=r"offline/providers/aws/data_sources\.py"):
        engine.preview("dev")


def test_data_sources_answer_for_the_account_and_region_of_their_provider(
    sample: Sample, engine: OfflineEngine
) -> None:
    sample.program(
        """
        asked = pulumi.InvokeOptions(provider=provider)
        pulumi.export("account", aws.get_caller_identity_output(opts=asked).account_id)
        pulumi.export("partition", aws.get_partition_output(opts=asked).partition)
        """
    )
    assert engine.up("dev").outputs == {"account": ACCOUNT, "partition": "aws"}


def test_an_unknown_stack_is_answered_with_the_known_ones(engine: OfflineEngine) -> None:
    with pytest.raises(UnknownStackError, match=r"no stack 'prod'\. Known stacks: dev"):
        engine.up("prod")


def test_a_stack_in_use_names_the_process_that_holds_it(engine: OfflineEngine) -> None:
    engine.directory("dev").mkdir(parents=True)
    with (engine.directory("dev") / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("4711 (up)")
        held.flush()
        with pytest.raises(BusyError, match=r"process 4711 \(up\)"):
            engine.preview("dev")
    assert engine.preview("dev"), "the lock goes with its holder"
    locks = engine.state("dev").locks
    locks.mkdir(parents=True, exist_ok=True)
    (locks / "held.json").write_text(json.dumps({"pid": os.getpid()}))
    with pytest.raises(BusyError, match=rf"process {os.getpid()} \(pulumi\)"):
        engine.preview("dev")


def test_what_a_killed_run_left_behind_does_not_stop_the_next(sample: Sample, engine: OfflineEngine) -> None:
    sample.program(NETWORK)
    engine.up("dev")
    ended = subprocess.Popen(["true"])
    ended.wait()
    locks = engine.home / ".pulumi" / "locks" / "organization" / "sample" / "dev"
    locks.mkdir(parents=True, exist_ok=True)
    (locks / "left.json").write_text(json.dumps({"pid": ended.pid}))
    state = engine.home / ".pulumi" / "stacks" / "sample" / "dev.json"
    content = json.loads(state.read_text())
    latest = content["checkpoint"]["latest"]
    latest["pending_operations"] = [{"resource": latest["resources"][-1], "type": "creating"}]
    state.write_text(json.dumps(content))
    assert not engine.preview("dev").has_changes
    assert not json.loads(state.read_text())["checkpoint"]["latest"].get("pending_operations")


def test_an_error_of_the_projects_own_is_its_message_and_any_other_has_its_place(
    sample: Sample, engine: OfflineEngine
) -> None:
    (sample.root / "rules.py").write_text("class SettingsError(ValueError):\n    pass\n")
    sample.program("import rules\nraise rules.SettingsError('sample:size: 0 is too small.\\nGive 1 or more.')")
    with pytest.raises(ProgramError) as own:
        engine.preview("dev")
    assert str(own.value) == "sample:size: 0 is too small.\nGive 1 or more."
    sample.program("def broken():\n    return {}['key']\n\nbroken()")
    with pytest.raises(ProgramError, match=r"__main__\.py:\d+ in broken: KeyError: 'key'"):
        engine.preview("dev")
    sample.program("def late(value):\n    return {}['key']\n\npulumi.Output.from_input(1).apply(late)")
    with pytest.raises(ProgramError, match=r"__main__\.py:\d+ in late: KeyError: 'key'$"):
        engine.preview("dev")
    sample.program(
        "import rules\n\ndef late(value):\n    raise rules.SettingsError('Too late.')\n\n"
        "pulumi.Output.from_input(1).apply(late)"
    )
    with pytest.raises(ProgramError, match=r"^Too late\.$"):
        engine.preview("dev")


def test_stacks_in_one_process_share_no_module_state(sample: Sample, engine: OfflineEngine) -> None:
    (sample.root / "counted.py").write_text("calls = []\n")
    sample.program("import counted\ncounted.calls.append(1)\npulumi.export('calls', len(counted.calls))")
    assert engine.up("dev").outputs == {"calls": 1}
    sample.stack("test")
    assert engine.up("test").outputs == {"calls": 1}


def test_values_that_cannot_be_decrypted_become_marked_secrets(sample: Sample, engine: OfflineEngine) -> None:
    sample.program(
        """
        pulumi.export("open", settings.require("password"))
        pulumi.export("password", settings.require_secret("password"))
        """
    )
    config = {"sample:password": {"secure": "AAABAHk"}, "sample:size": "1"}
    sample.stack_file(
        "dev", {"secretsprovider": "awskms://alias/moka?region=eu-west-1", "encryptedkey": "AQI", "config": config}
    )
    outputs = engine.up("dev").outputs
    assert outputs["password"] == "[secret]"
    assert outputs["open"] in ("offline-placeholder-for-sample:password", "[secret]")


def test_no_verb_dirties_the_checkout(tmp_path: Path) -> None:
    sample = sample_in(tmp_path / "project", NETWORK)
    (sample.root / ".gitignore").write_text(".offline/\n__pycache__/\n")

    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        return subprocess.run(
            ["git", *identity, *arguments], cwd=sample.root, check=True, capture_output=True, text=True
        ).stdout

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "Start")
    engine = OfflineEngine(sample.root)
    for verb in (engine.preview, engine.up, engine.refresh, engine.export, engine.destroy):
        verb("dev")
        assert git("status", "--porcelain") == "", verb.__name__
    assert engine.home == sample.root / ".offline"


@pytest.mark.parametrize(("said", "percent"), [(None, "400"), ("50", "50")])
def test_the_cli_collects_its_garbage_later_than_usual_unless_somebody_says_when(
    engine: OfflineEngine, monkeypatch: pytest.MonkeyPatch, said: str | None, percent: str
) -> None:
    monkeypatch.delenv("GOGC", raising=False)
    if said is not None:
        monkeypatch.setenv("GOGC", said)
    given: list[str] = []

    def recording(binaries: Path, directory: Path, environment: dict[str, str]) -> CommandLine:
        given.append(environment["GOGC"])
        return CommandLine(binaries, directory, environment)

    monkeypatch.setattr("offline.engine.CommandLine", recording)
    engine.preview("dev")
    assert set(given) == {percent}
    assert "GOGC" not in engine.variables(), "a shell of `offline env` runs other programs too"
