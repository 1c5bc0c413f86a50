"""One thing at a time that is wrong with a machine, a stack file or an account, and the check that finds it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from botocore.exceptions import ConnectTimeoutError

from components.settings import STACKS
from doctor.finding import Status
from doctor.machine import Said
from tests.doctor import healthy
from tests.doctor.clients import Refusal
from tests.doctor.machines import PRINTED, exported
from tests.doctor.patient import Patient

NOT_THERE = Said(127, "", "not found")


@dataclass(frozen=True)
class Fault:
    """A fault in an account that is healthy else.

    Args:
        check: that finds it, and no other one does.
        plant: puts it there.
        text: what is said of it.
        fix: what mends it.
        status: how bad it is.
        stack: in which it is planted.
    """

    check: str
    plant: Callable[[Patient], object]
    text: str
    fix: str
    status: Status = "fail"
    stack: str = "dev"


def printing(command: str, said: Said) -> Callable[[Patient], object]:
    """A machine one of whose programs prints something else."""

    def plant(patient: Patient) -> None:
        patient.machine = replace(patient.machine, printed={**patient.machine.printed, command: said})

    return plant


def without(program: str) -> Callable[[Patient], object]:
    """A machine that lacks a program."""

    def plant(patient: Patient) -> None:
        left = {words: said for words, said in PRINTED.items() if not words.startswith(program)}
        patient.machine = replace(patient.machine, printed=left)

    return plant


def said(call: str, answer: object) -> Callable[[Patient], object]:
    """An account that answers a call in another way."""
    return lambda patient: patient.said.update({call: healthy.constant(answer)})


def held(code: str, value: float) -> Callable[[Patient], object]:
    """An account that has more or less of a quota."""
    return lambda patient: patient.held.update({code: value})


def lacking_role(name: str) -> Callable[[Patient], object]:
    """An account without a role."""

    def plant(patient: Patient) -> None:
        settings = patient.settings
        patient.said["iam:GetRole"] = lambda params: (
            Refusal("NoSuchEntity", status=404)
            if params["RoleName"] == name
            else healthy.role(params["RoleName"], settings)
        )

    return plant


def _left_role(name: str) -> Callable[[Patient], object]:
    """An account with a role that a run before has left."""

    def plant(patient: Patient) -> None:
        settings = patient.settings
        arn = f"arn:aws:iam::222222222222:role/{name}"
        left = {"Role": {**healthy.role("platform", settings)["Role"], "RoleName": name, "Arn": arn}}
        patient.said["iam:GetRole"] = lambda params: (
            left if params["RoleName"] == name else healthy.role(params["RoleName"], settings)
        )

    return plant


def _caller(arn: str) -> Callable[[Patient], object]:
    return said("sts:GetCallerIdentity", {"UserId": "X", "Account": arn.split(":")[4], "Arn": arn})


def _zones(change: Callable[[dict[str, str]], object]) -> Callable[[Patient], object]:
    def plant(patient: Patient) -> None:
        found = healthy.zones(patient.settings)
        for each in found:
            change(each)
        patient.said["ec2:DescribeAvailabilityZones"] = healthy.constant({"AvailabilityZones": found})

    return plant


def _offers_without(zone: str, *types: str) -> Callable[[Patient], object]:
    def lacks(place: str, name: str) -> bool:
        return place == zone and (not types or name in types)

    return lambda patient: patient.said.update(
        {
            "ec2:DescribeInstanceTypeOfferings": lambda params: {
                "InstanceTypeOfferings": healthy.offerings(params, lacks)
            }
        }
    )


def _services(change: Callable[[list[dict[str, object]]], object]) -> Callable[[Patient], object]:
    def plant(patient: Patient) -> None:
        settings = patient.settings

        def answer(params: healthy.Params) -> dict[str, object]:
            found = healthy.services(params, settings)
            change(found)
            return {"ServiceDetails": found}

        patient.said["ec2:DescribeVpcEndpointServices"] = answer

    return plant


def _both(*plants: Callable[[Patient], object]) -> Callable[[Patient], object]:
    return lambda patient: [plant(patient) for plant in plants]


def _running(endpoint: str, *, public: bool, version: str = "1.35") -> Callable[[Patient], object]:
    """A cluster that is the stack's own."""

    def plant(patient: Patient) -> None:
        name = patient.settings.account.cluster_name
        access = {"endpointPublicAccess": public, "publicAccessCidrs": ["192.0.2.0/24"] if public else []}
        cluster = {"name": name, "version": version, "endpoint": endpoint, "resourcesVpcConfig": access}
        patient.said["eks:DescribeCluster"] = healthy.constant({"cluster": cluster})
        patient.said["eks:ListClusters"] = healthy.constant({"clusters": [name]})
        printing("pulumi stack export", exported(("aws:eks/cluster:Cluster", name)))(patient)

    return plant


