"""The first of two runs that make an environment: what has to be there before its cluster can.

Images must lie in its repositories before pods ask for them. And nothing but the nodes and `cluster.private_access`
reaches a private API endpoint, while the VPC in which the second run must stand, or to which its network is connected,
is made by the first. Pulumi's own `--target` and `--exclude` can't cut a new environment in two: the Kubernetes
providers are made whatever is targeted, and they need the cluster.
"""

import pulumi

from components.deployed import deployed_settings
from components.images.image_registry import ImageRegistry
from components.model import Violation
from components.network.network import Network
from components.settings import Settings
from components.settings_error import SettingsError

KEY = "only"
GROUND = "ground"


def makes_only_the_ground() -> bool:
    """Whether this run is the first step, which `moka:only` of the stack's configuration asks for.

    Raises:
        SettingsError: when the key holds another word, or the stack remembers that the whole of the environment was
            made, which the run would take down.
    """
    only = pulumi.Config("moka").get(KEY)
    if only is None:
        return False
    if only != GROUND:
        raise _refused(
            "moka:only",
            only,
            f"must be {GROUND}, or absent",
            "it names the part of the environment that the first of two runs makes",
            f"pulumi up --config moka:{KEY}={GROUND}, or pulumi config rm moka:{KEY}",
        )
    if deployed_settings() is not None:
        raise _refused(
            "moka:only",
            GROUND,
            "must be absent once the environment is made",
            "the stack has a cluster, which this run would take down",
            f"pulumi config rm moka:{KEY}",
        )
    return True


def _refused(field: str, value: object, rule: str, reason: str, fix: str) -> SettingsError:
    return SettingsError.of_violations(pulumi.get_stack(), [Violation(field, value, rule, reason, fix)])


class FirstStep(pulumi.ComponentResource):
    """The environment with nothing in it but its network and the place for its images.

    Type, logical names and parents are those of `Environment`, which takes everything over in the second run. Its
    settings are not remembered as deployed ones.

    Args:
        name: logical name of the environment.
        settings: the whole tree.
        opts: its providers must hold the AWS provider.

    Outputs:
        vpc_id: id of the VPC.
        publisher_role_arn: ARN of the role that pushes the project's own images; None where nobody has it.
        control_plane_subnet_ids: zone name to the subnet that the API endpoint will stand in.
    """

    vpc_id: pulumi.Output[str]
    control_plane_subnet_ids: dict[str, pulumi.Output[str]]
    publisher_role_arn: pulumi.Output[str] | None

    def __init__(self, name: str, settings: Settings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:Environment", name, None, opts)
        network = Network(
            "network",
            settings.network,
            settings.account,
            protect=settings.protect,
            opts=pulumi.ResourceOptions(parent=self),
        )
        registry = ImageRegistry(
            "images",
            settings.images,
            settings.account,
            teams=settings.team_images,
            protect=settings.protect,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.publisher_role_arn = registry.publisher_role_arn
        self.vpc_id = network.vpc_id
        self.control_plane_subnet_ids = network.control_plane_subnet_ids
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "control_plane_subnet_ids": self.control_plane_subnet_ids,
                "publisher_role_arn": self.publisher_role_arn,
            }
        )
