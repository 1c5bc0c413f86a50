"""A policy that the API server itself keeps over pods of some namespaces: what breaks it is refused.

It asks nobody, so it can't be away, and it is bound to namespaces, so it holds up no other pod.

Source: Kubernetes documentation, "Validating Admission Policy".
"""

from collections.abc import Collection, Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.workload import object_name

Registration = kubernetes.admissionregistration.v1

# Selectors that are left out would be filled in by the API server, and belong to whoever applied the object.
EVERYTHING = kubernetes.meta.v1.LabelSelectorArgs()
NAMESPACE_LABEL = "kubernetes.io/metadata.name"


def policy_spec(
    validations: Sequence[kubernetes.admissionregistration.v1.ValidationArgs],
    variables: Mapping[str, str],
    operations: Mapping[str, Sequence[str]],
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicySpecArgs:
    """What is looked at, and how; a pod that can't be judged is refused.

    Args:
        validations: what must hold.
        variables: name to expression, for the validations.
        operations: resource, such as pods, to what is done with it, such as CREATE.
    """
    return Registration.ValidatingAdmissionPolicySpecArgs(
        failure_policy="Fail",
        match_constraints=Registration.MatchResourcesArgs(
            match_policy="Equivalent",
            namespace_selector=EVERYTHING,
            object_selector=EVERYTHING,
            resource_rules=[
                Registration.NamedRuleWithOperationsArgs(
                    api_groups=[""],
                    api_versions=["v1"],
                    operations=list(listed),
                    resources=[resource],
                    scope="Namespaced",
                )
                for resource, listed in operations.items()
            ],
        ),
        variables=[Registration.VariableArgs(name=name, expression=each) for name, each in variables.items()],
        validations=list(validations),
    )


def bound_policy(
    name: str,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    spec: kubernetes.admissionregistration.v1.ValidatingAdmissionPolicySpecArgs,
    namespaces: Collection[str],
    *,
    opts: pulumi.ResourceOptions,
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding:
    """The policy, and what binds it to namespaces by the label that Kubernetes gives each.

    Args:
        name: logical name of both objects.
        metadata: of both objects.
        spec: what the policy says.
        namespaces: their names; one at least.
        opts: options of the component that owns it.
    """
    policy = Registration.ValidatingAdmissionPolicy(name, metadata=metadata, spec=spec, opts=opts)
    bound = kubernetes.meta.v1.LabelSelectorRequirementArgs(
        key=NAMESPACE_LABEL, operator="In", values=sorted(namespaces)
    )
    return Registration.ValidatingAdmissionPolicyBinding(
        name,
        metadata=metadata,
        spec=Registration.ValidatingAdmissionPolicyBindingSpecArgs(
            policy_name=object_name(policy.metadata),
            validation_actions=["Deny"],
            match_resources=Registration.MatchResourcesArgs(
                match_policy="Equivalent",
                namespace_selector=kubernetes.meta.v1.LabelSelectorArgs(match_expressions=[bound]),
                object_selector=EVERYTHING,
            ),
        ),
        opts=opts,
    )
