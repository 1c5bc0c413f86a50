"""What the API server itself refuses in team namespaces: pods whose images are not the environment's own.

An image from elsewhere has been scanned by nobody, and a registry that is away keeps its pods from starting. Where
digests are required, what was tested is what runs: a tag can be deleted and pushed anew. The image that holds the
places of a gang is the platform's, and may be named by its tag.

Leaves out who may push, which policies of the repositories say (`policies.py`).
"""

from collections.abc import Collection

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.images.table import PAUSE
from components.workloads.labels import selector_labels
from components.workloads.pod_policy import bound_policy, inside, policy_spec

Registration = kubernetes.admissionregistration.v1

NAME = "moka-images"

# Containers of a pod that runs can be given another image, and debugging adds containers to it.
OPERATIONS = {"pods": ["CREATE", "UPDATE"], "pods/ephemeralcontainers": ["UPDATE"]}


def images_of(pod: str) -> str:
    """An expression for the images of a pod's containers, of every kind."""
    return (
        f"{pod}.spec.containers.map(each, each.image)"
        f" + {pod}.spec.?initContainers.orValue([]).map(each, each.?image.orValue(''))"
        f" + {pod}.spec.?ephemeralContainers.orValue([]).map(each, each.?image.orValue(''))"
    )


def variables(account: Account) -> dict[str, str]:
    """Images that a pod gets, and among them those that break a rule.

    Args:
        account: the environment's account.
    """
    places = sorted({f"{account.registry}/", f"{account.images}/"})
    own = " || ".join(f"each.startsWith('{place}')" for place in places)
    pause = PAUSE.below(account.images).reference
    return {
        # A pod that is older than the policy must be able to end, for which its finalizers are taken off it.
        "before": f"request.operation == 'UPDATE' ? {images_of('oldObject')} : []",
        "images": f"({images_of('object')}).filter(each, !(each in variables.before))",
        "foreign": f"variables.images.filter(each, !({own}))",
        "unpinned": f"variables.images.filter(each, !each.contains('@sha256:') && each != '{pause}')",
    }


def validations(account: Account, digests_required: bool) -> list[kubernetes.admissionregistration.v1.ValidationArgs]:
    """What must hold, each with what whoever made the pod is told.

    Args:
        account: the environment's account.
        digests_required: whether a tag alone is not enough.
    """
    foreign = f" is not in {account.registry}, where images of team namespaces must be (docs/images.md)"
    unpinned = " is named by its tag alone; add @sha256: and its digest (docs/images.md)"
    rules = [("foreign", foreign), *([("unpinned", unpinned)] if digests_required else [])]
    return [
        Registration.ValidationArgs(
            expression=f"variables.{name}.size() == 0",
            message_expression=f"'image ' + variables.{name}[0] + '{said}'",
            # Said where the expression can't be evaluated.
            message=f"an image{said}",
            reason="Forbidden",
        )
        for name, said in rules
    ]


def images_policy(
    name: str, account: Account, namespaces: Collection[str], *, digests_required: bool, opts: pulumi.ResourceOptions
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding:
    """The policy, bound to some namespaces.

    Args:
        name: logical name of both objects.
        account: the environment's account.
        namespaces: of teams; one at least.
        digests_required: whether a tag alone is not enough.
        opts: options of the component that owns it.
    """
    metadata = kubernetes.meta.v1.ObjectMetaArgs(name=NAME, labels=selector_labels("images", "admission-policy"))
    spec = policy_spec(validations(account, digests_required), variables(account), OPERATIONS)
    return bound_policy(name, metadata, spec, inside(namespaces), opts=opts)
