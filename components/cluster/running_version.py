"""The Kubernetes version that the account's cluster runs at, which Amazon EKS may have raised by itself.

With support type STANDARD, Amazon EKS upgrades a cluster when standard support of its version ends. The settings and
the stack's state don't know: after a refresh, the settings' version would be a downgrade, which Amazon EKS does not
carry out; whether the AWS provider would ask for it, or for another cluster, was not looked up. Leaves out versions of
nodes and add-ons, which Amazon EKS never raises.

Source: Amazon EKS user guide, "Understand the Kubernetes version lifecycle on EKS".
"""

from collections.abc import Iterable

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.cluster.kubernetes_version import minor_version
from components.model import Violation
from components.settings_error import SettingsError


def rules_of_running_version(wanted: str, running: str | None) -> Iterable[Violation]:
    """The settings name no older version than the cluster runs at.

    Args:
        wanted: the settings' minor version.
        running: the cluster's minor version; None for a cluster that is not there.
    """
    if running is not None and minor_version(running) > minor_version(wanted):
        yield Violation(
            "cluster.kubernetes_version",
            wanted,
            f"must not be older than {running}, at which the cluster runs",
            "somebody upgraded it outside this program, as Amazon EKS does by itself when standard support ends, and "
            "nothing takes an upgrade back",
            f'write kubernetes_version: "{running}" and deploy once with pulumi up --refresh; docs/upgrades.md says '
            "what comes after it",
        )


def require_no_downgrade(wanted: str, account: Account, provider: aws.Provider) -> None:
    """Ask the account which version its cluster runs at, in a preview too, and refuse an older one.

    Args:
        wanted: the settings' minor version.
        account: the environment's account.
        provider: the AWS provider of the account.

    Raises:
        SettingsError: naming the version that runs.
    """
    options = pulumi.InvokeOptions(provider=provider)
    # Asking for a cluster that is not there would be an error.
    if account.cluster_name not in aws.eks.get_clusters(opts=options).names:
        return
    running = aws.eks.get_cluster(name=account.cluster_name, opts=options).version
    if violations := list(rules_of_running_version(wanted, running)):
        raise SettingsError.of_violations(pulumi.get_stack(), violations)
