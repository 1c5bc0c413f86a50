"""The files that `render` writes: their names are a contract with other tools."""

import json
from pathlib import Path
from typing import Any

import pytest

from components.account import Account
from components.organisation.policies import resource_control_policy, service_control_policy
from offline.checks.ledger import RefusedError
from offline.engine import OfflineEngine
from offline.progress import silent
from offline.render import render
from tests.offline.sample import ACCOUNT, REGION, Sample

DOCUMENT = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": "ec2.amazonaws.com"}}]}'
)


def grant(action: str, resource: str = "*") -> str:
    """A policy that stands on a resource."""
    statement = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


OF_BUCKET = grant("s3:GetObject", "arn:aws:s3:::logs/*")
PROGRAM = f"""
document = '''{DOCUMENT}'''
role = aws.iam.Role("spark", assume_role_policy='''{TRUST}''', opts=on_aws)
writing = aws.iam.RolePolicy("spark-logs", role=role.name, policy=document, opts=on_aws)
bucket = aws.s3.Bucket("logs", bucket="logs", opts=on_aws)
aws.s3.BucketPolicy("logs-policy", bucket=bucket.id, policy='''{OF_BUCKET}''', opts=on_aws)
enabled = {{"status": "Enabled"}}
aws.s3.BucketVersioning("logs-versioning", bucket=bucket.id, versioning_configuration=enabled, opts=on_aws)
aws.s3.BucketPublicAccessBlock("logs-private", bucket=bucket.id, block_public_acls=True, opts=on_aws)
aws.s3.BucketLifecycleConfiguration(
    "logs-lifecycle",
    bucket=bucket.id,
    rules=[{{"id": "old", "status": "Enabled", "filter": {{"prefix": "a/"}}, "expiration": {{"days": 7}}}}],
    opts=on_aws,
)
aws.kms.Key("key", policy='''{grant("kms:*")}''', opts=on_aws)
network, subnet, image = "vpc-0123456789abcdef0", "subnet-0123456789abcdef1", "ami-0123456789abcdef1"
service = "com.amazonaws.eu-west-1.s3"
to_s3 = aws.ec2.VpcEndpoint(
    "s3", vpc_id=network, service_name=service, policy='''{grant("s3:*")}''', opts=on_aws
)
repository = aws.ecr.Repository("images", opts=on_aws)
aws.ecr.RepositoryPolicy("images", repository=repository.name, policy='''{grant("ecr:BatchGetImage")}''', opts=on_aws)
queue = aws.sqs.Queue("jobs", opts=on_aws)
aws.sqs.QueuePolicy("jobs", queue_url=queue.url, policy='''{grant("sqs:SendMessage")}''', opts=on_aws)
reading = aws.iam.RolePolicyAttachment(
    "read", role=role.name, policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess", opts=on_aws
)
aws.eks.NodeGroup(
    "nodes", cluster_name="moka", node_role_arn=role.arn, subnet_ids=[subnet], labels={{"team": "x"}},
    scaling_config={{"min_size": 1, "max_size": 2, "desired_size": 1}},
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[reading, writing, to_s3]),
)
aws.ec2.LaunchTemplate("template", image_id=image, metadata_options={{"http_tokens": "required"}}, opts=on_aws)
kubernetes.core.v1.Namespace("spark", metadata={{"name": "spark"}}, opts=on_cluster)
kubernetes.core.v1.Secret(
    "token", metadata={{"name": "token", "namespace": "spark"}}, string_data={{"value": "hidden"}}, opts=on_cluster
)
pulumi.export("password", pulumi.Output.secret("hidden"))
"""


@pytest.fixture
def rendered(sample: Sample, tmp_path: Path) -> Path:
    sample.program(PROGRAM)
    render(OfflineEngine(sample.root, tmp_path / "home"), "dev", tmp_path / "out", silent)
    return tmp_path / "out"


def read(directory: Path, name: str) -> Any:
    return json.loads((directory / name).read_text())


def test_rendering_follows_the_files_and_neither_brings_the_stack_up_nor_needs_it(
    rendered: Path, sample: Sample, tmp_path: Path
) -> None:
    engine = OfflineEngine(sample.root, tmp_path / "home")
    assert not (tmp_path / "home").exists(), "rendering keeps no state"
    engine.up("dev")
    renamed = PROGRAM.replace('{"name": "spark"}', '{"name": "jobs"}')
    sample.program(renamed.replace('"namespace": "spark"', '"namespace": "jobs"'))
    render(engine, "dev", rendered, silent)
    assert (rendered / "kubernetes/_cluster/namespace-jobs.json").is_file()
    assert not (rendered / "kubernetes/_cluster/namespace-spark.json").exists()


