"""Planted mistakes in Kubernetes objects: what the API server refuses, what admission does, and what leads nowhere."""

from collections.abc import Callable

from tests.checks.planted import Inputs, Planted, drop, put

DEPLOYMENT = ("kubernetes:apps/v1:Deployment", "collectors-cluster")
AGENT = ("kubernetes:apps/v1:DaemonSet", "collectors-agent")
STORE = ("kubernetes:apps/v1:StatefulSet", "prometheus-0")
CLAIM = ("kubernetes:core/v1:PersistentVolumeClaim", "prometheus-0")
DASHBOARDS = ("kubernetes:apps/v1:StatefulSet", "grafana-0")
HISTORY = ("kubernetes:apps/v1:Deployment", "history-server")
SERVICE = ("kubernetes:core/v1:Service", "prometheus")
BUDGET = ("kubernetes:policy/v1:PodDisruptionBudget", "prometheus")
POLICY = ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "collectors-agent")
MONITORING = ("kubernetes:core/v1:Namespace", "monitoring-namespace")
CLUSTER_ROLE = ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "collectors-cluster")
CLUSTER_BINDING = ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "collectors-cluster")
JOBS_BINDING = ("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "spark-analytics-drivers")
S3_GATEWAY = ("aws:ec2/vpcEndpoint:VpcEndpoint", "network-s3")
IDENTITY = ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "fluent-bit-pod")
PLATFORM_CLASS = ("kubernetes:scheduling.k8s.io/v1:PriorityClass", "moka-platform")
ENFORCE = "pod-security.kubernetes.io/enforce"

POD = "spec/template/spec"
FIRST = f"{POD}/containers/0"


def _asks(cpu: str, memory: str, replicas: int = 1) -> Callable[[Inputs], None]:
    """A change that lets the first container of so many pods ask for other amounts."""

    def change(inputs: Inputs) -> None:
        put("spec/replicas", replicas)(inputs)
        put(f"{FIRST}/resources", {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}})(inputs)

    return change


def _webhook(inputs: Inputs) -> None:
    """Make the object one that has the API server call Prometheus."""
    called = {"namespace": "monitoring", "name": "prometheus", "port": 9090}
    webhook = {
        "name": "check.moka.example",
        "clientConfig": {"service": called},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }
    inputs.clear()
    inputs.update(
        apiVersion="admissionregistration.k8s.io/v1",
        kind="ValidatingWebhookConfiguration",
        metadata={"name": "check"},
        webhooks=[webhook],
    )


def _close_bucket(inputs: Inputs) -> None:
    """Keep the bucket of Amazon ECR's layers out of the endpoint's policy."""
    assert "starport-layer-bucket" in inputs["policy"]
    inputs["policy"] = inputs["policy"].replace("starport-layer-bucket", "starport")


def _place(path: str) -> str:
    """The path of a finding for the path of a change."""
    steps, bracket, key = path.partition("[")
    dotted = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in steps.split("/"))
    return dotted.removeprefix(".") + bracket + key


class _Rows:
    """Rows of one judge."""

    def __init__(self, judge: str) -> None:
        self._judge = judge

    def put(self, where: tuple[str, str], path: str, value: object, says: str, place: str = "") -> Planted:
        """A value that is wrong; found where it stands unless a place is given."""
        return self.change(where, put(path, value), place or path, says)

    def change(self, where: tuple[str, str], change: Callable[[Inputs], object], place: str, says: str) -> Planted:
        """Another change, and where it is found."""
        return Planted(*where, change, self._judge, _place(place), says)


