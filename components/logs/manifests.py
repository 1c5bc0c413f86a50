"""The Fluent Bit DaemonSet's objects, and what every agent shares, as pure functions of settings and names."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.cluster.node_config import JOURNAL_DIRECTORY
from components.images.table import FLUENT_BIT
from components.logs.settings import LogsSettings
from components.workloads.config_files import config_volume
from components.workloads.containers import http_probe, mount, ports, resources, variables
from components.workloads.node_agent import node_agent_spec
from components.workloads.workload import Workload

NAMESPACE = "logging"
AGENT = Workload("fluent-bit", "log-agent", NAMESPACE, FLUENT_BIT)

METRICS_PORT = 2020
# Above `grace` in files/fluent-bit.yaml: the agent uploads what it holds before it is killed.
TERMINATION_GRACE_SECONDS = 90
REQUEST_MIB = 128
# As the files in files/ name it.
STATE_DIRECTORY = "/var/fluent-bit/state"

# Of the pod, for variables that differ by node.
NODE_FIELDS = {"NODE_IP": "status.hostIP", "NODE_NAME": "spec.nodeName"}

Core = kubernetes.core.v1


def kubelet_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Read the list of pods from the node's kubelet, and nothing else.

    Not `nodes/proxy`, which older guides name: with it an agent could run commands in every pod. Kubelets ask for
    `nodes/pods` by default since Kubernetes 1.33.

    Source: Kubernetes documentation, "Kubelet authentication/authorization", fine-grained authorization.
    """
    return [kubernetes.rbac.v1.PolicyRuleArgs(api_groups=[""], resources=["nodes/pods"], verbs=["get"])]


def shared_environment(
    settings: LogsSettings, account: Account, system_bucket: pulumi.Input[str]
) -> dict[str, pulumi.Input[str]]:
    """Values of the variables that files/fluent-bit.yaml and files/kubernetes-events.yaml both have."""
    return {
        "AWS_REGION": account.region,
        "CLUSTER_NAME": account.cluster_name,
        "SYSTEM_BUCKET": system_bucket,
        "SYSTEM_UPLOAD_TIMEOUT": f"{settings.system_upload_interval_minutes}m",
        "LOG_LEVEL": settings.agent_log_level,
    }


def environment(
    settings: LogsSettings,
    account: Account,
    spark_bucket: pulumi.Input[str],
    system_bucket: pulumi.Input[str],
    event_log_bucket: pulumi.Input[str],
) -> dict[str, pulumi.Input[str]]:
    """Values of the variables in files/fluent-bit.yaml, apart from the node's own."""
    return {
        **shared_environment(settings, account, system_bucket),
        "SPARK_BUCKET": spark_bucket,
        "EVENTS_BUCKET": event_log_bucket,
        "SPARK_UPLOAD_TIMEOUT": f"{settings.spark_upload_interval_minutes}m",
    }


def security_context() -> kubernetes.core.v1.SecurityContextArgs:
    """Root, because container logs, the journal and Spark's blocks belong to root or to many users.

    As root without capabilities it reads what root owns or everybody may read: the kubelet's logs are root's, the
    journal is readable for root as its owner. It gains no power over the node: no capability, no escalation, no
    writable root file system, and by its pod's context the container runtime's system call filter.
    """
    return Core.SecurityContextArgs(
        run_as_user=0,
        run_as_non_root=False,
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=Core.CapabilitiesArgs(drop=["ALL"]),
    )


def read_only_tree(name: str, path: str) -> kubernetes.core.v1.VolumeMountArgs:
    """A mount that is read-only with the mounts below it: /var/log/pods is one where nodes have local NVMe volumes.

    Source: Kubernetes documentation, "Recursive read-only mounts"; awslabs/amazon-eks-ami, setup-local-disks.
    """
    return Core.VolumeMountArgs(name=name, mount_path=path, read_only=True, recursive_read_only="IfPossible")


