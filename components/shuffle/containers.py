"""What containers of masters and workers share: the image's start scripts, their variables and probes."""

from collections.abc import Mapping

import pulumi_kubernetes as kubernetes

from components.shuffle.addresses import domain
from components.workloads.containers import http_probe, mount, ports, resources, variables
from components.workloads.security import restricted_container
from components.workloads.workload import Workload

Core = kubernetes.core.v1

CONFIGURATION = "/etc/celeborn"
CONFIGURATION_VOLUME = "configuration"
DATA = "/data"
DATA_VOLUME = "data"
SCRATCH = "/tmp"
SCRATCH_VOLUME = "scratch"
# Answers when the process serves requests.
HEALTH = "/ping"
# A node that is out of memory is of no use to anybody; Kubernetes starts another process.
JAVA_OPTIONS = "-XX:+ExitOnOutOfMemoryError"


def celeborn_container(
    workload: Workload,
    script: str,
    named_ports: Mapping[str, int],
    *,
    cpu: str,
    memory_mib: int,
    values: Mapping[str, str],
) -> kubernetes.core.v1.ContainerArgs:
    """A container that runs one of the image's start scripts in the foreground.

    The image's entry point is an init process, which hands signals on: a worker that is told to stop needs its time.

    Args:
        workload: name and image.
        script: name of the script, such as start-master.sh.
        named_ports: name to port; `http` is the one of probes.
        cpu: requested CPU.
        memory_mib: memory request and limit.
        values: variables of this kind of process.

    Source: apache/celeborn 0.7.0, docker/Dockerfile, sbin/load-celeborn-env.sh and celeborn-daemon.sh.
    """
    return Core.ContainerArgs(
        name=workload.name,
        image=workload.image.reference,
        args=[f"/opt/celeborn/sbin/{script}"],
        env=variables(
            {
                "CELEBORN_CONF_DIR": CONFIGURATION,
                "CELEBORN_LOG_DIR": SCRATCH,
                "CELEBORN_PID_DIR": SCRATCH,
                "CELEBORN_NO_DAEMONIZE": "true",
                # Addresses of pods change; others come back to a name.
                "CELEBORN_LOCAL_HOSTNAME": f"$(POD_NAME).{domain(workload.name)}",
                **values,
            },
            {"POD_NAME": "metadata.name"},
        ),
        ports=ports(named_ports),
        resources=resources(cpu=cpu, memory_mib=memory_mib),
        security_context=restricted_container(),
        startup_probe=http_probe(HEALTH, "http", period_seconds=5, failures=60),
        liveness_probe=http_probe(HEALTH, "http", period_seconds=30),
        readiness_probe=http_probe(HEALTH, "http"),
        volume_mounts=[
            mount(CONFIGURATION_VOLUME, CONFIGURATION, read_only=True),
            mount(DATA_VOLUME, DATA),
            mount(SCRATCH_VOLUME, SCRATCH),
        ],
    )
