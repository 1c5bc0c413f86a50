"""The table of AWS types the offline cloud knows, by Pulumi type token.

To add a type, add a row to the module of its service here. `AwsType` explains the columns. The facts come from three
places: the outputs a type has, from the Pulumi registry's page of it; the shape of ids and ARNs, from AWS's service
authorization reference; replacement, from the CloudFormation schemas that cfn-lint carries.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from offline.providers.aws.row import AwsType
from offline.providers.aws.types import (
    buckets,
    catalog,
    cluster,
    detection,
    grafana,
    identity,
    images,
    launch_templates,
    load_balancers,
    messaging,
    monitoring,
    network,
    security_groups,
)

TYPES: dict[str, AwsType] = {
    **network.TYPES,
    **launch_templates.TYPES,
    **load_balancers.TYPES,
    **security_groups.TYPES,
    **identity.TYPES,
    **cluster.TYPES,
    **buckets.TYPES,
    **monitoring.TYPES,
    **detection.TYPES,
    **messaging.TYPES,
    **grafana.TYPES,
    **images.TYPES,
    **catalog.TYPES,
}
