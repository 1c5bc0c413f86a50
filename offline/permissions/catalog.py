"""Calls of the log catalog, of detection, and of look-ups that the program makes before it has made anything.

Source: CloudFormation's resource provider schemas, `handlers`, as pulumi/pulumi-aws-native carries them
(aws-cloudformation-schema, read at 43eed3b); hashicorp/terraform-provider-aws, internal/service/glue, athena, guardduty
and cloudtrail.
"""

from offline.permissions.calls import LINKS, Calls, linked_role, of

_TAGS = "TagResource UntagResource"
_GLUE = "arn:{partition}:glue:{region}:{account}:"
_DATABASE = f"{_GLUE}database/{{databaseName}}"


def _glue(names: str) -> tuple[str, ...]:
    return of("glue", names)


def _athena(names: str) -> tuple[str, ...]:
    return of("athena", names)


def _guardduty(names: str) -> tuple[str, ...]:
    return of("guardduty", names)


CALLS: dict[str, Calls] = {
    "aws:glue/catalogDatabase:CatalogDatabase": Calls(
        create=_glue("CreateDatabase TagResource"),
        read=_glue("GetDatabase GetTags"),
        update=_glue(f"UpdateDatabase {_TAGS}"),
        delete=_glue("DeleteDatabase"),
        # A database goes with its tables, for which AWS Glue asks as well.
        on=(f"{_GLUE}catalog", f"{_GLUE}table/{{name}}/*"),
    ),
    "aws:glue/catalogTable:CatalogTable": Calls(
        create=_glue("CreateTable"),
        read=_glue("GetPartitionIndexes GetTable"),
        update=_glue("UpdateTable"),
        delete=_glue("DeleteTable"),
        on=(f"{_GLUE}catalog", _DATABASE),
    ),
    "aws:athena/workgroup:Workgroup": Calls(
        create=_athena("CreateWorkGroup TagResource"),
        read=_athena("GetWorkGroup ListTagsForResource"),
        update=_athena(f"UpdateWorkGroup {_TAGS}"),
        delete=_athena("DeleteWorkGroup"),
    ),
    "aws:athena/namedQuery:NamedQuery": Calls(
        create=_athena("CreateNamedQuery"),
        read=_athena("GetNamedQuery"),
        delete=_athena("DeleteNamedQuery"),
        on=("arn:{partition}:athena:{region}:{account}:workgroup/{workgroup}",),
    ),
    "aws:guardduty/detector:Detector": Calls(
        create=(*_guardduty("CreateDetector TagResource"), LINKS),
        read=_guardduty("GetDetector ListTagsForResource"),
        update=_guardduty(f"UpdateDetector {_TAGS}"),
        delete=_guardduty("DeleteDetector"),
        only={LINKS: (linked_role("guardduty.amazonaws.com", "AWSServiceRoleForAmazonGuardDuty"),)},
        context={LINKS: {"iam:AWSServiceName": "guardduty.amazonaws.com"}},
    ),
    "aws:guardduty/detectorFeature:DetectorFeature": Calls(
        create=_guardduty("UpdateDetector"),
        read=_guardduty("GetDetector"),
        update=_guardduty("UpdateDetector"),
        on=("arn:{partition}:guardduty:{region}:{account}:detector/{detectorId}",),
    ),
    "aws:cloudtrail/trail:Trail": Calls(
        create=of("cloudtrail", "AddTags CreateTrail PutEventSelectors StartLogging"),
        read=of("cloudtrail", "DescribeTrails GetEventSelectors GetInsightSelectors GetTrail GetTrailStatus ListTags"),
        update=of("cloudtrail", "AddTags PutEventSelectors RemoveTags StartLogging StopLogging UpdateTrail"),
        delete=of("cloudtrail", "DeleteTrail"),
    ),
}