_api = _Rows("api-server")
REFUSED = [
    _api.put(DEPLOYMENT, f"{FIRST}/imagePulPolicy", "Always", "has no such field"),
    _api.put(DEPLOYMENT, f"{FIRST}/name", "Otel", "RFC 1123 label"),
    _api.put(DEPLOYMENT, f"{FIRST}/volumeMounts/0/name", "confg", "not found"),
    _api.put(DEPLOYMENT, f"{FIRST}/resources/requests/memory", "5Gi", "memory limit", f"{FIRST}/resources/requests"),
    _api.put(DEPLOYMENT, f"{FIRST}/resources/requests/memory", "3Gib", "quantities must match"),
    _api.put(DEPLOYMENT, f"{FIRST}/readinessProbe/timeoutSeconds", "five", "of type int32"),
    _api.put(
        DEPLOYMENT, "spec/selector/matchLabels", {"app": "other"}, "does not match", "spec/template/metadata/labels"
    ),
    _api.put(BUDGET, "spec/minAvailable", 1, "cannot be both set", "spec"),
    _api.put(POLICY, "spec/policyTypes/0", "Ingres", "supported values"),
    _api.put(SERVICE, "spec/ports/0/port", 90900, "between 1 and 65535"),
    _api.put(SERVICE, "spec/sessionAffinity", "ClientIp", "supported values"),
    _api.change(CLUSTER_BINDING, drop("roleRef/kind"), "roleRef/kind", "supported values"),
    _api.put(CLAIM, "spec/resources/requests/storage", "0Gi", "greater than zero", "spec/resources/storage"),
    _api.put(PLATFORM_CLASS, "value", 2_000_000_000, "maximum allowed value"),
]

_admission = _Rows("pod-security")
NOT_ADMITTED = [
    _admission.change(DEPLOYMENT, drop(f"{FIRST}/securityContext/allowPrivilegeEscalation"), FIRST, "must set"),
    _admission.put(DEPLOYMENT, f"{FIRST}/securityContext/capabilities/add", ["NET_ADMIN"], "NET_ADMIN", FIRST),
    _admission.put(DEPLOYMENT, f"{POD}/hostNetwork", True, "hostNetwork=true", POD),
    _admission.put(AGENT, f"{POD}/volumes/0", {"name": "config", "hostPath": {"path": "/etc"}}, "hostPath"),
    _admission.put(DASHBOARDS, f"{POD}/securityContext/runAsNonRoot", False, "runAsNonRoot=false", POD),
    _admission.put(DASHBOARDS, f"{POD}/initContainers/0/securityContext/runAsUser", 0, "0", f"{POD}/initContainers/0"),
    _admission.change(STORE, drop(f"{POD}/securityContext/seccompProfile"), FIRST, "seccompProfile"),
    _admission.put(MONITORING, "metadata/labels", {ENFORCE: "strict"}, "no level", f'metadata/labels["{ENFORCE}"]'),
    _admission.put(
        MONITORING,
        "metadata/labels",
        {ENFORCE: "restricted", f"{ENFORCE}-version": "1.35"},
        "v1.35",
        f'metadata/labels["{ENFORCE}-version"]',
    ),
]

