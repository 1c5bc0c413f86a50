"""What exists in the account is read from the stack's state and from what owners of applications added."""

from pathlib import Path

from local_cluster.aws.deployment import DeploymentFile
from tests.local_cluster.aws.cluster import ACCOUNT, REGION, cluster, pod_identity, write_deployment

ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


def associations(file: DeploymentFile) -> set[str]:
    return {each.inputs["serviceAccount"] for each in file.latest().of(ASSOCIATION)}


def test_before_anything_is_written_nothing_exists(tmp_path: Path) -> None:
    deployment = DeploymentFile(tmp_path / "account.json", tmp_path / "applications.json").latest()
    assert deployment.cluster is None
    assert (deployment.region, deployment.account_id) == ("", "")


def test_what_stands_in_either_file_exists(tmp_path: Path) -> None:
    account, beside = tmp_path / "account.json", tmp_path / "applications.json"
    file = DeploymentFile(account, beside)
    write_deployment(account, cluster(), pod_identity("spark", "spark", "arn:spark"))
    assert associations(file) == {"spark"}
    write_deployment(beside, pod_identity("spark", "word-count", "arn:word-count"))
    assert associations(file) == {"spark", "word-count"}
    assert (file.latest().region, file.latest().account_id) == (REGION, ACCOUNT)
    write_deployment(account, cluster())
    assert associations(file) == {"word-count"}, "what the stack no longer has does not come back"


def test_the_stacks_own_reader_does_not_know_of_the_other_file(tmp_path: Path) -> None:
    write_deployment(tmp_path / "account.json", cluster())
    write_deployment(tmp_path / "applications.json", pod_identity("spark", "word-count", "arn:word-count"))
    assert associations(DeploymentFile(tmp_path / "account.json")) == set()


def test_while_either_is_being_written_what_stood_there_before_holds(tmp_path: Path) -> None:
    account, beside = tmp_path / "account.json", tmp_path / "applications.json"
    file = DeploymentFile(account, beside)
    write_deployment(account, cluster())
    write_deployment(beside, pod_identity("spark", "word-count", "arn:word-count"))
    before = file.latest()
    assert file.latest() is before
    beside.write_text('{"version": 3, "check')
    assert file.latest() is before
    write_deployment(beside, pod_identity("spark", "other", "arn:other"))
    assert associations(file) == {"other"}