def test_a_stack_becomes_files_of_agreed_names(rendered: Path) -> None:
    names = {str(file.relative_to(rendered)) for file in rendered.rglob("*.json")}
    assert names == {
        "stack.json",
        "cloudformation.json",
        "kubernetes/_cluster/namespace-spark.json",
        "kubernetes/spark/secret-token.json",
        "iam/identity/spark-logs.json",
        "iam/trust/spark.json",
        "iam/bucket/logs-policy.json",
        "iam/key/key.json",
        "iam/vpce/s3.json",
        "iam/repository/images.json",
        "iam/queue/jobs.json",
        "iam/scp/environment.json",
        "iam/rcp/environment.json",
    }
    account = Account("dev", ACCOUNT, REGION)
    assert read(rendered, "iam/scp/environment.json") == service_control_policy(account, [])
    assert read(rendered, "iam/rcp/environment.json") == resource_control_policy(account)
    assert read(rendered, "iam/identity/spark-logs.json") == json.loads(DOCUMENT)
    assert read(rendered, "iam/trust/spark.json") == json.loads(TRUST)
    assert read(rendered, "iam/bucket/logs-policy.json") == json.loads(OF_BUCKET)
    for kind, name, action in (
        ("key", "key", "kms:*"),
        ("vpce", "s3", "s3:*"),
        ("repository", "images", "ecr:BatchGetImage"),
        ("queue", "jobs", "sqs:SendMessage"),
    ):
        assert read(rendered, f"iam/{kind}/{name}.json") == json.loads(grant(action))
    secret = read(rendered, "kubernetes/spark/secret-token.json")
    assert secret["kind"] == "Secret"
    assert "hidden" not in "".join(file.read_text() for file in rendered.rglob("*.json"))
    assert "ciphertext" not in (rendered / "stack.json").read_text()
    assert {each["type"] for each in read(rendered, "stack.json")["deployment"]["resources"]} >= {
        "aws:s3/bucket:Bucket"
    }
    template = read(rendered, "cloudformation.json")
    check_template(template)


def check_template(template: dict[str, Any]) -> None:
    found = template["Resources"]
    bucket = found["LogsBucket"]["Properties"]
    assert bucket["BucketName"] == "logs"
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["PublicAccessBlockConfiguration"] == {"BlockPublicAcls": True}
    assert bucket["LifecycleConfiguration"]["Rules"] == [
        {"Id": "old", "Status": "Enabled", "Prefix": "a/", "ExpirationInDays": 7}
    ]
    assert bucket["Tags"] == [{"Key": "owner", "Value": "spark"}]
    nodes = found["NodesNodeGroup"]
    assert nodes["Type"] == "AWS::EKS::Nodegroup"
    assert nodes["Properties"]["Labels"] == {"team": "x"}
    assert nodes["Properties"]["ScalingConfig"] == {"MinSize": 1, "MaxSize": 2, "DesiredSize": 1}
    assert nodes["Properties"]["Subnets"] == ["subnet-0123456789abcdef1"]
    template_data = found["TemplateLaunchTemplate"]["Properties"]["LaunchTemplateData"]
    assert template_data == {"ImageId": "ami-0123456789abcdef1", "MetadataOptions": {"HttpTokens": "required"}}
    assert found["SparkRole"]["Properties"]["AssumeRolePolicyDocument"] == json.loads(TRUST)
    assert found["ImagesRepository"]["Properties"]["RepositoryPolicyText"] == json.loads(grant("ecr:BatchGetImage"))
    assert template["Metadata"]["LeftOut"] == ["aws:iam/rolePolicyAttachment:RolePolicyAttachment read"]


def test_rendering_again_replaces_its_files_and_leaves_others(sample: Sample, tmp_path: Path) -> None:
    sample.program('kubernetes.core.v1.Namespace("spark", metadata={"name": "spark"}, opts=on_cluster)')
    engine, out = OfflineEngine(sample.root, tmp_path / "home"), tmp_path / "out"
    old, other = out / "kubernetes/_cluster/namespace-old.json", out / "notes.txt"
    old.parent.mkdir(parents=True)
    old.write_text("{}")
    other.write_text("mine")
    engine.up("dev")
    render(engine, "dev", out, silent)
    assert not old.exists()
    assert other.exists()
    assert (out / "kubernetes/_cluster/namespace-spark.json").exists()


def test_what_a_chart_brings_is_among_the_objects(sample: Sample, tmp_path: Path) -> None:
    sample.program(
        """
        space = kubernetes.core.v1.Namespace("karpenter", metadata={"name": "karpenter"}, opts=on_cluster)
        kubernetes.helm.v3.Release(
            "kinds",
            name="kinds",
            chart="oci://registry.example/charts/karpenter-crd",
            namespace=space.metadata.name,
            values={"additionalAnnotations": {"team": "platform"}},
            opts=on_cluster,
        )
        """
    )
    render(OfflineEngine(sample.root, tmp_path / "home"), "dev", tmp_path / "out", silent)
    definition = read(tmp_path / "out", "kubernetes/_cluster/customresourcedefinition-nodepools.karpenter.sh.json")
    assert definition["metadata"]["annotations"]["team"] == "platform"


def test_a_release_comes_up_is_upgraded_in_place_and_replaced_by_another_name(
    sample: Sample, engine: OfflineEngine
) -> None:
    def program(name: str, team: str) -> str:
        return f"""
        space = kubernetes.core.v1.Namespace("karpenter", metadata={{"name": "karpenter"}}, opts=on_cluster)
        release = kubernetes.helm.v3.Release(
            "kinds", name="{name}", chart="karpenter-crd", namespace=space.metadata.name,
            values={{"additionalAnnotations": {{"team": "{team}"}}}}, opts=on_cluster,
        )
        pulumi.export("revision", release.status.revision)
        """

    sample.program(program("kinds", "platform"))
    assert engine.up("dev").outputs["revision"] == 1
    assert not engine.preview("dev").has_changes
    sample.program(program("kinds", "spark"))
    assert [each.operation for each in engine.preview("dev").changed if "Release" in each.urn] == ["update"]
    assert engine.up("dev").outputs["revision"] == 2
    sample.program(program("others", "spark"))
    (change,) = [each for each in engine.preview("dev").changed if "Release" in each.urn]
    assert (change.operation, change.replaces) == ("replace", ("name",))
    sample.program(program("others", "spark").replace("additionalAnnotations", "annotations"))
    with pytest.raises(RefusedError, match=r"values\.annotations.*the chart has no such value there"):
        engine.preview("dev")