_references = _Rows("kubernetes-references")
LEADS_NOWHERE = [
    _references.put(SERVICE, "spec/selector", {"app": "prometheus"}, "selects no pod"),
    _references.put(SERVICE, "spec/ports/0/targetPort", "htpp", "no container of the selected pods"),
    _references.put(BUDGET, "spec/selector/matchLabels", {"app": "prometheus"}, "selects no pod", "spec/selector"),
    _references.put(POLICY, "spec/podSelector/matchLabels", {"app": "x"}, "selects no pod", "spec/podSelector"),
    _references.put(STORE, "spec/serviceName", "prometheus-replica", "names a Service"),
    _references.put(CLAIM, "spec/storageClassName", "io2", "names a StorageClass"),
    _references.put(STORE, f"{POD}/volumes/0/persistentVolumeClaim/claimName", "data", "names a PersistentVolumeClaim"),
    _references.put(STORE, f"{POD}/volumes/1/configMap/items/1/key", "kubernets.yaml", "names a key"),
    _references.put(DEPLOYMENT, f"{POD}/serviceAccountName", "otel", "names a ServiceAccount"),
    _references.put(DEPLOYMENT, f"{POD}/priorityClassName", "moka-platfrom", "names a PriorityClass"),
    _references.put(DEPLOYMENT, f"{POD}/volumes/0/configMap/name", "files", "names a ConfigMap"),
    _references.put(
        DEPLOYMENT,
        f"{FIRST}/env/0/valueFrom",
        {"secretKeyRef": {"name": "token", "key": "token"}},
        "names a Secret",
        f"{FIRST}/env/0/valueFrom/secretKeyRef/name",
    ),
    _references.put(DEPLOYMENT, f"{FIRST}/image", "docker.io/otel/collector:latest", "tag latest"),
    _references.put(DEPLOYMENT, f"{FIRST}/image", "registry.example:5000/otel", "no tag"),
    _references.put(DEPLOYMENT, f"{FIRST}/image", "docker.io/otel/collector:0.155.0", "from Docker Hub"),
    _references.put(DEPLOYMENT, f"{FIRST}/image", "otel/collector:0.155.0", "from Docker Hub"),
    _references.put(DEPLOYMENT, f"{FIRST}/image", "registry.example/otel:0.155.0", "nobody looked up"),
    Planted(*S3_GATEWAY, _close_bucket, "kubernetes-references", _place(f"{FIRST}/image"), "starport-layer-bucket"),
    _references.put(
        DEPLOYMENT,
        f"{FIRST}/image",
        "444444444444.dkr.ecr.us-east-1.amazonaws.com/otel/collector:0.155.0",
        "nothing keeps otel/collector",
    ),
    _references.put(
        POLICY,
        "spec/ingress/0/from/0",
        {"namespaceSelector": {}},
        "every pod",
        "spec/ingress/0/from/0/namespaceSelector",
    ),
    _references.put(
        POLICY,
        "spec/ingress/0/from/0",
        {"namespaceSelector": {"matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "Exists"}]}},
        "every pod",
        "spec/ingress/0/from/0/namespaceSelector",
    ),
    Planted(
        *CLUSTER_BINDING,
        _webhook,
        "kubernetes-references",
        "webhooks[0].clientConfig.service",
        "port 9090 of pods, which no egress rule",
    ),
    _references.put(DEPLOYMENT, f"{POD}/nodeSelector", {"moka/workload": "sytem"}, "fits no node group"),
    _references.put(
        DEPLOYMENT, f"{POD}/nodeSelector", {"moka/workload": "spark-driver"}, "tolerates", f"{POD}/tolerations"
    ),
    _references.change(STORE, _asks("500m", "80Gi"), f"{FIRST}/resources/requests", "although every node is there"),
    _references.change(STORE, _asks("9", "32Gi"), f"{FIRST}/resources/requests", "although every node is there"),
    _references.change(
        DEPLOYMENT, _asks("200m", "40Gi", 4), f"{FIRST}/resources/requests", "nodes of system-nodes is lost"
    ),
    _references.change(HISTORY, _asks("200m", "40Gi", 4), f"{FIRST}/resources/requests", "in a rolling update"),
    _references.put(DEPLOYMENT, f"{POD}/tolerations/0", {"key": "moka/worklod", "operator": "Exists"}, "no taint"),
    _references.put(CLUSTER_ROLE, "rules/0/resources/0", "pod", "no resource"),
    _references.put(CLUSTER_ROLE, "rules/0/verbs/0", "read", "no verb"),
    _references.put(CLUSTER_ROLE, "rules/1/apiGroups/0", "discovery", "no API group"),
    _references.put(CLUSTER_BINDING, "subjects/0/name", "otel", "names a service account"),
    _references.put(JOBS_BINDING, "roleRef/name", "sparks", "names a Role"),
    _references.put(IDENTITY, "serviceAccount", "fluentbit", "names a service account"),
    _references.put(STORE, "metadata/namespace", "monitor", "names a Namespace"),
    _references.put(
        ("kubernetes:core/v1:ServiceAccount", "alertmanager"), "metadata/name", "grafana", "Give one of the two"
    ),
]

KUBERNETES_MISTAKES = [*REFUSED, *NOT_ADMITTED, *LEADS_NOWHERE]
