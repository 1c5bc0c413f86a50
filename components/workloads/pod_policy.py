"""A policy that the API server itself keeps over pods, and ways into them: what breaks it is refused.

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
    conditions: Mapping[str, str] | None = None,
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicySpecArgs:
    """What is looked at, and how; what can't be judged is refused.

    Args:
        validations: what must hold.
        variables: name to expression, for the validations.
        operations: resource, such as pods, to what is done with it, such as CREATE.
        conditions: name to expression; requests for which one of them is false are not looked at.
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
                    scope="Cluster" if resource.startswith("nodes") else "Namespaced",
                )
                for resource, listed in operations.items()
            ],
        ),
        match_conditions=[
            Registration.MatchConditionArgs(name=name, expression=each) for name, each in (conditions or {}).items()
        ]
        or None,
        variables=[Registration.VariableArgs(name=name, expression=each) for name, each in variables.items()],
        validations=list(validations),
    )


def inside(namespaces: Collection[str]) -> kubernetes.meta.v1.LabelSelectorArgs:
    """Selects namespaces by the label that Kubernetes gives each.

    Args:
        namespaces: their names; one at least.
    """
    return _selector("In", namespaces)


def outside(namespaces: Collection[str]) -> kubernetes.meta.v1.LabelSelectorArgs:
    """Selects all other namespaces, those that nobody knows yet among them.

    Args:
        namespaces: names of those that are left out; none for every namespace.
    """
    return _selector("NotIn", namespaces) if namespaces else EVERYTHING


def bound_policy(
    name: str,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    spec: kubernetes.admissionregistration.v1.ValidatingAdmissionPolicySpecArgs,
    namespaces: kubernetes.meta.v1.LabelSelectorArgs,
    *,
    opts: pulumi.ResourceOptions,
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding:
    """The policy, and what binds it to namespaces; what lies outside namespaces is looked at in any case.

    Args:
        name: logical name of both objects.
        metadata: of both objects.
        spec: what the policy says.
        namespaces: which, as `inside` or `outside` gives them.
        opts: options of the component that owns it.
    """
    policy = Registration.ValidatingAdmissionPolicy(name, metadata=metadata, spec=spec, opts=opts)
    return Registration.ValidatingAdmissionPolicyBinding(
        name,
        metadata=metadata,
        spec=Registration.ValidatingAdmissionPolicyBindingSpecArgs(
            policy_name=object_name(policy.metadata),
            validation_actions=["Deny"],
            match_resources=Registration.MatchResourcesArgs(
                match_policy="Equivalent", namespace_selector=namespaces, object_selector=EVERYTHING
            ),
        ),
        opts=opts,
    )


def _selector(operator: str, namespaces: Collection[str]) -> kubernetes.meta.v1.LabelSelectorArgs:
    named = kubernetes.meta.v1.LabelSelectorRequirementArgs(
        key=NAMESPACE_LABEL, operator=operator, values=sorted(namespaces)
    )
    return kubernetes.meta.v1.LabelSelectorArgs(match_expressions=[named])
