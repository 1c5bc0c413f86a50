"""What YuniKorn reads from its two ConfigMaps, as pure functions of settings and teams.

Both programs watch them. What only a restart takes over lies in `yunikorn-defaults`, what changes with teams in
`yunikorn-configs`, whose keys win.

Source: apache/yunikorn-k8shim 1.8, pkg/conf/schedulerconf.go and pkg/admission/conf/am_conf.go.
"""

import hashlib
import json
from collections.abc import Collection, Mapping

from components.account import Account
from components.images.table import PAUSE
from components.scheduler.queue_file import queue_file
from components.scheduler.settings import QueueSettings, SchedulerSettings
from components.scheduler.workloads import ADMISSION, SCHEDULER, SCHEDULER_PORT
from components.teams.names import namespace_of

DEFAULTS_MAP = "yunikorn-defaults"
QUEUES_MAP = "yunikorn-configs"
QUEUE_FILE = "queues.yaml"
PROCESSED = "admissionController.filtering.processNamespaces"

# An empty list of namespaces means all of them.
_NO_NAMESPACE = "^$"


def defaults(account: Account) -> dict[str, str]:
    """What differs between environments and not between teams."""
    return {
        # The summary of a finished application names it.
        "service.clusterId": account.cluster_name,
        "service.placeholderImage": PAUSE.below(account.images).reference,
        "admissionController.webHook.amServiceName": ADMISSION,
        "admissionController.webHook.schedulerServiceAddress": f"{SCHEDULER}:{SCHEDULER_PORT}",
        # Summaries of finished applications are lines of this logger; the log agent ships them, whatever else is quiet.
        "log.core.scheduler.application.usage.level": "INFO",
    }


def queues(settings: SchedulerSettings, teams: Mapping[str, QueueSettings]) -> dict[str, str]:
    """The queues, and the namespaces whose pods go into them."""
    return {QUEUE_FILE: queue_file(settings, teams), PROCESSED: namespaces_pattern(teams)}


def namespaces_pattern(teams: Collection[str]) -> str:
    """A regular expression that matches the teams' namespaces as a whole, and no other.

    Args:
        teams: names of teams.
    """
    names = [namespace_of(each) for each in sorted(teams)]
    # YuniKorn splits the value at commas, so it must be one expression.
    return f"^({'|'.join(names)})$" if names else _NO_NAMESPACE


def digest_of(data: Mapping[str, str]) -> str:
    """Tells one content from another, so that pods which read it only when they start are started anew."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
