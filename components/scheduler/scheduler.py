"""YuniKorn: the scheduler of team namespaces, with a queue for each team.

Leaves out team namespaces themselves, which must be there first, and Spark's settings (`spark.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.scheduler import configuration
from components.scheduler.access import (
    admission_cluster_rules,
    admission_rules,
    configuration_rules,
    scheduler_cluster_rules,
    scheduler_team_rules,
)
from components.scheduler.admission_policy import admission_policy
from components.scheduler.manifests import REST, WEBHOOK, admission_spec, scheduler_spec
from components.scheduler.queue_file import queue_path
from components.scheduler.settings import QueueSettings, SchedulerSettings
from components.scheduler.webhooks import MUTATING, SECRET, VALIDATING, webhook_objects
from components.scheduler.workloads import (
    ADMISSION_PORT,
    ADMISSION_WORKLOAD,
    NAMESPACE,
    SCHEDULER_PORT,
    SCHEDULER_WORKLOAD,
    WEBHOOK_PORT,
)
from components.teams.names import namespace_of
from components.workloads.access import grant_cluster_role, grant_role, service_account
from components.workloads.namespace import namespace
from components.workloads.network_policy import allow_from, bound_namespace, scrapers, within
from components.workloads.services import disruption_budget, service
from components.workloads.workload import Workload, object_name


class Scheduler(pulumi.ComponentResource):
    """Scheduler and admission controller in one namespace, their queues, and what team namespaces refuse without them.

    Args:
        name: logical name.
        settings: parents, preemption and sizes.
        teams: team name to its queue; the namespace `spark-<team>` of each exists when this is made.
        account: the environment's account.
        control_plane: ranges of the subnets of the control plane's interfaces, which calls the admission controller.

    Outputs:
        queue_names: team name to the full name of its queue, such as root.spark-ads.
        queues_command: makes YuniKorn's REST API answer on http://localhost:9080.

    Source: Apache YuniKorn 1.8, its user guide; docs/queues.md.
    """

    queue_names: dict[str, str]
    queues_command: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: SchedulerSettings,
        teams: Mapping[str, QueueSettings],
        account: Account,
        *,
        control_plane: Iterable[IPv4Network],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Scheduler", name, None, opts)
        self._name, self._settings = name, settings
        self._child = pulumi.ResourceOptions(parent=self)
        space = namespace(NAMESPACE, "restricted", opts=self._child)
        ready = object_name(space.metadata)
        bound_namespace(name, ready, opts=self._child)
        scheduler, admission = SCHEDULER_WORKLOAD.placed_in(ready), ADMISSION_WORKLOAD.placed_in(ready)

        defaults = configuration.defaults(account)
        read = [
            self._config_map("defaults", configuration.DEFAULTS_MAP, scheduler, defaults),
            self._config_map("queues", configuration.QUEUES_MAP, scheduler, configuration.queues(settings, teams)),
        ]
        self._make_scheduler(scheduler, teams, configuration.digest_of(defaults), read)
        self._make_admission_controller(admission, control_plane, read)
        if teams:
            admission_policy(f"{name}-pods", admission, teams, opts=self._child)

        self.queue_names = {team: queue_path(team, queue) for team, queue in teams.items()}
        self.queues_command = pulumi.Output.from_input(
            f"kubectl --namespace {NAMESPACE} port-forward service/{scheduler.name} {SCHEDULER_PORT}:{SCHEDULER_PORT}"
        )
        self.register_outputs({"queue_names": self.queue_names, "queues_command": self.queues_command})

    def _config_map(
        self, role: str, physical_name: str, workload: Workload, data: Mapping[str, str]
    ) -> kubernetes.core.v1.ConfigMap:
        """A ConfigMap that keeps its name through every change, because YuniKorn watches it by name."""
        return kubernetes.core.v1.ConfigMap(
            f"{self._name}-{role}", metadata=workload.metadata(physical_name), data=data, opts=self._child
        )

    def _make_scheduler(
        self, workload: Workload, teams: Mapping[str, QueueSettings], content: str, read: Sequence[pulumi.Resource]
    ) -> None:
        name = self._name
        rights: list[pulumi.Resource] = [
            service_account(name, workload, opts=self._child),
            grant_cluster_role(name, workload, scheduler_cluster_rules(), opts=self._child),
            grant_role(name, workload, workload.namespace, configuration_rules(), opts=self._child),
        ]
        for team in teams:
            grant_role(f"{name}-team-{team}", workload, namespace_of(team), scheduler_team_rules(), opts=self._child)
        kubernetes.apps.v1.Deployment(
            name,
            metadata=workload.metadata(),
            spec=scheduler_spec(self._settings, workload, content),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*rights, *read]),
        )
        service(name, workload, {REST: SCHEDULER_PORT}, opts=self._child)
        allow_from(f"{name}-metrics", workload, scrapers(), [SCHEDULER_PORT], opts=self._child)

    def _make_admission_controller(
        self, workload: Workload, control_plane: Iterable[IPv4Network], read: Sequence[pulumi.Resource]
    ) -> None:
        name = f"{self._name}-admission"
        filled = webhook_objects(name, workload, opts=self._child)
        rights: list[pulumi.Resource] = [
            service_account(name, workload, opts=self._child),
            grant_cluster_role(name, workload, admission_cluster_rules(MUTATING, VALIDATING), opts=self._child),
            grant_role(name, workload, workload.namespace, admission_rules(SECRET), opts=self._child),
        ]
        kubernetes.apps.v1.Deployment(
            name,
            metadata=workload.metadata(),
            spec=admission_spec(self._settings, workload),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*rights, *read, *filled]),
        )
        service(name, workload, {WEBHOOK: WEBHOOK_PORT}, opts=self._child)
        allow_from(name, workload, within(control_plane), [ADMISSION_PORT], opts=self._child)
        if self._settings.admission_replicas > 1:
            disruption_budget(name, workload, opts=self._child)
