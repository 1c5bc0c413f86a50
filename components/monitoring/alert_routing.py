"""Configurations of Alertmanager as data: the file of the repository, and what an environment adds to it.

Alertmanager expands no variables in its configuration, and a receiver's address stands in the middle of it. So the
file is read, receivers and their routes are added to the tree, and the whole is written again; no text is pasted
together. What comes of it holds no secret: addresses that are secret are read from files that a Secret mounts.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import yaml

from components.account import Account
from components.alerts.receiver import AlertReceiver
from components.alerts.settings import AlertsSettings
from components.monitoring.workloads import FILES

ROUTING = FILES / "alertmanager.yaml"
MESSAGES = FILES / "messages.tmpl"
# Where Alertmanager in the cluster finds Secrets: one directory a receiver.
SECRETS = "/etc/alertmanager-secrets"
# Alert that says that the cluster notifies by itself.
CLUSTER_WORKS = "ClusterAlertingWorks"

Config = dict[str, Any]
# Namespace of a team to names of the receivers that are told of its alerts; a team without any is there too.
TeamReceivers = Mapping[str, Sequence[str]]
NO_TEAMS: TeamReceivers = MappingProxyType({})


def cluster_routing(
    settings: AlertsSettings,
    account: Account,
    *,
    topic_arn: str,
    heartbeat_arn: str,
    team_receivers: TeamReceivers = NO_TEAMS,
) -> Config:
    """Configuration of Alertmanager in the cluster: the topic, and every receiver of settings.

    A receiver that teams name gets the alerts of their namespaces, of its severities and whoever they are labelled for,
    and none of another team's namespace. Of what is in no team's namespace it gets what it asks for. A receiver that no
    team names gets what it asks for from everywhere.

    Args:
        settings: receivers.
        account: the environment's account.
        topic_arn: ARN of the topic for people.
        heartbeat_arn: ARN of the topic whose messages are counted.
        team_receivers: namespace of every team to the receivers that it names.

    Source: Alertmanager documentation, "Configuration".
    """
    config = _with_topics(account, topic_arn, heartbeat_arn)
    for name, receiver in settings.receivers.items():
        config["receivers"].append({"name": name, **_integration(name, receiver)})
    _everyone(config)["routes"][:0] = [
        route for name, receiver in settings.receivers.items() for route in _routes(name, receiver, team_receivers)
    ]
    if settings.heartbeat_secret:
        webhook = {"url_file": f"{SECRETS}/heartbeat/url", "send_resolved": False}
        _receiver(config, "heartbeat")["webhook_configs"] = [webhook]
    return config


def managed_routing(account: Account, *, topic_arn: str, heartbeat_arn: str) -> Config:
    """Configuration of the managed workspace: the topic alone, and silence while the cluster notifies by itself.

    The service knows no webhook, and takes a PagerDuty key from AWS Secrets Manager only, so receivers of settings are
    the cluster's. While the cluster is away, its alerts go to the topic.

    Args:
        account: the environment's account.
        topic_arn: ARN of the topic for people.
        heartbeat_arn: ARN of the workspace's own topic whose messages are counted.

    Source: Amazon Managed Service for Prometheus user guide, "Configure alert manager to send messages to your Amazon
    SNS topic", which also names the properties that are not allowed.
    """
    config = _with_topics(account, topic_arn, heartbeat_arn)
    config["inhibit_rules"].insert(
        0,
        {"source_matchers": [f'alertname = "{CLUSTER_WORKS}"'], "target_matchers": ['severity != "none"']},
    )
    return config


def managed_definition(config: Config) -> str:
    """The workspace's definition: the configuration as a text within YAML, and templates by their names.

    Args:
        config: what `managed_routing` returns.

    Source: Amazon Managed Service for Prometheus user guide, "Create an alert manager configuration in Amazon Managed
    Service for Prometheus to manage and route alerts".
    """
    return to_yaml(
        {
            "template_files": {MESSAGES.name: MESSAGES.read_text(encoding="utf-8")},
            "alertmanager_config": to_yaml(config),
        }
    )


def to_yaml(config: Mapping[str, Any]) -> str:
    """A configuration as text, its keys in their order."""
    return yaml.safe_dump(dict(config), sort_keys=False, width=120)


def _with_topics(account: Account, topic_arn: str, heartbeat_arn: str) -> Config:
    config: Config = yaml.safe_load(ROUTING.read_text(encoding="utf-8"))
    _receiver(config, "topic")["sns_configs"] = [
        {
            "topic_arn": topic_arn,
            "sigv4": {"region": account.region},
            "send_resolved": True,
            "subject": f'{{{{ template "moka.subject" . }}}} in {account.cluster_name}',
            "message": '{{ template "moka.message" . }}',
            # Subscriptions filter by these.
            "attributes": {name: f'{{{{ template "moka.{name}" . }}}}' for name in ("severity", "team")},
        }
    ]
    _receiver(config, "heartbeat")["sns_configs"] = [
        {
            "topic_arn": heartbeat_arn,
            "sigv4": {"region": account.region},
            "send_resolved": False,
            "subject": f"Alerting of {account.cluster_name} works",
            "message": f"Alerting of {account.cluster_name} works",
        }
    ]
    return config


def _receiver(config: Config, name: str) -> dict[str, Any]:
    return next(each for each in config["receivers"] if each["name"] == name)


def _everyone(config: Config) -> dict[str, Any]:
    """The route that every alert takes which is one; the routes before it are of what is none."""
    return config["route"]["routes"][-1]


def _integration(name: str, receiver: AlertReceiver) -> dict[str, Any]:
    path = f"{SECRETS}/{name}/{receiver.secret_key}"
    if receiver.kind == "webhook":
        return {"webhook_configs": [{"url_file": path, "send_resolved": True}]}
    return {
        "pagerduty_configs": [
            {
                "routing_key_file": path,
                "severity": '{{ template "moka.severity" . }}',
                "description": '{{ template "moka.subject" . }}',
                "send_resolved": True,
            }
        ]
    }


def _routes(name: str, receiver: AlertReceiver, team_receivers: TeamReceivers) -> list[dict[str, Any]]:
    """A route for each team that names a receiver, and the one of everything else that it asks for."""
    own = [namespace for namespace, named in team_receivers.items() if name in named]
    # Alertmanager matches the whole value, and an alert without a namespace has an empty one.
    elsewhere = [f'namespace !~ "{"|".join(sorted(team_receivers))}"'] if own else []
    return [
        *(_route(name, receiver, [f'namespace = "{namespace}"']) for namespace in own),
        _route(name, receiver, [f'team =~ "{"|".join(receiver.teams)}"', *elsewhere]),
    ]


def _route(name: str, receiver: AlertReceiver, matchers: Sequence[str]) -> dict[str, Any]:
    return {
        "receiver": name,
        "matchers": [f'severity =~ "{"|".join(receiver.severities)}"', *matchers],
        "continue": True,
        "routes": [{"matchers": ['severity = "critical"'], "group_wait": "10s", "repeat_interval": "2h"}],
    }
