"""Names, ports and host names of Celeborn, which manifests, configuration files and Spark's defaults share."""

NAMESPACE = "celeborn"
MASTER = "celeborn-master"
WORKER = "celeborn-worker"

# User of the image. Source: apache/celeborn 0.7.0, docker/Dockerfile.
USER = 10006

# An odd number, of which most must agree; each in a zone of its own.
MASTERS = 3

# Master: for applications, for workers and other masters, for Raft, for people, probes and scrapes.
MASTER_PORT = 9097
MASTER_INTERNAL_PORT = 8097
RAFT_PORT = 9872
MASTER_HTTP_PORT = 9098
MASTER_PORTS = {
    "rpc": MASTER_PORT,
    "internal": MASTER_INTERNAL_PORT,
    "raft": RAFT_PORT,
    "http": MASTER_HTTP_PORT,
}

# Worker: fixed, because readers come back to the same worker after it has restarted.
WORKER_RPC_PORT = 9091
PUSH_PORT = 9092
FETCH_PORT = 9093
REPLICATE_PORT = 9094
WORKER_INTERNAL_PORT = 9095
WORKER_HTTP_PORT = 9096
WORKER_PORTS = {
    "rpc": WORKER_RPC_PORT,
    "push": PUSH_PORT,
    "fetch": FETCH_PORT,
    "replicate": REPLICATE_PORT,
    "internal": WORKER_INTERNAL_PORT,
    "http": WORKER_HTTP_PORT,
}

# What applications connect to; the rest is between masters and workers, or for people and scrapes.
MASTER_CLIENT_PORTS = (MASTER_PORT,)
WORKER_CLIENT_PORTS = (WORKER_RPC_PORT, PUSH_PORT, FETCH_PORT)


def domain(name: str) -> str:
    """Domain in which each replica of masters or workers has a host name; in full, because the resolver of a pod would
    try a shorter one in each of its search domains first.

    Args:
        name: MASTER or WORKER.
    """
    return f"{name}-replicas.{NAMESPACE}.svc.cluster.local"


def master_hosts() -> list[str]:
    """Host name of each master.

    Source: Kubernetes documentation, "StatefulSets", "Stable Network ID".
    """
    return [f"{MASTER}-{index}.{domain(MASTER)}" for index in range(MASTERS)]


def master_endpoints(port: int = MASTER_PORT) -> str:
    """All masters as Celeborn's settings list them.

    Args:
        port: the one for applications, or the internal one.
    """
    return ",".join(f"{host}:{port}" for host in master_hosts())
