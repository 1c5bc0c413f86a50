"""A team's place in the cluster: its namespace, what bounds it, who may do what there, and Spark's defaults for it.

Leaves out its queue (`scheduler`), what its applications may do in AWS (`identities.py`), and its people's way into the
cluster, which is their access entry.
"""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.spark.defaults import namespace_lines, published_files
from components.spark.driver_budget import DRIVER_LABELS, keep_drivers
from components.spark.event_log_directory import event_log_directory
from components.teams.bounds import limit_range, quota
from components.teams.names import group_of, namespace_of
from components.teams.rights import (
    DRIVER_ROLE,
    PEOPLE_ROLE,
    driver_rules,
    grant,
    group_subject,
    people_rules,
    service_account_subject,
)
from components.teams.settings import DEFAULT_SERVICE_ACCOUNT, TeamSettings
from components.workloads.labels import PART_OF
from components.workloads.namespace import namespace
from components.workloads.network_policy import bound_namespace, let_collectors_scrape
from components.workloads.workload import object_name

# People and other programs name it, so it keeps its name through every change of its content.
DEFAULTS_CONFIG_MAP = "spark-defaults"


class Team(pulumi.ComponentResource):
    """A namespace in which a team's people submit, and its service accounts run drivers that make executors.

    Args:
        name: the team's name, which is the logical name too.
        settings: people, queue, service accounts.
        defaults: Spark's settings of the environment, as `environment_lines` gives them.

    Outputs:
        namespace: the namespace's name.
    """

    namespace: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: TeamSettings,
        *,
        defaults: pulumi.Input[Mapping[str, str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Team", name, None, opts)
        self._team = name
        self._space = namespace_of(name)
        child = pulumi.ResourceOptions(parent=self)
        event_logs = event_log_directory(self._space)
        volume = event_logs.make_volume(f"{self._space}-event-logs", opts=child)
        # "restricted" would refuse the pods that spark-submit makes: they set no seccomp profile and drop nothing. The
        # namespace goes before the volume, because running drivers hold the volume.
        space = namespace(self._space, "baseline", opts=pulumi.ResourceOptions(parent=self, depends_on=[volume]))
        self.namespace = object_name(space.metadata)
        outlives_drivers = pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        event_logs.make_claim(f"{self._space}-event-logs", self.namespace, volume, opts=outlives_drivers)
        self._bound(settings)
        self._make_service_accounts(settings)
        self._let_people_in()
        self._publish(defaults)
        keep_drivers(self._space, self.namespace, opts=child)
        bound_namespace(self._space, self.namespace, opts=child)
        let_collectors_scrape(f"{self._space}-drivers", self.namespace, DRIVER_LABELS, opts=child)
        self.register_outputs({"namespace": self.namespace})

    def _bound(self, settings: TeamSettings) -> None:
        child = pulumi.ResourceOptions(parent=self)
        quota(self._space, self.namespace, settings.queue.maximum, opts=child)
        limit_range(self._space, self.namespace, opts=child)

    def _make_service_accounts(self, settings: TeamSettings) -> None:
        child = pulumi.ResourceOptions(parent=self)
        accounts = [
            kubernetes.core.v1.ServiceAccount(f"{self._space}-{each}", metadata=self._metadata(each), opts=child)
            for each in settings.service_accounts
        ]
        grant(
            f"{self._space}-drivers",
            DRIVER_ROLE,
            self.namespace,
            driver_rules(),
            [service_account_subject(each, self._space) for each in settings.service_accounts],
            opts=pulumi.ResourceOptions(parent=self, depends_on=accounts),
        )

    def _let_people_in(self) -> None:
        grant(
            f"{self._space}-people",
            PEOPLE_ROLE,
            self.namespace,
            people_rules(),
            [group_subject(group_of(self._team))],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _publish(self, defaults: pulumi.Input[Mapping[str, str]]) -> None:
        own = namespace_lines(self._space, DEFAULT_SERVICE_ACCOUNT)
        kubernetes.core.v1.ConfigMap(
            f"{self._space}-defaults",
            metadata=self._metadata(DEFAULTS_CONFIG_MAP),
            data=pulumi.Output.from_input(defaults).apply(lambda lines: published_files({**lines, **own})),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _metadata(self, name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(
            name=name, namespace=self.namespace, labels={"app.kubernetes.io/part-of": PART_OF}
        )