def _answering(endpoint: str) -> Callable[[Patient], object]:
    """A machine that reaches a cluster."""

    def plant(patient: Patient) -> None:
        host = endpoint.removeprefix("https://").lower()
        patient.machine = replace(patient.machine, addresses={host: ["10.0.0.1"]})

    return plant


def _old_packages(patient: Patient) -> None:
    """A checkout whose pins are newer than what is installed."""
    patient.root = patient.directory
    for name in ("pyproject.toml", "requirements.txt"):
        (patient.root / name).write_text((STACKS.parent / name).read_text().replace("pulumi==3.", "pulumi==4."))


def _nobody(_: object) -> object:
    raise ConnectTimeoutError(endpoint_url="https://sts.us-east-1.amazonaws.com")


def _own_detector(patient: Patient) -> None:
    patient.replans = True
    patient.change(lambda tree: tree.update(detection={"detector": "own"}))


ENDPOINT = "https://0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com"
NETWORK_OF_OTHERS = {"Vpcs": [{"VpcId": f"vpc-0000000{number}"} for number in range(5)]}
SECRET = "arn:aws:secretsmanager:us-east-1:222222222222:secret:ecr-pullthroughcache/docker-hub-a1b2c3"

MACHINE = (
    Fault("python", _old_packages, "and requirements.txt has 4.", "make lint"),
    Fault("pulumi", printing("pulumi version", Said(0, "v3.100.0", "")), "3.100.0 is older than 3.259.0", "install"),
    Fault("pulumi", without("pulumi"), "no pulumi on PATH", "https://www.pulumi.com"),
    Fault("pulumi", printing("pulumi version", NOT_THERE), "no pulumi on PATH", "install"),
    Fault(
        "plugins",
        printing("pulumi plugin ls", Said(0, "[]", "")),
        "aws 7.51.1 is not installed",
        "pulumi plugin install resource aws 7.51.1",
        "warn",
    ),
    Fault("plugins", printing("pulumi plugin ls", Said(0, "{", "")), "did not list them", "pulumi plugin ls", "warn"),
    Fault("aws-cli", without("aws"), "no aws on PATH", "install version 2.7.0"),
    Fault("aws-cli", printing("aws --version", Said(0, "aws-cli/1.22.1", "")), "1.22.1 is older", "install version"),
    Fault("kubectl", without("kubectl"), "no kubectl", "install kubectl 1.35", "warn"),
    Fault(
        "kubectl",
        printing("kubectl version", Said(0, '{"gitVersion": "v1.32.1"}', "")),
        "1.32.1 is more than one minor version",
        "install kubectl 1.35",
        "warn",
    ),
    Fault("docker", without("docker"), "no docker with buildx", "docs/images.md", "warn"),
)
SETTINGS = (
    Fault(
        "settings",
        lambda patient: patient.change(lambda tree: tree["node_groups"]["system"].update(size=-1)),
        "node_groups.system.size",
        "write a value that the rule allows",
    ),
    Fault("settings", lambda patient: patient.file.write_text("config: {}"), "moka:settings", "write a value"),
    Fault("settings", lambda patient: patient.file.write_text("config: ["), "is not YAML", "mend stacks/Pulumi.dev"),
    Fault(
        "rules",
        lambda patient: patient.change(lambda tree: tree["network"].update(cidr="10.0.0.0/20")),
        "network.cidr",
        "README.md",
    ),
    Fault(
        "rules",
        lambda patient: patient.file.write_text(
            patient.file.read_text().replace("config:\n", "config:\n  moka:registry-password: hunter2-hunter2\n", 1)
        ),
        "must not be a secret in plain text",
        "mend stacks/Pulumi.dev.yaml",
    ),
    Fault(
        "rules",
        lambda patient: patient.file.write_text(
            patient.file.read_text()
            .replace("moka:example-values: accepted", "")
            .replace("222222222222", "210987654321")
        ),
        "must be your own, not the account of an example",
        "README.md lists what to replace",
    ),
)
IDENTITY = (
    Fault(
        "credentials",
        said("sts:GetCallerIdentity", Refusal("ExpiredToken", "The security token is expired")),
        "ExpiredToken",
        "aws sso login",
    ),
    Fault(
        "credentials",
        lambda patient: patient.said.update({"sts:GetCallerIdentity": _nobody}),
        "AWS can't be reached",
        "check the network",
    ),
    Fault(
        "account",
        _caller("arn:aws:sts::999988887777:assumed-role/moka-deploy/ada"),
        "of account 999988887777, and the stack's file says 222222222222",
        "AWS_PROFILE",
    ),
    Fault(
        "account",
        _caller("arn:aws-cn:sts::222222222222:assumed-role/moka-deploy/ada"),
        "partition aws-cn, and us-east-1 is in aws",
        "partition",
    ),
    Fault("caller", _caller("arn:aws:iam::222222222222:root"), "root user's", "cluster.access.ci"),
    Fault(
        "caller",
        _caller("arn:aws:sts::222222222222:assumed-role/reader/ada"),
        "none of the roles that deploy",
        "moka-platform or moka-deploy",
        "warn",
    ),
    Fault("caller", _caller("arn:aws:iam::222222222222:user/ada"), "none of the roles", "run pulumi up as", "warn"),
    Fault(
        "region",
        said("account:GetRegionOptStatus", {"RegionName": "us-east-1", "RegionOptStatus": "DISABLED"}),
        "us-east-1 is disabled",
        "aws account enable-region --region-name us-east-1",
    ),
)
BACKEND = (
    Fault(
        "state",
        printing("pulumi stack export", Said(255, "", "error: PULUMI_ACCESS_TOKEN must be set for login\n")),
        "PULUMI_ACCESS_TOKEN must be set",
        "pulumi login",
        "warn",
    ),
    Fault("state", printing("pulumi stack export", Said(0, "[]", "")), "printed no deployment", "pulumi login", "warn"),
    Fault(
        "secrets",
        _both(
            lambda patient: patient.file.write_text(
                f"secretsprovider: awskms://alias/moka-dev-state?region=eu-west-1\n{patient.file.read_text()}"
            ),
            said("kms:DescribeKey", Refusal("NotFoundException")),
        ),
        "alias/moka-dev-state in eu-west-1, is not there",
        "aws kms create-key --region eu-west-1",
    ),
    Fault(
        "secrets",
        _both(
            lambda patient: patient.file.write_text(f"secretsprovider: awskms:///1234abcd\n{patient.file.read_text()}"),
            said("kms:DescribeKey", {"KeyMetadata": {"KeyId": "1234abcd", "KeyState": "PendingDeletion"}}),
        ),
        "1234abcd, is PendingDeletion",
        "aws kms enable-key --region us-east-1 --key-id 1234abcd",
    ),
    Fault(
        "secrets",
        lambda patient: patient.file.write_text(f"encryptionsalt: v1:abc=\n{patient.file.read_text()}"),
        "a passphrase opens",
        "PULUMI_CONFIG_PASSPHRASE",
        "warn",
    ),
)
ZONES = (
    Fault(
        "zones",
        _zones(lambda zone: zone.update(ZoneId="use1-az3") if zone["ZoneName"] == "us-east-1b" else None),
        "network.zones.us-east-1b must not be zone use1-az3",
        "take some of us-east-1a, us-east-1c",
    ),
    Fault(
        "zones",
        _zones(lambda zone: zone.update(State="impaired") if zone["ZoneName"] == "us-east-1a" else None),
        "us-east-1a is impaired",
        "wait",
        "warn",
    ),
    Fault(
        "zones",
        said(
            "ec2:DescribeAvailabilityZones",
            {"AvailabilityZones": [{"ZoneName": "us-east-1a", "ZoneId": "use1-az1", "State": "available"}]},
        ),
        "network.zones.us-east-1b must be an availability zone of the account",
        "take some of us-east-1a",
    ),
    Fault(
        "instance-types",
        _offers_without("us-east-1a", "m7g.xlarge", "m6g.xlarge"),
        "node_groups.system: us-east-1a offers none of m7g.xlarge, m6g.xlarge",
        "node_groups.system.zones",
    ),
    Fault(
        "instance-types",
        _offers_without("us-east-1b", "m7g.xlarge"),
        "node_groups.system: us-east-1b offers no m7g.xlarge",
        "m6g.xlarge alone",
        "warn",
    ),
    Fault(
        "endpoint-services",
        _services(lambda found: found.pop(0)),
        "com.amazonaws.us-east-1.ec2 is no service",
        "another Region",
    ),
    Fault(
        "endpoint-services",
        _services(lambda found: found[1].update(AvailabilityZones=["us-east-1a", "us-east-1c"])),
        "has no endpoint in us-east-1b",
        "us-east-1a, us-east-1c",
    ),
)
VERSIONS = (
    Fault(
        "kubernetes-version",
        said(
            "eks:DescribeClusterVersions",
            {"clusterVersions": [{"clusterVersion": "1.36", "versionStatus": "STANDARD_SUPPORT"}]},
        ),
        "offers no Kubernetes 1.35",
        'kubernetes_version: "1.36"',
    ),
    Fault(
        "kubernetes-version",
        said(
            "eks:DescribeClusterVersions",
            {"clusterVersions": [{"clusterVersion": "1.35", "versionStatus": "EXTENDED_SUPPORT"}]},
        ),
        "in extended support",
        "docs/upgrades.md",
        "warn",
    ),
    Fault(
        "kubernetes-version",
        _both(
            _running(ENDPOINT, public=True, version="1.36"),
            _answering(ENDPOINT),
        ),
        "must not be older than 1.36",
        "docs/upgrades.md",
    ),
    Fault(
        "addon-versions",
        said(
            "eks:DescribeAddonVersions",
            {"addons": [{"addonName": "coredns", "addonVersions": [{"addonVersion": "v1.14.0-eksbuild.1"}]}]},
        ),
        "aws-ebs-csi-driver v1.66.0-eksbuild.1 is not offered for Kubernetes 1.35",
        "pin one of v1.14.0-eksbuild.1 under cluster.addons",
    ),
    Fault(
        "node-images",
        lambda patient: patient.said.update(
            {
                "ssm:GetParameter": lambda params: (
                    Refusal("ParameterNotFound")
                    if "/arm64/" in params["Name"]
                    else {"Parameter": {"Name": params["Name"], "Value": "ami-1"}}
                )
            }
        ),
        "there is no image /aws/service/eks/optimized-ami/1.35/amazon-linux-2023/arm64/standard",
        "node_release",
    ),
)
QUOTAS = (
    Fault(
        "quota-on-demand-vcpus",
        held("L-1216C47A", 5),
        "12 needed, 28 with groups rolled and pools at their limits; 5 held",
        "aws service-quotas request-service-quota-increase --region us-east-1 --service-code ec2 "
        "--quota-code L-1216C47A --desired-value 28",
    ),
    Fault("quota-on-demand-vcpus", held("L-1216C47A", 20), "20 held", "--desired-value 28", "warn"),
    Fault("quota-spot-vcpus", held("L-34B43A08", 16), "24 needed", "--quota-code L-34B43A08 --desired-value 184"),
    Fault(
        "quota-vpcs",
        said("ec2:DescribeVpcs", NETWORK_OF_OTHERS),
        "5 in use by others; 5 held",
        "L-F678F1CE --desired-value 6",
    ),
    Fault(
        "quota-internet-gateways", held("L-A4707A72", 1), "1 in use by others; 1 held", "L-A4707A72 --desired-value 2"
    ),
    Fault(
        "quota-elastic-ips",
        held("L-0263D0A3", 2),
        "3 needed; 2 held",
        "--service-code ec2 --quota-code L-0263D0A3",
        stack="production",
    ),
    Fault(
        "quota-nat-gateways",
        _both(
            held("L-FE5A380F", 1),
            said("ec2:DescribeNatGateways", {"NatGateways": [{"NatGatewayId": "nat-1", "SubnetId": "subnet-1"}]}),
            said("ec2:DescribeSubnets", {"Subnets": [{"SubnetId": "subnet-1", "AvailabilityZone": "us-east-1b"}]}),
        ),
        "(us-east-1b): 1 needed, 1 in use by others; 1 held",
        "L-FE5A380F --desired-value 2",
        stack="production",
    ),
    Fault(
        "quota-vpc-ranges",
        held("L-83CA0A9D", 3),
        "4 needed; 3 held",
        "L-83CA0A9D --desired-value 4",
        stack="production",
    ),
    Fault("quota-interface-endpoints", held("L-29B6F2EB", 8), "9 needed; 8 held", "L-29B6F2EB --desired-value 9"),
    Fault("quota-security-group-rules", held("L-0EA8095F", 4), "needed; 4 held", "L-0EA8095F"),
    Fault("quota-eks-clusters", held("L-1194D53C", 1), "1 in use by others; 1 held", "L-1194D53C --desired-value 2"),
    Fault("quota-node-groups", held("L-6D54EA21", 2), "3 needed", "L-6D54EA21 --desired-value 6"),
    Fault(
        "quota-nodes-of-a-group",
        held("L-BD136A63", 2),
        "(system): 3 needed, 7 while it is rolled; 2 held",
        "L-BD136A63",
    ),
    Fault("quota-gp3-storage", held("L-7A658B76", 0.5), "0.5 held", "--service-code ebs --quota-code L-7A658B76"),
    Fault(
        "quota-iam-roles",
        held("L-FE177D64", 50),
        "40 in use by others; 50 held",
        "--service-code iam --quota-code L-FE177D64",
    ),
)
ROLES = (
    Fault(
        "service-linked-roles",
        lacking_role("AWSServiceRoleForEC2Spot"),
        "nothing in the stack may make it",
        "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
    ),
    Fault(
        "service-linked-roles",
        _both(
            lacking_role("AWSServiceRoleForAmazonEKS"),
            said(
                "iam:SimulatePrincipalPolicy",
                {
                    "EvaluationResults": [
                        {"EvalActionName": "iam:CreateServiceLinkedRole", "EvalDecision": "implicitDeny"}
                    ]
                },
            ),
        ),
        "these credentials may not have it made",
        "--aws-service-name eks.amazonaws.com",
    ),
    Fault(
        "service-linked-roles",
        _both(
            lacking_role("AWSServiceRoleForAmazonEKSNodegroup"),
            said("iam:SimulatePrincipalPolicy", Refusal("AccessDenied", status=403)),
        ),
        "the first node group makes it where whoever deploys may",
        "--aws-service-name eks-nodegroup.amazonaws.com",
        "warn",
    ),
    Fault(
        "named-roles",
        lacking_role("analytics"),
        "teams.analytics.owners.0 names arn:aws:iam::222222222222:role/analytics, which is not there",
        "make the role",
    ),
    Fault(
        "named-roles",
        _both(
            lambda patient: patient.change(
                lambda tree: tree["logs"]["readers"].update(platform=["arn:aws:iam::222222222222:role/teams/platform"])
            )
        ),
        "logs.readers.platform.0 names arn:aws:iam::222222222222:role/teams/platform, and the role of this name has",
        "write arn:aws:iam::222222222222:role/platform",
    ),
)


