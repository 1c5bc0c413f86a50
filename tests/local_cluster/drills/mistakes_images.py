"""Images that pods of teams may not run: the API server names the image, where it should be, and the page."""

from collections.abc import Callable
from itertools import count

import pulumi

from components.account import Account
from components.images.admission_policy import images_policy
from tests.local_cluster.comparison.real_kubernetes import Object
from tests.local_cluster.drills.mistake import Mistake, Says, World
from tests.local_cluster.drills.planted_objects import container, pod
from tests.recorder import ACCOUNT_ID, REGION, record

_WHO = "admission"
_KIND = "admissionregistration.k8s.io/v1"
_ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
_OWN = f"{_ACCOUNT.registry}/teams/analytics/spark:1"
_FOREIGN = "quay.io/example/spark:1"
_PINNED = f"{_OWN}@sha256:{'a' * 64}"


def _policy(namespace: str) -> list[Object]:
    """The policy as the program makes it where digests are required, bound to a namespace."""

    def build() -> None:
        owner = pulumi.ComponentResource("moka:index:Planted", "planted")
        opts = pulumi.ResourceOptions(parent=owner)
        images_policy("planted", _ACCOUNT, [namespace], digests_required=True, opts=opts)

    recorded = record(build)
    policy, binding = (
        recorded.only(f"kubernetes:{_KIND}:{kind}").inputs
        for kind in ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
    )
    named = {"metadata": {"name": namespace}}
    return [
        {"apiVersion": _KIND, "kind": "ValidatingAdmissionPolicy", **policy, **named},
        {
            "apiVersion": _KIND,
            "kind": "ValidatingAdmissionPolicyBinding",
            **binding,
            "spec": {**binding["spec"], "policyName": namespace},
            **named,
        },
    ]


def _of_a_team(content: Object, *before: Object) -> Callable[[World], Says]:
    """A pod in a namespace of a team, beside objects that may be there."""

    def plant(world: World) -> Says:
        world.make(*_policy(world.namespace), *before)
        # The API server hears of its policies by a watch, which takes a moment, and a pod that got past them may stay.
        tries = (pod(name=f"early-{number}", image=_FOREIGN) for number in count())
        world.kubernetes.wait_until(lambda: bool(world.refusal(next(tries))), "the policy")
        said = world.refusal(content)
        return lambda: said

    return plant


IMAGE_MISTAKES = [
    Mistake(
        "a team's pod has an image of another registry",
        _WHO,
        _of_a_team(pod(image=_FOREIGN)),
        (f"image {_FOREIGN} is not in {_ACCOUNT.registry}", "docs/images.md"),
    ),
    Mistake(
        "a container that a team's pod begins with has one",
        _WHO,
        _of_a_team(pod({"initContainers": [container(name="b", image=_FOREIGN)]}, image=_PINNED)),
        (f"image {_FOREIGN} is not in {_ACCOUNT.registry}",),
    ),
    Mistake(
        "a team's pod names its image by a tag alone",
        _WHO,
        _of_a_team(pod(image=_OWN)),
        (f"image {_OWN} is named by its tag alone", "add @sha256:"),
    ),
    Mistake(
        "a team's pod that runs is given an image of another registry",
        _WHO,
        _of_a_team(pod(image=_FOREIGN), pod(image=_PINNED)),
        (f"image {_FOREIGN} is not in {_ACCOUNT.registry}",),
    ),
]
