"""Every wildcard that a policy grants something by, with the reason.

A policy that grants by another one fails a test, and so does an entry that no policy has any more. Leaves out denials,
which a wildcard makes wider, policies that AWS manages, and patterns in conditions, which only narrow.
"""

from components.identity.wildcard import Wildcard
from components.images.table import IMAGES
from components.images.upstreams import UPSTREAMS, cached_upstreams

_NO_RESOURCE = "The actions take no resource"
_KEY_ITSELF = "In a key's policy * is the key itself"
_ENDPOINT = "Bounds who passes, and grants nothing; both the caller's account and the resource's must be this one"
_OBJECTS = "Keys of objects hold what is not known before: application, pod, day"
_MADE = "What Karpenter makes has no id before; tags of this cluster and of a pool are asked for"
_LOG_KEY = "As Amazon CloudWatch Logs publishes it; which of them it calls is not told. For one log group alone"
_SYSTEM = ("events", "node", "system", "yunikorn-usage")
_TEAMS_EVENT_LOGS = "s3:spark-events/teams/spark-<team>"
_LAUNCHED = ("fleet", "instance", "launch-template", "network-interface", "spot-instances-request", "volume")


def _system(*streams: str) -> tuple[str, ...]:
    return tuple(f"s3:system-logs/{stream}/<cluster>/*" for stream in streams)


def _ec2(*kinds: str) -> tuple[str, ...]:
    return tuple(f"ec2:{kind}/*" for kind in kinds)


