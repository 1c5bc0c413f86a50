"""What parliament says and nobody follows, each with the reason. An entry that matches nothing is an error."""

from tests.stacks.identity.second_opinion import Accepted

_KEY = "A key policy's * is the key that it stands on; the console of AWS KMS writes the same"
_CONTEXT = "The value of this context is an ARN, and the service's own guide compares it as one"
_DESCRIBE = "The service's own guide grants it in one statement with what carries the context"
_SPLIT = "What a launch takes is split over three statements, each with a condition of its own"

ACCEPTED: tuple[Accepted, ...] = (
    Accepted("RESOURCE_STAR", "iam/key/*", "AccountAdministersKey", _KEY),
    Accepted("RESOURCE_STAR", "iam/key/*", "LogsOfOneGroup", _KEY),
    Accepted("RESOURCE_STAR", "iam/key/alerts.json", "AlarmsOfThisAccount", _KEY),
    Accepted("RESOURCE_STAR", "iam/key/alerts.json", "PrometheusWorkspacesOfThisAccount", _KEY),
    Accepted("RESOURCE_STAR", "iam/key/log-buckets.json", "AdministrationByThisAccount", _KEY),
    Accepted("RESOURCE_STAR", "iam/key/log-buckets.json", "UseThroughAmazonS3", _KEY),
    Accepted("RESOURCE_STAR", "iam/key/log-catalog-results.json", "ResultsOfItsWorkgroups", _KEY),
    Accepted("MISMATCHED_TYPE", "iam/key/*", "LogsOfOneGroup", _CONTEXT),
    Accepted("MISMATCHED_TYPE", "iam/key/log-catalog-results.json", "ResultsOfItsWorkgroups", _CONTEXT),
    Accepted("UNKNOWN_CONDITION_FOR_ACTION", "iam/key/*", "LogsOfOneGroup", _DESCRIBE),
    Accepted("UNKNOWN_CONDITION_FOR_ACTION", "iam/key/log-catalog-results.json", "ResultsOfItsWorkgroups", _DESCRIBE),
    Accepted(
        "MISMATCHED_TYPE_BUT_USABLE",
        "iam/bucket/*",
        "DenyOtherKeys",
        "The header is compared as text: an ARN with a wildcard in it must not match",
    ),
    Accepted("RESOURCE_MISMATCH", "iam/identity/karpenter-pod.json", "LaunchIntoNodeNetwork", _SPLIT),
    Accepted("RESOURCE_MISMATCH", "iam/identity/karpenter-pod.json", "LaunchByOwnTemplates", _SPLIT),
    Accepted("RESOURCE_MISMATCH", "iam/identity/karpenter-pod.json", "LaunchWithTags", _SPLIT),
    Accepted(
        "RESOURCE_MISMATCH",
        "iam/identity/karpenter-pod.json",
        "LookUpImages",
        "Amazon's public parameters are in no account, and their ARN holds none",
    ),
    Accepted(
        "RESOURCE_STAR",
        "iam/vpce/network-s3.json",
        "MakeAndListBuckets",
        "A bucket that is not made yet has no owner that a condition could ask for; the caller's account is asked for",
    ),
)
