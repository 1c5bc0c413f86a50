"""The admission controller's webhook configurations and the Secret of its certificates, which it fills in itself.

Every replica makes a server certificate when it starts, signed by an authority out of the Secret, and writes the
authorities into both configurations. It lets the API server go on without it (`failurePolicy: Ignore`) and sets that
back if anybody changes it: so no pod of the cluster ever waits for it, and what must not pass without it is refused by
an admission policy instead (`admission_policy.py`).

Source: apache/yunikorn-k8shim 1.8, pkg/admission/webhook_manager.go.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.workload import Workload

# All three names are its own, and it looks for them.
MUTATING = "yunikorn-admission-controller-mutations"
VALIDATING = "yunikorn-admission-controller-validations"
SECRET = "admission-controller-secrets"
# It replaces a configuration's labels by this one.
LABELS = {"app": "yunikorn"}


def webhook_objects(name: str, workload: Workload, *, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """The empty objects; here so that they go with the environment, and so that it needs no right to make any.

    Args:
        name: logical name.
        workload: the admission controller.
        opts: options of the component that owns it.
    """
    registration = kubernetes.admissionregistration.v1
    return [
        kubernetes.core.v1.Secret(f"{name}-certificates", metadata=workload.metadata(SECRET), type="Opaque", opts=opts),
        registration.MutatingWebhookConfiguration(
            f"{name}-mutations", metadata=kubernetes.meta.v1.ObjectMetaArgs(name=MUTATING, labels=LABELS), opts=opts
        ),
        registration.ValidatingWebhookConfiguration(
            f"{name}-validations",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=VALIDATING, labels=LABELS),
            opts=opts,
        ),
    ]