_ROLES = (
    Wildcard(
        "identity/fluent-bit-pod",
        "WriteSparkLogs",
        ("s3:spark-logs/spark-unlabelled/*", "s3:spark-logs/spark/*"),
        _OBJECTS,
    ),
    Wildcard("identity/fluent-bit-pod", "WriteSystemLogs", _system("node", "system", "yunikorn-usage"), _OBJECTS),
    Wildcard("identity/fluent-bit-pod", "WriteEventLogFragments", ("s3:spark-events/fragments/*",), _OBJECTS),
    Wildcard("identity/cluster-events-pod", "WriteKubernetesEvents", _system("events"), _OBJECTS),
    Wildcard(
        "identity/log-canary-pod", "ReadCanary", ("s3:system-logs/system/<cluster>/*/log-canary-writer-*",), _OBJECTS
    ),
    Wildcard(
        "identity/history-server-pod",
        "ReadEventLogs",
        ("s3:spark-events/eventlog_v2_*", "s3:spark-events/teams/*"),
        _OBJECTS,
    ),
    Wildcard("identity/spark-*-pod", "WriteAndReadEventLogs", (f"{_TEAMS_EVENT_LOGS}/eventlog_v2_*",), _OBJECTS),
    Wildcard(
        "identity/spark-*-pod",
        "FinishRename",
        (f"{_TEAMS_EVENT_LOGS}/eventlog_v2_*/appstatus_*.inprogress",),
        _OBJECTS,
    ),
    Wildcard("identity/spark-*-pod", "ReadData", ("s3:<data>/*",), "A team's own prefix, from its settings"),
    Wildcard("identity/spark-*-pod", "WriteData", ("s3:<data>/*",), "A team's own prefix, from its settings"),
    Wildcard(
        "identity/karpenter-pod",
        "LaunchIntoNodeNetwork",
        _ec2("image", "snapshot"),
        "Amazon's images change with each release; the parameters that name them are Amazon's",
    ),
    Wildcard("identity/karpenter-pod", "LaunchByOwnTemplates", _ec2("launch-template"), _MADE),
    Wildcard("identity/karpenter-pod", "LaunchWithTags", _ec2(*_LAUNCHED), _MADE),
    Wildcard("identity/karpenter-pod", "TagWhatIsLaunched", _ec2(*_LAUNCHED), _MADE),
    Wildcard("identity/karpenter-pod", "TagOwnNodes", _ec2("instance"), _MADE),
    Wildcard("identity/karpenter-pod", "EndOwnNodes", _ec2("instance", "launch-template"), _MADE),
    Wildcard("identity/karpenter-pod", "LookUpCapacity", ("*",), _NO_RESOURCE),
    Wildcard(
        "identity/karpenter-pod",
        "LookUpImages",
        ("ssm:parameter/aws/service/eks/optimized-ami/*",),
        "Amazon's public parameters: one for each release, version and architecture",
    ),
    Wildcard("identity/nodes-join", "LookUpOwnName", ("*",), _NO_RESOURCE),
    Wildcard("identity/network-flow-logs", "FindLogGroup", ("*",), _NO_RESOURCE),
    Wildcard(
        "identity/network-flow-logs",
        "WriteFlowLogs",
        ("logs:log-group:/moka/<environment>/vpc-flow-logs:*",),
        "Streams of one log group, one a network interface",
    ),
    Wildcard(
        "identity/images-caches",
        "RepositoriesOfCaches",
        tuple(f"ecr:repository/{each.host}/*" for each in cached_upstreams(IMAGES, UPSTREAMS)),
        "A cache's repository is called as the image that is pulled first",
    ),
    Wildcard("identity/images-publisher", "LogIn", ("*",), _NO_RESOURCE),
)
_READERS = (
    Wildcard(
        "identity/log-readers-platform-objects",
        "ReadLogs",
        ("s3:spark-events/*", "s3:spark-logs/*", "s3:system-logs/*"),
        "This role reads every log",
    ),
    Wildcard(
        "identity/log-readers-spark-objects",
        "ReadLogs",
        ("s3:spark-events/*", "s3:spark-logs/*"),
        "This role reads whatever belongs to applications",
    ),
    Wildcard(
        "identity/log-readers-*-objects",
        "ReadTeamLogs",
        (
            f"{_TEAMS_EVENT_LOGS}/*",
            "s3:spark-logs/spark-unlabelled/spark-<team>/*",
            "s3:spark-logs/spark/spark-<team>/*",
        ),
        _OBJECTS,
    ),
    Wildcard(
        "identity/log-readers-platform-queries",
        "ReadLogObjects",
        ("s3:spark-logs/spark/*", *_system(*_SYSTEM)),
        _OBJECTS,
    ),
    Wildcard(
        "identity/log-readers-spark-queries",
        "ReadLogObjects",
        ("s3:spark-logs/spark/*", *_system("yunikorn-usage")),
        _OBJECTS,
    ),
    Wildcard("identity/log-readers-*-queries", "OpenTheConsole", ("*",), _NO_RESOURCE),
    Wildcard(
        "identity/log-readers-*-queries",
        "ReadTableDefinitions",
        ("glue:table/moka_<environment>_logs/*",),
        "Columns of every log table, which hold no row and are the same everywhere",
    ),
)
_RESOURCES = (
    Wildcard(
        "bucket/access-logs",
        "AccessLogDelivery",
        ("s3:access-logs/*",),
        "Amazon S3 chooses the keys; for the buckets named alone",
    ),
    Wildcard(
        "key/*",
        "AccountAdministersKey",
        ("*", "kms:*"),
        "The account's own policies decide; without it nobody could change the key. AWS KMS publishes it so",
    ),
    Wildcard("key/*", "LogsOfOneGroup", ("*", "kms:GenerateDataKey*", "kms:ReEncrypt*"), _LOG_KEY),
    Wildcard("key/alerts", "AlarmsOfThisAccount", ("*",), _KEY_ITSELF),
    Wildcard("key/alerts", "PrometheusWorkspacesOfThisAccount", ("*",), _KEY_ITSELF),
    Wildcard(
        "key/log-buckets",
        "AdministrationByThisAccount",
        (
            "*",
            *(
                f"kms:{each}*"
                for each in ("Delete", "Describe", "Disable", "Enable", "Get", "List", "Put", "Revoke", "Update")
            ),
        ),
        "Administration as AWS KMS publishes it, without use and without grants of use",
    ),
    Wildcard("key/log-buckets", "UseThroughAmazonS3", ("*",), _KEY_ITSELF),
    Wildcard("key/log-catalog-results", "ResultsOfItsWorkgroups", ("*",), _KEY_ITSELF),
    Wildcard("vpce/network-*", "OwnAccount", ("*",), _ENDPOINT),
    Wildcard(
        "vpce/network-ec2",
        "OwnPrincipals",
        ("*",),
        "Bounds who passes, and grants nothing; Amazon EC2 names no owner of what a volume or a node is made from",
    ),
    Wildcard(
        "vpce/network-ecr.*",
        "AddonImagesOfAws",
        ("ecr:repository/*",),
        "Images of add-ons, in the one registry of AWS that has them in the Region",
    ),
    Wildcard("vpce/network-s3", "MakeAndListBuckets", ("*",), "A bucket that is not made yet has no owner to ask for"),
    Wildcard(
        "vpce/network-s3",
        "ImageLayersAndPackages",
        ("s3:<layers and packages>/*",),
        "Reading alone, from buckets of registries and of Amazon Linux",
    ),
)
WILDCARDS: tuple[Wildcard, ...] = (*_ROLES, *_READERS, *_RESOURCES)
