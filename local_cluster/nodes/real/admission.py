"""The admission webhook that sends each pod to real nodes if its containers run there, and to simulated ones if not.

A pod whose image can't be had would wait on a real node for ever. Daemon sets have pods on every node, so theirs are
kept from real nodes by the template: their controller asks it where pods may be.

A real node has this machine's cores and no more, where an environment's platform asks for those of several instances.
So platform pods on real nodes ask for less CPU than they do elsewhere, and what they may use stays what it was.

Source: Kubernetes documentation, "Dynamic Admission Control" and "DaemonSet", "How Daemon Pods are scheduled".
"""

import argparse
import base64
import json
import logging
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components.workloads.priority import PLATFORM
from local_cluster.certificates import authority_file
from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK, Ports
from local_cluster.nodes.kind_of_node import REAL, SIMULATED, Kind, kept_to
from local_cluster.nodes.real.roster import Role, read_roster
from local_cluster.process import Process
from local_cluster.python_process import python_process
from local_cluster.waiting import answers
from local_cluster.webhooks import HEALTH_PATH, mutating_webhook, rule, serve_webhooks
from offline.checks.kubernetes.objects import PodTemplate
from offline.checks.kubernetes.quantities import thousandths

PATH = "/nodes"
# What the busiest of a platform's dozen pods takes here when nothing much happens.
MOST_CPU = "100m"

Object = dict[str, Any]


def admission(directory: ClusterDirectory, ports: Ports) -> Process:
    """The process."""
    url = f"https://{LOOPBACK}:{ports.admission}{HEALTH_PATH}"
    told = ("--port", str(ports.admission))
    return python_process(
        "admission",
        "local_cluster.nodes.real.admission",
        directory,
        *told,
        is_ready=lambda: answers(url, authority_file(directory)),
    )


def kind_for(spec: Object, roster: Sequence[Role]) -> Kind:
    """The kind of node that runs pods."""
    pods = _pods(spec)
    return REAL if any(role.runs(pods) for role in roster) else SIMULATED


def kind_for_each_node(spec: Object, roster: Sequence[Role]) -> Kind | None:
    """The kind of node on which a daemon set has pods; None for both."""
    pods = _pods(spec)
    return None if all(role.runs(pods) for role in roster if role.admits(pods)) else SIMULATED


def _pods(spec: Object) -> PodTemplate:
    """Pods as their author wrote them, without what was decided here before."""
    return PodTemplate("spec", {}, {**spec, "affinity": kept_to(spec.get("affinity"), None)})


class NodeAdmission:
    """Admits pods and daemon sets.

    Args:
        directory: of the cluster, whose roster says what real nodes are.
    """

    def __init__(self, directory: ClusterDirectory) -> None:
        self._directory = directory

    def review(self, asked: Object) -> Object:
        """The AdmissionReview with its response."""
        request = asked["request"]
        response: Object = {"uid": request["uid"], "allowed": True}
        if patch := self._patch(request["object"], read_roster(self._directory)):
            encoded = base64.b64encode(json.dumps(patch).encode()).decode()
            response |= {"patchType": "JSONPatch", "patch": encoded}
        return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}

    @staticmethod
    def _patch(made: Object, roster: Sequence[Role]) -> list[Object]:
        if made["kind"] == "DaemonSet":
            template = made["spec"]["template"]["spec"]
            return _kept("/spec/template/spec", template, kind_for_each_node(template, roster))
        owners = [each["kind"] for each in made["metadata"].get("ownerReferences") or []]
        if "DaemonSet" in owners or made["spec"].get("nodeName"):
            return []
        kind = kind_for(made["spec"], roster)
        asks_less = _asking_for_less_cpu(made["spec"]) if kind == REAL else []
        return _kept("/spec", made["spec"], kind) + asks_less


def _asking_for_less_cpu(spec: Object) -> list[Object]:
    if spec.get("priorityClassName") != PLATFORM:
        return []
    asked = {
        index: (each.get("resources", {}).get("requests") or {}).get("cpu", "0")
        for index, each in enumerate(spec["containers"])
    }
    return [
        {"op": "replace", "path": f"/spec/containers/{index}/resources/requests/cpu", "value": MOST_CPU}
        for index, cpu in asked.items()
        if thousandths(cpu) > thousandths(MOST_CPU)
    ]


def _kept(path: str, spec: Object, kind: Kind | None) -> list[Object]:
    before, after = spec.get("affinity"), kept_to(spec.get("affinity"), kind)
    if (before or {}) == after:
        return []
    return [{"op": "add", "path": f"{path}/affinity", "value": after}]


def node_webhook(directory: ClusterDirectory, ports: Ports) -> Object:
    """The MutatingWebhookConfiguration that sends every new pod and daemon set to the webhook."""
    return mutating_webhook(
        directory,
        "real-and-simulated-nodes",
        f"https://{LOOPBACK}:{ports.admission}{PATH}",
        [rule("", "pods", "CREATE"), rule("apps", "daemonsets", "CREATE", "UPDATE")],
        name="nodes.moka.dev",
        # A pod that nobody sent anywhere could wait for an image for ever, and nothing would say why.
        failurePolicy="Fail",
    )


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    directory = ClusterDirectory(options.directory, options.stack)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    server = serve_webhooks(directory, "node-admission", options.port, {PATH: NodeAdmission(directory).review})
    ended.wait()
    server.stop()


if __name__ == "__main__":
    main()