def _exists(name: str) -> Callable[[Patient], object]:
    """A bucket that is there."""
    return lambda patient: patient.said.update(
        {"s3:HeadBucket": lambda params: {} if params["Bucket"] in (name, TEAM_BUCKET) else Refusal("404", status=404)}
    )


def _refused_bucket(name: str, refusal: Refusal) -> Callable[[Patient], object]:
    return lambda patient: patient.said.update(
        {
            "s3:HeadBucket": lambda params: (
                refusal
                if params["Bucket"] == name
                else {}
                if params["Bucket"] == TEAM_BUCKET
                else Refusal("404", status=404)
            )
        }
    )


TEAM_BUCKET = "amzn-s3-demo-bucket-dev-analytics"
LOG_BUCKET = "moka-dev-spark-logs-222222222222-us-east-1"
NAMES = (
    Fault(
        "bucket-names",
        _refused_bucket(LOG_BUCKET, Refusal("403", "Forbidden", 403)),
        f"bucket {LOG_BUCKET} is another account's",
        "one space for all accounts",
    ),
    Fault(
        "bucket-names",
        _both(_exists(LOG_BUCKET), said("s3:ListBuckets", {"Buckets": [{"Name": LOG_BUCKET}]})),
        f"bucket {LOG_BUCKET} is there, and the stack's state knows nothing of it",
        f"when nobody needs it: aws s3 rb --force s3://{LOG_BUCKET}; to keep it: pulumi import --stack dev",
    ),
    Fault(
        "log-group-names",
        said("logs:DescribeLogGroups", {"logGroups": [{"logGroupName": "/aws/eks/moka-dev/cluster"}]}),
        "log group /aws/eks/moka-dev/cluster is there",
        "aws logs delete-log-group --log-group-name /aws/eks/moka-dev/cluster; to keep",
    ),
    Fault(
        "role-names",
        _left_role("moka-dev-karpenter-pod"),
        "role moka-dev-karpenter-pod is there",
        "aws iam delete-role --role-name moka-dev-karpenter-pod",
    ),
    Fault(
        "key-aliases",
        said("kms:ListAliases", {"Aliases": [{"AliasName": "alias/moka-dev"}]}),
        "alias alias/moka-dev is there",
        "aws kms delete-alias --alias-name alias/moka-dev",
    ),
    Fault(
        "repository-names",
        said("ecr:DescribeRepositories", {"repositories": [{"repositoryName": "moka/spark"}]}),
        "repository moka/spark is there",
        "aws:ecr/repository:Repository images-moka/spark moka/spark",
    ),
    Fault(
        "cache-rules",
        said("ecr:DescribePullThroughCacheRules", {"pullThroughCacheRules": [{"ecrRepositoryPrefix": "quay.io"}]}),
        "cache rule quay.io is there",
        "aws ecr delete-pull-through-cache-rule --ecr-repository-prefix quay.io",
    ),
    Fault(
        "cache-templates",
        said("ecr:DescribeRepositoryCreationTemplates", {"repositoryCreationTemplates": [{"prefix": "ghcr.io"}]}),
        "creation template ghcr.io is there",
        "aws ecr delete-repository-creation-template --prefix ghcr.io",
    ),
    Fault(
        "work-group-names",
        said("athena:GetWorkGroup", {"WorkGroup": {"Name": "moka-dev-logs"}}),
        "work group moka-dev-logs is there",
        "--work-group moka-dev-logs",
    ),
    Fault(
        "database-name",
        said("glue:GetDatabases", {"DatabaseList": [{"Name": "moka_dev_logs"}]}),
        "database moka_dev_logs is there",
        "aws:glue/catalogDatabase:CatalogDatabase log-catalog 222222222222:moka_dev_logs",
    ),
    Fault(
        "cluster-name",
        said("eks:ListClusters", {"clusters": ["moka-dev"]}),
        "cluster moka-dev is there, and the stack's state knows nothing of it",
        "aws eks delete-cluster --name moka-dev",
    ),
)
BEFOREHAND = (
    Fault(
        "registry-secrets",
        said("secretsmanager:DescribeSecret", Refusal("ResourceNotFoundException")),
        f"images.credentials.docker.io names {SECRET}, which is not there",
        "docs/images.md",
    ),
    Fault(
        "registry-secrets",
        said("secretsmanager:DescribeSecret", {"Name": "x", "DeletedDate": "2026-11-01T00:00:00Z"}),
        "is about to be deleted",
        "aws secretsmanager restore-secret --secret-id",
    ),
    Fault(
        "team-buckets",
        said("s3:HeadBucket", Refusal("404", status=404)),
        f"teams.analytics.data.write.0 names bucket {TEAM_BUCKET}, which is not there",
        f"aws s3 mb --region us-east-1 s3://{TEAM_BUCKET}",
        "warn",
    ),
    Fault(
        "team-buckets",
        _refused_bucket(TEAM_BUCKET, Refusal("403", "Forbidden", 403)),
        "may not look at",
        "nothing, where its owner lets the team's role in",
        "warn",
    ),
    Fault(
        "security-groups",
        _both(
            lambda patient: patient.change(
                lambda tree: tree["cluster"]["private_access"].update(security_group_ids=["sg-0123456789abcdef0"])
            ),
            said("ec2:DescribeSecurityGroups", {"SecurityGroups": []}),
        ),
        "cluster.private_access.security_group_ids.0 names sg-0123456789abcdef0, which is not in this account",
        "docs/private-api.md",
        stack="production",
    ),
    Fault(
        "detector",
        _own_detector,
        "detector d2b5a1c0e1f2a3b4c5d6e7f8a9b0c1d2 is there",
        "detection.detector: elsewhere",
    ),
    Fault(
        "identity-center",
        _both(
            lambda patient: patient.change(lambda tree: tree.update(monitoring={"grafana": "amazon-managed"})),
            said("sso-admin:ListInstances", {"Instances": []}),
        ),
        "sees no instance of IAM Identity Center in us-east-1",
        "monitoring.grafana: in-cluster",
        "warn",
        "production",
    ),
    Fault(
        "log-policies",
        said(
            "logs:DescribeResourcePolicies",
            {"resourcePolicies": [{"policyName": f"policy-{number}"} for number in range(10)]},
        ),
        "1 needed, 10 there by others",
        "aws logs delete-resource-policy",
    ),
    Fault(
        "api",
        _running(ENDPOINT, public=True),
        "can't be reached from here (timed out)",
        "come from one of 192.0.2.0/24, or add your address to cluster.public_access_cidrs",
    ),
    Fault("api", _running(ENDPOINT, public=False), "can't be reached", "docs/private-api.md", stack="production"),
)
FAULTS = (*MACHINE, *SETTINGS, *IDENTITY, *BACKEND, *ZONES, *VERSIONS, *QUOTAS, *ROLES, *NAMES, *BEFOREHAND)
