"""What the API server refuses everywhere in a cluster, whoever has the right to it: reaching into nodes and platform.

Leaves out what is refused in team namespaces alone, beside what it guards: images (`components/images`), queues
(`components/scheduler`), resources and service accounts (`components/teams`).
"""

from collections.abc import Collection

import pulumi

from components.guard_rails.host_access import host_access_policy
from components.guard_rails.platform_access import platform_access_policy


class GuardRails(pulumi.ComponentResource):
    """Admission policies over every namespace but those that they name.

    Args:
        name: logical name.
        teams: namespaces of teams.
    """

    def __init__(self, name: str, teams: Collection[str], *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:GuardRails", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        host_access_policy(f"{name}-host-access", opts=child)
        platform_access_policy(f"{name}-platform-access", teams, opts=child)
        self.register_outputs({})
