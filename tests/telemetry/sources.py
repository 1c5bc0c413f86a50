"""What the collectors scrape on one machine: the programs of a node, pods of a cluster, and its API.

`pages/` holds what each answers: few series, with the names and labels of the real program, and numbers that stand
still. Sources: the metrics documentation of Kubernetes 1.34 (kubelet, cAdvisor, API server), node_exporter,
amazon-vpc-cni-k8s, Fluent Bit 4.2, Spark 4.0's PrometheusServlet, kube-state-metrics, CoreDNS, YuniKorn, the Spark
Operator, Karpenter 1.14, and Celeborn.
"""

import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.telemetry.certificates import Certificates
from tests.telemetry.kubernetes_api import KubernetesApi, Object, pod
from tests.telemetry.server import Server, send
from tests.telemetry.service_account import TOKEN

API_HOST = "kubernetes.default.svc"
APPLICATION = "spark-0123456789abcdef0123456789abcdef"
DRIVER = "report-driver"

Pages = Mapping[str, str]


def page(job: str) -> str:
    """What the source of a scrape job answers."""
    return (Path(__file__).parent / "pages" / f"{job}.prom").read_text()


def source(page_of: Callable[[], Pages], *, token: str = "", certificate: Path | None = None) -> Server:
    """A server of metrics pages.

    Args:
        page_of: gives the text for each path, asked anew for every scrape.
        token: what a client has to show, where one is asked for.
        certificate: for TLS.
    """

    def answer(request: BaseHTTPRequestHandler) -> None:
        text = page_of().get(request.path)
        if token and request.headers.get("Authorization") != f"Bearer {token}":
            send(request, 401, "Unauthorized")
        elif text is None:
            send(request, 404, f"no page {request.path}")
        else:
            send(request, 200, text)

    return Server(answer, certificate)


class Sources:
    """All sources of one node and one cluster.

    Args:
        certificates: of the kubelet and the API server.
    """

    def __init__(self, certificates: Certificates) -> None:
        self.node_2_ready = True
        certificate = certificates.server
        kubelet_pages = {"/metrics": page("kubelet"), "/metrics/cadvisor": page("cadvisor")}
        self.servers: dict[str, Server] = {
            "kubelet": source(lambda: kubelet_pages, token=TOKEN, certificate=certificate),
            "node-exporter": source(lambda: {"/metrics": page("node-exporter")}),
            "aws-node": source(lambda: {"/metrics": page("aws-node")}),
            "fluent-bit": source(lambda: {"/api/v2/metrics/prometheus": page("fluent-bit")}),
            "spark": source(
                lambda: {
                    "/metrics/prometheus": page("spark"),
                    "/metrics/executors/prometheus/": page("spark-executors"),
                }
            ),
            "kube-state-metrics": source(lambda: {"/metrics": self._kube_state_metrics()}),
            "coredns": source(lambda: {"/metrics": page("coredns")}),
            "yunikorn": source(lambda: {"/ws/v1/metrics": page("yunikorn")}),
            "spark-operator": source(lambda: {"/metrics": page("spark-operator")}),
            "celeborn": source(lambda: {"/metrics/prometheus": page("celeborn")}),
            "karpenter": source(lambda: {"/metrics": page("karpenter")}),
            "grafana": source(lambda: {"/metrics": page("grafana")}),
        }
        self.api = KubernetesApi([], TOKEN, certificate, page("apiserver"))
        self.api.objects += [*self._pods(), *self._services()]

    @property
    def ports(self) -> dict[str, int]:
        """Scrape job to the port of its source."""
        return {name: server.port for name, server in self.servers.items()}

    def start(self) -> None:
        """Answer."""
        for server in (*self.servers.values(), self.api.server):
            server.start()

    def stop(self) -> None:
        """Answer no more."""
        for server in (*self.servers.values(), self.api.server):
            server.stop()

    def _kube_state_metrics(self) -> str:
        ready = 'kube_node_status_condition{node="node-2",condition="Ready",status="true"} '
        now = page("kube-state-metrics").replace("NOW", str(int(time.time())))
        return now.replace(f"{ready}1", f"{ready}{int(self.node_2_ready)}")

    def _pods(self) -> list[Object]:
        ports = self.ports
        driver = {"spark-role": "driver", "spark-app-selector": APPLICATION}
        asked = {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": str(ports["spark"]),
            "prometheus.io/path": "/metrics/prometheus",
        }
        return [
            pod(
                "spark-jobs",
                DRIVER,
                driver,
                # A pod template named it, as it may.
                "main-app",
                {"driver-rpc": 7078, "blockmanager": 7079, "spark-ui": 4040},
                annotations=asked,
            ),
            *(
                pod(namespace, f"{job}-0", labels, job, {"metrics": ports[job]})
                for job, namespace, labels in (
                    ("fluent-bit", "logging", {"app.kubernetes.io/name": "fluent-bit"}),
                    ("kube-state-metrics", "kube-state-metrics", {"app.kubernetes.io/name": "kube-state-metrics"}),
                    ("coredns", "kube-system", {"k8s-app": "kube-dns"}),
                    ("yunikorn", "yunikorn", {"app": "yunikorn", "component": "yunikorn-scheduler"}),
                    ("spark-operator", "spark-operator", {"app.kubernetes.io/name": "spark-operator"}),
                    ("karpenter", "karpenter", {"app.kubernetes.io/name": "karpenter"}),
                )
            ),
            pod("celeborn", "celeborn-master-0", {}, "celeborn-master", {"rpc": 9097, "http": ports["celeborn"]}),
        ]

    def _services(self) -> list[Object]:
        metadata = {"namespace": "default", "name": "kubernetes", "uid": "uid-of-kubernetes", "resourceVersion": "1000"}
        return [
            {"kind": "Service", "apiVersion": "v1", "metadata": {**metadata, "labels": {}}, "spec": {}},
            {
                "kind": "EndpointSlice",
                "apiVersion": "discovery.k8s.io/v1",
                "metadata": {**metadata, "labels": {"kubernetes.io/service-name": "kubernetes"}},
                "addressType": "IPv4",
                "endpoints": [{"addresses": ["127.0.0.1"], "conditions": {"ready": True}}],
                "ports": [{"name": "https", "port": self.api.server.port, "protocol": "TCP"}],
            },
        ]
