"""What Karpenter may do in AWS, judged call by call: its documented calls for this cluster, and nothing beside them."""

import pytest

from components.account import Account
from components.capacity.policies import LOOK_UPS, controller_policy, queue_policy
from offline.checks.iam.evaluation import Decision, Request, decide
from offline.checks.iam.published import actions_like
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/moka-dev-karpenter-pod"
NODES = f"arn:aws:iam::{ACCOUNT_ID}:role/nodes"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:interruptions"
POLICY = controller_policy(
    ACCOUNT, node_role_arn=NODES, queue_arn=QUEUE, security_group_id="sg-nodes", subnet_ids=["subnet-a", "subnet-b"]
)
Context = dict[str, str | tuple[str, ...]]


def ec2(resource: str, account: str = ACCOUNT_ID, region: str = REGION) -> str:
    return f"arn:aws:ec2:{region}:{account}:{resource}"


def tags(kind: str, cluster: str = "moka-dev", pool: str | None = "executors") -> Context:
    """Tags as Karpenter asks for them, or as what it made carries them."""
    given = {f"kubernetes.io/cluster/{cluster}": "owned", "eks:eks-cluster-name": cluster}
    if pool is not None:
        given["karpenter.sh/nodepool"] = pool
    return {f"aws:{kind}Tag/{key}": value for key, value in given.items()}


def judged(action: str, resource: str, context: Context | None = None) -> Decision:
    assert len(actions_like(action)) == 1, f"AWS publishes no action {action}"
    return decide(Request(ROLE, action, resource, context or {}), [POLICY], owner=ACCOUNT_ID)


LAUNCHED = ("fleet/f", "instance/i", "volume/v", "network-interface/e", "launch-template/l", "spot-instances-request/s")
IMAGE = f"arn:aws:ec2:{REGION}::image/ami-1"


@pytest.mark.parametrize("action", ["ec2:RunInstances", "ec2:CreateFleet"])
@pytest.mark.parametrize("pool", ["executors", ""])
def test_a_launch_and_a_trial_launch_pass_for_everything_that_they_name(action: str, pool: str) -> None:
    for named in (
        IMAGE,
        f"arn:aws:ec2:{REGION}::snapshot/snap-1",
        ec2("security-group/sg-nodes"),
        ec2("subnet/subnet-b"),
    ):
        assert judged(action, named) == "allowed", named
    assert judged(action, ec2("launch-template/l"), tags("Resource", pool=pool)) == "allowed"
    for made in LAUNCHED:
        assert judged(action, ec2(made), tags("Request", pool=pool)) == "allowed", made


@pytest.mark.parametrize("action", ["ec2:RunInstances", "ec2:CreateFleet"])
def test_nothing_is_launched_elsewhere_or_for_another_cluster(action: str) -> None:
    for named in ("security-group/sg-other", "subnet/subnet-of-another", "placement-group/p", "key-pair/k"):
        assert judged(action, ec2(named)) == "not allowed", named
    for made in LAUNCHED:
        assert judged(action, ec2(made)) == "not allowed", f"{made} without tags"
        assert judged(action, ec2(made), tags("Request", "moka-production")) == "not allowed", made
        assert judged(action, ec2(made), tags("Request", pool=None)) == "not allowed", made
        assert judged(action, ec2(made, region="eu-west-1"), tags("Request")) == "not allowed", made
    assert judged(action, ec2("launch-template/l"), tags("Resource", "moka-production")) == "not allowed"


def test_it_makes_and_deletes_its_own_launch_templates_and_no_group_s() -> None:
    template = ec2("launch-template/l")

    assert judged("ec2:CreateLaunchTemplate", template, tags("Request")) == "allowed"
    assert judged("ec2:CreateLaunchTemplate", template) == "not allowed"
    assert judged("ec2:DeleteLaunchTemplate", template, tags("Resource")) == "allowed"
    assert judged("ec2:DeleteLaunchTemplate", template) == "not allowed"
    assert judged("ec2:ModifyLaunchTemplate", template, tags("Resource")) == "not allowed"


def test_it_ends_instances_of_its_pools_and_no_others() -> None:
    instance = ec2("instance/i-1")

    assert judged("ec2:TerminateInstances", instance, tags("Resource")) == "allowed"
    assert judged("ec2:TerminateInstances", instance, tags("Resource", pool=None)) == "not allowed", "a node group's"
    assert judged("ec2:TerminateInstances", instance, tags("Resource", "moka-production")) == "not allowed"
    assert judged("ec2:StopInstances", instance, tags("Resource")) == "not allowed"


@pytest.mark.parametrize("during", ["RunInstances", "CreateFleet", "CreateLaunchTemplate"])
def test_it_tags_what_it_launches_while_it_launches_it(during: str) -> None:
    for made in LAUNCHED:
        assert judged("ec2:CreateTags", ec2(made), {**tags("Request"), "ec2:CreateAction": during}) == "allowed", made


