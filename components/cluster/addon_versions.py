"""Versions of the EKS add-ons, pinned so that a cluster changes only when a commit says so.

The defaults fit Kubernetes 1.35. Only `aws eks describe-addon-versions` says for certain what a Region offers: ask it
before each upgrade. Versions without a comment were seen running with 1.35; those marked "other minor" with a
neighbouring version of Kubernetes, which these add-ons don't follow.
"""

from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model

AddonVersion = Annotated[str, Field(pattern=r"^v\d+\.\d+\.\d+-eksbuild\.\d+$")]


class AddonVersions(Model):
    """One version per add-on, as `aws eks describe-addon-versions` names them."""

    # renovate: addon=vpc-cni
    vpc_cni: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = "v1.22.4-eksbuild.3"
    """Amazon VPC CNI: pod addresses and network policies."""

    # renovate: addon=kube-proxy
    kube_proxy: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = "v1.35.3-eksbuild.21"
    """Service addresses; its minor version is the cluster's."""

    # renovate: addon=eks-pod-identity-agent
    pod_identity_agent: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = (
        "v1.3.10-eksbuild.3"
    )
    """Hands AWS credentials to pods."""

    # renovate: addon=coredns
    coredns: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = "v1.13.2-eksbuild.21"
    """Names of services and pods."""

    # Other minor: seen with 1.33 and 1.36.
    # renovate: addon=aws-ebs-csi-driver
    ebs_csi_driver: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = "v1.66.0-eksbuild.1"
    """Persistent volumes on Amazon EBS."""

    # Other minor: seen with 1.36.
    # renovate: addon=metrics-server
    metrics_server: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = "v0.9.0-eksbuild.11"
    """CPU and memory of pods for autoscaling and `kubectl top`."""

    # Other minor: seen with 1.36.
    # renovate: addon=eks-node-monitoring-agent
    node_monitoring_agent: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = (
        "v1.6.6-eksbuild.1"
    )
    """Finds broken nodes, which node repair then replaces."""

    # renovate: addon=kube-state-metrics
    kube_state_metrics: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = (
        "v2.18.0-eksbuild.1"
    )
    """State of Kubernetes objects as metrics."""

    # renovate: addon=prometheus-node-exporter
    node_exporter: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = "v1.10.2-eksbuild.8"
    """Metrics of each node's operating system."""

    # renovate: addon=aws-guardduty-agent
    guardduty_agent: Annotated[AddonVersion, OnChange(in_place("rolls the pods of the add-on"))] = "v1.12.1-eksbuild.2"
    """Tells Amazon GuardDuty what runs on each node, where detection.runtime_agent is add-on."""
