"""Security contexts that satisfy the Pod Security Standards, and the labels that enforce these on a namespace.

Source: Kubernetes documentation, "Pod Security Standards" and "Pod Security Admission".
"""

from typing import Literal

import pulumi_kubernetes as kubernetes

Level = Literal["privileged", "baseline", "restricted"]


def pod_security_labels(level: Level) -> dict[str, str]:
    """Namespace labels that enforce a level, and warn and audit at the same one."""
    return {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "warn", "audit")}


def restricted_container() -> kubernetes.core.v1.SecurityContextArgs:
    """A container that the restricted level admits: no privileges, no capabilities, a read-only root file system."""
    return kubernetes.core.v1.SecurityContextArgs(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=kubernetes.core.v1.CapabilitiesArgs(drop=["ALL"]),
    )


def restricted_pod(user_id: int) -> kubernetes.core.v1.PodSecurityContextArgs:
    """A pod that the restricted level admits, whose volumes belong to its user.

    Args:
        user_id: numeric user and group of the image, not 0.
    """
    return kubernetes.core.v1.PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=user_id,
        run_as_group=user_id,
        fs_group=user_id,
        seccomp_profile=kubernetes.core.v1.SeccompProfileArgs(type="RuntimeDefault"),
    )