def test_it_tags_nothing_that_was_there_before_as_its_own() -> None:
    for made in LAUNCHED:
        asked: Context = {**tags("Request"), "aws:TagKeys": ("kubernetes.io/cluster/moka-dev", "karpenter.sh/nodepool")}
        assert judged("ec2:CreateTags", ec2(made), asked) == "not allowed", made
        by_hand: Context = {**asked, "ec2:CreateAction": "CreateVolume"}
        assert judged("ec2:CreateTags", ec2(made), by_hand) == "not allowed", made


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("karpenter.sh/nodeclaim",), "allowed"),
        (("karpenter.sh/nodeclaim", "Name", "eks:eks-cluster-name"), "allowed"),
        (("karpenter.sh/nodeclaim", "team"), "not allowed"),
        (("karpenter.sh/nodepool",), "not allowed"),
    ],
)
def test_a_joined_node_of_its_own_gets_the_name_of_its_claim_and_no_other_tag(
    keys: tuple[str, ...], expected: Decision
) -> None:
    instance = ec2("instance/i-1")

    assert judged("ec2:CreateTags", instance, {**tags("Resource"), "aws:TagKeys": keys}) == expected
    assert judged("ec2:CreateTags", instance, {"aws:TagKeys": keys}) == "not allowed"


def test_a_node_never_changes_its_cluster() -> None:
    asked: Context = {
        **tags("Resource"),
        "aws:TagKeys": ("eks:eks-cluster-name",),
        "aws:RequestTag/eks:eks-cluster-name": "moka-production",
    }

    assert judged("ec2:CreateTags", ec2("instance/i-1"), asked) == "not allowed"


def test_it_passes_the_nodes_role_to_instances_and_nothing_else() -> None:
    assert judged("iam:PassRole", NODES, {"iam:PassedToService": "ec2.amazonaws.com"}) == "allowed"
    assert judged("iam:PassRole", NODES, {"iam:PassedToService": "lambda.amazonaws.com"}) == "not allowed"
    other = f"arn:aws:iam::{ACCOUNT_ID}:role/moka-deploy"
    assert judged("iam:PassRole", other, {"iam:PassedToService": "ec2.amazonaws.com"}) == "not allowed"


def test_it_changes_nothing_in_iam() -> None:
    for action in actions_like("iam:*"):
        resource = f"arn:aws:iam::{ACCOUNT_ID}:instance-profile/nodes"
        assert judged(f"{action.service}:{action.name}", resource, tags("Resource")) == "not allowed", action


@pytest.mark.parametrize("action", LOOK_UPS)
def test_it_looks_up_capacity_in_its_own_region(action: str) -> None:
    assert judged(action, "*", {"aws:RequestedRegion": REGION}) == "allowed"
    assert judged(action, "*", {"aws:RequestedRegion": "eu-west-1"}) == "not allowed"


def test_it_reads_of_ec2_only_what_it_looks_up() -> None:
    reads = {f"ec2:{each.name}".lower() for each in actions_like("ec2:Describe*")}
    allowed = {each for each in reads if judged(each, "*", {"aws:RequestedRegion": REGION}) == "allowed"}

    assert allowed == {each.lower() for each in LOOK_UPS}


def test_it_looks_up_images_and_its_cluster_and_reads_no_other_parameter() -> None:
    public = f"arn:aws:ssm:{REGION}::parameter/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/arm64/image_id"

    assert judged("ssm:GetParameter", public) == "allowed"
    assert judged("ssm:GetParameter", f"arn:aws:ssm:{REGION}:{ACCOUNT_ID}:parameter/secret") == "not allowed"
    assert judged("eks:DescribeCluster", ACCOUNT.cluster_arn) == "allowed"
    assert judged("eks:DescribeCluster", f"{ACCOUNT.cluster_arn}-other") == "not allowed"
    assert judged("eks:UpdateClusterConfig", ACCOUNT.cluster_arn) == "not allowed"


def test_it_takes_from_its_queue_and_sends_nothing() -> None:
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueUrl"):
        assert judged(action, QUEUE) == "allowed"
        assert judged(action, f"{QUEUE}-other") == "not allowed"
    for action in ("sqs:SendMessage", "sqs:PurgeQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes"):
        assert judged(action, QUEUE) == "not allowed"


RULE = f"arn:aws:events:{REGION}:{ACCOUNT_ID}:rule/spot"


def sent(principal: str, action: str = "sqs:SendMessage", **context: str) -> Decision:
    keys = {
        "aws:SourceAccount": ACCOUNT_ID,
        "aws:SourceArn": RULE,
        **{k.replace("_", ":"): v for k, v in context.items()},
    }
    return decide(Request(principal, action, QUEUE, keys), [], queue_policy(ACCOUNT, QUEUE, [RULE]), owner=ACCOUNT_ID)


def test_only_the_environments_own_rules_send_to_the_queue() -> None:
    assert sent("events.amazonaws.com") == "allowed"
    assert sent("events.amazonaws.com", aws_SourceArn=f"{RULE}-other") == "not allowed"
    assert sent("events.amazonaws.com", aws_SourceAccount="999999999999") == "not allowed"
    assert sent("sns.amazonaws.com") == "not allowed"
    assert sent("events.amazonaws.com", "sqs:ReceiveMessage") == "not allowed"


def test_nothing_passes_without_tls() -> None:
    assert sent("events.amazonaws.com", aws_SecureTransport="false") == "denied"
