"""What rows of the table claim to replace, beside AWS's own schemas: each claim has a source, and none is missing.

A claim ages: Amazon S3 took Object Lock on existing buckets, then Pulumi's provider did, and a row that still replaced
the bucket showed a preview that would have deleted every log.
"""

import importlib
import inspect
import re

import pytest

from offline.providers.aws.differences import difference
from offline.providers.aws.mapping import in_cloudformation
from offline.providers.aws.row import AwsType
from offline.providers.aws.schemas import create_only, schema
from offline.providers.aws.types import TYPES
from offline.providers.names import urn_type
from offline.providers.resource import Resource

SERVICES = "hashicorp/terraform-provider-aws, internal/service/"
# What a row replaces although AWS's schema of the type knows the property and does not call it create-only, and the
# file in which the provider says so (`ForceNew`), read in November 2026.
CLAIMS = {
    ("aws:cloudwatch/eventRule:EventRule", "eventBusName"): f"{SERVICES}events/rule.go",
    ("aws:cloudwatch/logGroup:LogGroup", "logGroupClass"): f"{SERVICES}logs/group.go",
    ("aws:ec2/eip:Eip", "domain"): f"{SERVICES}ec2/ec2_eip.go",
    ("aws:ec2/eip:Eip", "publicIpv4Pool"): f"{SERVICES}ec2/ec2_eip.go",
    ("aws:glue/catalogDatabase:CatalogDatabase", "catalogId"): f"{SERVICES}glue/catalog_database.go",
    ("aws:glue/catalogDatabase:CatalogDatabase", "name"): f"{SERVICES}glue/catalog_database.go",
    ("aws:kms/key:Key", "customerMasterKeySpec"): f"{SERVICES}kms/key.go",
    ("aws:kms/key:Key", "keyUsage"): f"{SERVICES}kms/key.go",
    ("aws:kms/key:Key", "multiRegion"): f"{SERVICES}kms/key.go",
    ("aws:sns/topicPolicy:TopicPolicy", "arn"): f"{SERVICES}sns/topic_policy.go",
    ("aws:sqs/queuePolicy:QueuePolicy", "queueUrl"): f"{SERVICES}sqs/queue_policy.go",
}
_LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
FORCES = re.compile(r"forc\w+ (?:a |the )?(?:new|replacement|re-?creation)", re.IGNORECASE)
# Said of some resources of the type only, by the sentence that says it.
CONDITIONAL = {
    (
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "privateDnsEnabled",
    ): "If `vpc_endpoint_type` is anything other than `Interface`",
    # Of network load balancers.
    (_LOAD_BALANCER, "secondaryIpsAutoAssignedPerSubnet"): "When decreased",
    (_LOAD_BALANCER, "securityGroups"): "If either of these conditions are met",
    (_LOAD_BALANCER, "subnets"): "For Load Balancers of type `network`",
}


def claimed(token: str, row: AwsType) -> set[tuple[str, str]]:
    """What a row replaces beyond the schema that knows the property."""
    found: set[tuple[str, str]] = set()
    known = schema(row.cloudformation).get("properties", {})
    for path in row.replaces:
        if "." in path or not row.cloudformation:
            continue
        translated = in_cloudformation(row, {path: "value"})
        names = {name for name in (translated[1].properties if translated else {}) if name in known}
        if names and not names & {each[0] for each in create_only(row.cloudformation)}:
            found.add((token, path))
    return found


def test_every_claim_against_awss_schema_has_a_source_and_every_source_a_claim() -> None:
    found = {claim for token, row in TYPES.items() for claim in claimed(token, row)}
    assert found == set(CLAIMS), "read the provider's source again, and say where it forces a new resource"


def documented(token: str) -> dict[str, str]:
    """Property of a type to the sentence of pulumi-aws's own documentation that says a change forces a new resource."""
    module, _, _ = token.split(":")[1].partition("/")
    arguments = getattr(importlib.import_module(f"pulumi_aws.{module}"), f"{token.rsplit(':', 1)[1]}Args")
    text = inspect.getdoc(arguments.__init__) or ""
    found: dict[str, str] = {}
    for name, said in re.findall(r":param [^:]+? (\w+): (.*?)(?=\n:param|\Z)", text, re.DOTALL):
        sentences = [each for each in re.split(r"(?<=\.)\s", said) if FORCES.search(each)]
        if sentences:
            head, *rest = name.split("_")
            found[head + "".join(each.capitalize() for each in rest)] = sentences[0]
    return found


@pytest.mark.parametrize("token", sorted(TYPES))
def test_what_the_installed_provider_says_forces_a_new_resource_does(token: str) -> None:
    for property_name, sentence in documented(token).items():
        if (token, property_name) in CONDITIONAL:
            assert sentence.startswith(CONDITIONAL[(token, property_name)]), sentence
            continue
        urn = f"urn:pulumi:dev::moka::{token}::changed"
        changed = Resource(urn=urn, inputs={property_name: "new"}, old_inputs={property_name: "old"})
        assert urn_type(urn) == token
        assert difference(TYPES[token], changed).replaces == (property_name,), f"{token}: {sentence}"


def test_the_documentation_is_really_read() -> None:
    said = {(token, name) for token in TYPES for name in documented(token)}
    assert ("aws:eks/cluster:Cluster", "bootstrapSelfManagedAddons") in said
    assert set(CONDITIONAL) <= said
