"""Celeborn: takes the shuffles of applications off their executors, so that executors and their nodes may come and go.

Leaves out Spark's half, which is a jar in the image of applications and lines of their defaults (`spark_lines.py`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes

from components.images.table import CELEBORN
from components.shuffle.addresses import (
    MASTER,
    MASTER_CLIENT_PORTS,
    MASTER_HTTP_PORT,
    MASTER_PORTS,
    NAMESPACE,
    USER,
    WORKER,
    WORKER_CLIENT_PORTS,
    WORKER_HTTP_PORT,
    WORKER_PORTS,
)
from components.shuffle.capacity import Workers
from components.shuffle.configuration import FILE, celeborn_defaults
from components.shuffle.masters import masters_spec
from components.shuffle.worker_directory import WORKERS
from components.shuffle.workers import rollout_timeouts, workers_spec
from components.workloads.access import service_account
from components.workloads.config_files import config_files
from components.workloads.namespace import namespace
from components.workloads.network_policy import allow_from, bound_namespace, pods_of, scrapers
from components.workloads.services import disruption_budget, replica_service
from components.workloads.workload import Workload, object_name

FILES = Path(__file__).parent / "files"


class Celeborn(pulumi.ComponentResource):
    """Masters on system nodes and workers on nodes of their own, which applications of some namespaces reach.

    Args:
        name: logical name.
        workers: how many, and what each has; see `workers_on`.
        namespaces: namespaces whose pods may use it.

    Outputs:
        namespace: the namespace's name.

    Source: Apache Celeborn documentation, "Deploy Celeborn on Kubernetes", "Upgrading"; apache/celeborn 0.7.0,
    charts/celeborn.
    """

    namespace: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        workers: Workers,
        namespaces: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Celeborn", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        volume = WORKERS.make_volume(f"{name}-workers", opts=child)
        # A worker's first container is root, to give the node's directory to the worker, which "restricted" refuses.
        # The namespace goes before the volume, because the claim in it holds the volume.
        space = namespace(NAMESPACE, "baseline", opts=pulumi.ResourceOptions(parent=self, depends_on=[volume]))
        self.namespace = object_name(space.metadata)
        master, worker = (
            Workload(each, component, self.namespace, CELEBORN)
            for each, component in ((MASTER, "shuffle-master"), (WORKER, "shuffle-worker"))
        )
        bound_namespace(name, self.namespace, opts=child)
        claim = WORKERS.make_claim(f"{name}-workers", self.namespace, volume, opts=child)
        files = config_files(
            f"{name}-files",
            master,
            (FILES / "log4j2.properties",),
            made={FILE: celeborn_defaults(workers)},
            opts=child,
        )
        self._open(master, MASTER_CLIENT_PORTS, MASTER_HTTP_PORT, namespaces)
        masters = self._serve(master, MASTER_PORTS, masters_spec(master, USER, files), child)
        self._open(worker, WORKER_CLIENT_PORTS, WORKER_HTTP_PORT, namespaces)
        self._serve(
            worker,
            WORKER_PORTS,
            workers_spec(worker, workers, USER, configuration=files, claim=object_name(claim.metadata)),
            pulumi.ResourceOptions(parent=self, depends_on=[masters], custom_timeouts=rollout_timeouts(workers)),
        )
        self.register_outputs({"namespace": self.namespace})

    def _serve(
        self,
        workload: Workload,
        ports: Mapping[str, int],
        spec: kubernetes.apps.v1.StatefulSetSpecArgs,
        opts: pulumi.ResourceOptions,
    ) -> kubernetes.apps.v1.StatefulSet:
        child = pulumi.ResourceOptions(parent=self)
        disruption_budget(workload.name, workload, opts=child)
        needs = [
            service_account(workload.name, workload, opts=child),
            replica_service(workload.name, workload, ports, opts=child),
        ]
        return kubernetes.apps.v1.StatefulSet(
            workload.name,
            metadata=workload.metadata(),
            spec=spec,
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=needs)),
        )

    def _open(self, workload: Workload, client_ports: Sequence[int], http_port: int, namespaces: Sequence[str]) -> None:
        child = pulumi.ResourceOptions(parent=self)
        for purpose, sources, ports in (
            ("applications", pods_of(namespaces), client_ports),
            ("scrapes", scrapers(), (http_port,)),
        ):
            # A policy without any source would admit everybody.
            if sources:
                allow_from(f"{workload.name}-{purpose}", workload, sources, ports, purpose=purpose, opts=child)
