"""The emulated `eks.Cluster` against what the real component registered, and the options that reach its children."""

import json
from pathlib import Path
from typing import Any

import pytest

from offline.engine import OfflineEngine
from offline.errors import EngineError
from tests.offline.sample import Sample, resources

RECORDED: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parent / "files/eks_cluster.json").read_text())

CLUSTER = """
def no_creator_admin(args):
    if args.type_ != "aws:eks/cluster:Cluster":
        return None
    access = {{**args.props["accessConfig"], "bootstrapClusterCreatorAdminPermissions": False}}
    return pulumi.ResourceTransformResult(props={{**args.props, "accessConfig": access}}, opts=args.opts)

cluster = eks.Cluster(
    "c",
    name="moka",
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids=["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
    private_subnet_ids=None,
    authentication_mode="API",
    skip_default_node_group=True,
    create_instance_role=False,
    skip_default_security_groups={skip},
    endpoint_private_access=True,
    endpoint_public_access=False,
    version="1.35",
    encryption_config_key_arn="arn:aws:kms:us-east-1:111111111111:key/1",
    enabled_cluster_log_types=["api", "audit"],
    access_entries={{
        "admin": {{
            "principal_arn": "arn:aws:iam::111111111111:role/admin",
            "access_policies": {{
                "a": {{
                    "policy_arn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                    "access_scope": {{"type": "cluster"}},
                }}
            }},
        }}
    }},
    vpc_cni_options={{"addon_version": "v1.20.0-eksbuild.1", "enable_prefix_delegation": True}},
    deletion_protection=True,
    provider_credential_opts={{}},
    opts=pulumi.ResourceOptions(providers={{"aws": provider}}, transforms=[no_creator_admin], {options}),
)
pulumi.export("group", cluster.cluster_security_group_id)
pulumi.export("kubeconfig", cluster.kubeconfig_json)
"""

# Made up by AWS, different in every run.
_MADE_UP = {"kubeconfig", "roleArn", "role", "securityGroupId", "sourceSecurityGroupId", "addonVersion"}
# What the provider's own check adds to the inputs that the component registered.
_FILLED_IN = {"__defaults", "tagsAll", "__internal", "version"}


def comparable(resource: dict[str, Any], by_urn: dict[str, str]) -> dict[str, Any]:
    """A child as it is recorded: names for URNs, a mark for what AWS makes up."""

    def mark(key: str, value: Any) -> Any:
        if key in _MADE_UP:
            return "<made>"
        if key == "securityGroupIds":
            return ["<made>"]
        return {inner: mark(inner, each) for inner, each in value.items()} if isinstance(value, dict) else value

    component = not resource.get("custom")
    inputs = {} if component else resource["inputs"]
    filled_in = _FILLED_IN | set(inputs.get("__defaults", []))
    if resource["type"] == "aws:eks/cluster:Cluster":
        filled_in -= {"version"}
    return {
        "type": resource["type"],
        "name": by_urn[resource["urn"]],
        "parent": by_urn[resource["parent"]],
        "dependencies": sorted(by_urn[urn] for urn in resource.get("dependencies") or []),
        "inputs": {key: mark(key, value) for key, value in inputs.items() if key not in filled_in},
    }


@pytest.fixture
def engine(sample: Sample, tmp_path: Path) -> OfflineEngine:
    """An engine without judges: nobody reaches the private endpoint of these clusters, which have no network."""
    return OfflineEngine(sample.root, tmp_path / "home", judges=lambda: ())


@pytest.mark.parametrize(("skip", "recorded"), [(False, "own groups"), (True, "no groups")])
def test_a_cluster_registers_what_the_real_component_registers(
    sample: Sample, engine: OfflineEngine, skip: bool, recorded: str
) -> None:
    sample.program(CLUSTER.format(skip=skip, options=""))
    engine.up("dev")
    exported = engine.export("dev")["resources"]
    by_urn = {each["urn"]: each["urn"].rsplit("::", 1)[-1] for each in exported}
    made = [comparable(each, by_urn) for each in exported if by_urn[each["urn"]].startswith("c-")]
    expected = {(each["type"], each["name"]): each for each in RECORDED[recorded]}
    # The recording was made with another name for the cluster's own input.
    for each in made:
        if each["type"] == "aws:eks/cluster:Cluster":
            assert each["inputs"].pop("name") == "moka"
    assert {(each["type"], each["name"]) for each in made} == expected.keys()
    for each in made:
        assert each == expected[each["type"], each["name"]]


def test_options_of_the_component_reach_its_children(sample: Sample, engine: OfflineEngine) -> None:
    sample.program(
        "topic = aws.sns.Topic('first', opts=on_aws)\n"
        + CLUSTER.format(skip=True, options="protect=True, depends_on=[topic]")
    )
    up = engine.up("dev")
    found = resources(engine.export("dev"))
    child = found["c-eksCluster"]
    assert child["inputs"]["accessConfig"]["bootstrapClusterCreatorAdminPermissions"] is False, "by the transform"
    assert child["protect"], "from the component"
    assert "::aws::" in child["provider"], "the explicit provider"
    assert [urn.rsplit("::", 1)[-1] for urn in found["c"]["dependencies"]] == ["first"]
    assert up.outputs["group"] == child["outputs"]["vpcConfig"]["clusterSecurityGroupId"]
    kubeconfig = json.loads(up.outputs["kubeconfig"])
    assert "get-token" in kubeconfig["users"][0]["user"]["exec"]["args"]
    assert kubeconfig["clusters"][0]["cluster"]["server"] == child["outputs"]["endpoint"]


def test_a_security_group_that_is_passed_in_is_used_and_waited_for(sample: Sample, engine: OfflineEngine) -> None:
    group = "group = aws.ec2.SecurityGroup('own', vpc_id='vpc-0123456789abcdef0', opts=on_aws)\n"
    body = CLUSTER.format(skip=True, options="").replace(
        "    vpc_id=", "    cluster_security_group=group,\n    vpc_id="
    )
    sample.program(group + body)
    assert engine.preview("dev").has_changes
    up = engine.up("dev")
    found = resources(engine.export("dev"))
    assert up.outputs["group"] == found["own"]["id"]
    assert found["c-eksCluster"]["inputs"]["vpcConfig"]["securityGroupIds"] == [found["own"]["id"]]
    assert found["own"]["urn"] in found["c-eksCluster"]["dependencies"]


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("fargate=True", "does not emulate fargate"),
        ("node_ami_id='ami-0123456789abcdef1'", "does not emulate nodeAmiId"),
        ("create_oidc_provider=True", "does not emulate createOidcProvider"),
    ],
)
def test_an_argument_that_is_not_emulated_is_refused(
    sample: Sample, engine: OfflineEngine, argument: str, reason: str
) -> None:
    sample.program(CLUSTER.format(skip=True, options="").replace("    vpc_id=", f"    {argument},\n    vpc_id="))
    with pytest.raises(EngineError, match=reason):
        engine.preview("dev")
