"""What linters report and nobody follows, each with the reason. An entry of which nothing is reported is an error."""

from tests.stacks.linters.finding import Accepted

_TEAM_POLICIES = tuple(
    f"NetworkPolicy/spark-{team}/{name}"
    for team in ("analytics", "ingest")
    for name in ("collectors", "no-instance-metadata", "own-namespace-only")
)
_LOOSE_STACKS = ("test", "dev")
_OWNER = (
    "The container `owner` gives the directory of the node's disk to the worker's user, and ends: that takes root and "
    "`CHOWN`, and it has nothing else. The worker itself adds none"
)
_OF_THE_IMAGE = (
    "Deployment/spark-history/spark-history-server",
    "Deployment/spark-operator/spark-operator-controller",
    "Deployment/spark-operator/spark-operator-webhook",
    "Deployment/yunikorn/yunikorn-admission-controller",
    "Deployment/yunikorn/yunikorn-scheduler",
    "StatefulSet/monitoring/grafana-0",
)
_LOW_USER = "kube-score container-security-context-user-group-id: The container is running with a low user ID"
_LOW_GROUP = "kube-score container-security-context-user-group-id: The container running with a low group ID"

ACCEPTED: tuple[Accepted, ...] = (
    Accepted(
        ("checkov CKV_AWS_18: Ensure the S3 bucket has access logging enabled",),
        ("AWS::S3::Bucket/AccessLogsBucket",),
        "It takes the access logs of the other buckets: one that logs into itself writes a log of each log, for ever",
    ),
    Accepted(
        ("checkov CKV_AWS_21: Ensure the S3 bucket has versioning enabled",),
        (
            "AWS::S3::Bucket/AccessLogsBucket",
            "AWS::S3::Bucket/SparkEventsBucket",
            "AWS::S3::Bucket/SparkLogsBucket",
            "AWS::S3::Bucket/SystemLogsBucket",
        ),
        "Their stack files keep no versions, because their logs are worth little",
        _LOOSE_STACKS,
    ),
    Accepted(
        ("checkov CKV_AWS_27: Ensure all data stored in the SQS queue is encrypted",),
        ("AWS::SQS::Queue/InterruptionsQueue",),
        "It is encrypted, by the key of Amazon SQS (`SqsManagedSseEnabled`); the check knows keys of AWS KMS alone",
    ),
    Accepted(
        ("checkov CKV_AWS_32: Ensure ECR policy is not set to public",),
        ("AWS::ECR::Repository/*",),
        "The statement for everybody is a denial, to principals of other accounts; the check does not read `Effect`",
    ),
    Accepted(
        (
            "checkov CKV_K8S_11: CPU limits should be set",
            "kube-score container-resources: CPU limit is not set",
        ),
        ("*",),
        "Requests divide the CPU of a full node already; a limit would slow a program down while CPU lies idle. Memory "
        "has limits",
    ),
    Accepted(
        (
            "checkov CKV_K8S_15: Image Pull Policy should be Always",
            "kube-score container-image-pull-policy: ImagePullPolicy is not set to Always",
        ),
        ("*",),
        "A tag is immutable in the environment's registry, so an image on the node is the right one, and a pod starts "
        "while the registry does not answer. No pod has pull secrets: nodes pull for all",
    ),
    Accepted(
        ("checkov CKV_K8S_43: Image should use digest",),
        ("*",),
        "Images of the platform are named by tags, which are immutable in the environment's registry; "
        "[supply-chain.md](supply-chain.md#where-a-checksum-would-be-better) says why they have no digests. Those of "
        "teams can be required to have one",
    ),
    Accepted(
        (
            "checkov CKV_K8S_155: Minimize ClusterRoles that grant control over validating or mutating admission "
            "webhook configurations",
        ),
        ("ClusterRole/moka-yunikorn-admission-controller", "ClusterRole/spark-operator-webhook"),
        "Each puts the certificate that it makes into its own webhooks' configurations, and may update those alone, "
        "by name",
    ),
    Accepted(
        (
            "checkov CKV_K8S_23: Minimize the admission of root containers",
            "checkov CKV_K8S_40: Containers should run as a high UID to avoid host conflict",
            _LOW_USER,
            _LOW_GROUP,
        ),
        ("DaemonSet/logging/fluent-bit",),
        "It reads logs on the node that belong to root. It has no capability, gains no privilege and mounts what it "
        "reads read-only",
    ),
    Accepted(
        ("checkov CKV_K8S_25: Minimize the admission of containers with added capability",),
        ("StatefulSet/celeborn/celeborn-worker",),
        _OWNER,
    ),
    Accepted(
        (_LOW_USER,),
        ("StatefulSet/celeborn/celeborn-worker/owner",),
        _OWNER,
    ),
    Accepted(
        ("checkov CKV_K8S_40: Containers should run as a high UID to avoid host conflict", _LOW_USER, _LOW_GROUP),
        _OF_THE_IMAGE,
        "The users that their images were made for. None is root or becomes it, and none mounts a path of the node "
        "where the number could be somebody's",
    ),
    Accepted(
        ("checkov CKV_K8S_38: Ensure that Service Account Tokens are only mounted where necessary",),
        (
            "DaemonSet/logging/fluent-bit",
            "DaemonSet/monitoring/otel-agent",
            "Deployment/karpenter/karpenter",
            "Deployment/logging/kubernetes-events",
            "Deployment/monitoring/otel-cluster",
            "Deployment/spark-operator/spark-operator-controller",
            "Deployment/spark-operator/spark-operator-webhook",
            "Deployment/yunikorn/yunikorn-admission-controller",
            "Deployment/yunikorn/yunikorn-scheduler",
        ),
        "They ask the Kubernetes API, each with a role of its own. Everything else mounts no token",
    ),
    Accepted(
        (
            "kube-score container-ephemeral-storage-request-and-limit: Ephemeral Storage limit is not set",
            "kube-score container-ephemeral-storage-request-and-limit: Ephemeral Storage request is not set",
        ),
        ("*",),
        "What a container can write is bounded without: root file systems are read-only, every `emptyDir` has a size "
        "limit, and the kubelet rotates logs. No disk is set aside for it",
    ),
    Accepted(
        ("kube-score deployment-has-host-podantiaffinity: Deployment does not have a host podAntiAffinity set",),
        (
            "Deployment/spark-operator/spark-operator-controller",
            "Deployment/spark-operator/spark-operator-webhook",
            "Deployment/yunikorn/yunikorn-admission-controller",
        ),
        "Replicas are spread over nodes and zones by `topologySpreadConstraints`, which the check does not read",
    ),
    Accepted(
        ("kube-score statefulset-has-host-podantiaffinity: StatefulSet does not have a host podAntiAffinity set",),
        ("StatefulSet/celeborn/celeborn-master",),
        "One of three in each zone, and on nodes of their own where there are some, by `topologySpreadConstraints`",
    ),
    Accepted(
        ("kube-score deployment-replicas: Deployment few replicas",),
        ("Deployment/spark-history/spark-history-server",),
        "One that is away for a minute loses nothing, and each more reads every event log again; a setting adds some",
    ),
    Accepted(
        ("kube-score deployment-replicas: Deployment few replicas",),
        ("Deployment/spark-operator/spark-operator-webhook",),
        "Their stack files ask for one: who submits while it is away tries again",
        _LOOSE_STACKS,
    ),
    Accepted(
        (
            "kube-score deployment-replicas: Deployment few replicas",
            "kube-score deployment-strategy: Deployment update strategy",
        ),
        ("Deployment/yunikorn/yunikorn-scheduler",),
        "Two schedulers would place the same pods, so the old one goes before the new one comes",
    ),
    Accepted(
        ("kube-score networkpolicy-targets-pod: The NetworkPolicys selector doesn't match any pods",),
        _TEAM_POLICIES,
        "Pods of teams come with their applications, which no deployment makes",
    ),
    Accepted(
        ("kube-score pod-probes-identical: Container has the same readiness and liveness probe",),
        (
            "DaemonSet/monitoring/otel-agent",
            "Deployment/monitoring/otel-cluster",
            "Deployment/spark-history/spark-history-server",
            "Deployment/yunikorn/yunikorn-admission-controller",
            "Deployment/yunikorn/yunikorn-scheduler",
            "StatefulSet/celeborn/celeborn-master",
            "StatefulSet/celeborn/celeborn-worker",
        ),
        "The page says that the program answers, and asks nothing that a restart would not mend. It has to be silent "
        "at least three times as long before the program is ended as before it gets no more traffic",
    ),
)