def agent_container(
    workload: Workload,
    file: str,
    *,
    env: Sequence[kubernetes.core.v1.EnvVarArgs],
    needs: kubernetes.core.v1.ResourceRequirementsArgs,
    security: kubernetes.core.v1.SecurityContextArgs,
    sources: Sequence[kubernetes.core.v1.VolumeMountArgs] = (),
) -> kubernetes.core.v1.ContainerArgs:
    """A Fluent Bit that reads one of files/, with volumes `config` and `state`.

    The command replaces the image's own, which reads a classic configuration. Liveness asks whether the process
    answers at all: `/api/v1/health` fails while S3 refuses uploads, and a restart would help nobody then. Readiness
    asks for that, so that a roll stops at the first node whose agent can't deliver.

    Args:
        workload: whose container it is.
        file: name of its configuration.
        env: the file's variables.
        needs: what it requests and may use.
        security: what it may do.
        sources: mounts of what it reads.
    """
    return Core.ContainerArgs(
        name=workload.name,
        image=workload.image.reference,
        command=["/fluent-bit/bin/fluent-bit", "-c", f"/fluent-bit/etc/{file}"],
        env=list(env),
        ports=ports({"metrics": METRICS_PORT}),
        resources=needs,
        security_context=security,
        startup_probe=http_probe("/", "metrics", period_seconds=5, failures=24),
        liveness_probe=http_probe("/", "metrics", period_seconds=30),
        readiness_probe=http_probe("/api/v1/health", "metrics", period_seconds=15),
        volume_mounts=[
            mount("config", "/fluent-bit/etc", read_only=True),
            *sources,
            mount("state", STATE_DIRECTORY),
        ],
    )


def container(settings: LogsSettings, values: Mapping[str, pulumi.Input[str]]) -> kubernetes.core.v1.ContainerArgs:
    """The container of each node's agent."""
    return agent_container(
        AGENT,
        "fluent-bit.yaml",
        env=variables(values, NODE_FIELDS),
        needs=resources(cpu="200m", memory_mib=REQUEST_MIB, memory_limit_mib=settings.agent_memory_mib),
        security=security_context(),
        sources=[read_only_tree("logs", "/var/log"), read_only_tree("journal", JOURNAL_DIRECTORY)],
    )


def made_if_missing(name: str, path: str) -> kubernetes.core.v1.VolumeArgs:
    """A directory of the node, which the kubelet makes before the pod starts where there is none."""
    return Core.VolumeArgs(name=name, host_path=Core.HostPathVolumeSourceArgs(path=path, type="DirectoryOrCreate"))


def volumes(config_map: pulumi.Input[str]) -> list[kubernetes.core.v1.VolumeArgs]:
    """The node's logs, and a place on the node for positions and unsent lines: they must outlive the pod.

    Everything that is read lies under /var/log: containers in pods/, the journal of Amazon Linux 2023 in journal/,
    Spark's blocks in spark-events/. The journal is a volume of its own, although the first one holds it, because the
    agent ends with all its inputs where that directory is missing: nodes make it when they boot, and the kubelet makes
    it where one did not. The agent itself may write nothing there. Inputs that read files by pattern wait for theirs.

    Source: fluent/fluent-bit 5.0.9, plugins/in_systemd/systemd_config.c; Kubernetes documentation, "hostPath".
    """
    return [
        config_volume("config", config_map),
        Core.VolumeArgs(name="logs", host_path=Core.HostPathVolumeSourceArgs(path="/var/log", type="Directory")),
        made_if_missing("journal", JOURNAL_DIRECTORY),
        made_if_missing("state", STATE_DIRECTORY),
    ]


def daemon_set_spec(
    settings: LogsSettings, values: Mapping[str, pulumi.Input[str]], config_map: pulumi.Input[str]
) -> kubernetes.apps.v1.DaemonSetSpecArgs:
    """One agent on every node, whatever its architecture and taints; a roll takes a tenth of them at a time."""
    return node_agent_spec(
        AGENT,
        container=container(settings, values),
        volumes=volumes(config_map),
        security_context=Core.PodSecurityContextArgs(
            seccomp_profile=Core.SeccompProfileArgs(type="RuntimeDefault"),
        ),
        termination_grace_seconds=TERMINATION_GRACE_SECONDS,
    )
