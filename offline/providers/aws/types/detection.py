"""Amazon GuardDuty's detectors, and trails of AWS CloudTrail."""

from offline.providers.aws.row import AwsType, arn, call

_SELECTORS = {
    "advancedEventSelectors.fieldSelectors.endsWiths": "EndsWith",
    "advancedEventSelectors.fieldSelectors.notEndsWiths": "NotEndsWith",
    "advancedEventSelectors.fieldSelectors.notStartsWiths": "NotStartsWith",
    "advancedEventSelectors.fieldSelectors.startsWiths": "StartsWith",
}

TYPES: dict[str, AwsType] = {
    "aws:guardduty/detector:Detector": AwsType(
        cloudformation="AWS::GuardDuty::Detector",
        calls=(call("guardduty", "CreateDetector"),),
        identifier="{hex:32}",
        arn=arn("guardduty", "detector/{id}"),
        outputs={"accountId": "{account}"},
    ),
    # CloudFormation has features as a list of the detector alone, and the provider updates the detector with one.
    "aws:guardduty/detectorFeature:DetectorFeature": AwsType(
        calls=(
            call(
                "guardduty",
                "UpdateDetector",
                {
                    "name": "Features[0].Name",
                    "status": "Features[0].Status",
                    "additionalConfigurations": "Features[0].AdditionalConfiguration",
                },
            ),
        ),
        identifier="{detectorId}/{name}",
        replaces=frozenset({"detectorId", "name"}),
    ),
    "aws:cloudtrail/trail:Trail": AwsType(
        cloudformation="AWS::CloudTrail::Trail",
        calls=(
            call("cloudtrail", "CreateTrail", {"tags": "TagsList"}),
            call("cloudtrail", "PutEventSelectors", {"name": "TrailName", **_SELECTORS}),
            call("cloudtrail", "StartLogging", ignored=frozenset({"enableLogging"})),
        ),
        identifier="{arn}",
        arn=arn("cloudtrail", "trail/{name}"),
        name="name",
        name_limit=128,
        outputs={"homeRegion": "{region}"},
        renamed={
            "name": "TrailName",
            "enableLogging": "IsLogging",
            "kmsKeyId": "KMSKeyId",
            **_SELECTORS,
        },
    ),
}
