"""The first of two runs that make a private environment: its network alone, so that the runner can be connected to it.

Nothing but the nodes and `cluster.private_access` reaches a private API endpoint, and the VPC in which the second run
must stand, or to which its network is connected, is made by the first. Pulumi's own `--target` and `--exclude` can't
cut a new environment in two: the Kubernetes providers are made whatever is targeted, and they need the cluster.
"""

import pulumi

from components.deployed import deployed_settings
from components.model import Violation
from components.network.network import Network
from components.settings import Settings
from components.settings_error import SettingsError

KEY = "only"
NETWORK = "network"


def makes_only_the_network(settings: Settings) -> bool:
    """Whether this run is the first step, which `moka:only` of the stack's configuration asks for.

    Args:
        settings: of the environment. It must be protected: where a cluster stands already, the run would delete it,
            and protection makes every preview refuse that.

    Raises:
        SettingsError: when the key holds another word, the environment is not protected, or the stack remembers that
            the whole of it was made: a run without a preview would delete what is not protected.
    """
    only = pulumi.Config("moka").get(KEY)
    if only is None:
        return False
    if only != NETWORK:
        raise _refused(
            "moka:only",
            only,
            f"must be {NETWORK}, or absent",
            "it names the part of the environment that the first of two runs makes",
            f"pulumi up --config moka:{KEY}={NETWORK}, or pulumi config rm moka:{KEY}",
        )
    if not settings.protect:
        raise _refused(
            "protect",
            settings.protect,
            f"must be true while moka:{KEY} is {NETWORK}",
            "where the cluster stands already, this run would take it down, and only protection refuses that",
            f"pulumi config rm moka:{KEY}, or write protect: true for the first run",
        )
    if deployed_settings() is not None:
        raise _refused(
            "moka:only",
            NETWORK,
            "must be absent once the environment is made",
            "the stack has a cluster, which this run would take down",
            f"pulumi config rm moka:{KEY}",
        )
    return True


def _refused(field: str, value: object, rule: str, reason: str, fix: str) -> SettingsError:
    return SettingsError.of_violations(pulumi.get_stack(), [Violation(field, value, rule, reason, fix)])


class FirstStep(pulumi.ComponentResource):
    """The environment with nothing in it but its network.

    Type, logical names and parents are those of `Environment`, which takes everything over in the second run. Its
    settings are not remembered as deployed ones.

    Args:
        name: logical name of the environment.
        settings: the whole tree.
        opts: its providers must hold the AWS provider.

    Outputs:
        vpc_id: id of the VPC.
        control_plane_subnet_ids: zone name to the subnet that the API endpoint will stand in.
    """

    vpc_id: pulumi.Output[str]
    control_plane_subnet_ids: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, settings: Settings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:Environment", name, None, opts)
        network = Network(
            "network",
            settings.network,
            settings.account,
            protect=settings.protect,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.vpc_id = network.vpc_id
        self.control_plane_subnet_ids = network.control_plane_subnet_ids
        self.register_outputs({"vpc_id": self.vpc_id, "control_plane_subnet_ids": self.control_plane_subnet_ids})
